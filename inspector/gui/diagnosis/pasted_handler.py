"""The handler that the answer to a pasted request amounts to, ready for the form."""

from collections.abc import Sequence
from dataclasses import replace

from inspector import presets
from inspector.asking import Question
from inspector.core.diagnosis.changed_handler import public_url
from inspector.core.diagnosis.finding import Finding, HandlerChange
from inspector.core.handler import Handler, Response
from inspector.core.verification.scheme import Scheme
from inspector.gui.handlers.draft import DraftSecret


def handler_of(question: Question, findings: Sequence[Finding], chain: Sequence[Handler]) -> Handler | None:
    """A handler that verifies the request, on its path; None where the findings amount to none."""
    change = next((each.remedy.change for each in findings if each.remedy.change is not None), HandlerChange())
    scheme = change.scheme or question.scheme
    if scheme is None:
        return None
    reference = _preset_of(scheme, findings, question)
    url = change.url or (question.url if any(part.part == "url" for part in scheme.content) else "")
    handler = Handler(
        reference.partition(":")[0],
        scheme,
        path=question.request.path,
        preset=reference,
        public_url=public_url(question.request, url) if url else "",
        response=_response_of(reference),
    )
    names = {each.name for each in chain}
    wanted = handler.name or "found"
    numbered = (f"{wanted}-{number}" for number in range(2, len(names) + 3))
    return replace(handler, name=next(name for name in (wanted, *numbered) if name not in names))


def secrets_of(question: Question, findings: Sequence[Finding], chain: Sequence[Handler]) -> tuple[DraftSecret, ...]:
    """The secret with which it verified: the mended one, that of another handler, or the one that was given."""
    change = next((each.remedy.change for each in findings if each.remedy.change is not None), HandlerChange())
    if change.secret is None and change.secret_of is not None:
        name, label = change.secret_of
        other = next((each for each in chain if each.name == name), None)
        ref = next((ref for ref in other.secrets if ref.label == label), None) if other is not None else None
        return (DraftSecret(label or name, ref),) if ref is not None else ()
    return (DraftSecret("secret", value=change.secret if change.secret is not None else question.secret),)


def _preset_of(scheme: Scheme, findings: Sequence[Finding], question: Question) -> str:
    for finding in findings:
        provider, id_ = finding.facts.get("provider", ""), finding.facts.get("scheme", "")
        if provider and id_ and _is(f"{provider}:{id_}", scheme):
            return f"{provider}:{id_}"
    return question.preset


def _is(reference: str, scheme: Scheme) -> bool:
    try:
        return presets.scheme(reference).scheme == scheme
    except presets.PresetUnknown:
        return False


def _response_of(reference: str) -> Response:
    if not reference:
        return Response()
    acknowledgement = presets.preset(reference.partition(":")[0]).acknowledgement
    body = acknowledgement.body if acknowledgement is not None else None
    return Response() if body is None else Response(body=body)
