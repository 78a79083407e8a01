"""The requests of an HTTP archive (HAR 1.2), of one of its entries, or of what other tools write in JSON.

Source of the archive's form: http://www.softwareishard.com/blog/har-12-spec/ (read 2026-11-22).
"""

import base64
import binascii
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from inspector.core.diagnosis.wording import Template
from inspector.core.formats.reading import Understood, Unreadable, address_of, bytes_of, header_bytes, said
from inspector.core.request import Headers, Request

MOST_ENTRIES = 10_000
"""So many entries of an archive are looked at."""


def har_entries(document: object) -> Sequence[object] | None:
    """The entries of an archive, a list of entries or one entry; None where the document is none of these."""
    match document:
        case {"log": {"entries": [*entries]}} | {"entries": [*entries]}:
            return entries[:MOST_ENTRIES]
        case {"request": {"url": _}}:
            return [document]
        case {"url": str(), "method": str(), "headers": [{"name": _}, *_]}:
            return [{"request": document}]
        case [{"request": {"url": _}}, *_]:
            return document[:MOST_ENTRIES]
    return None


def har_request(entry: object) -> Understood:
    """The request of one entry. Raises Unreadable."""
    match entry:
        case {"request": {"method": str(method), "url": str(url)} as told, **about}:
            pass
        case _:
            raise Unreadable("an entry of the archive has no request with method and url")
    assumed: list[Template] = []
    headers = [(header_bytes(name), header_bytes(value)) for name, value in _pairs(told.get("headers"))]
    authority = next((value for name, value in headers if name.lower() == b":authority"), b"")
    headers = [line for line in headers if not line[0].startswith(b":")]
    body = _body(told, assumed)
    return _made(method, url, headers, body, _moment(about.get("startedDateTime")), assumed, authority)


def told_request(document: object) -> Understood | None:
    """The request in a JSON object of another tool: method, url or path, headers and body under their usual names."""
    if not isinstance(document, Mapping):
        return None
    nested = document.get("requestContext")
    http = nested.get("http", {}) if isinstance(nested, Mapping) else {}
    inner = {**http, **document} if isinstance(http, Mapping) else document
    method, headers = _text(inner, "method", "httpMethod", "verb"), _pairs(inner.get("headers"))
    if not method or not headers:
        return None
    query = _text(inner, "rawQueryString")
    url = _text(inner, "url", "uri", "rawPath", "path", "requestPath") or "/"
    url += f"?{query}" if query and "?" not in url else ""
    lines = [(header_bytes(name), header_bytes(value)) for name, value in headers]
    assumed: list[Template] = []
    body = _told_body(inner, assumed)
    at = _moment(inner.get("created_at") or inner.get("timestamp") or inner.get("startedDateTime"))
    return _made(method, url, lines, body, at, assumed, b"")


def _made(  # noqa: PLR0917 - one call of each kind
    method: str,
    url: str,
    headers: list[tuple[bytes, bytes]],
    body: bytes,
    at: datetime | None,
    assumed: list[Template],
    authority: bytes,
) -> Understood:
    address = address_of(url)
    named = any(name.lower() == b"host" for name, _ in headers)
    host = authority or address.host.encode("latin-1")
    if host and not named:
        headers.insert(0, (b"Host", host))
    built = Headers(headers)
    announced = built.first("content-length") or b""
    if announced.isdigit() and len(announced) < 12 and int(announced) != len(body):
        assumed.append(
            said(
                "Content-Length says {announced} bytes, and the text has {received}: the tool that wrote it changed or "
                "left out a part of the body.",
                announced=f"{int(announced):,}",
                received=f"{len(body):,}",
            )
        )
    request = Request(method, address.target, "1.1", built, body)
    return Understood(request, f"{method} {url}", url if address.host else "", at, tuple(assumed))


def _body(told: Mapping[str, Any], assumed: list[Template]) -> bytes:
    data = told.get("postData")
    if not isinstance(data, Mapping):
        size = told.get("bodySize")
        if isinstance(size, int) and size > 0:
            assumed.append(said("The archive says that there was a body, and does not have it: taken as empty."))
        return b""
    text = data.get("text")
    if isinstance(text, str) and (text or not data.get("params")):
        if "base64" in (data.get("encoding"), data.get("_encoding")):
            return _decoded(text)
        return bytes_of(text)
    pairs = _pairs(data.get("params"))
    if pairs:
        assumed.append(said("The archive has the form's fields and not its bytes: the form is written anew from them."))
    return urlencode(pairs).encode()


def _told_body(told: Mapping[str, Any], assumed: list[Template]) -> bytes:
    for name in ("body_base64", "bodyBase64", "body_b64", "rawBodyBase64"):
        if isinstance(text := told.get(name), str):
            return _decoded(text)
    value = next((told[name] for name in ("rawBody", "body", "content", "payload", "data") if name in told), None)
    if isinstance(value, str):
        return _decoded(value) if told.get("isBase64Encoded") is True else bytes_of(value)
    if value is None:
        return b""
    import msgspec

    assumed.append(
        said("The text has the body parsed, not as it was sent: it is written anew, and its bytes may differ.")
    )
    return msgspec.json.encode(value)


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text)
    except (binascii.Error, ValueError):
        raise Unreadable("the body is said to be base64, and it is not") from None


def _pairs(value: object) -> list[tuple[str, str]]:
    """Names and values: of a list of objects, a list of pairs, or an object whose values are texts or lists of them."""
    found: list[tuple[str, str]] = []
    if isinstance(value, Mapping):
        for name, one in value.items():
            several = one if isinstance(one, list) else [one]
            found += [(str(name), _plain(each)) for each in several]
    elif isinstance(value, list):
        for each in value:
            match each:
                case {"name": str(name), **rest} | {"key": str(name), **rest}:
                    found.append((name, _plain(rest.get("value"))))
                case [str(name), str(text)]:
                    found.append((name, text))
    return found


def _plain(value: object) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def _text(told: Mapping[str, Any], *names: str) -> str:
    return next((told[name] for name in names if isinstance(told.get(name), str) and told[name]), "")


def _moment(value: object) -> datetime | None:
    try:
        if isinstance(value, str):
            found = datetime.fromisoformat(value.strip().replace(" UTC", "+00:00"))
            return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value / 1000 if value > 1e11 else value, UTC)
    except (ValueError, OverflowError, OSError):
        pass
    return None
