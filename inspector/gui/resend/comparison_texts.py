"""What is said of two answers beside each other: names, signs, and the sum of it in one sentence."""

from collections.abc import Sequence

from PySide6.QtCore import QT_TRANSLATE_NOOP
from PySide6.QtGui import QColor, QIcon, QPalette
from PySide6.QtWidgets import QApplication

from inspector.core.answer_comparison import ComparedRow
from inspector.core.attempt import AttemptSummary
from inspector.gui.icons import icon
from inspector.gui.models.delivery_columns import local_time
from inspector.gui.models.header_table import CREDENTIAL_NAME
from inspector.gui.resend.texts import result_text, target_text, took_text, tr
from inspector.gui.theme import State, state_colour
from inspector.gui.widgets.safe_text import marked

MASK = "••••••••"
_UNSEEN_NS = 50_000
_GROUND_ALPHA = 36


def choice_text(attempt: AttemptSummary) -> str:
    """An attempt in the list to choose from."""
    of = tr("delivery {0}").format(attempt.delivery) if attempt.delivery else tr("made here")
    return f"{local_time(attempt.started_ns)} · {result_text(attempt)} · {of} · {target_text(attempt.target)}"


def heading_text(part: str) -> str:
    """The title of a part."""
    return tr(str(_PARTS[part]))


def name_text(row: ComparedRow) -> str:
    """The name of a row; those of headers and the numbers of lines are as they are."""
    known = _NAMES.get(row.name) if row.part in ("answer", "times", "body") else None
    return marked(row.name) if known is None else tr(str(known))


def value_text(row: ComparedRow, value: str | None, *, masked: bool) -> str:
    """One side of a row, fit to be shown."""
    if not value:
        return ""
    if row.part == "times":
        return took_text(int(value))
    if row.part == "body" and row.name == "kind":
        return tr(str(_KINDS.get(value, value)))
    if row.part == "body" and row.name == "length":
        return tr("{0} bytes").format(f"{int(value):,}")
    if masked and row.part in ("headers", "trailers") and CREDENTIAL_NAME.search(row.name.encode("latin-1")):
        return MASK
    return marked(value.replace("\t", "    "))


def sign_text(row: ComparedRow) -> str:
    """The word between both sides."""
    if row.part == "times" and row.left and row.right:
        ns = int(row.right) - int(row.left)
        if abs(ns) < _UNSEEN_NS:
            return "≈"
        return ("+" if ns > 0 else "−") + took_text(abs(ns))
    return tr(str(_SIGNS[row.kind])) if row.kind in _SIGNS else ""


def sign_icon(row: ComparedRow) -> QIcon | None:
    """The shape between both sides; none for what is the same."""
    name = {"differs": "differs", "left": "minus", "right": "plus"}.get(row.kind)
    return None if name is None else icon(name, role=QPalette.ColorRole.Text)


def ground(row: ComparedRow) -> QColor | None:
    """The ground of a row that is not the same on both sides."""
    if row.kind in ("same", "fact"):
        return None
    colour = state_colour(State.STALE, QApplication.palette())
    colour.setAlpha(_GROUND_ALPHA)
    return colour


def sum_text(rows: Sequence[ComparedRow]) -> str:
    """Whether the answers differ, and in what."""
    differing = [row for row in rows if row.kind not in ("same", "fact")]
    if not differing:
        return tr("The answers are the same but for their times.")
    said = []
    if any(row.part == "answer" and row.name == "status" for row in differing):
        said.append(tr("status"))
    if any(row.part == "answer" and row.name == "error" for row in differing):
        said.append(tr("what went wrong"))
    counted = (
        (tr("1 header"), tr("{0} headers"), sum(row.part in ("headers", "trailers") for row in differing)),
        (
            tr("1 line of the body"),
            tr("{0} lines of the body"),
            sum(row.part == "body" and row.name.isdigit() for row in differing),
        ),
    )
    said += [one if count == 1 else many.format(f"{count:,}") for one, many, count in counted if count]
    if any(row.name == "spelling" for row in differing):
        said.append(tr("how the same body is written"))
    return tr("The answers differ: {0}.").format(", ".join(said) or tr("length of the body"))


_PARTS = {
    "answer": QT_TRANSLATE_NOOP("Resends", "Answer"),
    "times": QT_TRANSLATE_NOOP("Resends", "Times"),
    "headers": QT_TRANSLATE_NOOP("Resends", "Headers"),
    "trailers": QT_TRANSLATE_NOOP("Resends", "Trailers"),
    "body": QT_TRANSLATE_NOOP("Resends", "Body"),
}
_NAMES = {
    "status": QT_TRANSLATE_NOOP("Resends", "Status"),
    "version": QT_TRANSLATE_NOOP("Resends", "HTTP version"),
    "error": QT_TRANSLATE_NOOP("Resends", "What went wrong"),
    "target": QT_TRANSLATE_NOOP("Resends", "Target"),
    "delivery": QT_TRANSLATE_NOOP("Resends", "Delivery"),
    "signed-with": QT_TRANSLATE_NOOP("Resends", "Signed with"),
    "look-up": QT_TRANSLATE_NOOP("Resends", "Name look-up"),
    "connection": QT_TRANSLATE_NOOP("Resends", "Connection"),
    "tls": QT_TRANSLATE_NOOP("Resends", "TLS"),
    "sending": QT_TRANSLATE_NOOP("Resends", "Sending"),
    "first-byte": QT_TRANSLATE_NOOP("Resends", "First byte"),
    "end": QT_TRANSLATE_NOOP("Resends", "End"),
    "total": QT_TRANSLATE_NOOP("Resends", "Together"),
    "kind": QT_TRANSLATE_NOOP("Resends", "What it is"),
    "length": QT_TRANSLATE_NOOP("Resends", "Length"),
    "spelling": QT_TRANSLATE_NOOP("Resends", "Same content, written differently"),
    "more": QT_TRANSLATE_NOOP("Resends", "The rest is not compared"),
}
_KINDS = {
    "json": QT_TRANSLATE_NOOP("Resends", "JSON"),
    "text": QT_TRANSLATE_NOOP("Resends", "text"),
    "bytes": QT_TRANSLATE_NOOP("Resends", "bytes"),
    "none": QT_TRANSLATE_NOOP("Resends", "none"),
}
_SIGNS = {
    "differs": QT_TRANSLATE_NOOP("Resends", "differs"),
    "left": QT_TRANSLATE_NOOP("Resends", "only left"),
    "right": QT_TRANSLATE_NOOP("Resends", "only right"),
}
