"""How providers try again, as they document it, and retry policies as people type them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from inspector.core.request import Headers
from inspector.core.retry import RetryPolicy
from inspector.core.verification.preset import Preset

LONGEST_S: Final = 366 * 86_400.0
MOST_ATTEMPTS: Final = 1_000


class RetryMalformed(ValueError):
    """A policy that cannot be read; the message is one sentence without its full stop."""


@dataclass(frozen=True, slots=True)
class RetrySchedule:
    """What a provider does when it is not answered well.

    `delays_s` are the seconds before each further try; empty where it does not try again, or does not say when
    (then `known` is False, and `note` has what it does say). `success` is what it takes for an answer, as `2xx`;
    `timeout_s` is how long it waits for one, None where nobody knows. `no_retry` is the header of an answer, with its
    value, after which it does not try again whatever the status.
    """

    id: str
    name: str
    delays_s: tuple[float, ...] = ()
    known: bool = False
    note: str = ""
    success: str = "2xx"
    timeout_s: float | None = None
    no_retry: str = ""

    @property
    def policy(self) -> RetryPolicy:
        """Exactly these delays, after any answer that the provider does not take for one."""
        return RetryPolicy(
            attempts=len(self.delays_s) + 1,
            jitter=0,
            total_s=LONGEST_S,
            statuses=_all_but(self.success),
            schedule=self.delays_s,
        )

    @property
    def sentence(self) -> str:
        """What it does, in words."""
        if self.delays_s:
            tries = f"{len(self.delays_s)} more {'try' if len(self.delays_s) == 1 else 'tries'}"
            return f"{tries}: {delays_text(self.delays_s)}"
        if self.known:
            return self.note or "no further try"
        return self.note or "not documented"

    def takes(self, status: int) -> bool:
        """Whether the provider is content with an answer of this status; 0 is none at all."""
        return status > 0 and not self.policy.retries(status)

    def stops_at(self, headers: Headers) -> bool:
        """Whether an answer with these headers asks that it be not tried again."""
        name, _, value = self.no_retry.partition(":")
        return bool(name) and value.strip().encode() in headers.all(name)


def schedule_of(preset: Preset) -> RetrySchedule:
    """The retry habit of that provider."""
    told = preset.acknowledgement
    if told is None:
        return RetrySchedule(preset.id, preset.name)
    delays = tuple(map(float, told.retry or ()))
    return RetrySchedule(
        preset.id,
        preset.name,
        delays,
        told.retry is not None,
        told.retry_note,
        told.success,
        told.timeout_s,
        told.no_retry,
    )


def sped_up(policy: RetryPolicy, factor: float) -> RetryPolicy:
    """`policy` with every time divided by `factor`: three days in minutes. Raises ValueError below 0."""
    if not 0 < factor <= 1e9:
        raise ValueError("the factor is above 0")
    return replace(
        policy,
        first_delay_s=policy.first_delay_s / factor,
        longest_delay_s=policy.longest_delay_s / factor,
        total_s=policy.total_s / factor,
        schedule=tuple(delay / factor for delay in policy.schedule),
    )


def delays_text(delays_s: Sequence[float]) -> str:
    """Delays as people say them: `at once, 5 s, 5 min, 2 h`."""
    return ", ".join(map(delay_text, delays_s))


def delay_text(seconds: float) -> str:
    """One delay: its two largest units."""
    if seconds <= 0:
        return "at once"
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    left, parts = round(seconds), []
    for size, unit in ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s")):
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2])


def policy_from(text: str, schedule: Callable[[str], RetrySchedule | None]) -> RetryPolicy:
    """The policy that was typed. Raises RetryMalformed.

    Items with commas between them: a provider's id, whose documented delays are taken, or delays (`0,10s,5m,2h`); and
    `attempts=5`, `first=1s`, `factor=2`, `longest=1h`, `total=3d`, `jitter=0.2`, `on=5xx+429`, `retry-after=no`.
    """
    changes: dict[str, Any] = {}
    delays: list[float] = []
    policy = RetryPolicy()
    for item in (part.strip() for part in text.split(",")):
        name, equals, value = (each.strip() for each in item.partition("="))
        if equals:
            changes |= _option(name, value)
        elif item[:1].isdigit():
            delays.append(_duration(item))
        elif policy.schedule or delays:
            raise RetryMalformed(f"{item!r} is no delay: as 30s, 5m, 2h")
        else:
            policy = _of_provider(item, schedule)
    if delays:
        policy = replace(policy, schedule=tuple(delays), attempts=len(delays) + 1, jitter=0.0, total_s=LONGEST_S)
    elif not policy.schedule and "attempts" not in changes:
        changes["attempts"] = 5
    try:
        return replace(policy, **changes)
    except ValueError as error:
        raise RetryMalformed(str(error)) from None


def _of_provider(id_: str, schedule: Callable[[str], RetrySchedule | None]) -> RetryPolicy:
    found = schedule(id_) if id_ else None
    if found is None:
        raise RetryMalformed(f"{id_!r} is neither a provider nor a list of delays as 10s,1m,5m")
    if not found.delays_s:
        what = "does not try again" if found.known else f"does not document its delays ({found.sentence})"
        raise RetryMalformed(f"{found.name} {what}; type delays, as 10s,1m,5m")
    return found.policy


def _option(name: str, value: str) -> dict[str, Any]:
    match name:
        case "attempts":
            if not re.fullmatch(r"[0-9]{1,4}", value) or not 1 <= int(value) <= MOST_ATTEMPTS:
                raise RetryMalformed(f"attempts is a number from 1 to {MOST_ATTEMPTS:,}")
            return {"attempts": int(value)}
        case "first":
            return {"first_delay_s": _duration(value)}
        case "longest":
            return {"longest_delay_s": _duration(value)}
        case "total":
            return {"total_s": _duration(value)}
        case "factor" | "jitter":
            return {name: _number(name, value)}
        case "on":
            return {"statuses": tuple(each.strip() for each in value.split("+"))}
        case "retry-after":
            if value not in ("yes", "no"):
                raise RetryMalformed("retry-after is yes or no")
            return {"obeys_retry_after": value == "yes"}
    known = "attempts, first, factor, longest, total, jitter, on, retry-after"
    raise RetryMalformed(f"{name!r} is not known; known are {known}")


def _duration(text: str) -> float:
    match = re.fullmatch(r"([0-9]{1,9}(?:\.[0-9]{1,6})?) ?(ms|s|m|min|h|d)?", text)
    if match is None:
        raise RetryMalformed(f"{text!r} is no time: as 500ms, 30s, 5m, 2h, 1d")
    seconds = float(match[1]) * _UNITS[match[2] or "s"]
    if seconds > LONGEST_S:
        raise RetryMalformed(f"{text!r} is longer than a year")
    return seconds


def _number(name: str, text: str) -> float:
    if not re.fullmatch(r"[0-9]{1,9}(?:\.[0-9]{1,6})?", text):
        raise RetryMalformed(f"{name} is a number")
    return float(text)


def _all_but(success: str) -> tuple[str, ...]:
    """Every status that is not in `success`, which is as `2xx` or `200, 204`."""
    taken = [each.strip() for each in success.split(",")]
    found: list[str] = []
    for hundred in "12345":
        codes = [each for each in taken if each[:1] == hundred]
        if f"{hundred}xx" in codes:
            continue
        if not codes:
            found.append(f"{hundred}xx")
        else:
            every = (f"{hundred}{rest:02}" for rest in range(100))
            found += [code for code in every if code not in codes]
    return tuple(found)


_UNITS: Final = {"ms": 0.001, "s": 1, "m": 60, "min": 60, "h": 3600, "d": 86_400}
