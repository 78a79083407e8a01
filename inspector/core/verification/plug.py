"""Check the six providers whose signed content is made by code."""

from dataclasses import replace

from inspector.core.verification.asymmetric import check_asymmetric
from inspector.core.verification.check import Check
from inspector.core.verification.computed import check_computed
from inspector.core.verification.outcome import (
    BodyHashMismatch,
    CannotBeChecked,
    MalformedHeader,
    Outcome,
    UntrustedCertificate,
    Verified,
)
from inspector.core.verification.plugins import (
    CONTENTS,
    ParameterMissing,
    body_digest_fits,
    ebay_header,
    hmac_parameters,
)
from inspector.core.verification.sns import trusted_address


def check_plug(check: Check) -> Outcome:
    """Find the signature's text the provider's own way, make its content, and compare as for any other scheme."""
    plugin = check.scheme.plugin
    text = _signature_text(plugin, check.found.signatures[0])
    if text == b"":
        return MalformedHeader(check.found.where)
    if text is not None:
        check = replace(check, found=replace(check.found, signatures=(text,)))
    if plugin == "paypal-cert" and not check.secrets and (refused := _refused_certificate(check)) is not None:
        return refused
    try:
        content = CONTENTS[plugin](check.reading, check.context.parameters)
    except ParameterMissing as missing:
        return CannotBeChecked("parameter-missing", str(missing))
    except KeyError:
        return CannotBeChecked("kind-not-available", plugin)
    if check.scheme.secret.type != "shared":
        return check_asymmetric(check, (content,))
    outcome = check_computed(check, (content,))
    if plugin == "ms-hmac-auth" and isinstance(outcome, Verified) and not body_digest_fits(check.reading):
        return BodyHashMismatch("x-ms-content-sha256")
    return outcome


def _signature_text(plugin: str, value: bytes) -> bytes | None:
    """The signature where the provider wraps it: empty where `value` has none, None where nothing is wrapped."""
    match plugin:
        case "ebay-signature":
            parsed = ebay_header(value)
            return parsed[0] if parsed else b""
        case "ms-hmac-auth":
            return (hmac_parameters(value) or {}).get("Signature", b"")
    return None


def _refused_certificate(check: Check) -> Outcome | None:
    """Why PayPal's certificate cannot be used: its address is not PayPal's, or nobody fetched it."""
    reading = check.scheme.secret
    address = (check.reading.header(reading.header) or b"").decode("latin-1")
    if not trusted_address(address, reading.host_pattern or r"(.+\.)?paypal\.com"):
        return UntrustedCertificate(address[:200])
    return None if address in check.context.material else CannotBeChecked("key-not-available", address[:200])
