"""The lines for a shell send what the handler verifies, and have no secret in them."""

import shutil
import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from msgspec.structs import replace

from inspector.core.formats.signed_curl import signed_curl
from inspector.core.handler import Handler
from inspector.core.request import Headers, Request
from inspector.core.verification.outcome import Verified
from inspector.core.verification.scheme import Scheme, SecretReading, SignaturePlace
from inspector.core.verification.secret import Secret
from inspector.core.verification.verification_type import TYPES
from inspector.core.verification.verify import verify

SECRET = Secret("current", 'It\'s a "Secret" to $(Everybody) \\n')
BASE64, HEX, TOKEN, NONE = (each.scheme for each in TYPES)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class _Recorder(BaseHTTPRequestHandler):
    received: list[Request]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        lines = [(name.encode(), value.encode("latin-1")) for name, value in self.headers.items()]
        self.received.append(Request("POST", self.path, "1.1", Headers(lines), body))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def received() -> Iterator[tuple[str, list[Request]]]:
    requests: list[Request] = []
    server = HTTPServer(("127.0.0.1", 0), type("Recorder", (_Recorder,), {"received": requests}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/", requests
    server.shutdown()
    thread.join()
    server.server_close()


needs_shell = pytest.mark.skipif(
    not all(shutil.which(tool) for tool in ("bash", "curl", "openssl")), reason="needs bash, curl and openssl"
)


@needs_shell
@pytest.mark.parametrize(
    "handler",
    [
        Handler("github", HEX),
        Handler('it\'s "quoted" $HOME', BASE64, path="/shop/**/hook*"),
        Handler("sha512", replace(HEX, algorithm="SHA-512", hex_upper=True)),
        Handler("truncated", replace(BASE64, algorithm="sha512/256")),
        Handler("blake", replace(HEX, algorithm="blake2b")),
        Handler("odd", replace(HEX, signature=SignaturePlace(name="X-Odd", format="prefix", prefix="v='$1' \\"))),
        Handler("token", TOKEN),
        Handler("bearer", replace(TOKEN, signature=SignaturePlace(name="A", format="prefix", prefix="Bearer "))),
        Handler("any", NONE),
    ],
    ids=lambda handler: handler.name,
)
def test_the_handler_verifies_what_the_lines_send(handler: Handler, received: tuple[str, list[Request]]) -> None:
    url, requests = received
    lines = signed_curl(handler, url)
    assert lines is not None
    subprocess.run(
        ["bash", "-c", lines], input=SECRET.value.encode() + b"\n", check=True, capture_output=True, timeout=20
    )
    (request,) = requests
    assert handler.matches(request.path)
    assert isinstance(verify(request, handler.scheme, [SECRET], now=NOON), Verified)


@pytest.mark.parametrize(
    "scheme",
    [
        Scheme("jwt", signature=SignaturePlace(name="Authorization")),
        replace(HEX, secret=SecretReading(decode="base64")),
        replace(HEX, encoding="base64url"),
    ],
)
def test_what_openssl_and_curl_cannot_say_has_no_lines(scheme: Scheme) -> None:
    assert signed_curl(Handler("a", scheme), "http://127.0.0.1:8080/") is None
