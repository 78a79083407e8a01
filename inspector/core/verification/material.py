"""Keys and certificates that an edge fetched: which of them a check may use, and from where they come."""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from inspector.core.verification.check import Check
from inspector.core.verification.reading import Reading
from inspector.core.verification.scheme import Scheme
from inspector.core.verification.secret import Secret

JWKS_URL = "jwks_url"
"""The parameter with the address of a set of keys, where the preset does not know it."""


BY_ADDRESS = frozenset({"jwks", "certificate-url"})
"""Types of secret that an edge fetches from an address."""


def key_address(reading: Reading, scheme: Scheme, parameters: Mapping[str, str]) -> str:
    """Where an edge has to fetch the key for this request; empty where it need not, or must not.

    An address that the request itself names has to be https on one of the hosts that the scheme allows.
    """
    match scheme.secret.type:
        case "jwks":
            return parameters.get(JWKS_URL) or scheme.secret.address
        case "certificate-url":
            address = named_address(reading, scheme)
            return address if trusted_address(address, scheme.secret.host_pattern) else ""
    return ""


def named_address(reading: Reading, scheme: Scheme) -> str:
    """The address of the certificate that the request names; empty where it names none."""
    secret = scheme.secret
    value = reading.header(secret.header) if secret.header else reading.json(secret.path)
    return (value or b"").decode("latin-1")


def trusted_address(address: str, host_pattern: str) -> bool:
    """Whether a certificate may be fetched from `address`: https, the default port, one of the provider's hosts."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    plain = parts.username is None and parts.password is None and port in (None, 443)
    return parts.scheme == "https" and plain and re.fullmatch(host_pattern, parts.hostname or "") is not None


def fetched_keys(check: Check, key_id: str = "") -> Sequence[Secret]:
    """What was fetched for this very request: by its address, or under the key's id. Nothing else counts."""
    name = key_address(check.reading, check.scheme, check.context.parameters)
    if check.scheme.secret.type not in BY_ADDRESS and "://" not in key_id:  # an id is no other handler's address
        name = key_id
    return [Secret(name, check.context.material[name])] if name and name in check.context.material else []
