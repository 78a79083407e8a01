"""What is said of attempts: their result on one line, their times, and in what they differ from what was received."""

from collections.abc import Sequence

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from inspector.core.attempt import Attempt, AttemptSummary, Times
from inspector.core.redirect import location_of
from inspector.core.resending import Difference
from inspector.gui.theme import State
from inspector.gui.widgets.safe_text import as_text, marked, shortened

_CONTEXT = "Resends"
_LONGEST, _SHORT_PATH = 120, 48


def tr(text: str) -> str:
    """`text` in the user's language."""
    return QCoreApplication.translate(_CONTEXT, text)


def state_of(status: int, error: str) -> State:
    """The state whose shape and colour an attempt has."""
    if error == "cancelled":
        return State.NOT_APPLICABLE
    if error or not 200 <= status <= 399:
        return State.FAILED
    return State.WON if status <= 299 else State.STALE


def result_text(summary: AttemptSummary) -> str:
    """The status of the answer, else what went wrong, short."""
    return outcome_text(summary.status, summary.error)


def outcome_text(status: int, error: str) -> str:
    """The same of a status and the key of an error."""
    if not error:
        return str(status)
    short = answer_word(error)
    return f"{status} {short}" if status else short


def answer_word(ended: str) -> str:
    """A status or an error as a run counts it, short."""
    return tr(str(_SHORT.get(ended, ended.replace("-", " "))))


def took_text(ns: int) -> str:
    """A time as it is read: `2.3 ms`, `1.52 s`; a dash where there is none."""
    if not ns:
        return "–"
    return f"{ns / 1e9:.2f} s" if ns >= 1_000_000_000 else f"{ns / 1e6:.1f} ms"


def hop_text(summary: AttemptSummary) -> str:
    """The target, behind an arrow where a redirect led there."""
    return ("↳ " if summary.hop else "") + target_text(summary.target)


def target_text(url: str) -> str:
    """A target as it may be shown."""
    return marked(shortened(as_text(url), _LONGEST * 2))


def answer_text(attempt: Attempt) -> str:
    """The first line: status and reason, or that there was no answer."""
    if attempt.answer is None:
        return tr("No answer")
    return f"{attempt.answer.status} {marked(shortened(attempt.answer.reason, _LONGEST))}".rstrip()


def times_text(times: Times) -> str:
    """The steps one behind the other, each with how long it took itself."""
    steps = (
        (tr("name look-up"), times.looked_up_ns),
        (tr("connection"), times.connected_ns),
        (tr("TLS"), times.secured_ns),
        (tr("sending"), times.sent_ns),
        (tr("first byte"), times.first_byte_ns),
        (tr("end"), times.ended_ns),
    )
    said, before = [], 0
    for name, ns in steps:
        if ns:
            said.append(f"{name} {took_text(max(1, ns - before))}")
            before = ns
    return " · ".join(said)


def redirect_text(attempt: Attempt, *, followed: bool) -> str:
    """Where the answer leads, and whether anybody went there; empty where it leads nowhere."""
    if not (url := location_of(attempt)):
        return ""
    text = (
        tr("It redirects to {0}. That was followed.") if followed else tr("It redirects to {0}, which is not followed.")
    )
    return text.format(target_text(url))


def way_text(attempt: Attempt) -> str:
    """Where it went and how: address, TLS, whose recipe signed it."""
    parts = [attempt.address, attempt.tls]
    if attempt.hop:
        came = tr("redirect {0}, followed from {1}").format(attempt.hop, shortened(as_text(attempt.led_from), _LONGEST))
        parts.insert(0, came)
    if attempt.handler:
        parts.append(tr("signed anew with {0}").format(shortened(attempt.handler, _LONGEST)))
    if attempt.certificate_problem:
        parts.append(tr("allowed all the same: {0}").format(attempt.certificate_problem))
    if attempt.maybe_twice:
        parts.append(tr("may have arrived twice"))
    if attempt.number > 1:
        parts.append(tr("try number {0}").format(attempt.number))
    return " · ".join(marked(part) for part in parts if part)


def differences_text(differences: Sequence[Difference]) -> str:
    """In what the request as sent differs from the one received; that it does not, where there is nothing."""
    if not differences:
        return tr("Sent byte for byte as received.")
    return tr("Changed: {0}.").format("; ".join(difference_text(each) for each in differences))


def difference_text(difference: Difference) -> str:
    """One difference, without values: they may be credentials."""
    name = marked(shortened(as_text(difference.name), _LONGEST))
    match difference.kind:
        case "method" | "target":
            before, after = (
                marked(shortened(as_text(text), _SHORT_PATH)) for text in (difference.before, difference.after)
            )
            what = tr("method") if difference.kind == "method" else tr("URL")
            return tr("{what} {before} → {after}").format(what=what, before=before, after=after)
        case "body" if difference.before == difference.after:
            return tr("body, of {0} bytes as before").format(f"{int(difference.before):,}")
        case "body":
            return tr("body {0} → {1} bytes").format(f"{int(difference.before):,}", f"{int(difference.after):,}")
        case kind if kind in _DIFFERENCES:
            return tr(str(_DIFFERENCES[kind])).format(name)
    return marked(difference.kind)


_DIFFERENCES = {
    "header-added": QT_TRANSLATE_NOOP("Resends", "{0} added"),
    "header-removed": QT_TRANSLATE_NOOP("Resends", "{0} left out"),
    "header-changed": QT_TRANSLATE_NOOP("Resends", "{0} changed"),
    "headers-moved": QT_TRANSLATE_NOOP("Resends", "order of the headers"),
    "chunks-joined": QT_TRANSLATE_NOOP("Resends", "chunks joined to one"),
    "head": QT_TRANSLATE_NOOP("Resends", "a head that cannot be compared"),
}
_SHORT = {
    "own-listener": QT_TRANSLATE_NOOP("Resends", "own listener"),
    "needs-consent": QT_TRANSLATE_NOOP("Resends", "not allowed yet"),
    "no-host": QT_TRANSLATE_NOOP("Resends", "no host"),
    "name-unknown": QT_TRANSLATE_NOOP("Resends", "name unknown"),
    "name-too-slow": QT_TRANSLATE_NOOP("Resends", "name not found in time"),
    "connect-too-slow": QT_TRANSLATE_NOOP("Resends", "no connection in time"),
    "not-tls": QT_TRANSLATE_NOOP("Resends", "no TLS there"),
    "tls": QT_TRANSLATE_NOOP("Resends", "TLS failed"),
    "tls-too-slow": QT_TRANSLATE_NOOP("Resends", "TLS too slow"),
    "certificate-expired": QT_TRANSLATE_NOOP("Resends", "certificate expired"),
    "certificate-self-signed": QT_TRANSLATE_NOOP("Resends", "self-signed certificate"),
    "certificate-unknown": QT_TRANSLATE_NOOP("Resends", "unknown certificate"),
    "certificate-name": QT_TRANSLATE_NOOP("Resends", "certificate of another name"),
    "speaks-tls": QT_TRANSLATE_NOOP("Resends", "speaks TLS"),
    "answer-malformed": QT_TRANSLATE_NOOP("Resends", "answer unreadable"),
    "answer-too-large": QT_TRANSLATE_NOOP("Resends", "answer too large"),
    "too-slow": QT_TRANSLATE_NOOP("Resends", "too slow"),
    "stalled": QT_TRANSLATE_NOOP("Resends", "stalled"),
    "not-http": QT_TRANSLATE_NOOP("Resends", "not HTTP"),
    "redirect-malformed": QT_TRANSLATE_NOOP("Resends", "redirects to no target"),
    "redirect-insecure": QT_TRANSLATE_NOOP("Resends", "redirects to http"),
    "redirect-inward": QT_TRANSLATE_NOOP("Resends", "redirects inside"),
    "redirects-too-many": QT_TRANSLATE_NOOP("Resends", "too many redirects"),
    "not-sendable": QT_TRANSLATE_NOOP("Resends", "cannot be sent"),
    "cannot-sign": QT_TRANSLATE_NOOP("Resends", "cannot be signed"),
    "not-readable": QT_TRANSLATE_NOOP("Resends", "cannot be read"),
}
