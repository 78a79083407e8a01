"""Signatures that both sides compute from a shared secret: HMAC (RFC 2104), or a digest with the secret inside."""

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence

from inspector.core.request import Body, Request
from inspector.core.verification.check import Check, Received, accepted, receive
from inspector.core.verification.context import NOTHING, Context
from inspector.core.verification.digests import canonical, digest_named
from inspector.core.verification.encodings import encode
from inspector.core.verification.key import SecretMalformed, key_from
from inspector.core.verification.outcome import CannotBeChecked, Mismatch, Outcome, UnexpectedAlgorithm
from inspector.core.verification.plugins import CONTENTS, ParameterMissing
from inspector.core.verification.reading import Reading
from inspector.core.verification.scheme import Scheme
from inspector.core.verification.secret import Secret
from inspector.core.verification.signatures import Found, find_signatures
from inspector.core.verification.signed_content import collect_values, contents

type Compute = Callable[[bytes, Body], bytes]
"""The signature of a content with a key."""

FROM_REQUEST = "from-prefix"
"""The algorithm of a scheme whose requests name their own."""


def check_computed(check: Check, datas: Sequence[Body] = ()) -> Outcome:
    """Compare every signature that was sent with what every secret gives for every form of the content.

    `datas` are the contents where no template describes them.
    """
    name = algorithm_of(check.scheme, check.found)
    if name is None:
        return UnexpectedAlgorithm(check.found.digest[:40])
    compute = computing(check.scheme.kind, name)
    if compute is None:
        return CannotBeChecked("algorithm-not-available", name)
    received = receive(check)
    if not isinstance(received, Received):
        return received
    outcome = _compared(check, compute, received, datas)
    if isinstance(outcome, Mismatch) and _names_another_digest(check):
        return UnexpectedAlgorithm(check.found.digest[:40])
    return outcome


def computing(kind: str, algorithm: str) -> Compute | None:
    """How a scheme of this kind computes a signature; None where this machine lacks the algorithm."""
    digest = digest_named(algorithm)
    if digest is None:
        return None
    if kind == "hash":
        return lambda _key, data: hashlib.new(digest.name, data, usedforsecurity=False).digest()
    return digest.hmac


def algorithm_of(scheme: Scheme, found: Found) -> str | None:
    """The digest to use; None where the request names one that the scheme does not allow."""
    if scheme.algorithm != FROM_REQUEST:
        return scheme.algorithm or "sha256"
    return found.digest if found.digest in scheme.algorithms else None


def _names_another_digest(check: Check) -> bool:
    """Whether a signature that does not match says itself that it was made with another digest."""
    named, wanted = check.found.digest, check.scheme.algorithm or "sha256"
    return bool(named) and wanted != FROM_REQUEST and canonical(named) != canonical(wanted)


def expected_signatures(reading: Reading, scheme: Scheme, secret: Secret, context: Context) -> Sequence[bytes]:
    """What the signature would have to be for `secret`, encoded: one, or one for each form of the URL.

    Empty where it cannot be computed. Never to be shown to a sender.
    """
    if scheme.kind not in ("hmac", "hash", "plugin") or scheme.secret.type != "shared":
        return ()
    found = find_signatures(reading, scheme.signature) if scheme.signature else None
    found = found if isinstance(found, Found) else Found("", ())
    compute = computing(scheme.kind, algorithm_of(scheme, found) or next(iter(scheme.algorithms), ""))
    if compute is None:
        return ()
    values = collect_values(reading, scheme, found)
    try:
        key = key_from(secret.value, scheme.secret)
        if scheme.kind == "plugin":
            datas: Sequence[Body] = (CONTENTS[scheme.plugin](reading, context.parameters),)
        else:
            datas = contents(reading, scheme, values if isinstance(values, Mapping) else {}, key)
    except (SecretMalformed, ParameterMissing, KeyError):
        return ()
    return tuple(encode(compute(key, data), scheme.encoding, upper=scheme.hex_upper) for data in datas)


def expected_signature(
    request: Request, scheme: Scheme, secret: Secret, *, url: str = "", parameters: Mapping[str, str] = NOTHING
) -> bytes | None:
    """What the signature would have to be for `secret`, encoded; None where it cannot be computed."""
    context = Context(parameters=parameters)
    return next(iter(expected_signatures(Reading(request, url), scheme, secret, context)), None)


def _compared(check: Check, compute: Compute, received: Received, datas: Sequence[Body]) -> Outcome:
    reading, scheme = check.reading, check.scheme
    if not datas and not scheme.uses_secret:
        datas = contents(reading, scheme, received.values)
    malformed = ""
    for secret in check.secrets:
        try:
            key = key_from(secret.value, scheme.secret)
        except SecretMalformed:
            malformed = malformed or secret.label
            continue
        for data in datas or contents(reading, scheme, received.values, key):
            expected = compute(key, data)
            for signature in received.signatures:
                if hmac.compare_digest(expected, signature):
                    return accepted(check, received.values, secret.label)
    return CannotBeChecked("secret-malformed", malformed) if malformed else Mismatch(check.found.where)
