"""Is it a delivery of another scheme of this provider, or of another provider, as it stands?"""

from collections.abc import Iterator, Sequence

from inspector.core.diagnosis.apply import outcome_of, signature_right
from inspector.core.diagnosis.case import Case, KnownSecret, ProviderScheme, same_recipe
from inspector.core.diagnosis.finding import Finding, HandlerChange, found
from inspector.core.verification.scheme import Scheme
from inspector.core.verification.select import selected
from inspector.core.verification.signatures import Found, find_signatures

_WITHOUT_SIGNATURE = frozenset({"none", "token", "bearer", "basic", "mtls"})
_EVERYBODYS = frozenset({"authorization", "signature"})


def signed_as_known(case: Case) -> Iterator[Finding]:
    """The schemes of presets with which one of the known secrets verifies the delivery."""
    secrets = [KnownSecret("", "", text) for text in case.secrets] + list(case.others)
    for preset in candidates(case):
        for secret in secrets:
            if signature_right(outcome_of(case, scheme=preset.scheme, secrets=(secret.value,))):
                change = HandlerChange(
                    scheme=preset.scheme, secret_of=(secret.handler, secret.label) if secret.handler else None
                )
                facts = {"provider": preset.provider, "scheme": preset.id, "handler": secret.handler}
                yield found(cause_of(case, preset), change=change, facts=facts)
                break


def candidates(case: Case) -> Sequence[ProviderScheme]:
    """The schemes of presets whose signature the request carries, those of the handler's provider first."""
    return [preset for preset in _by_nearness(case) if _carries(case, preset.scheme)]


def cause_of(case: Case, preset: ProviderScheme) -> str:
    """What it is called when the delivery is signed as `preset` says."""
    return "scheme-version-mismatch" if preset.provider == case.provider else "wrong-provider"


def _by_nearness(case: Case) -> Sequence[ProviderScheme]:
    base, own = case.preset, case.scheme.signature
    names_own = own is not None and own.place == "header" and bool(case.request.headers.all(own.name))
    kept = []
    for preset in case.presets:
        theirs = preset.provider == case.provider
        # Under the handler's own header another provider's scheme proves nothing: many sign alike.
        if (theirs or not names_own or preset.provider == case.recognised) and _differs(preset.scheme, case, base):
            kept.append(preset)
    return sorted(kept, key=lambda preset: (preset.provider != case.provider, preset.provider != case.recognised))


def _differs(scheme: Scheme, case: Case, base: Scheme | None) -> bool:
    return not same_recipe(scheme, case.scheme) and (base is None or not same_recipe(scheme, base))


def _carries(case: Case, scheme: Scheme) -> bool:
    place, reading = scheme.signature, case.reading
    if place is None or scheme.kind in _WITHOUT_SIGNATURE or (scheme.select and not selected(reading, scheme.select)):
        return False
    return isinstance(find_signatures(reading, place), Found)


def foreign_headers(case: Case) -> Iterator[ProviderScheme]:
    """The schemes of presets whose own header this request has and the handler's scheme does not want."""
    own = case.scheme.signature
    for preset in candidates(case):
        place = preset.scheme.signature
        if place is None or place.place != "header" or place.name.lower() in _EVERYBODYS or place.configurable:
            continue
        if own is None or place.name.lower() != own.name.lower():
            yield preset
