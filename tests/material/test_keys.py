"""Keys by address: fetched over TLS within a limit, kept on disk, used on while their server is away."""

import asyncio
import datetime
import ipaddress
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from inspector.material import FetchFailed, Keys, fetch
from tests.product import run

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n%s\r\nkey1"


@dataclass
class Server:
    """A TLS server that answers every request with `answer`, after `hold` is set."""

    url: str = ""
    answer: bytes = OK % b""
    asked: list[bytes] = field(default_factory=list)
    hold: asyncio.Event = field(default_factory=asyncio.Event)


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """The contexts of a server with a certificate of its own, and of a client that trusts it."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    begins = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    alternatives = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begins)
        .not_valid_after(begins + datetime.timedelta(days=36_500))
        .add_extension(alternatives, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(file)
    asking = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    asking.load_verify_locations(file)
    return serving, asking


@asynccontextmanager
async def serving(context: ssl.SSLContext) -> AsyncIterator[Server]:
    server = Server()
    server.hold.set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            server.asked.append((await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")[0])
            await server.hold.wait()
            writer.write(server.answer)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    listening = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    async with listening:
        server.url = f"https://127.0.0.1:{listening.sockets[0].getsockname()[1]}/keys"
        yield server
        server.hold.set()


type Tls = tuple[ssl.SSLContext, ssl.SSLContext]


def with_server(tls: Tls, work: Callable[[Server, ssl.SSLContext], Awaitable[None]]) -> None:
    async def whole() -> None:
        async with serving(tls[0]) as server:
            await work(server, tls[1])

    run(whole())


def test_a_key_is_fetched_once_and_kept_over_a_restart(tmp_path: Path, trusted: Tls) -> None:
    async def work(server: Server, tls: ssl.SSLContext) -> None:
        for _ in range(2):
            keys = Keys(tmp_path, tls=tls)
            assert keys.at_hand([server.url]) is None
            assert await keys.get([server.url]) == {server.url: "key1"}
            assert keys.at_hand([server.url]) == {server.url: "key1"}
            await keys.close()
        assert server.asked == [b"GET /keys HTTP/1.1"]

    with_server(trusted, work)


def test_it_holds_as_long_as_its_server_says_within_bounds(tmp_path: Path, trusted: Tls) -> None:
    async def work(server: Server, tls: ssl.SSLContext) -> None:
        for header, lasts in ((b"", 3600), (b"Cache-Control: max-age=300\r\n", 300),
                              (b"Cache-Control: public, max-age=1\r\n", 60),
                              (b"Cache-Control: max-age=99999999\r\n", 86_400)):  # fmt: skip
            now = 1000.0
            keys = Keys(tmp_path / str(lasts), tls=tls, clock=lambda: now)  # noqa: B023 - within this turn
            (tmp_path / str(lasts)).mkdir()
            server.answer = OK % header
            await keys.get([server.url])
            now += lasts - 1
            assert keys.at_hand([server.url])
            now += 1
            assert keys.at_hand([server.url]) is None
            await keys.close()

    with_server(trusted, work)


def test_while_the_server_is_away_what_it_gave_is_used_and_it_is_not_asked_for_each_delivery(
    tmp_path: Path, trusted: Tls
) -> None:
    async def work(server: Server, tls: ssl.SSLContext) -> None:
        now = 1000.0
        keys = Keys(tmp_path, tls=tls, clock=lambda: now)
        await keys.get([server.url])
        server.answer = b"HTTP/1.1 500 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        now += 7200
        for _ in range(3):
            assert await keys.get([server.url]) == {server.url: "key1"}
        assert len(server.asked) == 2
        now += 8 * 86_400
        assert await keys.get([server.url]) == {}
        await keys.close()

    with_server(trusted, work)


def test_nobody_waits_longer_than_the_limit_and_the_next_finds_what_came_late(tmp_path: Path, trusted: Tls) -> None:
    async def work(server: Server, tls: ssl.SSLContext) -> None:
        keys = Keys(tmp_path, tls=tls)
        server.hold.clear()
        assert await keys.get([server.url], limit_s=0.05) == {}
        server.hold.set()
        assert await keys.get([server.url]) == {server.url: "key1"}
        assert len(server.asked) == 1
        await keys.close()

    with_server(trusted, work)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"HTTP/1.1 302 F\r\nLocation: https://127.0.0.1/\r\nContent-Length: 0\r\n\r\n", "answered 302"),
        (b"HTTP/1.1 404 N\r\nContent-Length: 0\r\n\r\n", "answered 404"),
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + b"x" * 300_000, "larger than"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n\xff", "decode"),
        (b"nonsense\r\n\r\n", "HTTP"),
    ],
)
def test_what_is_no_key_is_refused(trusted: Tls, answer: bytes, why: str) -> None:
    async def work(server: Server, tls: ssl.SSLContext) -> None:
        server.answer = answer
        with pytest.raises(FetchFailed, match=why):
            await fetch(server.url, limit_s=5, tls=tls)
        assert len(server.asked) == 1

    with_server(trusted, work)


def test_a_server_with_another_certificate_is_not_believed(trusted: Tls) -> None:
    async def work(server: Server, _: ssl.SSLContext) -> None:
        with pytest.raises(FetchFailed):
            await fetch(server.url, limit_s=5)

    with_server(trusted, work)


def test_only_https_is_called() -> None:
    async def work() -> None:
        with pytest.raises(FetchFailed, match="only https"):
            await fetch("http://127.0.0.1:1/", limit_s=1)

    run(work())


def test_a_damaged_file_is_passed_over(tmp_path: Path, trusted: Tls) -> None:
    async def work(server: Server, tls: ssl.SSLContext) -> None:
        (tmp_path / "keys").mkdir()
        (tmp_path / "keys" / "x.json").write_text("{", "utf-8")
        keys = Keys(tmp_path, tls=tls)
        assert await keys.get([server.url]) == {server.url: "key1"}
        await keys.close()

    with_server(trusted, work)


def test_an_address_that_confirms_is_called_in_the_background_and_what_went_wrong_is_told(
    tmp_path: Path, trusted: Tls
) -> None:
    async def work(server: Server, tls: ssl.SSLContext) -> None:
        keys = Keys(tmp_path, tls=tls)
        for answer, problem in ((OK % b"", ""), (b"HTTP/1.1 403 N\r\nContent-Length: 0\r\n\r\n", "answered 403")):
            server.answer = answer
            told: asyncio.Future[str] = asyncio.get_running_loop().create_future()
            keys.call(server.url, told.set_result)
            assert problem in await told
        await keys.close()

    with_server(trusted, work)


def test_keys_that_lack_one_are_fetched_again_with_a_pause_in_between(tmp_path: Path, trusted: Tls) -> None:
    async def work(server: Server, tls: ssl.SSLContext) -> None:
        now = 1000.0
        keys = Keys(tmp_path, tls=tls, clock=lambda: now)
        await keys.get([server.url])
        for later, asked in ((59, 1), (1, 2), (30, 2), (30, 3)):
            now += later
            for _ in range(3):
                assert await keys.renewed([server.url]) == {server.url: "key1"}
            assert len(server.asked) == asked
        server.answer = b"HTTP/1.1 500 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        now += 60
        for _ in range(3):
            assert await keys.renewed([server.url]) == {server.url: "key1"}  # an old one is better than none
        assert len(server.asked) == 4
        assert await keys.renewed(["https://127.0.0.1:1/never"]) == {}
        await keys.close()

    with_server(trusted, work)
