"""The headers that a provider sends besides its signature: those by which its deliveries are recognised."""

import re
from collections.abc import Iterator

from inspector.core.simulation.fresh import Fresh
from inspector.core.verification.preset import Preset

_NOT_OURS = re.compile(r"sign|hmac|secret|token(?!-id)|challenge|digest|hash|-sig\b|-mac\b|cert", re.IGNORECASE)
"""What only signing may write, or only a handshake has."""

_BRANDS = {"id": "Id", "hmac": "Hmac", "github": "GitHub", "uuid": "UUID", "x-wc": "X-WC"}


def companions(preset: Preset, event: str, fresh: Fresh, number: int) -> Iterator[tuple[str, str]]:
    """Name and value of each; `number` counts the tries of this delivery from 1."""
    places, written = preset.delivery, set[str]()
    for place, value in (
        (places.event, event),
        (places.kind, "notification"),
        (places.id, _identifier(places.id, fresh)),
        (places.dedupe, _identifier(places.dedupe, fresh)),
        (places.sent_at, _time(places.sent_at, fresh)),
        (places.attempt, _attempt(places.attempt, number)),
    ):
        if place.startswith("header:") and value:
            name = place.removeprefix("header:")
            written.add(name.lower())
            yield name, value
    own = {each.scheme.signature.name.lower() for each in preset.schemes if each.scheme.signature}
    for name in preset.recognition.headers:
        if name not in written and name not in own and not _NOT_OURS.search(name):
            yield _cased(name), _value(name, event, fresh, number)


def user_agent(preset: Preset) -> str:
    """A user agent that the provider is recognised by; empty where nothing is known of it."""
    pattern = preset.recognition.user_agent.partition("|")[0].removeprefix("^")
    text = re.sub(r"\\(.)", r"\1", pattern)
    return f"{text}1.0" if text.endswith("/") else text


def _attempt(place: str, number: int) -> str:
    """The number of this try as the provider tells it: some count retries and say nothing of the first."""
    if "retr" not in place.lower():
        return str(number)
    return str(number - 1) if number > 1 else ""


def _identifier(place: str, fresh: Fresh) -> str:
    short = place.lower().removeprefix("header:")
    return f"msg_{fresh.id}" if short in ("webhook-id", "svix-id") else fresh.uuid


def _time(place: str, fresh: Fresh) -> str:
    return fresh.filled("${iso8601}" if re.search(r"-(at|date|time)$", place, re.IGNORECASE) else "${s}")


def _value(name: str, event: str, fresh: Fresh, number: int) -> str:
    for pattern, value in (
        (r"event-?id|-id$|uuid|guid|identifier|delivery|invocation", fresh.uuid),
        (r"event|topic|type|resource|state", event),
        (r"date|time|-at$", _time(name, fresh)),
        (r"attempt|retry", str(number)),
        (r"domain|instance|host", "simulator.example.test"),
        (r"source|link", "/simulator"),
        (r"version", "1.0"),
        (r"environment", "Sandbox"),
        (r"name|subscription", "simulator"),
    ):
        if re.search(pattern, name):
            return value
    return "1"


def _cased(name: str) -> str:
    """The name as it is usually written: each word with a capital."""
    return "-".join(_BRANDS.get(word, word.capitalize()) for word in name.split("-"))
