"""Digests are found by any of their common names, and all that are offered can sign."""

import hashlib
import hmac

import pytest

from inspector.core.verification.digests import available_digests, canonical, digest_named


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("sha256", "sha256"),
        ("SHA256", "sha256"),
        ("SHA-256", "sha256"),
        (" sha_256 ", "sha256"),
        ("hmac-sha256", "sha256"),
        ("HMAC-SHA-256", "sha256"),
        ("sha2-256", "sha256"),
        ("SHA-2-256", "sha256"),
        ("sha2-512/256", "sha512_256"),
        ("sha1", "sha1"),
        ("SHA-1", "sha1"),
        ("sha512/256", "sha512_256"),
        ("sha512_256", "sha512_256"),
        ("SHA-512/256", "sha512_256"),
        ("sha512-224", "sha512_224"),
        ("sha3-256", "sha3_256"),
        ("SHA3_512", "sha3_512"),
        ("ripemd-160", "ripemd160"),
        ("RMD160", "ripemd160"),
        ("blake2b512", "blake2b"),
        ("BLAKE2b-512", "blake2b"),
        ("BLAKE2s256", "blake2s"),
        ("MD5", "md5"),
    ],
)
def test_a_digest_has_one_spelling(written: str, name: str) -> None:
    assert canonical(written) == name


@pytest.mark.parametrize("name", available_digests())
def test_every_digest_that_is_offered_makes_a_signature_of_its_size(name: str) -> None:
    digest = digest_named(name)
    assert digest is not None
    assert digest.name == name == canonical(name)
    signature = digest.hmac(b"key", b"content")
    assert len(signature) == digest.size
    assert signature != digest.hmac(b"yek", b"content")
    assert signature == digest.hmac(b"key", memoryview(b"content"))


@pytest.mark.parametrize("name", ["sha256", "sha1", "sha512", "sha3_256", "blake2b", "md5"])
@pytest.mark.parametrize("content_bytes", [0, 7, 2047, 2048, 5000])
@pytest.mark.parametrize("key_bytes", [0, 3, 63, 64, 65, 127, 128, 129, 136, 137, 300])
def test_a_digest_computes_what_the_standard_library_does(name: str, content_bytes: int, key_bytes: int) -> None:
    digest = digest_named(name)
    assert digest is not None
    key, content = (bytes(range(256)) * 2)[:key_bytes], b"c" * content_bytes
    assert digest.hmac(key, content) == hmac.new(key, content, name).digest()


def test_what_is_guaranteed_everywhere_and_of_fixed_length_is_offered() -> None:
    fixed = {name for name in hashlib.algorithms_guaranteed if not name.startswith("shake")}
    assert {canonical(name) for name in fixed} <= set(available_digests())


def test_the_usual_ones_come_first_and_none_comes_twice() -> None:
    names = available_digests()
    assert names[0] == "sha256"
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", ["", "shake_128", "shake256", "crc32", "no-such-digest", "sha256\0", "é", "sha 257"])
def test_what_hmac_cannot_use_is_not_found(name: str) -> None:
    assert digest_named(name) is None


def test_the_truncated_sha512_is_not_a_cut_sha512() -> None:
    truncated, whole = digest_named("sha512/256"), digest_named("sha512")
    assert truncated is not None
    assert whole is not None
    assert truncated.size == 32
    assert truncated.hmac(b"key", b"content") != whole.hmac(b"key", b"content")[:32]
    # FIPS 180-4 example: the digest of "abc" begins 53048e26; HMAC here agrees with one built by hand (RFC 2104).
    padded = b"key".ljust(128, b"\0")
    inner = hashlib.new("sha512_256", bytes(b ^ 0x36 for b in padded) + b"content").digest()
    outer = hashlib.new("sha512_256", bytes(b ^ 0x5C for b in padded) + inner).digest()
    assert truncated.hmac(b"key", b"content") == outer


def test_an_empty_key_is_a_key() -> None:
    for name in available_digests():
        digest = digest_named(name)
        assert digest is not None
        assert digest.hmac(b"", b"content") == digest.hmac(b"\0", b"content"), name
