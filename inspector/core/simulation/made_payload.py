"""A payload for a provider of which there is no sample: what tells it and its event, and nothing else."""

import json
from collections.abc import Iterator

from inspector.core.request import Headers, Request
from inspector.core.simulation.sample import FORM, JSON, Payload
from inspector.core.verification.draft import Draft
from inspector.core.verification.preset import Preset
from inspector.core.verification.reading import Reading
from inspector.core.verification.scheme import Scheme

_MESSAGE = "Simulated by Webhook Inspector"


def made_payload(preset: Preset, scheme: Scheme, event: str) -> Payload:
    """A small payload by which `preset` is recognised, in the form that `scheme` can sign."""
    if needs_form(scheme):
        return Payload(_form(preset, event), FORM)
    paths = [path for path, _ in _json_fields(preset, event)]
    first = [{"message": _MESSAGE}] if any(path[:1].isdigit() for path in paths) else {"message": _MESSAGE}
    body = _with_fields(json.dumps(first).encode(), preset, event)
    return Payload(body, preset.recognition.content_type or JSON)


def _with_fields(body: bytes, preset: Preset, event: str) -> bytes:
    """The JSON `body` with the fields by which `preset` is recognised, where they are not there yet."""
    draft = Draft(Request("POST", "/", "1.1", Headers(), body), "")
    for path, value in _json_fields(preset, event):
        if Reading(draft.request).json(path) is None:
            draft.json(path, value)
    return bytes(draft.request.body)


def needs_form(scheme: Scheme) -> bool:
    """Whether the scheme reads or writes fields of a form."""
    places = {scheme.signature.place if scheme.signature else "", *(source.place for source in scheme.values.values())}
    return (
        "form" in places
        or scheme.plugin in ("plivo-v3", "paddle-classic")
        or any(part.part in ("form", "form-sorted") for part in scheme.content)
    )


def _json_fields(preset: Preset, event: str) -> Iterator[tuple[str, str]]:
    places = preset.delivery
    for place, value in ((places.event, event), (places.id, "${id}"), (places.dedupe, "${id}")):
        if place.startswith("json:") and value:
            yield place.removeprefix("json:"), value
    asked = {path for handshake in preset.handshakes for path in handshake.when.json}  # would make it a handshake
    for path in preset.recognition.body_json:
        if path not in asked:
            yield path, "simulated"


def _form(preset: Preset, event: str) -> bytes:
    names = [name for name in preset.recognition.form if "signature" not in name]
    inside = json.dumps({"message": _MESSAGE, "event": event})
    fields = [
        *(f"{name}={_quoted(inside)}" for name in names),
        f"message={_quoted(_MESSAGE)}",
        f"event={_quoted(event)}",
    ]
    return "&".join(fields).encode()


def _quoted(text: str) -> str:
    from urllib.parse import quote_plus

    return quote_plus(text)
