"""Scenarios: cases that are made from one good delivery, saved as a file, and what came of each."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import msgspec
from msgspec import Struct

from inspector.core.attempt import Attempt
from inspector.core.formats.toml import Value, pairs
from inspector.core.scenario_cases import KINDS, Case
from inspector.core.scenario_request import KeptRequest, request_of

_EXPECTED = re.compile(r"none|any|[1-5](?:[0-9]{2}|xx)")
_HEADING: Final = "# A scenario of Webhook Inspector: `webhook-inspector scenario run FILE --target URL`.\n"
_REQUEST: Final = "# The good one as it came, byte for byte; only what is named like a credential is masked.\n"


class ScenarioMalformed(ValueError):
    """The text is no scenario; the message says where. It has no line break."""


class Scenario(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Cases that are made from one good delivery, signed as `sign` (a handler's name; empty: as it came) signs.

    `target` is the receiver's URL, where the file names one; who runs it may name another. Where there is a
    `request`, that is the good one; `delivery` then only says which delivery it was.
    """

    name: str = ""
    delivery: int = 0
    sign: str = ""
    target: str = ""
    case: tuple[Case, ...] = ()
    request: KeptRequest | None = None

    @property
    def chosen(self) -> tuple[Case, ...]:
        """The cases that are switched on."""
        return tuple(case for case in self.case if case.enabled)


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What came of a case: an attempt for each step, with what it could have been."""

    case: Case
    attempts: tuple[Attempt, ...] = ()
    expected: tuple[tuple[str, ...], ...] = ()
    skipped: str = ""

    @property
    def differing(self) -> Sequence[int]:
        """The places of the attempts that were not answered as expected."""
        return [n for n, (a, e) in enumerate(zip(self.attempts, self.expected, strict=True)) if not fits(a, e)]

    @property
    def passed(self) -> bool:
        """Whether all was as expected, and something was sent."""
        return not self.skipped and not self.differing


def fits(attempt: Attempt, expected: Sequence[str]) -> bool:
    """Whether the attempt was answered as expected."""
    if attempt.error or not attempt.status:
        return "none" in expected or ("any" in expected and bool(attempt.status))
    text = str(attempt.status)
    return any(e in ("any", text) or (e.endswith("xx") and e[0] == text[0]) for e in expected)


def expectation_problem(expected: Sequence[str]) -> str:
    """Why these cannot be expected: how it goes on after what expects them; empty where they can."""
    wrong = next((each for each in expected if not _EXPECTED.fullmatch(each)), None)
    return "" if wrong is None else f"expects {wrong!r}; as 200, 2xx, none or any"


def expectation_from(text: str) -> tuple[str, ...]:
    """What a person typed, as `2xx or 409`. It may have a problem."""
    return tuple(word for word in re.split(r"[\s,;|/]+", text.lower()) if word and word != "or")


def answered(attempt: Attempt) -> str:
    """What came back, in a word: the status, or the error."""
    return attempt.error or str(attempt.status)


def scenario_from(text: str) -> Scenario:
    """The scenario in `text`. Raises ScenarioMalformed."""
    try:
        scenario = msgspec.convert(tomllib.loads(text), Scenario)
    except tomllib.TOMLDecodeError as error:
        raise ScenarioMalformed(f"not valid TOML: {error}") from None
    except (msgspec.ValidationError, RecursionError) as error:
        raise ScenarioMalformed(str(error) or "nested too deeply") from None
    if scenario.request is not None:
        try:
            request_of(scenario.request)
        except ValueError as error:
            raise ScenarioMalformed(f"[request] {error}") from None
    for number, case in enumerate(scenario.case, 1):
        if case.kind not in KINDS:
            raise ScenarioMalformed(f"case {number} is of the unknown kind {case.kind!r}; there are {', '.join(KINDS)}")
        if problem := expectation_problem(case.expect):
            raise ScenarioMalformed(f"case {number} {problem}")
        if not 1 <= case.count <= 1000 or case.bytes_per_s <= 0:
            raise ScenarioMalformed(f"case {number}: count is from 1 to 1000, bytes_per_s above 0")
    if not scenario.case:
        raise ScenarioMalformed("there is no [[case]]")
    return scenario


def scenario_toml(scenario: Scenario) -> str:
    """`scenario` as a document that `scenario_from` reads; what is expected is written out, to be edited."""
    about: dict[str, Value] = {
        "name": scenario.name,
        "delivery": scenario.delivery,
        "sign": scenario.sign,
        "target": scenario.target,
    }
    text = _HEADING + pairs({key: value for key, value in about.items() if value})
    if scenario.request is not None:
        written: dict[str, Value] = msgspec.to_builtins(scenario.request)
        text += f"\n{_REQUEST}[request]\n{pairs(written)}"
    for case in scenario.case:
        fields: dict[str, Value] = msgspec.to_builtins(case) | {"expect": case.expected}
        text += f"\n# {KINDS[case.kind].about}\n[[case]]\n{pairs(fields)}"
    return text


def usual_scenario(name: str, delivery: int, sign: str, request: KeptRequest | None = None) -> Scenario:
    """Every kind of case once."""
    return Scenario(name, delivery, sign, request=request, case=tuple(Case(kind) for kind in KINDS))
