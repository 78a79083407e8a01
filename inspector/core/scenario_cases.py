"""The cases of a scenario: what is made of one good delivery, and what a sound receiver answers.

Each kind of case is a row of KINDS.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

import msgspec
from msgspec import Struct

from inspector.core.attempt import Sent
from inspector.core.request import Headers, Request
from inspector.core.resending import on_the_wire
from inspector.core.signing_anew import CannotSign, identifier_headers, signed_anew
from inspector.core.verification.context import NOTHING
from inspector.core.verification.scheme import Scheme
from inspector.core.verification.secret import Secret


class Case(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One case. `expect` has what every answer may be: `200`, `2xx`, `none` for no answer, `any`; empty: as usual."""

    kind: str
    name: str = ""
    enabled: bool = True
    expect: tuple[str, ...] = ()
    count: int = 20  # of a burst
    seconds: int = 3600  # of what is stale or comes from the future
    bytes_per_s: float = 200.0  # of a slow body

    @property
    def title(self) -> str:
        """What it is called."""
        return self.name or self.kind.replace("-", " ")

    @property
    def expected(self) -> tuple[str, ...]:
        """What every answer may be."""
        return self.expect or KINDS[self.kind].expect


@dataclass(frozen=True, slots=True)
class Step:
    """One request of a case. `cut_at` and `bytes_per_s` are how it is sent; `expect` where it is not the case's."""

    sent: Sent
    cut_at: int = -1
    bytes_per_s: float = 0.0
    expect: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The requests of a case, one after the other or `at_once`; or why there are none."""

    steps: tuple[Step, ...] = ()
    at_once: bool = False
    skipped: str = ""


@dataclass(frozen=True, slots=True)
class Good:
    """The good delivery, and what it is signed with; `scheme` None: it is sent as it came."""

    request: Request
    scheme: Scheme | None
    secret: Secret | None = field(repr=False)
    now: datetime
    url: str
    identifiers: Iterator[str] = field(repr=False)
    parameters: Mapping[str, str] = NOTHING  # the handler's

    def signed(
        self,
        *,
        after_s: float = 0,
        secret: Secret | None = None,
        scheme: Scheme | None = None,
        identifier: str | None = None,
    ) -> Request:
        """The delivery, signed so long after now, with another secret or scheme; a fresh identifier unless given."""
        if self.scheme is None:
            return self.request
        return signed_anew(
            self.request,
            scheme or self.scheme,
            secret or self.secret,
            now=self.now + timedelta(seconds=after_s),
            url=self.url,
            identifier=next(self.identifiers) if identifier is None else identifier,
            parameters=self.parameters,
        )

    def sent(self, request: Request) -> Sent:
        """`request` as it goes on the wire, by what came."""
        return on_the_wire(request, self.request)


class NotApplicable(Exception):
    """This case cannot be made of this delivery; the message says why."""


def plan(case: Case, good: Good) -> Plan:
    """The requests of `case`, made from `good`."""
    try:
        return KINDS[case.kind].make(case, good)
    except (NotApplicable, CannotSign) as reason:
        return Plan(skipped=str(reason))


# How the requests of each kind are made.


def _one(good: Good, request: Request) -> Plan:
    return Plan((Step(good.sent(request)),))


def _good(_: Case, good: Good) -> Plan:
    return _one(good, good.signed())


def _wrong_secret(_: Case, good: Good) -> Plan:
    if good.secret is None or not good.secret.value:
        raise NotApplicable("there is no secret to sign with")
    return _one(good, good.signed(secret=Secret(good.secret.label, _another(good.secret.value))))


def _flipped_byte(_: Case, good: Good) -> Plan:
    request = good.signed()
    body = bytearray(request.body)
    if not body:
        raise NotApplicable("the delivery has no body")
    body[len(body) // 2] ^= 1
    return _one(good, replace(request, body=bytes(body), head=b""))


def _reserialised(_: Case, good: Good) -> Plan:
    request = good.signed()
    try:
        value = json.loads(bytes(request.body))
    except (ValueError, RecursionError):
        raise NotApplicable("the body is no JSON") from None
    compact = json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
    body = compact if compact != request.body else json.dumps(value, indent=2).encode()
    if body == request.body:
        raise NotApplicable("the body is the same when it is written anew")
    return _one(good, replace(request, body=body, head=b""))


def _stale(case: Case, good: Good) -> Plan:
    return _one(good, _timed(good, -case.seconds))


def _future(case: Case, good: Good) -> Plan:
    return _one(good, _timed(good, case.seconds))


def _timed(good: Good, after_s: float) -> Request:
    if good.scheme is None or good.scheme.timestamp is None:
        raise NotApplicable("the scheme has no timestamp")
    return good.signed(after_s=after_s)


def _missing(_: Case, good: Good) -> Plan:
    name = _signature_header(good)
    request = good.signed()
    lines = Headers(line for line in request.headers if line[0].lower() != name)
    return _one(good, replace(request, headers=lines, head=b""))


def _doubled(_: Case, good: Good) -> Plan:
    name = _signature_header(good)
    request = good.signed()
    lines: list[tuple[bytes, bytes]] = []
    for key, value in request.headers:
        if key.lower() == name:
            lines.append((key, _another(value.decode("latin-1")).encode("latin-1")))
        lines.append((key, value))
    return _one(good, replace(request, headers=Headers(lines), head=b""))


def _recased(_: Case, good: Good) -> Plan:
    name = _signature_header(good)
    request = good.signed()
    lines = Headers((key.swapcase() if key.lower() == name else key, value) for key, value in request.headers)
    return _one(good, replace(request, headers=lines, head=b""))


def _wrong_encoding(_: Case, good: Good) -> Plan:
    scheme = good.scheme
    if scheme is None or scheme.kind not in ("hmac", "hash", "asymmetric"):
        raise NotApplicable("the scheme encodes no signature")
    other = "base64" if scheme.encoding == "hex" else "hex"
    return _one(good, good.signed(scheme=msgspec.structs.replace(scheme, encoding=other)))


def _replayed_identifier(_: Case, good: Good) -> Plan:
    if good.scheme is None or not identifier_headers(good.scheme):
        raise NotApplicable("the scheme has no identifier")
    identifier = next(good.identifiers)
    return Plan(
        (
            Step(good.sent(good.signed(identifier=identifier)), expect=("2xx",)),
            Step(good.sent(good.signed(identifier=identifier, after_s=1))),
        )
    )


def _duplicate(_: Case, good: Good) -> Plan:
    sent = good.sent(good.signed())
    return Plan((Step(sent, expect=("2xx",)), Step(sent)))


def _out_of_order(_: Case, good: Good) -> Plan:
    return Plan((Step(good.sent(good.signed())), Step(good.sent(good.signed(after_s=-2)))))


def _burst(case: Case, good: Good) -> Plan:
    return Plan(tuple(Step(good.sent(good.signed())) for _ in range(case.count)), at_once=True)


def _slow_body(case: Case, good: Good) -> Plan:
    return Plan((Step(good.sent(good.signed()), bytes_per_s=case.bytes_per_s),))


def _cut(_: Case, good: Good) -> Plan:
    sent = good.sent(good.signed())
    middle = len(sent.head) + len(sent.before_body) + len(sent.body) // 2
    after = Step(good.sent(good.signed()), expect=("2xx",))
    return Plan((Step(sent, cut_at=min(middle, sent.size - 1)), after))


def _signature_header(good: Good) -> bytes:
    place = None if good.scheme is None else good.scheme.signature
    if place is None or place.place != "header":
        raise NotApplicable("there is no signature in a header")
    return place.name.lower().encode("latin-1")


def _another(secret: str) -> str:
    """A secret of the same form that is another one: one character in its last half is the next of its kind."""
    for place in range(len(secret) * 3 // 4, -1, -1):
        for first, last in ("09", "af", "gz", "AF", "GZ"):
            if first <= secret[place] <= last:
                following = first if secret[place] == last else chr(ord(secret[place]) + 1)
                return secret[:place] + following + secret[place + 1 :]
    return secret + "x"


@dataclass(frozen=True, slots=True)
class _Kind:
    about: str
    make: Callable[[Case, Good], Plan]
    expect: tuple[str, ...]


_TAKEN, _REFUSED = ("2xx",), ("4xx",)

KINDS: Final[Mapping[str, _Kind]] = {
    "good": _Kind("As it should be.", _good, _TAKEN),
    "wrong-secret": _Kind("Signed with another secret.", _wrong_secret, _REFUSED),
    "flipped-byte": _Kind("One bit of the body changed after it was signed.", _flipped_byte, _REFUSED),
    "reserialised": _Kind("The JSON written anew with other white space after it was signed.", _reserialised, _REFUSED),
    "stale": _Kind("Signed rightly, so many seconds ago.", _stale, _REFUSED),
    "future": _Kind("Signed rightly, so many seconds ahead.", _future, _REFUSED),
    "missing-header": _Kind("Without the signature's header.", _missing, _REFUSED),
    "doubled-header": _Kind("A wrong signature in a second header before the right one.", _doubled, _REFUSED),
    "recased-header": _Kind("The signature's header in other case, which means the same.", _recased, _TAKEN),
    "wrong-encoding": _Kind("The right signature, hex for base64 or the other way round.", _wrong_encoding, _REFUSED),
    "replayed-identifier": _Kind(
        "Two deliveries with the same identifier, both signed.", _replayed_identifier, ("2xx", "409")
    ),
    "duplicate": _Kind("The same bytes twice, as a retry sends them.", _duplicate, ("2xx", "409")),
    "out-of-order": _Kind("A delivery, and then one that was signed before it.", _out_of_order, _TAKEN),
    "burst": _Kind("Many at once.", _burst, _TAKEN),
    "slow-body": _Kind("Sent slowly.", _slow_body, ("2xx", "408")),
    "cut": _Kind("The connection cut in the middle of the body, then a good one.", _cut, ("none",)),
}
"""The kinds of cases."""
