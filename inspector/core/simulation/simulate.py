"""Make the request that a provider would have sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from msgspec.structs import replace as replaced

from inspector.core.request import Headers, Request
from inspector.core.simulation.companions import companions, user_agent
from inspector.core.simulation.fresh import Fresh
from inspector.core.simulation.made_payload import made_payload, needs_form
from inspector.core.simulation.sample import JSON, NO_SAMPLES, Payload, Sample, SampleBook, payload_of
from inspector.core.verification.context import NOTHING
from inspector.core.verification.draft import CannotSign, Draft
from inspector.core.verification.preset import Preset
from inspector.core.verification.reading import Reading
from inspector.core.verification.scheme import Scheme
from inspector.core.verification.secret import Secret

__all__ = ["USUAL_EVENT", "CannotSign", "Making", "chosen_payload", "fits", "parameters_for", "placed", "simulated"]

USUAL_EVENT = "test.delivery"
"""The event of a delivery for which nobody named one."""

_OWN_AGENT = "Webhook-Inspector"


@dataclass(frozen=True, slots=True)
class Making:
    """All that one simulated delivery is made of. `event` is empty for the sample's own.

    `url` is what is signed where the URL is covered; empty: `http`, the authority and the path.
    """

    preset: Preset
    scheme: Scheme
    secret: Secret | None = field(repr=False)
    payload: Payload
    event: str = ""
    book: SampleBook = NO_SAMPLES
    parameters: Mapping[str, str] = NOTHING
    authority: str = "localhost"
    path: str = "/"
    url: str = ""


def simulated(making: Making, fresh: Fresh, *, now: datetime, number: int = 1) -> Request:
    """The delivery as the provider would send it at `now`, as the try of that number. Raises CannotSign.

    The tries of one delivery are made with the same `fresh`: identifier and payload stay, the signature is new.
    """
    from inspector.core.verification.sign import signed_request  # slow to load, and of no use before

    preset, payload, event = making.preset, making.payload, making.event or USUAL_EVENT
    if making.scheme.kind == "mtls":
        raise CannotSign("it proves itself by a client certificate, and nothing is signed")
    draft = Draft(_unsigned(making, fresh), making.url)
    _tell_number(draft, preset, number, filled=payload.filled)
    for name, value in companions(preset, event, fresh, number):
        draft.header(name, value.encode("latin-1", "replace"))
    for name, value in (*making.book.headers.items(), *payload.headers.items()):
        draft.header(name, fresh.filled(value).encode("latin-1", "replace"))
    return signed_request(
        draft.request,
        making.scheme,
        making.secret,
        now=now,
        url=making.url or Reading(draft.request).url,
        identifier=f"msg_{fresh.id}",
        parameters=making.parameters,
    )


def chosen_payload(preset: Preset, scheme: Scheme, book: SampleBook, event: str = "") -> tuple[Payload, str, bool]:
    """The payload for that event, what the delivery says its event is, and whether it is a sample's.

    Without an event it is the first sample, and where there is none, a small payload that is made for the purpose.
    """
    sample = book.sample(event)
    if sample is None or not fits(sample, scheme):
        event = event or USUAL_EVENT
        return made_payload(preset, scheme, event), event, False
    return payload_of(sample), sample.event if sample.told is None else sample.told, True


def fits(sample: Sample, scheme: Scheme) -> bool:
    """Whether `scheme` can sign a body of that form."""
    return "form-urlencoded" in sample.content_type or not needs_form(scheme)


def placed(scheme: Scheme) -> Scheme:
    """`scheme` with a name for its signature's place, where the provider leaves it to the user."""
    place = scheme.signature
    if place is None or place.name or place.path or place.place == "body":
        return scheme
    if place.place == "json":
        return replaced(scheme, signature=replaced(place, path="token"))
    name = "X-Webhook-Token" if place.place == "header" else "token"
    return replaced(scheme, signature=replaced(place, name=name, path=name if "json" in place.place else ""))


def parameters_for(preset: Preset, known: Mapping[str, str] = NOTHING) -> Mapping[str, str]:
    """`known`, and for each parameter of the preset that is not in it a value that is made for the purpose."""
    made = {name: f"simulated-{name.replace('_', '-')}" for name in preset.parameters}
    return {**made, **known}


def _unsigned(making: Making, fresh: Fresh) -> Request:
    payload = making.payload
    body = fresh.filled(payload.body.decode("utf-8", "surrogateescape")) if payload.filled else ""
    lines = [
        ("Host", making.authority),
        ("User-Agent", making.book.user_agent or user_agent(making.preset) or _OWN_AGENT),
        ("Accept", "*/*"),
        ("Content-Type", payload.content_type or JSON),
    ]
    headers = Headers((name.encode(), value.encode("latin-1", "replace")) for name, value in lines)
    request = Request(payload.method, making.path, "1.1", headers, payload.body)
    return replace(request, body=body.encode("utf-8", "surrogateescape")) if payload.filled else request


def _tell_number(draft: Draft, preset: Preset, number: int, *, filled: bool) -> None:
    """Write which try this is into the body, where the provider tells it there; some begin with 0, some with 1."""
    place = preset.delivery.attempt
    if not place.startswith("json:") or not filled or number == 1:
        return
    path = place.removeprefix("json:")
    first = Reading(draft.request).json(path) or b"1"
    draft.json(path, int(first) + number - 1 if first.isdigit() else number)
