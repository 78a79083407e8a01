"""Other forms of the body that the sender may have signed, and what turned them into the one received.

A form's name says how to get from the received bytes to the signed ones; its cause says what happened on the way.
"""

import zlib
from collections.abc import Iterator, Sequence
from urllib.parse import parse_qsl, quote, quote_plus

from inspector.core.diagnosis.choices import BodyChoice, first_of_each
from inspector.core.diagnosis.json_forms import json_forms
from inspector.core.verification.reading import Reading

MOST_DECOMPRESSED_BYTES = 10 << 20
LARGEST_REWRITTEN_BYTES = 2 << 20
"""A larger body is not written again as JSON: only the cheap forms are tried on it."""

_BOM = b"\xef\xbb\xbf"


def body_choices(reading: Reading) -> Sequence[BodyChoice]:
    """The body as received, then every other form, the cheap and likely ones first."""
    body = bytes(reading.request.body)
    return first_of_each([BodyChoice("", 0, "", body), *_forms(body, reading)], "body")


def _forms(body: bytes, reading: Reading) -> Iterator[BodyChoice]:
    yield from _ends(body)
    yield from _decompressed(body)
    if len(body) <= LARGEST_REWRITTEN_BYTES:
        yield from _charsets(body)
        yield from _json(body)
        yield from _form_fields(body, reading)
    if body:
        yield BodyChoice("body-empty-signed", 4, "empty", b"")


def _ends(body: bytes) -> Iterator[BodyChoice]:
    bare = body.rstrip(b"\r\n")
    if bare != body:
        yield BodyChoice("body-final-newline-added", 2, "strip-final-newline", bare)
        yield BodyChoice("body-final-newline-added", 3, "strip-one-newline", body[:-2] if body.endswith(b"\r\n") else body[:-1])
    yield BodyChoice("body-final-newline-removed", 2, "add-final-newline", body + b"\n")
    yield BodyChoice("body-final-newline-removed", 4, "add-final-crlf", body + b"\r\n")
    if body.strip() != body:
        yield BodyChoice("body-white-space", 4, "strip-white-space", body.strip())
    if b"\r\n" in body:
        yield BodyChoice("body-line-endings", 2, "crlf-to-lf", body.replace(b"\r\n", b"\n"))
    if b"\n" in body:
        crlf = body.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        yield BodyChoice("body-line-endings", 2, "lf-to-crlf", crlf)
        if not body.endswith(b"\n"):
            yield BodyChoice("body-line-endings", 4, "lf-to-crlf+add-final-newline", crlf + b"\r\n")
    if body.startswith(_BOM):
        yield BodyChoice("body-bom-added", 2, "strip-bom", body[3:])
    elif body:
        yield BodyChoice("body-bom-added", 4, "add-bom", _BOM + body)


def _decompressed(body: bytes) -> Iterator[BodyChoice]:
    """The content inside a compressed body; the first bytes tell the coding."""
    wbits = {b"\x1f\x8b": 31, b"\x78\x9c": 15, b"\x78\x01": 15, b"\x78\xda": 15}.get(body[:2])
    if wbits is None:
        return
    try:
        inner = zlib.decompressobj(wbits).decompress(body, MOST_DECOMPRESSED_BYTES)
    except zlib.error:
        return
    yield BodyChoice("body-gzip", 2, "gunzip", inner)


def _charsets(body: bytes) -> Iterator[BodyChoice]:
    if body.isascii():
        return
    for name, source, target, cost in (
        ("latin1-to-utf8", "latin-1", "utf-8", 3),
        ("cp1252-to-utf8", "cp1252", "utf-8", 4),
        ("utf8-to-latin1", "utf-8", "latin-1", 3),
        ("utf8-to-cp1252", "utf-8", "cp1252", 4),
        ("utf16-to-utf8", "utf-16", "utf-8", 5),
        ("utf8-to-nfc", "utf-8", "nfc", 5),
        ("utf8-to-nfd", "utf-8", "nfd", 5),
    ):
        try:
            yield BodyChoice("body-charset-transcoded", cost, name, _transcoded(body, source, target))
        except UnicodeError:
            continue


def _transcoded(body: bytes, source: str, target: str) -> bytes:
    text = body.decode(source)
    if target in ("nfc", "nfd"):
        import unicodedata

        return unicodedata.normalize("NFC" if target == "nfc" else "NFD", text).encode()
    return text.encode(target)


def _json(body: bytes) -> Iterator[BodyChoice]:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return
    for form in json_forms(text.removeprefix("\ufeff").strip()):
        try:
            data = form.text.encode()
        except UnicodeEncodeError:
            continue
        yield BodyChoice(form.causes[0], form.cost, form.form, data, form.causes[1:])
        if text.endswith("\n"):
            yield BodyChoice(form.causes[0], form.cost + 3, f"{form.form}+add-final-newline", data + b"\n", form.causes[1:])


def _form_fields(body: bytes, reading: Reading) -> Iterator[BodyChoice]:
    if b"=" not in body or body[:1] in (b"{", b"["):
        return
    text = body.decode("latin-1")
    for name, changed in (
        ("plus-to-percent20", text.replace("+", "%20")),
        ("percent20-to-plus", text.replace("%20", "+")),
        ("escapes-upper", _escapes(text, upper=True)),
        ("escapes-lower", _escapes(text, upper=False)),
    ):
        yield BodyChoice("body-form-reencoded", 3, name, changed.encode("latin-1"))
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=5000)
    except ValueError:
        return
    for name, joined in (
        ("form-rewritten-plus", [f"{quote_plus(k)}={quote_plus(v)}" for k, v in pairs]),
        ("form-rewritten-percent", [f"{quote(k, safe='')}={quote(v, safe='')}" for k, v in pairs]),
        ("form-rewritten-javascript", [f"{_component(k)}={_component(v)}" for k, v in pairs]),
        ("form-rewritten-star", [f"{quote_plus(k, safe='*')}={quote_plus(v, safe='*')}".replace("~", "%7E") for k, v in pairs]),
    ):
        yield BodyChoice("body-form-reencoded", 4, name, "&".join(joined).encode("latin-1", "replace"))
        yield BodyChoice("body-form-reencoded", 5, f"{name}-sorted", "&".join(sorted(joined)).encode("latin-1", "replace"))
    yield BodyChoice("body-form-reencoded", 4, "form-sorted", "&".join(sorted(text.split("&"))).encode("latin-1"))
    for name in ("payload", "data", "json", "body"):
        if (value := reading.form_field(name)) is not None:
            yield BodyChoice("body-payload-field", 4, f"field-{name}", value)


def _component(text: str) -> str:
    return quote(text, safe="-_.!~*'()")


def _escapes(text: str, *, upper: bool) -> str:
    import re

    return re.sub(r"%[0-9A-Fa-f]{2}", lambda m: m[0].upper() if upper else m[0].lower(), text)
