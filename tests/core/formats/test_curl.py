"""The cURL command sends the request again; a real shell and a real cURL are asked."""

import shutil
import socket
import subprocess
import threading

import pytest

from inspector.core.formats.curl import curl_command, quoted
from inspector.core.request import Headers, Request


def a_request(
    method: str = "POST",
    target: str = "/hook?a=1&b=%20",
    body: bytes = b"",
    headers: tuple[tuple[bytes, bytes], ...] = (),
) -> Request:
    return Request(method, target, "1.1", Headers(headers), body)


def sent_by(command: str, server: socket.socket) -> bytes:
    """What a shell that runs `command` sends to `server`, up to the end of its declared body."""
    received = bytearray()

    def serve() -> None:
        connection, _ = server.accept()
        with connection:
            while b"\r\n\r\n" not in received:
                received.extend(connection.recv(65_536))
            head, _, rest = bytes(received).partition(b"\r\n\r\n")
            lines = [line.split(b":", 1) for line in head.split(b"\r\n")[1:]]
            length = next((int(value) for name, value in lines if name.lower() == b"content-length"), 0)
            while len(rest) < length:
                rest += connection.recv(65_536)
            received[:] = head + b"\r\n\r\n" + rest
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    thread = threading.Thread(target=serve)
    thread.start()
    subprocess.run(["bash", "-c", command], check=True, capture_output=True, timeout=10)
    thread.join(10)
    return bytes(received)


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("bash")), reason="needs a shell and cURL")
@pytest.mark.parametrize(
    ("target", "headers", "body"),
    [
        ("/hook?a=1&b=%20", ((b"X-Name", b'it\'s $HOME `id` "x" \\'),), b'{"a": "it\'s $(id)"}\n'),
        ("/a/../b/./c", ((b"X-Latin", b"caf\xe9"), (b"x-empty", b"")), b"@not-a-file"),
        ("/{a,b}[1-3]", ((b"Content-Type", b"application/octet-stream"),), bytes(range(256))),
        ("*", (), b""),
        ("/", ((b"Content-Length", b"0"),), b""),
        ("/\xe9", (), b"plain"),
    ],
)
def test_a_shell_sends_the_same_request(target: str, headers: tuple[tuple[bytes, bytes], ...], body: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        command = curl_command(a_request("PUT", target, body, headers), f"http://127.0.0.1:{server.getsockname()[1]}")
        head, _, sent = sent_by(command.text, server).partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    assert lines[0] == b"PUT " + target.encode("latin-1") + b" HTTP/1.1"
    own = [line for line in lines[1:] if line.partition(b":")[0].lower() not in (b"host", b"content-length")]
    wanted = [(name + b": " + value).rstrip() for name, value in headers if name != b"Content-Length"]
    assert [line.rstrip() for line in own] == wanted
    assert sent == body


def test_a_large_body_is_left_to_a_file() -> None:
    command = curl_command(a_request(body=b"x" * 200_000))
    assert command.needs_body_file
    assert "--data-binary @body.bin" in command.text


def test_without_an_address_the_host_that_was_called_is_used() -> None:
    command = curl_command(a_request("GET", "/x", headers=((b"Host", b"example.test:81"),)))
    assert command.text.endswith("'http://example.test:81/x'")
    assert "--header Host" not in command.text


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("POST", "POST"),
        ("", "''"),
        ("a b", "'a b'"),
        ("it's", "'it'\\''s'"),
        ("\r\n", "$'\\015\\012'"),
        ("\x00", "$'\\000'"),
    ],
)
def test_any_text_becomes_one_word_of_the_shell(text: str, word: str) -> None:
    assert quoted(text) == word
