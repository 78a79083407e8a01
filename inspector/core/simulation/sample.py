"""Payloads to simulate with: samples of a provider, and those that are one's own."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec
from msgspec import Struct

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


class SampleError(ValueError):
    """A file of samples that cannot be read; the message names file and key."""


class Sample(Struct, frozen=True, forbid_unknown_fields=True):
    """One event of a provider. `event` names it among the samples, `title` says it in a few words.

    `told` is what the delivery says that its event is, where that is
    not `event`; empty where it says nothing. `body` may have placeholders.
    """

    event: str
    title: str
    body: str
    told: str | None = None
    content_type: str = JSON
    headers: dict[str, str] = {}
    method: str = "POST"


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    samples: tuple[Sample, ...]
    user_agent: str = ""
    headers: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class SampleBook:
    """All samples of one provider, and headers that it sends with every one."""

    samples: tuple[Sample, ...] = ()
    user_agent: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    def sample(self, event: str = "") -> Sample | None:
        """The sample of that event, or the first; None where there is none."""
        return next((each for each in self.samples if not event or each.event == event), None)


NO_SAMPLES = SampleBook()


@dataclass(frozen=True, slots=True)
class Payload:
    """What is to be sent. `filled`: it has placeholders, and may be told which try this is.

    A payload that is not is sent byte for byte, but for what the scheme itself writes into a body.
    """

    body: bytes = field(repr=False)
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "POST"
    filled: bool = True


def samples_from(text: str, name: str) -> SampleBook:
    """The samples of a file. Raises SampleError."""
    try:
        file = msgspec.convert(tomllib.loads(text), _File)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, RecursionError) as error:
        raise SampleError(f"{name}: {error}") from None
    events = [sample.event for sample in file.samples]
    if len(set(events)) != len(events):
        raise SampleError(f"{name}: samples: an event is there twice")
    return SampleBook(file.samples, file.user_agent, file.headers)


def payload_of(sample: Sample) -> Payload:
    """What `sample` sends."""
    return Payload(sample.body.strip().encode(), sample.content_type, sample.headers, sample.method)
