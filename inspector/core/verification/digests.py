"""The digests that HMAC can use on this machine, found by any of their common names."""

import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC

from inspector.core.request import Body

# Known to cryptography under a class and not always to hashlib (a build of OpenSSL may lack them).
_CRYPTOGRAPHY: dict[str, Callable[[], hashes.HashAlgorithm]] = {
    "sm3": hashes.SM3,
    "sha512_224": hashes.SHA512_224,
    "sha512_256": hashes.SHA512_256,
}
_LOCK_KEPT_BYTES = 2048  # hashlib gives up the interpreter's lock for contents of this size and above
_INNER, _OUTER = (bytes(byte ^ pad for byte in range(256)) for pad in (0x36, 0x5C))  # the pads of RFC 2104
_SPELLINGS = {"rmd160": "ripemd160", "ripemd": "ripemd160", "blake2b512": "blake2b", "blake2s256": "blake2s"}


@dataclass(frozen=True, slots=True)
class Digest:
    """A digest of fixed length: its canonical name, its size in bytes, and HMAC with it (RFC 2104)."""

    name: str
    size: int
    hmac: Callable[[bytes, Body], bytes]


def canonical(name: str) -> str:
    """The one spelling of a digest's name: `SHA-512/256`, `sha512/256` and `sha512_256` are `sha512_256`."""
    text = re.sub(r"[-/ .]+", "_", name.strip().lower()).removeprefix("hmac_")
    text = re.sub(r"^sha_?2_(?=224|256|384|512)", "sha", text)
    text = re.sub(r"^(sha|ripemd|rmd|blake2[bs]|md|sm)_(?=\d)", r"\1", text)
    return _SPELLINGS.get(text, text)


@cache
def digest_named(name: str) -> Digest | None:
    """The digest of that name, or None where this machine has none that HMAC can use."""
    wanted = canonical(name)
    for spelling in (wanted, wanted.replace("_", "-"), wanted.replace("_", "/")):
        try:
            # OpenSSL looks up names without regard to case; shake and other extendable ones have size 0.
            size = hashlib.new(spelling, usedforsecurity=False).digest_size
            if size and len(hmac.digest(b"key", b"", spelling)) == size:
                return Digest(wanted, size, _hashlib_hmac(spelling))
        except (ValueError, TypeError):
            continue
    if (algorithm := _CRYPTOGRAPHY.get(wanted)) is not None:
        return _cryptography_digest(wanted, algorithm())
    return None


@cache
def available_digests() -> tuple[str, ...]:
    """The canonical names of all digests that can be chosen on this machine, the usual ones first."""
    usual = ("sha256", "sha1", "sha512", "sha384", "sha224", "md5")
    found = {canonical(name) for name in hashlib.algorithms_available} | set(_CRYPTOGRAPHY)
    names = sorted(name for name in found if digest_named(name) is not None)
    return tuple(n for n in usual if n in names) + tuple(n for n in names if n not in usual)


def _hashlib_hmac(name: str) -> Callable[[bytes, Body], bytes]:
    """HMAC (RFC 2104) with a digest of hashlib.

    `hmac.digest` gives up the interpreter's lock for every content, however short: while another thread is at work,
    getting it back takes longer than the HMAC of most webhooks.
    """
    new = getattr(hashlib, name, None) or partial(hashlib.new, name)
    block_bytes = new(usedforsecurity=False).block_size

    def compute(key: bytes, content: Body) -> bytes:
        if len(content) >= _LOCK_KEPT_BYTES:
            return hmac.digest(key, content, name)
        if len(key) > block_bytes:
            key = new(key, usedforsecurity=False).digest()
        block = key.ljust(block_bytes, b"\0")
        inner = new(block.translate(_INNER), usedforsecurity=False)
        inner.update(content)
        return new(block.translate(_OUTER) + inner.digest(), usedforsecurity=False).digest()

    return compute


def _cryptography_digest(name: str, algorithm: hashes.HashAlgorithm) -> Digest | None:
    def compute(key: bytes, content: Body) -> bytes:
        # RFC 2104 pads a short key with zeros, so a zero byte is the same key as the empty one,
        # which this library refuses.
        context = HMAC(key or b"\0", algorithm)
        context.update(bytes(content))
        return context.finalize()

    try:
        compute(b"key", b"")
    except (UnsupportedAlgorithm, ValueError):
        return None
    return Digest(name, algorithm.digest_size, compute)
