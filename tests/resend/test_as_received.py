"""What comes in odd and valid goes out again byte for byte, through listener, store and sender."""

from pathlib import Path

from inspector.core.bulk import BulkOptions, Recipe
from inspector.core.filters import EVERYTHING
from tests.product import product, send
from tests.resend.targets import capturing, run

ODD = [
    b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    b"GET / HTTP/1.0\r\n\r\n",
    b"GET / HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
    b"POST / HTTP/1.1\r\nhOsT:x\r\ncOnTeNt-LeNgTh:2\r\n\r\n{}",
    b"POST / HTTP/1.1\r\nHost: x\r\nX-Twice: 1\r\nx-twice: 2\r\nX-TWICE:\r\nContent-Length: 1\r\n\r\na",
    b"POST / HTTP/1.1\r\nHost: x\r\nX-Space:   a  b   \r\nX-Tab:\t\ta\t\r\nContent-Length: 1\r\n\r\na",
    b"POST / HTTP/1.1\r\nHost: x\r\nX-Latin: \xe4\xf6\xfc\xff\r\nContent-Length: 4\r\n\r\n\x00\xff\r\n",
    b"POST /a//b/../c;d=e?f=%41&g=+&&h HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na",
    b"POST /\xc3\xa4?\xff HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na",
    b"POST http://other.example:99/abs?x HTTP/1.1\r\nHost: other.example:99\r\nContent-Length: 1\r\n\r\na",
    b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
    b"PROPFIND /dav HTTP/1.1\r\nHost: x\r\nDepth: 1\r\n\r\n",
    b"M-SEARCH!#$%&'*+-.^_`|~ / HTTP/1.1\r\nHost: x\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\n\x1f\x8b\x08\x00\x00",
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nConnection: close\r\n\r\n\r\n\r",
    b"POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi",
    b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTrailer: X-S\r\n\r\n3\r\nabc\r\n0\r\nX-S: 1\r\n\r\n",
    b"DELETE /x HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nok",
    b"POST / HTTP/1.1\r\nHost: x\r\n" + b"".join(b"X-%d: %d\r\n" % (n, n) for n in range(200)) + b"\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"y" * 60_000 + b"\r\nContent-Length: 300000\r\n\r\n" + b"z" * 300_000,
    b"POST / HTTP/1.1\r\nContent-Length: 00002\r\nHost: x\r\n\r\n{}",
]


def test_odd_deliveries_go_out_as_they_came(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector, capturing() as target:
            for raw in ODD:
                status, _, _ = await send(inspector, raw)
                assert status in (100, 403), raw[:60]
            started = await inspector.resends.start(EVERYTHING, Recipe(target.target), BulkOptions())
            last = started
            async for progress in inspector.resends.watch(started.run):
                last = progress
            assert last.succeeded == len(ODD), last
            for sent, received in zip(ODD, target.requests, strict=True):
                assert received == sent, sent[:80]

    run(work())
