"""Which computation may have made the signature: other digests, and a plain digest instead of HMAC."""

from collections.abc import Sequence

from inspector.core.diagnosis.choices import DigestChoice
from inspector.core.verification.computed import FROM_REQUEST
from inspector.core.verification.digests import digest_named
from inspector.core.verification.scheme import Scheme

_USUAL = (
    "sha256", "sha1", "sha512", "md5", "sha384", "sha224", "sha3_256", "sha512_256", "sha3_512", "blake2b", "blake2s",
)  # fmt: skip


def digest_choices(scheme: Scheme, named: str = "") -> Sequence[DigestChoice]:
    """The handler's own computation, then the others; `named` is the digest that the request itself names."""
    own = named if scheme.algorithm == FROM_REQUEST else scheme.algorithm
    own = own if own and digest_named(own) else "sha256"
    hmac = scheme.kind != "hash"
    made = [DigestChoice("", 0, own, hmac)]
    made += [DigestChoice("digest-wrong", 2 + (n > 3), name, hmac) for n, name in enumerate(_USUAL) if name != own]
    for first in (True, False) if hmac else (True,):
        made += [
            DigestChoice(
                "kind-hash-vs-hmac", 3 + (name != own), name, not hmac, first, ("digest-wrong",) * (name != own)
            )
            for name in _USUAL[:6]
        ]
    return [choice for choice in made if digest_named(choice.name) is not None]


def digests_of_size(size: int) -> Sequence[str]:
    """The usual digests of so many bytes."""
    return [name for name in _USUAL[:6] if (found := digest_named(name)) is not None and found.size == size]
