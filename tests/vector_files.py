"""The deliveries under tests/vectors: what each is, and the value it is read into."""

import base64
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from inspector import presets
from inspector.core.request import Headers, Request
from inspector.core.verification.context import Context
from inspector.core.verification.outcome import Outcome
from inspector.core.verification.reading import Reading
from inspector.core.verification.scheme import Scheme, carried_by
from inspector.core.verification.secret import Secret
from inspector.core.verification.verify import verify_reading

FOLDER = Path(__file__).parent / "vectors"
OWN = FOLDER / "own"
"""Deliveries made after the documentation of their providers by code of its own, apart from the product's."""


@dataclass(frozen=True, slots=True)
class Vector:
    """One delivery of a provider and what has to come out: `verified`, or any of some reasons."""

    provider: str
    name: str
    scheme: Scheme
    secrets: Sequence[Secret]
    request: Request
    url: str
    now: datetime | None
    tolerance_s: int | None
    expected: Sequence[str]
    signature_ok: bool
    material: Mapping[str, str] = field(repr=False, default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.provider}: {self.name}"

    def outcome(self) -> Outcome:
        """What our engine says."""
        context = Context(self.now, self.material, self.parameters, self.tolerance_s)
        return verify_reading(Reading(self.request, self.url), self.scheme, self.secrets, context)


def vectors(folder: Path = FOLDER) -> list[Vector]:
    """All deliveries of all files of `folder`, by provider."""
    files = [(path.stem, json.loads(path.read_text("utf-8"))) for path in sorted(folder.glob("*.json"))]
    return [_read(provider, each) for provider, found in files for each in found]


def request_of(each: Mapping[str, Any]) -> Request:
    """The request that a vector describes; header texts are latin-1."""
    url = urlsplit(each["url"])
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    headers = Headers((name.encode("latin-1"), value.encode("latin-1")) for name, value in each["headers"])
    body = base64.b64decode(each["body_base64"]) if "body_base64" in each else each.get("body", "").encode()
    return Request(each["method"], target, "1.1", headers, body)


def _read(provider: str, each: Mapping[str, Any]) -> Vector:
    scheme = presets.scheme(f"{provider}:{each['scheme']}").scheme
    if "header" in each:
        scheme = carried_by(scheme, each["header"])
    expected = each["expected"]
    return Vector(
        provider=provider,
        name=each["name"],
        scheme=scheme,
        secrets=[Secret(str(number), text) for number, text in enumerate(each["secrets"])],
        request=request_of(each),
        url=each["url"],
        now=datetime.fromtimestamp(each["now"], UTC) if "now" in each else None,
        tolerance_s=each.get("tolerance_s"),
        expected=[expected] if isinstance(expected, str) else expected,
        signature_ok=each.get("signature_ok", False),
        material=each.get("material", {}),
        parameters=each.get("parameters", {}),
    )


def sha256_of(secret: Secret, content: bytes) -> bytes:
    """HMAC-SHA256 with the secret's text as the key, for tests that sign by hand."""
    return hmac.digest(secret.value.encode(), content, "sha256")
