"""What a person reads for a reason's identifier: one table to a sentence, and the words of the outcomes."""

from collections.abc import Mapping

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from inspector.core.delivery import Delivery, Rung, Standing
from inspector.gui.widgets.safe_text import marked, shortened
from inspector.gui.widgets.spans import span_text

_CONTEXT = "reasons"

# `{detail}` is what the reason is about, mostly a header's name.
_OUTCOMES: Mapping[str, object] = {
    "answered": QT_TRANSLATE_NOOP("reasons", "It answered its provider's handshake."),
    "header-missing": QT_TRANSLATE_NOOP("reasons", "The header {detail} is missing or empty."),
    "header-duplicate": QT_TRANSLATE_NOOP(
        "reasons", "The header {detail} came more than once, so it is not clear which one counts."
    ),
    "header-malformed": QT_TRANSLATE_NOOP(
        "reasons", "The header {detail} does not have the form that this handler expects."
    ),
    "signature-mismatch": QT_TRANSLATE_NOOP(
        "reasons", "The signature in {detail} is not the one that any of the handler's secrets gives for this body."
    ),
    "token-mismatch": QT_TRANSLATE_NOOP("reasons", "The secret sent in {detail} is none of the handler's secrets."),
    "timestamp-missing": QT_TRANSLATE_NOOP("reasons", "The sender's timestamp is missing."),
    "timestamp-malformed": QT_TRANSLATE_NOOP("reasons", "The sender's timestamp cannot be read: {detail}."),
    "timestamp-expired": QT_TRANSLATE_NOOP("reasons", "The sender's timestamp is too old: {detail}."),
    "timestamp-future": QT_TRANSLATE_NOOP("reasons", "The sender's timestamp is in the future: {detail}."),
    "body-hash-mismatch": QT_TRANSLATE_NOOP("reasons", "The digest of the body that was sent does not fit this body."),
    "url-mismatch": QT_TRANSLATE_NOOP("reasons", "The address that was signed is not the one that was called."),
    "claim-mismatch": QT_TRANSLATE_NOOP("reasons", "A claim of the token is not the expected one: {detail}."),
    "algorithm-unexpected": QT_TRANSLATE_NOOP(
        "reasons", "It was signed with an algorithm that the handler does not take: {detail}."
    ),
    "certificate-untrusted": QT_TRANSLATE_NOOP("reasons", "The sender's certificate is not trusted."),
    "path": QT_TRANSLATE_NOOP("reasons", "It answers other paths: {detail}."),
    "disabled": QT_TRANSLATE_NOOP("reasons", "It is disabled, and would not have verified this delivery."),
    "disabled-would-verify": QT_TRANSLATE_NOOP("reasons", "It is disabled; enabled, it would verify this delivery."),
    "secret-missing": QT_TRANSLATE_NOOP("reasons", "It has no secret to check with."),
    "secret-missing-named": QT_TRANSLATE_NOOP("reasons", "The secret {detail} is not in the secret store any more."),
    "secret-malformed": QT_TRANSLATE_NOOP(
        "reasons", "The secret {detail} does not have the form that the handler's scheme wants."
    ),
    "keyring-locked": QT_TRANSLATE_NOOP(
        "reasons", "The keyring was locked, so its secret could not be read. Unlock it and send again."
    ),
    "keyring-timeout": QT_TRANSLATE_NOOP("reasons", "The keyring did not answer in time."),
    "algorithm-not-available": QT_TRANSLATE_NOOP("reasons", "The algorithm {detail} is not available on this machine."),
    "key-not-available": QT_TRANSLATE_NOOP("reasons", "The sender's key is not available here."),
    "kind-not-available": QT_TRANSLATE_NOOP(
        "reasons", "This version cannot check what the handler's scheme asks for: {detail}."
    ),
    "check-broken": QT_TRANSLATE_NOOP("reasons", "The check itself broke ({detail}); the other handlers went on."),
    "won": QT_TRANSLATE_NOOP("reasons", "The first handler that verified it; its answer was sent."),
    "shadowed": QT_TRANSLATE_NOOP("reasons", "It verifies this delivery too, but a handler before it won."),
}

_REFUSALS: Mapping[str, object] = {
    "feature-off": QT_TRANSLATE_NOOP("reasons", "Refused, because receiving was switched off. No handler saw it."),
    "request-line": QT_TRANSLATE_NOOP("reasons", "Refused, because its first line is not a valid HTTP request line."),
    "version": QT_TRANSLATE_NOOP("reasons", "Refused, because it asks for a version of HTTP that is not spoken here."),
    "target": QT_TRANSLATE_NOOP("reasons", "Refused, because its target is not valid."),
    "target-too-long": QT_TRANSLATE_NOOP("reasons", "Refused, because its target is longer than the settings allow."),
    "header-line": QT_TRANSLATE_NOOP("reasons", "Refused, because one of its header lines is not valid."),
    "header-too-long": QT_TRANSLATE_NOOP(
        "reasons", "Refused, because a header line is longer than the settings allow."
    ),
    "too-many-headers": QT_TRANSLATE_NOOP(
        "reasons", "Refused, because it has more header lines than the settings allow."
    ),
    "host": QT_TRANSLATE_NOOP("reasons", "Refused, because its Host header is not valid."),
    "host-missing": QT_TRANSLATE_NOOP("reasons", "Refused, because it has no Host header."),
    "host-doubled": QT_TRANSLATE_NOOP("reasons", "Refused, because it has more than one Host header."),
    "length": QT_TRANSLATE_NOOP("reasons", "Refused, because its Content-Length is not a number."),
    "length-doubled": QT_TRANSLATE_NOOP("reasons", "Refused, because it gives more than one Content-Length."),
    "length-and-transfer-coding": QT_TRANSLATE_NOOP(
        "reasons",
        "Refused, because it has both a Content-Length and a Transfer-Encoding: "
        "two programs could read it in two ways.",
    ),
    "transfer-coding": QT_TRANSLATE_NOOP("reasons", "Refused, because its Transfer-Encoding is not valid."),
    "transfer-coding-unknown": QT_TRANSLATE_NOOP(
        "reasons", "Refused, because its Transfer-Encoding is not known here."
    ),
    "chunk": QT_TRANSLATE_NOOP("reasons", "Refused, because a chunk of its body is not valid."),
    "chunk-extensions": QT_TRANSLATE_NOOP("reasons", "Refused, because its chunks carry too many extensions."),
    "trailer-line": QT_TRANSLATE_NOOP("reasons", "Refused, because a line after its body is not valid."),
    "body-too-large": QT_TRANSLATE_NOOP("reasons", "Refused, because its body is larger than the settings allow."),
    "incomplete": QT_TRANSLATE_NOOP("reasons", "Refused, because the connection ended before the request was whole."),
    "head-too-slow": QT_TRANSLATE_NOOP("reasons", "Refused, because its headers did not arrive in time."),
    "body-too-slow": QT_TRANSLATE_NOOP("reasons", "Refused, because its body stopped arriving."),
    "rate-limit": QT_TRANSLATE_NOOP("reasons", "Refused, because its address sent too many requests."),
}

_STALE: Mapping[str | None, object] = {
    "timestamp-expired": QT_TRANSLATE_NOOP("reasons", "stale"),
    "timestamp-future": QT_TRANSLATE_NOOP("reasons", "too early"),
}
_MISTIMED: Mapping[str | None, object] = {
    "timestamp-expired": QT_TRANSLATE_NOOP(
        "reasons", "Signed right, but {age} before it came; {tolerance} is the most: {detail}."
    ),
    "timestamp-future": QT_TRANSLATE_NOOP(
        "reasons", "Signed right, but with a time {age} ahead; {tolerance} is the most: {detail}."
    ),
}
_WORDS: Mapping[Standing, object] = {
    Standing.WON: QT_TRANSLATE_NOOP("reasons", "won"),
    Standing.ANSWERED: QT_TRANSLATE_NOOP("reasons", "handshake answered"),
    Standing.SHADOWED: QT_TRANSLATE_NOOP("reasons", "would also verify"),
    Standing.FAILED: QT_TRANSLATE_NOOP("reasons", "failed"),
    Standing.NOT_APPLICABLE: QT_TRANSLATE_NOOP("reasons", "does not apply"),
    Standing.NOT_CHECKABLE: QT_TRANSLATE_NOOP("reasons", "cannot be checked"),
}

_OTHER = QT_TRANSLATE_NOOP("reasons", "It did not verify: {reason} {detail}")
_OTHER_REFUSAL = QT_TRANSLATE_NOOP("reasons", "Refused, because it is not a request that can be taken: {reason}.")


def standing_word(rung: Rung) -> str:
    """The outcome of a handler in a word or two; right but old is a word of its own."""
    if rung.standing is Standing.FAILED and rung.reason in _STALE:
        return _translated(_STALE[rung.reason])
    return _translated(_WORDS[rung.standing])


def reason_of(rung: Rung) -> str:
    """Why the handler stands where it stands, as one sentence."""
    reason = rung.reason or rung.standing.value
    if reason == "disabled" and rung.would_verify:
        reason = "disabled-would-verify"
    if reason == "secret-missing" and rung.detail:
        reason = "secret-missing-named"
    sentence = _translated(_OUTCOMES.get(reason, _OTHER))
    facts = {"reason": _safe(reason), "detail": _safe(rung.detail)}
    if rung.age_s is not None:
        tolerance = span_text(rung.tolerance_s) if rung.tolerance_s else "0 s"
        facts |= {"age": span_text(abs(rung.age_s)), "tolerance": tolerance}
        sentence = _translated(_MISTIMED.get(rung.reason, _OTHER))
    return sentence.format_map(facts).rstrip()


def refusal_of(delivery: Delivery) -> str:
    """Why the delivery was refused, as one sentence; empty when it was not."""
    if delivery.refusal is None:
        return ""
    reason = delivery.refusal.reason
    return _translated(_REFUSALS.get(reason, _OTHER_REFUSAL)).format(reason=_safe(reason.replace("-", " ")))


def _translated(text: object) -> str:
    return QCoreApplication.translate(_CONTEXT, str(text))


def _safe(text: str) -> str:
    """`text` came from outside: with marks, and not endless."""
    return shortened(marked(text), 120)
