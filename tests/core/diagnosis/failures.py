"""Deliveries that were signed rightly and then met with a mistake."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from msgspec.structs import replace as changed

from inspector import presets
from inspector.core.diagnosis.case import Case, KnownSecret
from inspector.core.diagnosis.diagnose import diagnose
from inspector.core.diagnosis.finding import Finding, Finished
from inspector.core.request import Headers, Request
from inspector.core.verification.scheme import Scheme
from inspector.core.verification.secret import Secret
from inspector.core.verification.sign import signed_request

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
JSON = '{"id":"evt_1","amount":12.0,"name":"Zoë","url":"https://shop.test/a"}'.encode()
FORM = b"Body=Hello+there&From=%2B15551234567"
SECRETS = {
    "standard-webhooks": "whsec_c2VjcmV0IHRoYXQgaXMgbG9uZyBlbm91Z2g=",
    "svix": "whsec_c2VjcmV0IHRoYXQgaXMgbG9uZyBlbm91Z2g=",
    "adyen:header": "44782def547aaa06c910c43932b1eb0c71fc68d9d0c057550c48ec2acf6ba056",
    "authorize-net": "44782def547aaa06c910c43932b1eb0c71fc68d9d0c057550c48ec2acf6ba056",
}
OTHER = "another secret of the same kind, and long"


def secret_of(reference: str) -> str:
    """A secret in the form that the preset wants."""
    return SECRETS.get(reference, "f3d1c0ffee5ecre7f3d1c0ffee5ecre7")


@dataclass(frozen=True)
class Sent:
    """A delivery as its sender made it, and the handler that is to check it."""

    case: Case

    @property
    def header(self) -> str:
        """The name of the signature's header."""
        place = self.case.scheme.signature
        assert place is not None
        return place.name

    def with_scheme(self, **changes: Any) -> "Sent":
        """The handler's scheme set otherwise."""
        return Sent(replace(self.case, scheme=changed(self.case.scheme, **changes)))

    def with_place(self, **changes: Any) -> "Sent":
        """The handler's place of the signature set otherwise."""
        place = self.case.scheme.signature
        assert place is not None
        return self.with_scheme(signature=changed(place, **changes))

    def with_reading(self, **changes: Any) -> "Sent":
        """The handler's reading of the secret set otherwise."""
        return self.with_scheme(secret=changed(self.case.scheme.secret, **changes))

    def with_unit(self, unit: str) -> "Sent":
        """The handler's time read in another unit."""
        time = self.case.scheme.timestamp
        assert time is not None
        return self.with_scheme(timestamp=changed(time, unit=unit))

    def with_secret(self, text: str) -> "Sent":
        """Another secret stored."""
        return Sent(replace(self.case, secrets=(text,)))

    def with_body(self, body: bytes) -> "Sent":
        """The body changed on its way."""
        return Sent(replace(self.case, request=replace(self.case.request, body=body)))

    def with_url(self, url: str, *headers: tuple[str, str]) -> "Sent":
        """The address as the handler knows it, with what a proxy adds."""
        lines = [*self.case.request.headers, *((name.encode(), value.encode()) for name, value in headers)]
        return Sent(replace(self.case, url=url, request=replace(self.case.request, headers=Headers(lines))))

    def with_lines(self, change: Callable[[bytes, bytes], Sequence[tuple[bytes, bytes]]]) -> "Sent":
        """The line of the signature replaced by others."""
        lines: list[tuple[bytes, bytes]] = []
        for name, value in self.case.request.headers:
            own = name.decode().lower() == self.header.lower()
            lines += change(name, value) if own else [(name, value)]
        return Sent(replace(self.case, request=replace(self.case.request, headers=Headers(lines))))

    def with_others(self, *others: KnownSecret) -> "Sent":
        """Other secrets that are known."""
        return Sent(replace(self.case, others=others))

    def but(self, **changes: Any) -> "Sent":
        """The case otherwise."""
        return Sent(replace(self.case, **changes))


def sent(
    reference: str,
    body: bytes = JSON,
    *,
    secret: str = "",
    signed_with: str = "",
    url: str = "https://hooks.test/in",
    at: datetime = NOW,
    kind: bytes = b"application/json",
    signer: Scheme | None = None,
) -> Sent:
    """A delivery of that preset, signed rightly unless `signed_with` is another secret than the handler's."""
    preset = presets.scheme(reference)
    secret = secret or secret_of(reference)
    parts = urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    unsigned = Request("POST", target, "1.1", Headers([(b"Content-Type", kind)]), body)
    made = signed_request(
        unsigned, signer or preset.scheme, Secret("", signed_with or secret), now=at, url=url, identifier="msg_2Lh9KRb0"
    )
    if made.target != target:
        url = f"{parts.scheme}://{parts.netloc}{made.target}"
    return Sent(
        Case(
            made, preset.scheme, (secret,), url, reference.partition(":")[0], preset.id, now=NOW,
            presets=presets.known_schemes(),
        )
    )  # fmt: skip


def case_with(headers: Mapping[str, str], reference: str, secret: str, body: bytes, url: str = "") -> Case:
    """A case of a request that something else made."""
    preset = presets.scheme(reference)
    lines = Headers((name.encode(), value.encode()) for name, value in headers.items())
    parts = urlsplit(url)
    request = Request("POST", parts.path or "/", "1.1", lines, body)
    known = presets.known_schemes()
    return Case(request, preset.scheme, (secret,), url, reference.partition(":")[0], preset.id, presets=known, now=NOW)


def findings(case: Case, *, deep: bool = False) -> list[Finding]:
    """All findings, the likeliest first."""
    return [step for step in diagnose(case, deep=deep) if isinstance(step, Finding)]


def first(case: Case | Sent) -> Finding:
    """The likeliest finding."""
    return findings(case.case if isinstance(case, Sent) else case)[0]


def finished(case: Case, *, deep: bool = False) -> Finished:
    """The end of the search."""
    last = list(diagnose(case, deep=deep))[-1]
    assert isinstance(last, Finished)
    return last
