"""Random requests, odd but valid, as they go on the wire and as they are meant."""

from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

TOKEN_BYTES = b"!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
VISIBLE = bytes([*range(0x21, 0x7F), *range(0x80, 0x100)])
FRAMING = {b"host", b"content-length", b"transfer-encoding", b"connection", b"expect"}


def bytes_of(alphabet: bytes, *, least: int = 0, most: int = 12) -> st.SearchStrategy[bytes]:
    return st.lists(st.sampled_from(list(alphabet)), min_size=least, max_size=most).map(bytes)


tokens = bytes_of(TOKEN_BYTES, least=1)
white = bytes_of(b" \t", most=3)
values = bytes_of(VISIBLE + b" \t").map(lambda value: value.strip(b" \t"))
fields = st.lists(st.tuples(tokens.filter(lambda name: name.lower() not in FRAMING), white, values, white), max_size=6)


@dataclass(frozen=True)
class Sent:
    """A request as it goes on the wire, and what it means."""

    wire: bytes
    method: str
    target: str
    headers: Sequence[tuple[bytes, bytes]]
    body: bytes
    trailers: Sequence[tuple[bytes, bytes]]


Fields = Sequence[tuple[bytes, bytes, bytes, bytes]]


def lines_of(lines: Fields) -> bytes:
    return b"".join(name + b":" + before + value + after + b"\r\n" for name, before, value, after in lines)


def pairs_of(lines: Fields) -> list[tuple[bytes, bytes]]:
    return [(name, value) for name, _, value, _ in lines]


@st.composite
def sent_requests(draw: st.DrawFn) -> Sent:
    method = draw(tokens.filter(lambda token: token != b"CONNECT"))
    target = b"/" + draw(bytes_of(VISIBLE, most=20))
    headers = [*draw(fields)]
    pieces = draw(st.lists(st.binary(min_size=1, max_size=40), max_size=4))
    trailers: Fields = ()
    if draw(st.booleans()):
        trailers = draw(fields)
        framing, wire_body = (b"Transfer-Encoding", b"", b"chunked", b""), b""
        for piece in pieces:
            extension = draw(st.sampled_from([b"", b";a", b' ; a="b c"', b";;"]))
            wire_body += b"%x%b\r\n%b\r\n" % (len(piece), extension, piece)
        wire_body += b"0\r\n" + lines_of(trailers) + b"\r\n"
    else:
        framing = (b"Content-Length", b" ", b"%d" % sum(map(len, pieces)), b"")
        wire_body = b"".join(pieces)
    for line in (framing, (b"Host", b" ", b"x", b"")):
        headers.insert(draw(st.integers(0, len(headers))), line)
    wire = method + b" " + target + b" HTTP/1.1\r\n" + lines_of(headers) + b"\r\n" + wire_body
    body = b"".join(pieces)
    return Sent(wire, method.decode(), target.decode("latin-1"), pairs_of(headers), body, pairs_of(trailers))


def in_pieces(raw: bytes, cuts: Sequence[int]) -> list[bytes]:
    places = sorted({cut % (len(raw) + 1) for cut in cuts})
    return [raw[start:stop] for start, stop in zip([0, *places], [*places, len(raw)], strict=True)]


cuts = st.lists(st.integers(0, 10_000), max_size=12)
"""Places for `in_pieces`."""
