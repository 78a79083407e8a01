"""From a delivery and its secret alone: how it is signed, so that a handler can be made from it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace as changed

from inspector import presets
from inspector.core.diagnosis.case import Case, KnownSecret
from inspector.core.diagnosis.finding import Finding, Finished
from inspector.core.diagnosis.learning import learn
from inspector.core.diagnosis.wording import explanation, remedy
from inspector.core.request import Headers, Request
from inspector.core.verification.reading import Reading
from inspector.core.verification.scheme import Scheme, SecretReading, SignaturePlace, Source, TimestampCheck
from inspector.core.verification.secret import Secret
from inspector.core.verification.sign import signed_request
from inspector.core.verification.template import parse, written
from inspector.core.verification.verify import verify
from tests.core.diagnosis.failures import FORM, JSON, NOW, Sent, sent

SECRET = "f3d1c0ffee5ecre7f3d1c0ffee5ecre7"
HEADER = SignaturePlace(name="X-Acme-Signature")
TIME = Source(place="header", name="X-Acme-Timestamp")
ID = Source(place="header", name="X-Acme-Request-Id")


def learnt(case: Case, *, deep: bool = False) -> list[Finding]:
    return [step for step in learn(case, deep=deep) if isinstance(step, Finding)]


def scheme_of(finding: Finding) -> Scheme:
    assert finding.remedy.change is not None
    assert finding.remedy.change.scheme is not None
    return finding.remedy.change.scheme


def unknown(failure: Sent) -> Case:
    """The delivery with its secret, and nothing known of its scheme but who it looks like."""
    case = failure.case
    recognised = presets.recogniser().recognise(Reading(case.request))
    return replace(
        case, scheme=Scheme("none"), provider="", scheme_id="", recognised=recognised.provider if recognised else ""
    )


def own(
    template: str,
    *,
    place: SignaturePlace = HEADER,
    stored: str = SECRET,
    url: str = "https://hooks.test/in?a=1",
    body: bytes = JSON,
    content_type: bytes = b"application/json",
    **scheme: Any,
) -> Case:
    """A delivery signed in a way that nobody knows, and its secret."""
    values = {name: source for name, source in (("timestamp", TIME), ("id", ID)) if f"{{{name}}}" in template}
    made = Scheme(
        "hmac", "sha256", signature=place, content=parse(template, values), values=values,
        timestamp=TimestampCheck("timestamp") if "timestamp" in values else None,
    )  # fmt: skip
    made = changed(made, **scheme)
    headers = Headers([(b"Host", b"hooks.test"), (b"Content-Type", content_type), (b"X-Acme-Event", b"order.paid")])
    request = Request("POST", "/in?a=1", "1.1", headers, body)
    signed = signed_request(request, made, Secret("", stored), now=NOW, url=url, identifier="9f1c-77")
    url = url.partition("?")[0] + signed.target.removeprefix("/in")
    return Case(signed, Scheme("none"), (stored,), url, presets=presets.known_schemes(), now=NOW)


PROVIDERS = [
    "stripe", "github", "shopify", "slack", "twilio", "standard-webhooks", "zoom", "paddle", "square", "dropbox",
    "gitlab", "hubspot", "mailgun", "line", "linear", "intercom", "calendly", "typeform", "trello", "mandrill",
]  # fmt: skip


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_delivery_of_a_provider_is_found_out_from_its_secret_alone(provider: str) -> None:
    form = provider in ("twilio", "mandrill")
    failure = sent(provider, FORM, kind=b"application/x-www-form-urlencoded") if form else sent(provider)
    case = unknown(failure)
    (first, *_) = learnt(case)
    assert first.cause in ("scheme-found", "secret-shown")
    assert first.verified
    url = first.remedy.change.url if first.remedy.change else None
    outcome = verify(case.request, scheme_of(first), [Secret("", case.secrets[0])], now=NOW, url=url or case.url)
    assert outcome.reason is None, outcome


ODD: dict[str, dict[str, Any]] = {
    "v2;{url};{timestamp};{body}": {},
    "{timestamp}.{body}": {"encoding": "base64"},
    "{body}{timestamp}": {"algorithm": "sha512"},
    "{id}\\n{timestamp}\\n{body}": {},
    "{method}|{url:path-query}|{body}": {},
    "{body-digest:sha256:hex}:{timestamp}": {},
    "{timestamp}:{header:X-Acme-Event}:{body}": {},
    "{id}.{timestamp}.{body}": {"algorithm": "sha1", "encoding": "base64url"},
    "{url}{body}": {"secret": SecretReading(decode="hex")},
    "{method}\\n{url:path-query}\\n{timestamp}\\n{body-digest:sha256:hex}": {},
    "v1:{timestamp}:{body}": {"place": SignaturePlace(name="X-Sig", format="prefix", prefix="v1=")},
    "{timestamp}|{body}": {"place": SignaturePlace(name="X-Sig", format="kv", key="sig", item_sep=";")},
    "{body}": {"place": SignaturePlace(place="query", name="signature")},
    "{timestamp}": {},
    "{timestamp}{id}": {},
    "{secret}.{timestamp}.{body}": {"kind": "hash"},
    "{timestamp}&{body}&{secret}": {"kind": "hash", "algorithm": "md5"},
}


@pytest.mark.parametrize("template", ODD)
def test_a_scheme_of_somebodys_own_is_found_out(template: str) -> None:
    options = dict(ODD[template])
    secret = "5a" * 32 if "secret" in options else SECRET
    case = own(template, stored=secret, **options)
    first = learnt(case)[0]
    assert (first.cause, first.confidence, first.verified) == ("scheme-found", "proved", True)
    assert first.remedy.change is not None
    scheme, url = scheme_of(first), first.remedy.change.url or case.url
    assert verify(case.request, scheme, [Secret("", secret)], now=NOW, url=url).reason is None
    wrong = replace(case.request, body=bytes(case.request.body) + b" ")
    if "body" in template:
        assert verify(wrong, scheme, [Secret("", secret)], now=NOW, url=url).reason is not None
    late = verify(case.request, scheme, [Secret("", secret)], now=NOW + timedelta(hours=1), url=url)
    assert late.reason == ("timestamp-expired" if "timestamp" in template else None)


def test_the_template_that_was_found_is_told_in_words_that_can_be_looked_up() -> None:
    first = learnt(own("v2;{url};{timestamp};{body}"))[0]
    assert written(scheme_of(first).content) == "v2;{url};{timestamp};{body}"
    assert first.facts["template"] == "v2;{url};{timestamp};{body}"
    assert first.facts["header"] == "X-Acme-Signature"
    assert "covers v2;{url};{timestamp};{body}." in str(explanation(first))
    assert "handler" in str(remedy(first))


def test_an_address_that_is_known_here_with_the_other_scheme_is_put_right() -> None:
    case = replace(own("{url}.{body}"), url="http://hooks.test/in?a=1")
    first = learnt(case)[0]
    assert first.remedy.change is not None
    assert first.remedy.change.url == "https://hooks.test/in?a=1"


def test_a_secret_with_a_blank_at_its_end_is_found_out_and_that_is_said() -> None:
    case = replace(own("{timestamp}.{body}"), secrets=(SECRET + " ",))
    findings = learnt(case)
    assert [finding.cause for finding in findings] == ["scheme-found", "secret-whitespace"]
    assert findings[0].remedy.change is not None
    assert findings[0].remedy.change.secret == SECRET


def test_without_a_secret_those_of_the_handlers_are_tried() -> None:
    case = replace(own("{timestamp}.{body}"), secrets=(), others=(KnownSecret("shop", "current", SECRET),))
    first = learnt(case)[0]
    assert first.remedy.change is not None
    assert first.remedy.change.secret_of == ("shop", "current")
    assert "“shop”" in str(explanation(first))


def test_a_delivery_of_a_known_provider_that_was_changed_on_its_way_is_explained() -> None:
    case = unknown(sent("stripe").with_body(JSON.replace(b",", b", ")))
    findings = learnt(case)
    assert findings[0].cause == "body-json-respaced"
    assert findings[0].verified
    assert scheme_of(findings[0]) == presets.scheme("stripe").scheme


@pytest.mark.parametrize(
    "line",
    [
        (b"X-Token", SECRET.encode()),
        (b"Authorization", b"Bearer " + SECRET.encode()),
        (b"X-Key", b"key " + SECRET.encode()),
    ],
)
def test_a_secret_that_is_shown_as_it_is_is_found(line: tuple[bytes, bytes]) -> None:
    request = Request("POST", "/", "1.1", Headers([line]), JSON)
    first = learnt(Case(request, Scheme("none"), (SECRET,), presets=(), now=NOW))[0]
    assert (first.cause, first.facts["header"]) == ("secret-shown", line[0].decode())
    assert verify(request, scheme_of(first), [Secret("", SECRET)], now=NOW).reason is None


def test_a_request_without_anything_like_a_signature_is_told_as_such() -> None:
    request = Request("POST", "/", "1.1", Headers([(b"Host", b"h"), (b"X-Event", b"paid")]), JSON)
    assert (
        learnt(Case(request, Scheme("none"), (SECRET,), presets=presets.known_schemes()))[0].cause
        == "no-signature-found"
    )


def test_a_wrong_secret_finds_nothing_and_nothing_is_claimed() -> None:
    case = replace(own("{timestamp}.{body}"), secrets=("another secret altogether, and long",))
    steps = [*learn(case)]
    found = [step for step in steps if isinstance(step, Finding)]
    assert found[0].cause == "not-learned"
    assert all(finding.confidence == "hint" for finding in found)
    assert isinstance(steps[-1], Finished)
    assert 10_000 < steps[-1].tried < 400_000
