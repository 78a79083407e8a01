"""`diagnose`: say why the signature of a request failed, and what mends it."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inspector.cli.diagnose_many import explain_many
from inspector.cli.failure import DONE, NEGATIVE, WRONG, Failed
from inspector.cli.parser import Commands, add_command
from inspector.cli.signing import (
    Received,
    add_request_flags,
    add_scheme_flags,
    link_of,
    links_of,
    moment,
    requests_of,
    retired_of,
)

if TYPE_CHECKING:
    from datetime import datetime

    from inspector.core.diagnosis.case import Case
    from inspector.core.diagnosis.finding import Finding
    from inspector.core.formats.diagnosis_cases import DescribedCase
    from inspector.core.verification.ladder import Link
    from inspector.core.verification.scheme import Scheme
    from inspector.core.verification.secret import Secret

DEEPEST_S = 30
"""A deep search ends there."""

_EXAMPLE = """  webhook-inspector diagnose --delivery 12 --handler stripe
  webhook-inspector diagnose --request failed.http --preset github --secret-file key --deep
  webhook-inspector diagnose --search "age:<1d provider:stripe"
  webhook-inspector diagnose --request ticket.txt --secret-file key   (finds out how it is signed)
  webhook-inspector diagnose --cases failures.json"""
_CODES = """Exit code 0: a reason was found and proved (with --search for each group), or all cases were
answered; 1: no proof.

"""


@dataclass(frozen=True, slots=True)
class _Answer:
    """What came of one diagnosis. `left_out` are identifiers of what was not tried."""

    findings: "tuple[Finding, ...]"
    tried: int
    seconds: float
    left_out: tuple[str, ...]


def add_to(commands: Commands) -> None:
    """Add the command."""
    summary = "say why the signature of a request failed, proved where that is possible, and what mends it"
    command = add_command(commands, "diagnose", summary, example=_EXAMPLE)
    command.epilog = _CODES + str(command.epilog)
    add_scheme_flags(command, required=False)
    add_request_flags(command)
    command.add_argument("--deep", action="store_true", help=f"search on beyond the usual bound, up to {DEEPEST_S} s")
    command.add_argument("--cases", metavar="FILE", help="a file of failed deliveries with their handlers")
    command.add_argument("--search", metavar="Q", help="all failures that match, grouped by cause and handler")
    command.add_argument("--json", action="store_true", help="print JSON, an object a line")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the findings of each, the likeliest first."""
    if arguments.cases is not None:
        return _answer_cases(arguments.cases)
    if arguments.search is not None:
        return explain_many(arguments)
    if arguments.request is None and arguments.delivery is None:
        raise Failed(WRONG, "Say what to diagnose: --request FILE, --delivery ID or --search Q.")
    if arguments.preset is None and arguments.handler is None and arguments.scheme is None:
        if arguments.delivery is None and not arguments.secret_file:
            raise Failed(
                WRONG,
                "Say how it should be signed: --preset, --handler or --scheme; --secret-file alone finds it out.",
            )
        unknown = bool(arguments.secret_file)
        arguments.handler = None if unknown else _only_handler(arguments)
    else:
        unknown = False
    proved = True
    for received, case in _cases(arguments):
        answer = _answer(case, deep=arguments.deep, unknown=unknown)
        proved = proved and any(finding.confidence == "proved" for finding in answer.findings)
        print(_json(received.name, answer) if arguments.json else _words(received.name, answer))
    return DONE if proved else NEGATIVE


def _only_handler(arguments: argparse.Namespace) -> str:
    """The handler to ask about where nobody names one: the first that applied and failed."""
    from contextlib import closing

    from inspector.cli.parser import folder_of
    from inspector.core.delivery import Standing
    from inspector.store import Reader

    with closing(Reader(folder_of(arguments))) as reader:
        delivery = reader.delivery(arguments.delivery)
    if delivery is None:
        raise Failed(NEGATIVE, f"There is no delivery {arguments.delivery}.")
    failed = next((rung.handler for rung in delivery.ladder if rung.standing is Standing.FAILED), None)
    if failed is None:
        raise Failed(NEGATIVE, f"No handler failed for delivery {arguments.delivery}; name one with --handler.")
    return failed


def _cases(arguments: argparse.Namespace) -> "Iterator[tuple[Received, Case]]":
    from datetime import UTC, datetime

    from inspector import presets
    from inspector.core.diagnosis.of_chain import case_of_link
    from inspector.core.verification.reading import Reading

    link, at = link_of(arguments), moment(arguments.at)
    others: list[Link] = []
    retired: dict[str, list[Secret]] = {}
    if arguments.handler is not None:
        others, retired = links_of(arguments), {link.handler.name: retired_of(arguments, link.handler)}
    preferred = (link.handler.preset.partition(":")[0],)
    for received in requests_of(arguments):
        recognised = presets.recogniser().recognise(Reading(received.request), preferred)
        yield (
            received,
            case_of_link(
                received.request,
                _called(link, received.url),
                others,
                now=at or _time_of(received) or datetime.now(UTC),
                known=presets.known_schemes(),
                recognised=recognised.provider if recognised else "",
                retired=retired,
            ),
        )


def _called(link: "Link", url: str) -> "Link":
    """The handler with the URL that the text says, where nobody says another."""
    from dataclasses import replace

    if link.handler.public_url or not url:
        return link
    return replace(link, handler=replace(link.handler, public_url=url))


def _time_of(received: Received) -> "datetime | None":
    """When it came: as it was recorded, else as it says itself, which is told; a text is older than now."""
    from inspector.core.diagnosis.own_time import own_time

    found = own_time(received.request, received.at)
    if found is not None and found.where:
        print(
            f"{received.name}: taken as received at {found.at:%Y-%m-%d %H:%M:%S} UTC, as its “{found.where}” says; "
            "--at says otherwise.",
            file=sys.stderr,
        )
    return None if found is None else found.at


def _answer_cases(name: str) -> int:
    from inspector.cli.signing import read_file
    from inspector.core.formats.diagnosis_cases import CasesMalformed, cases_from

    try:
        described = cases_from(read_file(name))
    except CasesMalformed as error:
        raise Failed(WRONG, f"{name}: {error}.") from None
    answered = True
    for each in described:
        try:
            case = _case_of(each)
        except CasesMalformed as error:
            answered = False
            print(json.dumps({"id": each.id, "findings": [], "tried": 0, "seconds": 0.0, "error": str(error)}))
        else:
            print(_json(each.id, _answer(case, deep=True), key="id"), flush=True)
    return DONE if answered else NEGATIVE


def _case_of(described: "DescribedCase") -> "Case":
    from dataclasses import replace

    from inspector import presets
    from inspector.core.formats.diagnosis_cases import case_of

    case = case_of(described, _schemes_of, presets.known_schemes())
    recognised = presets.recogniser().recognise(case.reading, (case.provider,))
    return replace(case, recognised=recognised.provider if recognised else "")


def _schemes_of(provider: str) -> "list[Scheme]":
    from inspector import presets

    return [each.scheme for each in presets.known_schemes() if each.provider == provider]


def _answer(case: "Case", *, deep: bool, unknown: bool = False) -> _Answer:
    """`unknown`: how it is signed is to be found out."""
    import time

    from inspector.core.diagnosis.diagnose import diagnose
    from inspector.core.diagnosis.finding import Finding, Finished, Progress, unexplained
    from inspector.core.diagnosis.learning import learn

    start = time.monotonic()
    findings: list[Finding] = []
    tried = 0
    left_out: tuple[str, ...] = ()
    for step in learn(case, deep=deep) if unknown else diagnose(case, deep=deep):
        match step:
            case Finding():
                findings.append(step)
            case Progress(tried=tried):
                if time.monotonic() - start > DEEPEST_S:
                    left_out = ("what-takes-longer",)
                    break
            case Finished(tried, left_out):
                pass
    if not findings:
        findings.append(unexplained(tried))
    return _Answer(tuple(findings), tried, time.monotonic() - start, left_out)


def _json(name: str, answer: _Answer, *, key: str = "request") -> str:
    from inspector.core.diagnosis.wording import whole, whole_remedy

    findings = [
        {
            "cause": finding.cause,
            "confidence": finding.confidence,
            "explanation": whole(finding),
            "remedy": whole_remedy(finding),
            "verified": finding.verified,
            "side": finding.remedy.side,
            "also": list(finding.also),
            **_found_scheme(finding),
        }
        for finding in answer.findings
    ]
    told = {key: name, "findings": findings, "tried": answer.tried, "seconds": round(answer.seconds, 4)}
    return json.dumps({**told, "left_out": list(answer.left_out)}, ensure_ascii=False)


def _found_scheme(finding: "Finding") -> dict[str, object]:
    """The handler that was found out, as `handlers import` reads it; empty for other findings."""
    change = finding.remedy.change
    if finding.cause not in ("scheme-found", "secret-shown") or change is None or change.scheme is None:
        return {}
    from inspector.core.formats.handlers_toml import handlers_toml
    from inspector.core.handler import Handler

    provider = finding.facts.get("provider", "")
    preset = f"{provider}:{finding.facts['scheme']}" if provider else ""
    handler = Handler(provider or "found", change.scheme, preset=preset, public_url=change.url or "")
    return {"preset": preset, "template": finding.facts.get("template", ""), "handler": handlers_toml([handler])}


def _words(name: str, answer: _Answer) -> str:
    from inspector.cli.terminal import escaped

    return "\n".join(escaped(line) for line in _lines(name, answer))


def _lines(name: str, answer: _Answer) -> Iterable[str]:
    from inspector.core.diagnosis.wording import whole, whole_remedy

    for number, finding in enumerate(answer.findings):
        start = f"{name}: " if not number else "besides: "
        yield f"{start}{finding.cause} ({finding.confidence}). {whole(finding)}"
        yield f"  What to do: {whole_remedy(finding)}"
        if scheme := _found_scheme(finding):
            yield "  The handler, for `handlers import FILE`:"
            yield from (f"    {line}" for line in str(scheme["handler"]).splitlines() if line)
    left = f"; left out: {', '.join(answer.left_out)}" if answer.left_out else ""
    yield f"  {answer.tried:,} combinations tried in {answer.seconds:.2f} s{left}"
