"""How a provider asks whether a URL is meant for it, and what it is answered.

Only for the provider that a handler names; what is echoed is short and cannot be taken for a page.
"""

import hmac
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from inspector.core.delivery import Answer, Rung, Standing
from inspector.core.request import Request
from inspector.core.verification.computed import computing
from inspector.core.verification.encodings import encode
from inspector.core.verification.key import SecretMalformed, key_from
from inspector.core.verification.ladder import Link
from inspector.core.verification.material import trusted_address
from inspector.core.verification.preset import Computed, Handshake, HandshakeAnswer, Preset
from inspector.core.verification.reading import Reading
from inspector.core.verification.scheme import Part
from inspector.core.verification.secret import Secret
from inspector.core.verification.signed_content import filled
from inspector.core.verification.template import parse

LONGEST_ECHO_BYTES = 1024
"""More of a request is never sent back."""

LARGEST_BODY_BYTES = 64 * 1024
"""A larger body is no handshake, and is not parsed to find out."""

VERIFIED = (Standing.WON, Standing.SHADOWED)

_PLAIN, _JSON = "text/plain; charset=utf-8", "application/json"
_NO_SNIFFING = ("X-Content-Type-Options", "nosniff")


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The handshake is answered. `fetch` is an address that has to be called besides, after the answer."""

    answer: Answer
    fetch: str = ""


@dataclass(frozen=True, slots=True)
class Denied:
    """Not the right handshake: `status` is what the provider wants to see then. `signed`: its signature is wrong."""

    status: int
    signed: bool


@dataclass(frozen=True, slots=True)
class Unanswerable:
    """It is a handshake, but something is not configured: a parameter, or the secret."""

    reason: str
    detail: str


type Reply = Confirmed | Denied | Unanswerable


def reply(reading: Reading, link: Link, rung: Rung, preset: Preset) -> Reply | None:
    """What the handler of `link` answers to a handshake of its provider; None where the request is none.

    `rung` is what came out when the handler was evaluated.
    """
    for handshake in preset.handshakes:
        found = _reply(reading, link, rung, handshake)
        if found is not None:
            return found
    return None


def brought_secret(request: Request, preset: Preset) -> str | None:
    """The secret of all that follows, where a handshake of this provider brings it."""
    reading = Reading(request)
    for handshake in preset.handshakes:
        if handshake.secret and _asks(handshake, reading, {}) == "":
            value = filled(_template(handshake.secret), reading, {})
            return None if not value or len(value) > LONGEST_ECHO_BYTES else value.decode("utf-8", "replace")
    return None


def _reply(reading: Reading, link: Link, rung: Rung, handshake: Handshake) -> Reply | None:
    verified = rung.standing in VERIFIED
    missing = _asks(handshake, reading, link.handler.parameters)
    if missing is None:
        return None
    if missing == _WRONG or (handshake.signed and not verified):
        denied = handshake.otherwise and not verified
        return Denied(handshake.otherwise, handshake.signed) if denied else None
    if missing:
        return Unanswerable("parameter-missing", missing)
    proofs = _proofs(reading, link, rung, handshake.computed)
    if not isinstance(proofs, Mapping):
        return proofs
    return _confirmed(handshake.answer, reading, link, proofs)


_WRONG = "="


def _asks(handshake: Handshake, reading: Reading, parameters: Mapping[str, str]) -> str | None:
    """None where this is no such handshake, `_WRONG` where a value is not the right one, else the missing parameter."""
    when = handshake.when
    if when.method and reading.request.method != when.method:
        return None
    if when.json and len(reading.request.body) > LARGEST_BODY_BYTES:
        return None
    wanted = [(reading.header(name), texts) for name, texts in when.header.items()]
    wanted += [(reading.query_parameter(name), texts) for name, texts in when.query.items()] if when.query else []
    if any(value is None for value, _ in wanted):
        return None
    wanted += [(reading.json(path), texts) for path, texts in when.json.items()]
    if any(value is None for value, _ in wanted):
        return None
    results = [_fits(value or b"", texts, parameters) for value, texts in wanted]
    return next((result for result in results if result == _WRONG), "") or next(filter(None, results), "")


def _fits(value: bytes, texts: Sequence[str], parameters: Mapping[str, str]) -> str:
    """Empty where `value` is one of `texts` or nothing in particular is wanted."""
    if not texts:
        return ""
    for text in texts:
        expected = text
        if text.startswith("{"):
            name = text.strip("{}")
            if not parameters.get(name):
                return name
            expected = parameters[name]
        if hmac.compare_digest(expected.encode(), value):
            return ""
    return _WRONG


def _proofs(
    reading: Reading, link: Link, rung: Rung, computed: Mapping[str, Computed]
) -> Mapping[str, bytes] | Unanswerable | None:
    """What the answer's names stand for: the handler's parameters, and proofs that the secret is known."""
    values = {name: text.encode() for name, text in link.handler.parameters.items()}
    for name, each in computed.items():
        compute = computing(each.kind, each.algorithm)
        key = b"" if each.kind == "hash" else _key(link, rung)
        if compute is None or key is None:
            return Unanswerable("secret-missing", "")
        template = _template(each.content)
        missing = _undefined(template, values)
        if missing:
            return Unanswerable("parameter-missing", missing)
        content = filled(template, reading, values)
        if content is None or len(content) > LONGEST_ECHO_BYTES or not _may_be_proved(each, content):
            return None
        values[name] = encode(compute(key, content), each.encoding)
    return values


def _may_be_proved(computed: Computed, content: bytes) -> bool:
    """Whether the content is a challenge: a digest without the handler's key proves nothing of anything else."""
    return computed.kind == "hash" or re.fullmatch(computed.pattern, content.decode("latin-1")) is not None


def _key(link: Link, rung: Rung) -> bytes | None:
    """The key of the secret that verified, or of the first one that can be read."""
    readable = [secret for secret in link.secrets if isinstance(secret, Secret) and secret.value]
    for secret in sorted(readable, key=lambda each: each.label != rung.secret_label):
        try:
            return key_from(secret.value, link.handler.scheme.secret)
        except SecretMalformed:
            continue
    return None


def _confirmed(
    answer: HandshakeAnswer, reading: Reading, link: Link, values: Mapping[str, bytes]
) -> Confirmed | Unanswerable | None:
    texts = {"body": answer.body, "fetch": answer.fetch}
    texts |= {f"header {name}": text for name, text in answer.headers.items()}
    texts |= {f"json {name}": text for name, text in answer.json.items()}
    echoes: dict[str, str] = {}
    for where, text in texts.items():
        template = _template(text)
        if missing := _undefined(template, values):
            return Unanswerable("parameter-missing", missing)
        value = filled(template, reading, values)
        if value is None or len(value) > LONGEST_ECHO_BYTES:
            return None
        echoes[where] = value.decode("utf-8", "replace")
    if echoes["fetch"] and not trusted_address(echoes["fetch"], link.handler.scheme.secret.host_pattern):
        return None
    headers = [(name, echoes[f"header {name}"]) for name in answer.headers]
    if any(not value.isprintable() or not value.isascii() for _, value in headers):
        return None
    body, kind = echoes["body"].encode(), answer.type or _PLAIN
    if answer.json:
        document = {name: echoes[f"json {name}"] for name in answer.json}
        body, kind = json.dumps(document, separators=(",", ":")).encode(), _JSON
    if body:
        headers[:0] = [("Content-Type", kind), _NO_SNIFFING]
    return Confirmed(Answer(answer.status, tuple(headers), body), echoes["fetch"])


def _undefined(template: Sequence[Part], values: Mapping[str, bytes]) -> str:
    """The name of a parameter that the template wants and nobody configured."""
    return next((part.name for part in template if part.part == "value" and not values.get(part.name)), "")


@lru_cache(maxsize=256)
def _template(text: str) -> Sequence[Part]:
    return parse(text)
