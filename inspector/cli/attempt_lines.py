"""Attempts on the terminal: a line each, or an object each with its answer."""

import base64
import json
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from inspector.core.attempt import Attempt, AttemptSummary
    from inspector.store import Reader

_AT_ONCE = 500


class AttemptPrinter:
    """Prints the attempts of a run or of a rule as they come into the store."""

    def __init__(self, folder: Path, *, run: int = 0, rule: int = 0, after: int = 0, as_json: bool) -> None:
        """Those behind the id `after`."""
        self._folder, self._run, self._rule, self._as_json = folder, run, rule, as_json
        self._last_id = after

    def print(self) -> None:
        """Print those that are new."""
        from inspector.store import Reader

        with closing(Reader(self._folder)) as reader:
            while summaries := reader.attempts(run=self._run, rule=self._rule, after=self._last_id, limit=_AT_ONCE):
                for summary in summaries:
                    print(self._line(reader, summary), flush=len(summaries) < _AT_ONCE)
                self._last_id = summaries[-1].id

    def _line(self, reader: "Reader", summary: "AttemptSummary") -> str:
        if not self._as_json and not summary.error:
            return attempt_line(summary)
        attempt = reader.attempt(summary.id)
        if attempt is None:
            return attempt_line(summary)
        return json.dumps(attempt_record(attempt)) if self._as_json else attempt_line(summary, attempt.sentence)


def newest_attempt(folder: Path) -> int:
    """The id of the last attempt, 0 when there is none."""
    from inspector.store import Reader

    with closing(Reader(folder)) as reader:
        return reader.newest_attempt_id()


def attempt_line(summary: "AttemptSummary", sentence: str = "") -> str:
    """An attempt on one line."""
    from inspector.cli.terminal import escaped, masked_target

    took = f"{summary.took_ns / 1e6:.1f} ms"
    where = "> " * summary.hop + escaped(masked_target(summary.target))
    what = f"{summary.delivery:>6}  {summary.status or '-':>3}  {took:>10}  {where}"
    return f"{what}  {escaped(sentence)}".rstrip()


def attempt_record(attempt: "Attempt") -> dict[str, Any]:
    """An attempt as an object; what was sent is told by its size, because it has credentials in it."""
    from inspector.cli.terminal import masked_target
    from inspector.core.formats.jsonl import iso
    from inspector.core.redirect import location_of

    times = attempt.times
    fields: dict[str, Any] = {
        "id": attempt.id,
        "delivery": attempt.delivery,
        "started_at": iso(attempt.started_ns),
        "target": masked_target(attempt.target),
        "address": attempt.address,
        "tls": attempt.tls,
        "number": attempt.number,
        "hop": attempt.hop,
        "redirects_to": masked_target(location_of(attempt)),
        "signed_with": attempt.handler,
        "sent_bytes": attempt.sent.size,
        "status": attempt.status,
        "succeeded": attempt.succeeded,
        "error": attempt.error,
        "sentence": attempt.sentence,
        "ms": {
            "looked_up": times.looked_up_ns / 1e6,
            "connected": times.connected_ns / 1e6,
            "secured": times.secured_ns / 1e6,
            "sent": times.sent_ns / 1e6,
            "first_byte": times.first_byte_ns / 1e6,
            "ended": times.ended_ns / 1e6,
        },
        "maybe_twice": attempt.maybe_twice,
    }
    if (answer := attempt.answer) is not None:
        fields["answer"] = {
            "status": answer.status,
            "reason": answer.reason,
            "http_version": answer.version,
            "headers": [(name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.headers],
            "body_base64": base64.b64encode(answer.body).decode(),
            "cut": answer.cut,
        }
    return fields
