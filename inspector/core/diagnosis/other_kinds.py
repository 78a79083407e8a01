"""Near misses of the kinds that no table of digests covers: tokens, JWTs, asymmetric keys, plugins.

Each single change is tried by verifying with it; there are few enough of them.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace

from msgspec.structs import replace as changed

from inspector.core.diagnosis.apply import difference, outcome_of, signature_right
from inspector.core.diagnosis.body_forms import cheap_bodies, rewritten_bodies
from inspector.core.diagnosis.case import Case
from inspector.core.diagnosis.choices import BodyChoice
from inspector.core.diagnosis.contents import content_choices
from inspector.core.diagnosis.finding import Finding, HandlerChange, Remedy, found
from inspector.core.diagnosis.keys import key_choices
from inspector.core.diagnosis.targets import header_cause, usual_headers
from inspector.core.diagnosis.url_forms import url_choices
from inspector.core.verification.encodings import decode
from inspector.core.verification.outcome import ClaimMismatch, Outcome
from inspector.core.verification.scheme import Scheme, SignaturePlace

MOST_BODIES = 300
MOST_TRIED_BYTES = 256 << 20
"""Each form of the body is verified with: so much in all."""

_TOKENS = frozenset({"token", "bearer", "basic"})
_ENCODINGS = ("hex", "base64", "base64url", "base64-of-hex", "base64-of-base64")
_ALGORITHMS = (
    "sha256", "sha1", "sha512", "sha384", "md5",
    "ed25519", "ecdsa-p256-sha256", "ecdsa-p256-sha256-raw", "ecdsa-p256-sha1", "rsa-pkcs1-sha256", "rsa-pkcs1-sha1",
)  # fmt: skip
_FORMATS = ("pem", "raw-hex", "raw-base64", "der-base64", "spki-pem")

type Tried = Finding | None
"""A proof, or None for a change that does not help."""


def search_by_verifying(case: Case, outcome: Outcome) -> Iterator[Tried]:
    """Every single change, the likeliest kinds first; a finding where it makes the delivery verify."""
    if case.scheme.signature is None:
        return
    yield from _secrets(case)
    yield from _places(case, case.scheme.signature)
    if case.scheme.kind in _TOKENS:
        yield from _shown_otherwise(case)
        return
    yield from _schemes(case)
    yield from _claims(case, outcome)
    yield from _urls(case)
    yield from _bodies(case)
    if case.scheme.kind == "asymmetric":
        yield from _contents(case)


def _try(case: Case, cause: str, scheme: Scheme, **facts: str) -> Iterator[Tried]:
    right = signature_right(outcome_of(case, scheme=scheme))
    yield found(cause, change=HandlerChange(scheme=scheme), facts=facts) if right else None


def _secrets(case: Case) -> Iterator[Tried]:
    values = {(known.handler, known.label): known.value for known in case.others}
    for choice in key_choices(case):
        if not choice.cause:
            continue
        scheme = case.scheme if choice.reading is None else changed(case.scheme, secret=choice.reading)
        text = choice.text if choice.text is not None or choice.secret_of is None else values[choice.secret_of]
        if case.scheme.kind in _TOKENS and text is None:
            continue  # a token is compared as it is stored
        secrets = case.secrets if text is None else (text,)
        if not signature_right(outcome_of(case, scheme=scheme, secrets=secrets)):
            yield None
            continue
        change = HandlerChange(None if scheme == case.scheme else scheme, choice.text, choice.secret_of)
        yield found(choice.cause, change=change, also=choice.also, facts=choice.facts)


def _places(case: Case, place: SignaturePlace) -> Iterator[Tried]:
    """The signature under another header, or with another prefix before it."""
    if place.place != "header":
        return
    usual = usual_headers(case)
    for name, value in case.request.headers:
        if not value or len(value) > 16_384:
            continue
        text = name.decode("latin-1")
        same = text.lower() == place.name.lower()
        for form, prefix in _forms(value, place):
            other = changed(place, name=text, also=(), format=form, prefix=prefix)
            if same and (other.format, other.prefix) == (place.format, place.prefix):
                continue
            cause = header_cause(place.name, text, usual)[0]
            if same:
                cause = "prefix-missing" if place.format == "prefix" else "prefix-extra"
            facts = {
                "header": text,
                "configured_header": place.name,
                "prefix": prefix,
                "configured_prefix": place.prefix,
            }
            yield from _try(case, cause, changed(case.scheme, signature=other), **facts)


def _forms(value: bytes, place: SignaturePlace) -> Sequence[tuple[str, str]]:
    """How the text in the header may be cut: as the handler does it, whole, or behind its first word."""
    word = value.partition(b" ")[0].decode("latin-1") + " " if b" " in value else ""
    named = value[: value.find(b"=") + 1].decode("latin-1") if 0 < value.find(b"=") <= 20 else ""
    forms = [(place.format, place.prefix), ("raw", "")]
    return [*forms, *(("prefix", prefix) for prefix in (word, named) if prefix)]


def _shown_otherwise(case: Case) -> Iterator[Tried]:
    """A token in another encoding than the handler compares: as a bearer token, as HTTP Basic, as plain text."""
    for kind in ("token", "bearer", "basic"):
        if kind != case.scheme.kind and case.scheme.signature is not None:
            whole = changed(case.scheme.signature, format="raw", prefix="")
            yield from _try(case, "kind-wrong", changed(case.scheme, kind=kind, signature=whole), kind=kind)
    for text in case.secrets:
        user, colon, password = text.partition(":")
        if colon and case.scheme.kind == "basic":
            right = signature_right(outcome_of(case, secrets=(f"{password}:{user}",)))
            swapped = HandlerChange(secret=f"{password}:{user}")
            yield found("secret-user-password-swapped", change=swapped) if right else None


def _schemes(case: Case) -> Iterator[Tried]:
    """Another encoding, another algorithm, another form of the key."""
    scheme = case.scheme
    for encoding in _ENCODINGS if scheme.kind in ("asymmetric", "plugin") else ():
        if encoding != scheme.encoding:
            facts = {"encoding": encoding, "configured_encoding": scheme.encoding}
            yield from _try(
                case, _encoding_cause(encoding, scheme.encoding), changed(scheme, encoding=encoding), **facts
            )
    if scheme.kind in ("asymmetric", "plugin"):
        for algorithm in _ALGORITHMS:
            if algorithm != scheme.algorithm and ("-" in algorithm) == ("-" in scheme.algorithm):
                facts = {"digest": algorithm, "configured_digest": scheme.algorithm}
                yield from _try(case, "digest-wrong", changed(scheme, algorithm=algorithm), **facts)
    for form in _FORMATS if scheme.secret.type in ("public-key", "shared-or-public") else ():
        if form != scheme.secret.format:
            other = changed(scheme, secret=changed(scheme.secret, format=form))
            yield from _try(case, "secret-key-format", other, format=form)
    named = _token_algorithm(case)
    if named and named not in scheme.algorithms:
        facts = {"digest": named, "configured_digest": ", ".join(scheme.algorithms)}
        yield from _try(case, "digest-wrong", changed(scheme, algorithms=(*scheme.algorithms, named)), **facts)


def _encoding_cause(encoding: str, configured: str) -> str:
    if "-of-" in encoding or "-of-" in configured:
        return "encoding-double"
    return "encoding-hex-vs-base64" if "hex" in (encoding, configured) else "encoding-base64url"


def _token_algorithm(case: Case) -> str:
    """The algorithm that a JWT names itself."""
    place = case.scheme.signature
    if case.scheme.kind != "jwt" or place is None or place.place != "header":
        return ""
    value = (case.reading.header(place.name) or b"").removeprefix(place.prefix.encode())
    try:
        head = json.loads(decode(value[:2048].partition(b".")[0], "base64url") or b"{}")
    except (ValueError, RecursionError):
        return ""
    name = head.get("alg") if isinstance(head, dict) else None
    return name if isinstance(name, str) and name.lower() != "none" and len(name) <= 8 else ""


def _claims(case: Case, outcome: Outcome) -> Iterator[Tried]:
    """The token is signed rightly and claims something else than the handler expects."""
    if isinstance(outcome, ClaimMismatch):
        facts = {"claim": outcome.detail, "expected": case.parameters.get(outcome.detail, "")}
        yield Finding("claim-mismatch", "likely", Remedy("handler"), facts={k: v for k, v in facts.items() if v})


def _urls(case: Case) -> Iterator[Tried]:
    for url in url_choices(case.reading):
        if url.cause:
            right = signature_right(outcome_of(case, url=url.url))
            facts = {"url": url.url, "configured_url": case.reading.url}
            yield found(url.cause, change=HandlerChange(url=url.url), also=url.also, facts=facts) if right else None


def _bodies(case: Case) -> Iterator[Tried]:
    tried = 0
    for number, body in enumerate(form for forms in (cheap_bodies, rewritten_bodies) for form in forms(case.reading)):
        tried += len(body.body)
        if number > MOST_BODIES or tried > MOST_TRIED_BYTES:
            return
        right = signature_right(outcome_of(case, request=replace(case.request, body=body.body)))
        yield _body_found(case, body) if right else None


def _body_found(case: Case, body: BodyChoice) -> Finding:
    facts = {"form": body.form, **difference(bytes(case.request.body), body.body)}
    return found(body.cause, also=body.also, facts=facts, signed_body=body.body)


def _contents(case: Case) -> Iterator[Tried]:
    for content in content_choices(case, case.reading):
        if content.cause and not content.rewritten:
            scheme = changed(case.scheme, content=content.parts, values={**case.scheme.values, **content.sources})
            yield from _try(case, content.cause, scheme, **content.facts)
