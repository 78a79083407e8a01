"""Sign a request as RFC 9421 says, its body by the digest of RFC 9530."""

import base64
import hmac
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from http_sf.compat import InnerList, Item

from inspector.core.verification.draft import CannotSign, Draft
from inspector.core.verification.key import key_from
from inspector.core.verification.message_signatures import ALGORITHMS, Signed, content_digest, signature_base
from inspector.core.verification.public_key import PrivateKey, private_key
from inspector.core.verification.reading import Reading
from inspector.core.verification.scheme import ContentDigest, Scheme
from inspector.core.verification.secret import Secret

LABEL = "sig1"
COVERED = ("@method", "@target-uri", "content-digest")
"""What is covered besides what the scheme requires."""


def sign_message(draft: Draft, scheme: Scheme, secret: Secret, created: int, parameters: Mapping[str, str]) -> None:
    """Write Content-Digest, Signature-Input and Signature into the draft."""
    digest = scheme.content_digest or ContentDigest()
    draft.header(digest.header, content_digest(draft.request.body, digest.algorithms[0]))
    name, key = _signer(scheme, secret)
    covered = [Item(component) for component in dict.fromkeys((*COVERED, *scheme.required_components))]
    named: dict[str, Any] = {"created": created, "alg": name}
    if "key_id" in parameters:
        named["keyid"] = parameters["key_id"]
    base = signature_base(Reading(draft.request, draft.url), Signed(LABEL, covered, named, b""))
    if base is None:
        raise CannotSign("the request lacks a component that has to be covered")
    if isinstance(key, bytes):
        signature = hmac.digest(key, base, "sha256")
    else:
        algorithm: Any = ALGORITHMS[name]
        signature = algorithm(private_key=key).sign(message=base)
    inner = InnerList(covered)
    inner.params.update(named)
    draft.header(scheme.input or "Signature-Input", f"{LABEL}={inner}".encode("latin-1"))
    text = f"{LABEL}=:{base64.b64encode(signature).decode()}:".encode()
    draft.header(scheme.signature.name if scheme.signature else "Signature", text)


def _signer(scheme: Scheme, secret: Secret) -> tuple[str, Any]:
    """The algorithm and its key: HMAC with a shared secret, else what the private key is good for."""
    if "hmac-sha256" in scheme.algorithms and not secret.value.lstrip().startswith("-----"):
        return "hmac-sha256", key_from(secret.value, scheme.secret)
    key = private_key(secret.value)
    for name in scheme.algorithms:
        if _fits(name, key):
            return name, key
    raise CannotSign(f"the key fits none of {', '.join(scheme.algorithms)}")


def _fits(name: str, key: PrivateKey) -> bool:
    match key:
        case ed25519.Ed25519PrivateKey():
            return name == "ed25519"
        case ec.EllipticCurvePrivateKey(curve=curve):
            return name.startswith(f"ecdsa-p{curve.key_size}-")
    return name.startswith("rsa-")
