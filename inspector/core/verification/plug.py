"""Check the six providers whose signed content is made by code."""

from msgspec.structs import replace

from inspector.core.verification.asymmetric import check_asymmetric
from inspector.core.verification.check import Check
from inspector.core.verification.computed import check_computed
from inspector.core.verification.material import named_address, trusted_address
from inspector.core.verification.outcome import (
    BodyHashMismatch,
    CannotBeChecked,
    MalformedHeader,
    MissingHeader,
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
from inspector.core.verification.signatures import Found

_COVERED = {
    "contentful-canonical": ("x-contentful-signed-headers",),
    "paypal-cert": ("PAYPAL-TRANSMISSION-ID",),
    "plivo-v3": ("X-Plivo-Signature-V3-Nonce",),
    "ms-hmac-auth": ("x-ms-content-sha256",),
}
"""Headers that are a part of the content, without which nothing can have been signed."""


def check_plug(check: Check) -> Outcome:
    """Find the signature's text the provider's own way, make its content, and compare as for any other scheme."""
    plugin = check.scheme.plugin
    found = _unwrapped(plugin, check.found)
    if found is None:
        return MalformedHeader(check.found.where)
    check = replace(check, found=found)
    for name in _COVERED.get(plugin, ()):
        if not check.reading.header(name):
            return MissingHeader(name)
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


def _unwrapped(plugin: str, found: Found) -> Found | None:
    """The signature where the provider wraps it, with the key's id; None where the wrapping is not right."""
    value = found.signatures[0]
    if plugin == "ebay-signature":
        parsed = ebay_header(value)
        return parsed and replace(found, signatures=(parsed[0],), items={"kid": parsed[1].encode("latin-1", "replace")})
    if plugin == "ms-hmac-auth":
        text = (hmac_parameters(value) or {}).get("Signature")
        return replace(found, signatures=(text,)) if text else None
    return found


def _refused_certificate(check: Check) -> Outcome | None:
    """Why PayPal's certificate cannot be used: its address is not PayPal's, or nobody fetched it."""
    address = named_address(check.reading, check.scheme)
    if not address:
        return MissingHeader(check.scheme.secret.header)
    if not trusted_address(address, check.scheme.secret.host_pattern):
        return UntrustedCertificate(address[:200])
    return None if address in check.context.material else CannotBeChecked("key-not-available", address[:200])
