"""How one handler comes to its outcome for one delivery: the content part by part, expected and received signature."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inspector.core.delivery import Delivery, Rung
from inspector.core.request import Body
from inspector.core.verification.computed import expected_signatures
from inspector.core.verification.context import NOTHING, Context
from inspector.core.verification.key import SecretMalformed, key_from
from inspector.core.verification.ladder import Link, evaluate
from inspector.core.verification.plugins import CONTENTS, ParameterMissing
from inspector.core.verification.public_url import sender_url
from inspector.core.verification.reading import Reading
from inspector.core.verification.scheme import Part, Scheme
from inspector.core.verification.secret import Secret
from inspector.core.verification.signatures import Found, find_signatures
from inspector.core.verification.signed_content import collect_values, filled_parts
from inspector.core.verification.template import written

SHOWN_BYTES = 16 * 1024
"""So much of each part is kept: what is longer is not read to its end by anybody."""

HIDDEN = "‹secret›".encode()
"""What stands in the content in place of the secret."""

_WITH_CONTENT = ("hmac", "hash", "asymmetric")


@dataclass(frozen=True, slots=True)
class Filled:
    """A part of the template as it is written, and the first bytes of what it became, of `length` in all."""

    part: str
    data: bytes
    length: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything that leads to the outcome. Signatures are in the encoding of the scheme; empty where there is none."""

    rung: Rung
    parts: Sequence[Filled] = ()
    received: bytes = b""
    expected: bytes = b""
    with_secret: str = ""  # the label of the secret that `expected` was computed with

    @property
    def content(self) -> bytes:
        """The signed content, as far as it is kept, the secret in it hidden."""
        return b"".join(part.data for part in self.parts)

    @property
    def length(self) -> int:
        """How long the signed content is."""
        return sum(part.length for part in self.parts)


def explain(delivery: Delivery, link: Link, material: Mapping[str, str] = NOTHING) -> Explanation:
    """Why the handler of `link` stands where it stands for `delivery`; `material` are the keys by address."""
    request, handler = delivery.request, link.handler
    scheme = handler.scheme
    rung = evaluate(request, (link,), now=delivery.received_at, material=material)[0]
    reading = Reading(request).at(sender_url(request, handler.public_url))
    located = find_signatures(reading, scheme.signature) if scheme.signature else None
    found = located if isinstance(located, Found) else Found("", ())
    secret = _secret_of(link, rung)
    expected = _expected(reading, scheme, secret, handler.parameters)
    received = next((s for s in found.signatures if s in expected), next(iter(found.signatures), b""))
    shown = received if received in expected else next(iter(expected), b"")
    parts = _parts(reading, scheme, found, secret, handler.parameters)
    return Explanation(rung, parts, received, shown, secret.label if secret and expected else "")


def _secret_of(link: Link, rung: Rung) -> Secret | None:
    readable = [secret for secret in link.secrets if isinstance(secret, Secret) and secret.value]
    return next((s for s in readable if s.label == rung.secret_label), next(iter(readable), None))


def _expected(
    reading: Reading, scheme: Scheme, secret: Secret | None, parameters: Mapping[str, str]
) -> Sequence[bytes]:
    if secret is None:
        return ()
    return expected_signatures(reading, scheme, secret, Context(parameters=parameters))


def _parts(
    reading: Reading, scheme: Scheme, found: Found, secret: Secret | None, parameters: Mapping[str, str]
) -> Sequence[Filled]:
    if scheme.kind == "plugin":
        return _plug_content(reading, scheme, parameters)
    if scheme.kind not in _WITH_CONTENT:
        return ()
    collected = collect_values(reading, scheme, found)
    values = collected if isinstance(collected, Mapping) else {}
    try:
        key = key_from(secret.value, scheme.secret) if secret else b""
    except SecretMalformed:
        key = b""
    return tuple(_filled(each.part, each.data, key) for each in filled_parts(reading, scheme, values, key))


def _filled(part: Part, data: Body, key: bytes) -> Filled:
    hidden = part.part == "secret" or (part.source is not None and part.source.part == "secret")
    if hidden and key:
        shown = bytes(data).replace(key, HIDDEN)
        return Filled(written((part,)), shown[:SHOWN_BYTES], len(shown))
    return Filled(written((part,)), bytes(data[:SHOWN_BYTES]), len(data))


def _plug_content(reading: Reading, scheme: Scheme, parameters: Mapping[str, str]) -> Sequence[Filled]:
    build = CONTENTS.get(scheme.plugin)
    try:
        data = b"" if build is None else build(reading, parameters)
    except (ParameterMissing, KeyError, ValueError):
        return ()
    return (Filled(scheme.plugin, bytes(data[:SHOWN_BYTES]), len(data)),) if data else ()
