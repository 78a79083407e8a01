"""`verify`: say of requests whether they were signed as they should be, and if not, why."""

import argparse
import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from inspector.cli.failure import DONE, NEGATIVE, WRONG, Failed
from inspector.cli.parser import Commands, add_command
from inspector.cli.signing import Received, add_request_flags, add_scheme_flags, link_of, moment, requests_of

if TYPE_CHECKING:
    from datetime import timedelta

    from inspector.core.verification.ladder import Link
    from inspector.core.verification.outcome import Outcome

_EXAMPLE = """  webhook-inspector verify --preset stripe --secret-file key --request file.http --at 2026-11-22T12:00Z
  webhook-inspector verify --handler github --delivery 12
  webhook-inspector verify --vectors vectors.json"""
_TIMES = """A delivery and a line of `export` are checked against their time of receipt, another request against now;
--at says otherwise. Exit code 0: all verified, 1: not all.

"""


def add_to(commands: Commands) -> None:
    """Add the command."""
    summary = "say of requests whether they are signed as a preset, a handler or a scheme of your own wants it"
    command = add_command(commands, "verify", summary, example=_EXAMPLE)
    command.epilog = _TIMES + str(command.epilog)
    add_scheme_flags(command, required=False)
    add_request_flags(command)
    command.add_argument(
        "--material",
        metavar="ADDRESS=FILE",
        action="append",
        default=[],
        help="a certificate or keys, by address or id",
    )
    command.add_argument("--vectors", metavar="FILE", help="check a file of deliveries with the expected outcomes")
    command.add_argument("--json", action="store_true", help="print JSON, an object a line")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the outcome of each."""
    if arguments.vectors is not None:
        return _check_vectors(arguments.vectors)
    if arguments.preset is None and arguments.handler is None and arguments.scheme is None:
        raise Failed(WRONG, "Say how it should be signed: --preset, --handler or --scheme.")
    if arguments.request is None and arguments.delivery is None:
        raise Failed(WRONG, "Say what to verify: --request FILE or --delivery ID.")
    link, all_verified = link_of(arguments), True
    for received, outcome in _outcomes(arguments, link):
        all_verified = all_verified and outcome.reason is None
        print(_json(received, outcome) if arguments.json else _words(received, outcome))
    return DONE if all_verified else NEGATIVE


def _outcomes(arguments: argparse.Namespace, link: "Link") -> "Iterator[tuple[Received, Outcome]]":
    from datetime import UTC, datetime

    from inspector.core.verification.context import Context
    from inspector.core.verification.public_url import sender_url
    from inspector.core.verification.reading import Reading
    from inspector.core.verification.verify import verify_reading

    material, at, handler = _material(arguments.material), moment(arguments.at), link.handler
    for received in requests_of(arguments):
        reading = Reading(received.request, sender_url(received.request, handler.public_url or received.url))
        context = Context(at or received.at or datetime.now(UTC), material, handler.parameters)
        yield received, verify_reading(reading, handler.scheme, link.secrets, context)


def _material(pairs: list[str]) -> dict[str, str]:
    from pathlib import Path

    found = {}
    for pair in pairs:
        address, equals, name = pair.rpartition("=")
        if not equals or not address:
            raise Failed(WRONG, f"--material {pair!r} is not ADDRESS=FILE.")
        try:
            found[address] = Path(name).read_text("utf-8")
        except (OSError, ValueError) as error:
            raise Failed(WRONG, f"{name} cannot be read: {getattr(error, 'strerror', None) or 'not text'}.") from None
    return found


def _words(received: Received, outcome: "Outcome") -> str:
    from inspector.cli.terminal import escaped
    from inspector.core.verification.outcome import CannotBeChecked, FromTheFuture, Stale, Verified

    match outcome:
        case Verified(label):
            said = "verified" if label is None else f"verified with the secret {label!r}"
        case CannotBeChecked(reason, detail):
            said = f"cannot be checked: {reason}" + (f" ({detail})" if detail else "")
        case Stale(detail, age, tolerance):
            said = f"failed: {outcome.reason} ({detail}): signed right, {_length(age)} old, {tolerance} allowed"
        case FromTheFuture(detail, ahead, tolerance):
            said = f"failed: {outcome.reason} ({detail}): signed right, {_length(ahead)} ahead, {tolerance} allowed"
        case _:
            said = f"failed: {outcome.reason} ({outcome.detail})"
    return escaped(f"{received.name}: {said}")


def _length(time: "timedelta") -> str:
    """A length of time to the second; what is below one counts."""
    from datetime import timedelta

    return str(time if time < timedelta(seconds=1) else time - timedelta(microseconds=time.microseconds))


def _json(received: Received, outcome: "Outcome") -> str:
    from inspector.core.verification.outcome import CannotBeChecked, Verified

    verified = isinstance(outcome, Verified)
    fields: dict[str, object] = {
        "request": received.name,
        "verified": verified,
        "checked": not isinstance(outcome, CannotBeChecked),
        "reason": outcome.reason,
        "signature_ok": verified or getattr(outcome, "signature_ok", False),
        "secret_label": getattr(outcome, "secret_label", None),
        "detail": getattr(outcome, "detail", ""),
    }
    for name in ("age", "ahead", "tolerance"):
        if (length := getattr(outcome, name, None)) is not None:
            fields[f"{name}_s"] = length.total_seconds()
    return json.dumps(fields)


def _check_vectors(name: str) -> int:
    import msgspec

    from inspector import presets
    from inspector.cli.signing import read_file
    from inspector.core.formats.vectors import VectorsMalformed, holds, result_of, vectors_from

    try:
        vectors = vectors_from(read_file(name))
    except VectorsMalformed as error:
        raise Failed(WRONG, f"{name}: {error}.") from None
    wrong = []
    for vector in vectors:
        result = result_of(vector, lambda reference: presets.scheme(reference).scheme)
        print(msgspec.json.encode(result).decode())
        if not holds(vector.expect, result):
            wrong.append(vector.id)
    tail = f"; not as expected: {', '.join(wrong)}" if wrong else ""
    print(f"{len(vectors) - len(wrong)} of {len(vectors)} as expected{tail}", file=sys.stderr)
    return NEGATIVE if wrong else DONE
