"""Near misses of the kinds that no table of digests covers: tokens, JWTs, asymmetric keys, plugins.

Each single change is tried by verifying with it; there are few enough of them.
"""

from collections.abc import Iterator
from dataclasses import replace

from msgspec.structs import replace as changed

from inspector.core.diagnosis.apply import side_of, verifies
from inspector.core.diagnosis.body_forms import body_choices
from inspector.core.diagnosis.case import Case
from inspector.core.diagnosis.contents import content_choices
from inspector.core.diagnosis.finding import Finding, HandlerChange, Remedy
from inspector.core.diagnosis.keys import key_choices
from inspector.core.diagnosis.targets import header_cause
from inspector.core.diagnosis.url_forms import url_choices
from inspector.core.verification.reading import Reading

MOST_BODIES = 120


def search_by_verifying(case: Case) -> Iterator[Finding]:
    """Every single change that makes the delivery verify, the likeliest kinds first."""
    if case.scheme.signature is None:
        return
    yield from _secrets(case)
    yield from _places(case)
    yield from _encodings(case)
    reading = Reading(case.request, case.url)
    if case.scheme.kind not in ("token", "bearer", "basic"):
        for url in url_choices(reading)[1:]:
            if verifies(case, url=url.url):
                facts = {"url": url.url}
                yield Finding(url.cause, "proved", Remedy("handler", HandlerChange(url=url.url)), True, (), facts)
                break
        for body in body_choices(reading)[1:MOST_BODIES]:
            if verifies(case, request=replace(case.request, body=body.body)):
                remedy = Remedy(side_of(body.cause), None, body.form)
                yield Finding(body.cause, "proved", remedy, True, body.also, {"form": body.form})
                break
    if case.scheme.kind == "asymmetric":
        for content in content_choices(case, reading)[1:MOST_BODIES]:
            scheme = changed(case.scheme, content=content.parts, values={**case.scheme.values, **content.sources})
            if not content.rewritten and verifies(case, scheme=scheme):
                remedy = Remedy(side_of(content.cause), HandlerChange(scheme=scheme))
                yield Finding(content.cause, "proved", remedy, True, (), content.facts)
                break


def _secrets(case: Case) -> Iterator[Finding]:
    told: set[str] = set()
    for choice in key_choices(case):
        if not choice.cause or choice.cause in told:
            continue
        scheme = case.scheme if choice.reading is None else changed(case.scheme, secret=choice.reading)
        known = next((k for k in case.others if (k.handler, k.label) == choice.secret_of), None)
        text = choice.text if choice.text is not None else (known.value if known else None)
        secrets = case.secrets if text is None else (text,)
        if verifies(case, scheme=scheme, secrets=secrets):
            told.add(choice.cause)
            change = HandlerChange(
                scheme=scheme if scheme != case.scheme else None, secret=choice.text, secret_of=choice.secret_of
            )
            remedy = Remedy(side_of(choice.cause), change)
            yield Finding(choice.cause, "proved", remedy, True, choice.also, choice.facts)


def _places(case: Case) -> Iterator[Finding]:
    """The signature under another header, or with another prefix before it."""
    place = case.scheme.signature
    if place is None or place.place != "header":
        return
    for name, value in case.request.headers:
        text = name.decode("latin-1")
        same = text.lower() == place.name.lower()
        for form, prefix in (("", ""), ("raw", ""), ("prefix", "Bearer "), ("prefix", value.partition(b" ")[0].decode("latin-1") + " ")):
            other = changed(place, name=text, also=())
            if form:
                other = changed(other, format=form, prefix=prefix)
            if (same and other.format == place.format and other.prefix == place.prefix) or not value:
                continue
            scheme = changed(case.scheme, signature=other)
            if verifies(case, scheme=scheme):
                cause = header_cause(place.name, text)[0]
                if same:
                    cause = "prefix-missing" if place.format == "prefix" else "prefix-extra"
                facts = {"header": text, "configured_header": place.name, "prefix": prefix}
                yield Finding(
                    cause, "proved", Remedy(side_of(cause), HandlerChange(scheme=scheme)), True, (),
                    {k: v for k, v in facts.items() if v},
                )  # fmt: skip
                return


def _encodings(case: Case) -> Iterator[Finding]:
    if case.scheme.kind not in ("asymmetric", "plugin"):
        return
    for encoding in ("hex", "base64", "base64url", "base64-of-hex", "base64-of-base64"):
        if encoding != case.scheme.encoding:
            scheme = changed(case.scheme, encoding=encoding)
            if verifies(case, scheme=scheme):
                cause = "encoding-double" if "-of-" in encoding else (
                    "encoding-base64url" if "hex" not in (encoding, case.scheme.encoding) else "encoding-hex-vs-base64"
                )
                facts = {"encoding": encoding, "configured_encoding": case.scheme.encoding}
                yield Finding(cause, "proved", Remedy("handler", HandlerChange(scheme=scheme)), True, (), facts)
                return
