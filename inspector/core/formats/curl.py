"""A request as a cURL command for a POSIX shell."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass

from inspector.core.request import Request

BODY_FILE = "body.bin"
_LARGEST_ARGUMENT = 96 << 10  # Linux takes 128 KiB in one argument
_MADE_BY_CURL = {b"host", b"content-length", b"transfer-encoding", b"connection"}
_UNASKED = (b"User-Agent", b"Accept", b"Content-Type")  # curl adds these where the request had none


@dataclass(frozen=True, slots=True)
class CurlCommand:
    """The command. `needs_body_file`: the body is too long for a command line and has to be saved as BODY_FILE."""

    text: str
    needs_body_file: bool = False


def curl_command(request: Request, base_url: str = "") -> CurlCommand:
    """The command that sends `request` again: same method, target, header lines and body.

    `base_url` (scheme, host and port) is where to; without it the request's own Host. What cURL makes
    itself (Host, Content-Length, chunks) is left to it, and trailers cannot be said.
    """
    body, needs_file = _body(request)
    feed, arguments = body
    lines = [f"{feed}curl --globoff --path-as-is --http{'1.0' if request.version == '1.0' else '1.1'}"]
    lines += ["--head"] if request.method == "HEAD" else [f"--request {quoted(request.method)}"]
    lines += _headers(request, sends_data=bool(arguments)) + arguments
    lines += list(_address(request, base_url))
    return CurlCommand(" \\\n  ".join(lines), needs_file)


def quoted(text: str | bytes) -> str:
    """`text` as one word of a shell: in single quotes, or in `$'...'` where not all of it is printable."""
    raw = text.encode("latin-1", "backslashreplace") if isinstance(text, str) else text
    if all(0x20 <= byte < 0x7F or byte in (0x09, 0x0A) for byte in raw):
        plain = raw.decode("ascii")
        return plain if plain and plain.isalnum() else "'" + plain.replace("'", "'\\''") + "'"
    return "$'" + "".join(_escaped(byte) for byte in raw) + "'"


def _escaped(byte: int) -> str:
    """Octal with all three digits: `\\x` would swallow a hexadecimal digit that follows."""
    if byte in b"\\'":
        return "\\" + chr(byte)
    return chr(byte) if 0x20 <= byte < 0x7F else f"\\{byte:03o}"


def _headers(request: Request, *, sends_data: bool) -> list[str]:
    lines = []
    for name, value in request.headers:
        if name.lower() not in _MADE_BY_CURL:
            lines.append("--header " + quoted(name + b": " + value if value else name + b";"))
    unasked = [name for name in _UNASKED if not request.headers.all(name) and (sends_data or name != b"Content-Type")]
    return lines + ["--header " + quoted(name + b":") for name in unasked]


def _body(request: Request) -> tuple[tuple[str, list[str]], bool]:
    """What to put before the command, its arguments for the body, and whether it needs the body's file."""
    size = len(request.body)
    if not size:
        sized = request.headers.first("content-length") is not None and request.method not in ("GET", "HEAD")
        return ("", ["--data-raw ''"] if sized else []), False
    if size > _LARGEST_ARGUMENT * 3 // 4:
        return ("", [f"--data-binary @{BODY_FILE}"]), True
    body = bytes(request.body)
    if _is_text(body):
        return ("", ["--data-raw '" + body.decode().replace("'", "'\\''") + "'"]), False
    # A zero byte cannot be in an argument: the bytes go through a pipe.
    return (f"printf %s {base64.b64encode(body).decode()} | base64 -d | ", ["--data-binary @-"]), False


def _is_text(body: bytes) -> bool:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return False
    return all(char.isprintable() or char in "\n\t" for char in text)


def _address(request: Request, base_url: str) -> Iterator[str]:
    host = (request.headers.first("host") or b"127.0.0.1").decode("latin-1")
    base = base_url.rstrip("/") or f"http://{host}"
    target = request.target
    if target.startswith("/") and "#" not in target and target.isascii() and target.isprintable() and " " not in target:
        yield quoted(base + target)
        return
    yield f"--request-target {quoted(target)}"
    yield quoted(base + "/")
