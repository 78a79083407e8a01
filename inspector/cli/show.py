"""`show`: one delivery with its answer and its ladder."""

import argparse
import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from inspector.cli.failure import DONE, NEGATIVE, Failed
from inspector.cli.parser import Commands, add_command, count_from_zero, folder_of

if TYPE_CHECKING:
    from inspector.core.delivery import Delivery, Rung
    from inspector.core.request import Headers
    from inspector.store import Reader

_EXAMPLE = "  webhook-inspector show 12 --reveal"
_MOST_BODY_BYTES = 64 * 1024
_MOST_ATTEMPTS = 20


def add_to(commands: Commands) -> None:
    """Add the command."""
    summary = "print one delivery: request, answer and the outcome of every handler"
    command = add_command(commands, "show", summary, example=_EXAMPLE)
    command.add_argument(
        "id", metavar="ID", type=count_from_zero, help="the number of the delivery, as `list` prints it"
    )
    command.add_argument("--reveal", action="store_true", help="show tokens, cookies and other credentials too")
    command.add_argument("--json", action="store_true", help="print one JSON object, with the fields of `export`")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print it."""
    from contextlib import closing

    from inspector.store import Reader

    with closing(Reader(folder_of(arguments))) as reader:
        delivery = reader.delivery(arguments.id)
        if delivery is None:
            raise Failed(NEGATIVE, f"There is no delivery {arguments.id}.")
        hidden = None if arguments.reveal else _token_headers(reader, delivery)
        attempts = list(_attempts(reader, delivery.id)) if not arguments.json else []
    if arguments.json:
        print(_json(delivery, hidden))
    else:
        for line in (*_lines(delivery, hidden), *attempts):
            print(line)
    return DONE


def _token_headers(reader: "Reader", delivery: "Delivery") -> tuple[str, ...]:
    """The headers in which the handlers that judged the delivery expect a shared secret."""
    handlers = (reader.handler_revision(rung.revision) for rung in delivery.ladder)
    schemes = [handler.scheme for handler in handlers if handler is not None]
    return tuple(scheme.signature.name for scheme in schemes if scheme.kind == "token" and scheme.signature)


def _json(delivery: "Delivery", hidden: Sequence[str] | None) -> str:
    from inspector.cli.terminal import is_credential, masked, masked_target
    from inspector.core.formats.jsonl import record

    fields = record(delivery)
    if hidden is not None:
        fields["target"] = masked_target(fields["target"])
        for lines in ("headers", "trailers"):
            if lines in fields:
                fields[lines] = [(n, masked(v) if is_credential(n, hidden) else v) for n, v in fields[lines]]
        if "raw_base64" in fields:
            fields["raw_base64"] = ""  # it has the same headers in it
    return json.dumps(fields)


def _lines(delivery: "Delivery", hidden: Sequence[str] | None) -> Iterator[str]:
    from inspector.cli.terminal import escaped, escaped_lines, masked_target
    from inspector.core.formats.jsonl import iso

    request, answer = delivery.request, delivery.answer
    yield f"Delivery {delivery.id}  {delivery.verdict}  {iso(delivery.last_byte_ns)}  from {delivery.remote}"
    if delivery.refusal is not None:
        yield f"Refused: {delivery.refusal.reason}"
    yield from _about(delivery)
    yield ""
    target = request.target if hidden is None else masked_target(request.target)
    yield f"{escaped(request.method)} {escaped(target)} HTTP/{request.version}"
    yield from _header_lines(request.headers, hidden)
    yield ""
    yield from _body(bytes(request.body[:_MOST_BODY_BYTES]), len(request.body))
    if request.trailers:
        yield from ("", "Trailers")
        yield from _header_lines(request.trailers, hidden)
    yield ""
    yield f"Answer {answer.status or '-'}" + (
        f"  after {(delivery.answered_ns - delivery.last_byte_ns) / 1e6:.1f} ms" if delivery.answered_ns else ""
    )
    yield from (f"{escaped(name)}: {escaped(value)}" for name, value in answer.headers)
    if answer.body:
        yield escaped_lines(answer.body.decode("utf-8", "backslashreplace"))
    if delivery.ladder:
        yield ""
        yield "Handlers"
        yield from (_rung(number, rung) for number, rung in enumerate(delivery.ladder, 1))


def _about(delivery: "Delivery") -> Iterator[str]:
    """What is recognised of it, and what people wrote to it."""
    from inspector.cli.terminal import escaped, escaped_lines

    if (known := delivery.recognised) is not None:
        facts = [known.provider, known.event, known.delivery_id]
        facts += [f"attempt {known.attempt}"] if known.attempt is not None else []
        yield f"From {escaped('  '.join(filter(None, facts)))}"
    if delivery.annotation.tags:
        yield f"Tags {escaped(', '.join(delivery.annotation.tags))}"
    if delivery.annotation.note:
        yield f"Note {escaped_lines(delivery.annotation.note)}"


def _attempts(reader: "Reader", delivery: int) -> Iterator[str]:
    """The attempts to send it again, the newest at the end."""
    from inspector.cli.attempt_lines import attempt_line

    summaries = reader.attempts(delivery=delivery)
    if summaries:
        yield from ("", "Resends")
    if len(summaries) > _MOST_ATTEMPTS:
        yield f"... {len(summaries) - _MOST_ATTEMPTS:,} before these"
    for summary in summaries[-_MOST_ATTEMPTS:]:
        attempt = reader.attempt(summary.id) if summary.error else None
        yield attempt_line(summary, attempt.sentence if attempt else "")


def _header_lines(headers: "Headers", hidden: Sequence[str] | None) -> Iterator[str]:
    from inspector.cli.terminal import escaped, is_credential, masked

    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        secret = hidden is not None and is_credential(name, hidden)
        yield f"{escaped(name)}: {masked(value) if secret else escaped(value)}"


def _body(body: bytes, size: int) -> Iterator[str]:
    from inspector.cli.terminal import escaped_lines

    if not size:
        yield "(no body)"
        return
    try:
        yield escaped_lines(body.decode())
    except UnicodeDecodeError as error:
        cut = size > len(body) and error.start > len(body) - 4  # a character that the limit cut in two
        yield escaped_lines(body[: error.start].decode()) if cut else _hex(body[:1024])
        size_shown = len(body) if cut else min(1024, len(body))
    else:
        size_shown = len(body)
    if size > size_shown:
        yield f"... {size - size_shown:,} bytes more"


def _hex(body: bytes) -> str:
    rows = (body[start : start + 16] for start in range(0, len(body), 16))
    return "\n".join(
        f"{number * 16:08x}  {row.hex(' '):<47}  {''.join(chr(b) if 32 <= b < 127 else '.' for b in row)}"
        for number, row in enumerate(rows)
    )


_WORDS = {
    "won": "won",
    "answered": "handshake",
    "shadowed": "would also verify",
    "failed": "failed",
    "not-applicable": "does not apply",
    "not-checkable": "cannot be checked",
}


def _age(rung: "Rung") -> str:
    if rung.age_s is None:
        return ""
    when = f"{rung.age_s} s old" if rung.age_s >= 0 else f"{-rung.age_s} s ahead"
    return f"signed right, {when}, {rung.tolerance_s} s allowed"


def _rung(number: int, rung: "Rung") -> str:
    from inspector.cli.terminal import escaped

    parts = [rung.reason or "", f"({rung.detail})" if rung.detail else ""]
    parts += [f"secret {rung.secret_label!r}" if rung.secret_label else "", f"as {rung.user}" if rung.user else ""]
    parts += ["would verify" if rung.would_verify else "", _age(rung)]
    facts = escaped(" ".join(filter(None, parts)))
    return f"{number:>3}  {_WORDS[rung.standing]:<17}  {escaped(rung.handler)}  {facts}".rstrip()
