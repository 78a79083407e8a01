"""Signatures that the sender makes with a private key and we check with the public one: Ed25519, ECDSA, RSA."""

from collections.abc import Sequence

from inspector.core.request import Body
from inspector.core.verification.check import Check, Received, accepted, receive
from inspector.core.verification.key import SecretMalformed
from inspector.core.verification.key_set import keys_in
from inspector.core.verification.material import fetched_keys
from inspector.core.verification.outcome import CannotBeChecked, Mismatch, Outcome
from inspector.core.verification.public_key import PublicKey, WrongKind, is_known, verifies
from inspector.core.verification.scheme import Scheme
from inspector.core.verification.signed_content import contents


def check_asymmetric(check: Check, datas: Sequence[Body] = ()) -> Outcome:
    """Say whether the owner of one of the keys, configured or fetched, signed the content.

    `datas` are the contents where no template describes them.
    """
    if not is_known(check.scheme.algorithm):
        return CannotBeChecked("algorithm-not-available", check.scheme.algorithm)
    received = receive(check)
    if not isinstance(received, Received):
        return received
    datas = datas or contents(check.reading, check.scheme, received.values)
    key_id = _key_id(check)
    candidates = [*check.secrets, *fetched_keys(check, key_id)]
    if not candidates:
        return CannotBeChecked("key-not-available", key_id[:200])
    problem: Outcome | None = None
    for secret in candidates:
        try:
            keys = keys_in(secret.value, check.scheme.secret, key_id)
            if _any_verifies(keys, check.scheme, received, datas):
                return accepted(check, received.values, secret.label)
        except (SecretMalformed, WrongKind):
            problem = CannotBeChecked("secret-malformed", secret.label)
    return problem or Mismatch(check.found.where)


def _key_id(check: Check) -> str:
    """The id of the key, where the signature or a header names it."""
    name = check.scheme.secret.by
    value = check.found.item("kid") or (check.reading.header(name) if name else None) or b""
    return value.decode("latin-1")


def _any_verifies(keys: Sequence[PublicKey], scheme: Scheme, received: Received, datas: Sequence[Body]) -> bool:
    """Whether one of `keys` made one of the signatures. Raises WrongKind where none of them fits the algorithm."""
    wrong: list[WrongKind] = []
    for key in keys:
        try:
            if any(verifies(key, scheme.algorithm, s, data) for s in received.signatures for data in datas):
                return True
        except WrongKind as error:
            wrong.append(error)
    if wrong and len(wrong) == len(keys):
        raise wrong[0]
    return False
