"""Deliveries that nobody knows the way of signing of: signed as a provider signs, or with the secret itself shown."""

from collections.abc import Iterator, Sequence

from inspector.core.diagnosis.apply import outcome_of, signature_right
from inspector.core.diagnosis.case import Case, KnownSecret, ProviderScheme, same_recipe
from inspector.core.diagnosis.finding import Finding, HandlerChange, Remedy
from inspector.core.verification.encodings import decode
from inspector.core.verification.scheme import Scheme, SignaturePlace
from inspector.core.verification.select import selected
from inspector.core.verification.signatures import Found, find_signatures
from inspector.core.verification.template import written

_COMPUTED = frozenset({"hmac", "hash"})
_NOT_TRIED = frozenset({"none", "mtls"})


def signed_as_provider(case: Case) -> Iterator[Finding]:
    """The schemes of providers with which a secret verifies the delivery."""
    for preset in carried_schemes(case):
        for secret in _secrets(case):
            outcome = outcome_of(case, scheme=preset.scheme, secrets=(secret.value,))
            if signature_right(outcome):
                yield found_scheme(preset.scheme, secret, preset=preset)
                break


def carried_schemes(case: Case) -> Sequence[ProviderScheme]:
    """The schemes whose signature the request carries; those of the provider that it looks like come first."""
    reading = case.reading

    def carries(scheme: Scheme) -> bool:
        place = scheme.signature
        if place is None or scheme.kind in _NOT_TRIED or not (place.name or place.path or place.place == "body"):
            return False
        if scheme.select is not None and not selected(reading, scheme.select):
            return False
        return isinstance(find_signatures(reading, place), Found)

    carried = [preset for preset in case.presets if carries(preset.scheme)]
    return _likeliest_first(case, carried)


def _likeliest_first(case: Case, found: Sequence[ProviderScheme]) -> Sequence[ProviderScheme]:
    """Those of whom the delivery looks like, then those for whom this is the usual way to sign."""
    usual: dict[str, ProviderScheme] = {}
    for preset in case.presets:
        usual.setdefault(preset.provider, preset)
    return sorted(found, key=lambda each: (each.provider != case.recognised, usual[each.provider] is not each))


def _secrets(case: Case) -> Sequence[KnownSecret]:
    return [KnownSecret("", "", text) for text in case.secrets] + list(case.others)


def secret_shown(case: Case) -> Iterator[Finding]:
    """Where the request shows the secret as it is."""
    for secret in _secrets(case):
        for scheme in _showing(case, secret.value.encode("utf-8", "surrogateescape")):
            if signature_right(outcome_of(case, scheme=scheme, secrets=(secret.value,))):
                yield found_scheme(scheme, secret, cause="secret-shown")


def _showing(case: Case, value: bytes) -> Iterator[Scheme]:
    if not value:
        return
    reading = case.reading
    for raw, text in case.request.headers:
        name = raw.decode("latin-1")
        if text == value:
            yield Scheme("token", signature=SignaturePlace(name=name))
        elif text.lower().startswith(b"bearer ") and text[7:].strip() == value:
            yield Scheme("bearer", signature=SignaturePlace(name=name))
        elif text.lower().startswith(b"basic ") and decode(text[6:].strip(), "base64") == value:
            yield Scheme("basic", signature=SignaturePlace(name=name))
        elif text.endswith(value) and len(text) - len(value) <= 20:
            prefix = text[: len(text) - len(value)].decode("latin-1")
            yield Scheme("token", signature=SignaturePlace(name=name, format="prefix", prefix=prefix))
    for pairs, place in ((reading.query(), "query"), (reading.form(), "form")):
        for key, text in pairs:
            if text == value:
                yield Scheme("token", signature=SignaturePlace(place=place, name=key.decode("latin-1")))  # type: ignore[arg-type]
    for name in reading.json_names()[:200]:
        if reading.json(name) == value:
            yield Scheme("token", signature=SignaturePlace(place="json", path=name))


def same_as_provider(case: Case, scheme: Scheme) -> ProviderScheme | None:
    """The way of a provider that comes to the same as `scheme`; None where there is none."""
    same = _likeliest_first(case, [preset for preset in case.presets if same_recipe(preset.scheme, scheme)])
    return same[0] if same else None


def found_scheme(
    scheme: Scheme,
    secret: KnownSecret,
    *,
    preset: ProviderScheme | None = None,
    cause: str = "scheme-found",
) -> Finding:
    """That it is signed by `scheme`, with `secret`, which is `preset` where that is a provider's way."""
    place = scheme.signature
    told = {
        "provider": preset.provider if preset else "",
        "scheme": preset.id if preset else "",
        "header": (place.name or place.path) if place else "",
        "handler": secret.handler,
        "label": secret.label,
    }
    if scheme.kind in _COMPUTED:
        told |= {"digest": scheme.algorithm, "encoding": scheme.encoding, "template": written(scheme.content)}
    change = HandlerChange(scheme=scheme, secret_of=(secret.handler, secret.label) if secret.handler else None)
    return Finding(
        cause,
        "proved",
        Remedy("handler", change),
        verified=True,
        facts={name: text for name, text in told.items() if text},
    )
