"""Other forms of the body that the sender may have signed, and what turned them into the one received.

A form's name says how to get from the received bytes to the signed ones; its cause says what happened on the way.
"""

import re
import unicodedata
import zlib
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import parse_qsl, quote, quote_plus

from inspector.core.diagnosis.choices import BodyChoice
from inspector.core.diagnosis.json_forms import json_forms
from inspector.core.verification.reading import Reading

MOST_DECOMPRESSED_BYTES = 10 << 20
LARGEST_REWRITTEN_BYTES = 1 << 20
"""A larger body is not written again, as JSON, as a form or in another charset: only the cheap forms are tried."""

MOST_FORM_FIELDS = 5000

_BOM = b"\xef\xbb\xbf"
_CODINGS = {b"\x1f\x8b": 31, b"\x78\x9c": 15, b"\x78\x01": 15, b"\x78\xda": 15}
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")


def cheap_bodies(reading: Reading) -> Iterator[BodyChoice]:
    """The body with another end, without its content coding, empty, in another charset, as another form."""
    body = bytes(reading.request.body)
    yield from _ends(body)
    yield from _decompressed(body)
    if body:
        yield BodyChoice("body-empty-signed", 4, "empty", b"")
    if len(body) <= LARGEST_REWRITTEN_BYTES:
        yield from _compressed(body, reading)
        yield from _charsets(body)
        yield from _form_fields(body, reading)
        yield from _within_form(body)


def rewritten_bodies(reading: Reading) -> Iterator[BodyChoice]:
    """The JSON of the body as the usual stacks write it."""
    body = bytes(reading.request.body)
    if len(body) > LARGEST_REWRITTEN_BYTES:
        return
    plain = body
    also: tuple[str, ...] = ()
    inner = next(_decompressed(body), None)
    if inner is not None and len(inner.body) <= LARGEST_REWRITTEN_BYTES:
        plain, also = inner.body, ("body-gzip",)
    try:
        text = plain.decode("utf-8-sig")
    except UnicodeDecodeError:
        text, also = plain.decode("latin-1"), (*also, "body-charset-transcoded")
    for form in json_forms(text.strip()):
        try:
            data = form.text.encode()
        except UnicodeEncodeError:
            continue
        cost = form.cost + 3 * len(also)
        yield BodyChoice(form.causes[0], cost, form.form, data, (*form.causes[1:], *also))
        if text.endswith("\n"):
            yield BodyChoice(form.causes[0], cost + 3, f"{form.form}+add-final-newline", data + b"\n", form.causes[1:])


def _ends(body: bytes) -> Iterator[BodyChoice]:
    bare = body.rstrip(b"\r\n")
    if bare != body:
        yield BodyChoice("body-final-newline-added", 2, "strip-final-newline", bare)
        one = body[:-2] if body.endswith(b"\r\n") else body[:-1]
        yield BodyChoice("body-final-newline-added", 2, "strip-one-newline", one)
    yield BodyChoice("body-final-newline-removed", 2, "add-final-newline", body + b"\n")
    yield BodyChoice("body-final-newline-removed", 2, "add-final-crlf", body + b"\r\n")
    if body[:1].isspace() or body[-1:].isspace():
        yield BodyChoice("body-white-space", 4, "strip-white-space", body.strip())
    if body.startswith(_BOM):
        yield BodyChoice("body-bom-added", 2, "strip-bom", body[3:])
        both = ("body-final-newline-added",)
        yield BodyChoice("body-bom-added", 3, "strip-bom+strip-final-newline", body[3:].rstrip(b"\r\n"), both)
    elif body:
        yield BodyChoice("body-bom-added", 4, "add-bom", _BOM + body)
    yield from _line_ends(body)
    if body.endswith(b"\0"):
        yield BodyChoice("body-white-space", 4, "strip-nul", body.rstrip(b"\0"))


def _line_ends(body: bytes) -> Iterator[BodyChoice]:
    unix = body.replace(b"\r\n", b"\n") if b"\r\n" in body else body
    if unix is not body:
        yield BodyChoice("body-line-endings", 2, "crlf-to-lf", unix)
    if b"\r" in body and b"\n" not in body:
        yield BodyChoice("body-line-endings", 2, "cr-to-lf", body.replace(b"\r", b"\n"))
        yield BodyChoice("body-line-endings", 3, "cr-to-crlf", body.replace(b"\r", b"\r\n"))
    if b"\n" in body:
        crlf = unix.replace(b"\n", b"\r\n")
        yield BodyChoice("body-line-endings", 2, "lf-to-crlf", crlf)
        if not body.endswith(b"\n"):
            yield BodyChoice("body-line-endings", 4, "lf-to-crlf+add-final-newline", crlf + b"\r\n")


def _decompressed(body: bytes) -> Iterator[BodyChoice]:
    """The content inside a compressed body; the first bytes tell the coding."""
    wbits = _CODINGS.get(body[:2])
    if wbits is None:
        return
    try:
        inner = zlib.decompressobj(wbits).decompress(body, MOST_DECOMPRESSED_BYTES)
    except zlib.error:
        return
    yield BodyChoice("body-gzip", 2, "gunzip", inner)


def _compressed(body: bytes, reading: Reading) -> Iterator[BodyChoice]:
    """The body compressed again, where the header still says that it is and nothing is any more."""
    coding = (reading.request.headers.first("content-encoding") or b"").lower()
    if coding not in (b"gzip", b"deflate") or body[:2] in _CODINGS:
        return
    for level in (6, 9, 1):
        squeezed = zlib.compressobj(level, zlib.DEFLATED, 31 if coding == b"gzip" else 15)
        data = squeezed.compress(body) + squeezed.flush()
        yield BodyChoice("body-gzip", 4, f"gzip-{level}", data)
        if coding == b"gzip":
            for system in (b"\xff", b"\x00"):  # Go and older Pythons, Java write another system's number
                yield BodyChoice("body-gzip", 5, f"gzip-{level}-{system[0]}", data[:9] + system + data[10:])


def _charsets(body: bytes) -> Iterator[BodyChoice]:
    if body.isascii():
        return
    for name, cost, change in _TRANSCODED:
        try:
            yield BodyChoice("body-charset-transcoded", cost, name, change(body))
        except UnicodeError:
            continue


_TRANSCODED: Sequence[tuple[str, int, Callable[[bytes], bytes]]] = (
    ("latin1-to-utf8", 3, lambda body: body.decode("latin-1").encode()),
    ("utf8-to-latin1", 3, lambda body: body.decode().encode("latin-1")),
    ("cp1252-to-utf8", 4, lambda body: body.decode("cp1252").encode()),
    ("utf8-to-cp1252", 4, lambda body: body.decode().encode("cp1252")),
    ("utf16-to-utf8", 5, lambda body: body.decode("utf-16").encode()),
    ("utf8-to-utf16", 6, lambda body: body.decode().encode("utf-16-le")),
    ("double-utf8-to-utf8", 4, lambda body: body.decode().encode("cp1252").decode().encode()),
    ("utf8-to-nfc", 5, lambda body: unicodedata.normalize("NFC", body.decode()).encode()),
    ("utf8-to-nfd", 5, lambda body: unicodedata.normalize("NFD", body.decode()).encode()),
    ("question-marks", 6, lambda body: body.decode().encode("ascii", "replace")),
)
"""What gives back the bytes before a charset was changed."""


def _form_fields(body: bytes, reading: Reading) -> Iterator[BodyChoice]:
    kind = reading.request.headers.first("content-type") or b""
    if b"=" not in body or body[:1] in (b"{", b"[", b"<") or b"multipart" in kind:
        return
    text = body.decode("latin-1")
    for name, changed in (
        ("plus-to-percent20", text.replace("+", "%20")),
        ("percent20-to-plus", text.replace("%20", "+")),
        ("escapes-upper", _ESCAPE.sub(lambda match: match[0].upper(), text)),
        ("escapes-lower", _lower(text)),
    ):
        yield BodyChoice("body-form-reencoded", 3, name, changed.encode("latin-1"))
    yield from _rewritten_form(text)
    for field in ("payload", "data", "json", "body"):
        if (value := reading.form_field(field)) is not None:
            yield BodyChoice("body-payload-field", 4, f"field-{field}", value)


def _within_form(body: bytes) -> Iterator[BodyChoice]:
    """JSON that was taken out of the form in which it was signed."""
    if body[:1] in (b"{", b"["):
        for encode in (quote_plus, quote):
            yield BodyChoice("body-payload-field", 5, f"in-{encode.__name__}", b"payload=" + encode(body, "").encode())


def _lower(text: str) -> str:
    """The text with its escapes in small letters."""
    return _ESCAPE.sub(lambda match: match[0].lower(), text)


def _rewritten_form(text: str) -> Iterator[BodyChoice]:
    """The fields encoded again as the usual stacks do it, in the order received and sorted."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FORM_FIELDS, encoding="latin-1")
    except ValueError:
        return
    for name, encoded in _ENCODERS:
        joined = [f"{encoded(key)}={encoded(value)}" for key, value in pairs]
        yield BodyChoice("body-form-reencoded", 4, name, "&".join(joined).encode())
        yield BodyChoice("body-form-reencoded", 5, f"{name}-sorted", "&".join(sorted(joined)).encode())
    yield BodyChoice("body-form-reencoded", 4, "form-sorted", "&".join(sorted(text.split("&"))).encode("latin-1"))


_ENCODERS: Sequence[tuple[str, Callable[[str], str]]] = (
    ("form-plus", lambda text: quote_plus(text, encoding="latin-1")),
    ("form-percent", lambda text: quote(text, safe="", encoding="latin-1")),
    ("form-javascript", lambda text: quote(text, safe="-_.~!*'()", encoding="latin-1")),
    ("form-browser", lambda text: quote_plus(text, safe="*", encoding="latin-1").replace("~", "%7E")),
    ("form-php", lambda text: quote_plus(text, encoding="latin-1").replace("~", "%7E")),
    ("form-dotnet", lambda text: _lower(quote_plus(text, safe="!*()", encoding="latin-1").replace("~", "%7E"))),
)
"""How a field is written: Python and Go, RFC 3986, encodeURIComponent, browsers with Java and Ruby, PHP, .NET."""
