"""Amazon SNS: fields of the JSON body signed with a key whose certificate the message names.

Source: AWS documentation, "Verifying the signatures of Amazon SNS messages".
"""

from collections.abc import Sequence

from inspector.core.verification.check import Check
from inspector.core.verification.encodings import decode
from inspector.core.verification.key import SecretMalformed
from inspector.core.verification.material import named_address, trusted_address
from inspector.core.verification.outcome import (
    CannotBeChecked,
    MalformedHeader,
    Mismatch,
    MissingHeader,
    Outcome,
    UnexpectedAlgorithm,
    UntrustedCertificate,
    Verified,
)
from inspector.core.verification.public_key import WrongKind, public_key, verifies
from inspector.core.verification.reading import Reading
from inspector.core.verification.scheme import Scheme
from inspector.core.verification.secret import Secret

_SUBSCRIPTIONS = (b"SubscriptionConfirmation", b"UnsubscribeConfirmation")


def sns_content(reading: Reading, scheme: Scheme) -> bytes:
    """The signed content: for each present key, in order, its name and value, each followed by a line feed."""
    subscription = reading.json("Type") in _SUBSCRIPTIONS
    keys = scheme.keys_subscription if subscription else scheme.keys_notification
    present = [(key, value) for key in keys if (value := reading.json(key)) is not None]
    return b"".join(key.encode() + b"\n" + value + b"\n" for key, value in present)


def check_sns(check: Check) -> Outcome:
    """Say whether the message was signed by the owner of its certificate, which must be one of Amazon's.

    A certificate that is configured takes the place of the one that the message names.
    """
    reading, scheme = check.reading, check.scheme
    version = (reading.json("SignatureVersion") or b"").decode("latin-1")
    algorithm = scheme.versions.get(version)
    if algorithm is None:
        return UnexpectedAlgorithm(version[:40])
    signature = decode(check.found.signatures[0], "base64")
    if signature is None:
        return MalformedHeader("Signature")
    address = named_address(reading, scheme)
    certificates = check.secrets or _fetched(check, address)
    if not isinstance(certificates, Sequence):
        return certificates
    content = sns_content(reading, scheme)
    for secret in certificates:
        try:
            if verifies(public_key(secret.value, scheme.secret), algorithm, signature, content):
                return Verified(secret.label)
        except (SecretMalformed, WrongKind):
            return UntrustedCertificate(address[:200])
    return Mismatch("Signature")


def _fetched(check: Check, address: str) -> Sequence[Secret] | Outcome:
    """The certificate that an edge fetched from `address`, or why there is none."""
    if not address:
        return MissingHeader(check.scheme.secret.path)
    a_file = address.partition("#")[0].endswith(".pem")  # as Amazon's own validators want it
    if not a_file or not trusted_address(address, check.scheme.secret.host_pattern):
        return UntrustedCertificate(address[:200])
    if address not in check.context.material:
        return CannotBeChecked("key-not-available", address[:200])
    return (Secret("certificate", check.context.material[address]),)
