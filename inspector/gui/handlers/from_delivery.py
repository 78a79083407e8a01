"""A handler made from a delivery: the preset of who seems to have sent it, or what its headers look like."""

import re
from collections.abc import Sequence

from inspector import presets
from inspector.core.delivery import Delivery
from inspector.core.handler import Handler, Response
from inspector.core.request import Request
from inspector.core.verification.preset import Preset, PresetScheme
from inspector.core.verification.reading import Reading
from inspector.core.verification.scheme import Encoding, Scheme, SignaturePlace
from inspector.core.verification.select import selected
from inspector.core.verification.signatures import Found, find_signatures

_SIGNED = re.compile(rb"signature|hmac|digest", re.IGNORECASE)
_TOKEN = re.compile(rb"token|secret|api-key", re.IGNORECASE)
_HEX = {40: "sha1", 64: "sha256", 96: "sha384", 128: "sha512"}
_BASE64 = {28: "sha1", 44: "sha256", 64: "sha384", 88: "sha512"}
_PREFIX = re.compile(r"([A-Za-z0-9-]{1,20}=)(?=.)")


def recognised(delivery: Delivery) -> str:
    """The preset of who seems to have sent it; empty where nobody is known to. Reads all presets the first time."""
    found = presets.recogniser().recognise(Reading(delivery.request))
    return found.provider if found else ""


def preset_handler(preset: Preset, name: str, request: Request | None = None) -> Handler:
    """A new handler that begins as `preset`: with the scheme that fits `request`, and on its path."""
    chosen = _fitting(preset.schemes, request)
    acknowledgement = preset.acknowledgement
    body = acknowledgement.body if acknowledgement is not None else None
    return Handler(
        name,
        chosen.scheme,
        path="" if request is None else request.path,
        response=Response() if body is None else Response(body=body),
        preset=f"{preset.id}:{chosen.id}",
    )


def guessed_scheme(request: Request) -> Scheme | None:
    """The scheme that a header of `request` looks like; None where none has anything to verify by."""
    for name, value in request.headers:
        if _SIGNED.search(name) and (scheme := _guessed(name.decode("latin-1"), value.decode("latin-1"))):
            return scheme
    for name, _ in request.headers:
        if _TOKEN.search(name):
            return Scheme("token", signature=SignaturePlace(name=name.decode("latin-1")))
    return None


def _fitting(schemes: Sequence[PresetScheme], request: Request | None) -> PresetScheme:
    if request is None:
        return schemes[0]
    reading = Reading(request)
    for each in schemes:
        place, select = each.scheme.signature, each.scheme.select
        if place is None or (select is not None and not selected(reading, select)):
            continue
        if isinstance(find_signatures(reading, place), Found):
            return each
    return schemes[0]


def _guessed(name: str, value: str) -> Scheme | None:
    found = _PREFIX.match(value)
    for prefix in ("", found[1] if found else ""):
        text = value.removeprefix(prefix)
        encoding: Encoding = "hex" if re.fullmatch(r"[0-9a-fA-F]+", text) else "base64"
        algorithm = (_HEX if encoding == "hex" else _BASE64).get(len(text))
        if algorithm is not None and re.fullmatch(r"[0-9A-Za-z+/=]+", text):
            place = SignaturePlace(name=name, prefix=prefix, format="prefix" if prefix else "raw")
            return Scheme("hmac", algorithm, encoding, signature=place)
    return None
