"""What is simulated is verified by the preset, and recognised as that provider with that event."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from inspector import presets
from inspector.core.delivery import Recognised
from inspector.core.request import Request
from inspector.core.resending import problems
from inspector.core.simulation.fresh import Fresh
from inspector.core.simulation.sample import Payload
from inspector.core.simulation.simulate import (
    USUAL_EVENT,
    CannotSign,
    Making,
    chosen_payload,
    fits,
    parameters_for,
    placed,
    simulated,
)
from inspector.core.verification.lint import lint
from inspector.core.verification.outcome import Outcome, Verified
from inspector.core.verification.preset import PresetScheme
from inspector.core.verification.reading import Reading
from inspector.core.verification.scheme import Scheme
from inspector.core.verification.secret import Secret
from inspector.core.verification.verify import verify
from inspector.samples import sample_book, with_samples
from tests.core.simulation.keys import TOKEN, secret_pair

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
FRESH = Fresh(TOKEN[:16], NOON)

SCHEMES = [f"{id_}:{each.id}" for id_, preset in presets.presets().items() for each in preset.schemes]
SAMPLES = [
    (f"{id_}:{each.id}", sample.event)
    for id_ in sorted(with_samples())
    for each in presets.preset(id_).schemes
    for sample in sample_book(id_).samples
    if fits(sample, each.scheme)
]
UNRECOGNISABLE = {
    # Nothing but a signature's header that several providers use, or nothing at all, gives these away.
    "asana", "autotask", "cashfree", "generic-basic", "generic-bearer", "generic-body-token", "generic-header-token",
    "generic-mtls", "generic-query-token", "hugging-face", "mediawiki-webhooks", "monday", "no-signature", "pandadoc",
    "ripple-collections", "segment", "sellsy", "tiki", "wix",
}  # fmt: skip


def scheme_of(reference: str) -> tuple[str, PresetScheme, Scheme]:
    found = presets.scheme(reference)
    return reference.partition(":")[0], found, placed(found.scheme)


def making(reference: str, event: str = "", payload: Payload | None = None) -> Making:
    id_, _, scheme = scheme_of(reference)
    preset, book = presets.preset(id_), sample_book(id_)
    chosen, told, _ = chosen_payload(preset, scheme, book, event)
    private = secret_pair(scheme)[0]
    secret = Secret("s", private) if private else None
    return Making(preset, scheme, secret, payload or chosen, told, book, parameters_for(preset), path=f"/{id_}")


def made(reference: str, event: str = "", payload: Payload | None = None, *, number: int = 1) -> Request:
    return simulated(making(reference, event, payload), FRESH, now=NOON, number=number)


def outcome_of(request: Request, reference: str, now: datetime = NOON) -> Outcome:
    id_, _, scheme = scheme_of(reference)
    public = secret_pair(scheme)[1]
    parameters = parameters_for(presets.preset(id_))
    return verify(request, scheme, [Secret("current", public)] if public else [], now=now, parameters=parameters)


def recognised(request: Request, id_: str) -> Recognised | None:
    return presets.recogniser().recognise(Reading(request), (id_,))


@pytest.mark.parametrize("reference", [each for each in SCHEMES if each != "generic-mtls:mtls"])
def test_every_scheme_of_every_preset_is_simulated_and_verified(reference: str) -> None:
    request = made(reference)
    assert isinstance(outcome_of(request, reference), Verified)
    assert list(problems(request)) == []
    found = recognised(request, reference.partition(":")[0])
    if (id_ := reference.partition(":")[0]) not in UNRECOGNISABLE:
        assert found is not None
        assert found.provider == id_
        tells = presets.preset(id_).delivery.id and reference != "mailgun:form"  # in whose forms it has no place
        assert bool(found.delivery_id) == bool(tells)


@pytest.mark.parametrize(("reference", "event"), SAMPLES)
def test_every_sample_is_verified_and_recognised_with_its_event(reference: str, event: str) -> None:
    request, id_ = made(reference, event), reference.partition(":")[0]
    assert isinstance(outcome_of(request, reference), Verified)
    found = recognised(request, id_)
    told = chosen_payload(presets.preset(id_), scheme_of(reference)[2], sample_book(id_), event)[1]
    assert found is not None
    assert (found.provider, found.event) == (id_, told if presets.preset(id_).delivery.event else "")
    if request.body[:1] in (b"{", b"["):
        assert b"${" not in request.body
        json.loads(bytes(request.body))


def test_the_best_known_providers_have_samples() -> None:
    assert len(with_samples()) >= 25
    assert all(1 <= len(sample_book(id_).samples) <= 4 for id_ in with_samples())
    assert with_samples() <= {entry.id for entry in presets.index()}


def test_mutual_tls_cannot_be_simulated_and_says_why() -> None:
    with pytest.raises(CannotSign, match="client certificate"):
        made("generic-mtls")


def test_a_secret_that_is_made_looks_as_the_provider_has_them() -> None:
    for reference in SCHEMES:
        _, found, scheme = scheme_of(reference)
        text = secret_pair(scheme)[1]
        assert not lint(text, scheme), (reference, found.id)


@pytest.mark.parametrize(
    "reference", ["stripe", "github", "slack", "twilio", "discord", "standard-webhooks", "hubspot"]
)
def test_an_own_payload_is_sent_byte_for_byte(reference: str) -> None:
    body = b'{ "mine" :  "${id}", "n": 1.50 }\r\n'
    request = made(reference, "some.event", Payload(body, "application/json; charset=utf-8", filled=False))
    assert request.body == body
    assert tuple(request.headers.all("content-type")) == (b"application/json; charset=utf-8",)
    assert isinstance(outcome_of(request, reference), Verified)


def test_a_header_tells_the_event_of_an_own_payload() -> None:
    own = making("github", payload=Payload(b"{}", filled=False))
    request = simulated(replace(own, event="deployment"), FRESH, now=NOON)
    assert request.headers.first("X-GitHub-Event") == b"deployment"
    assert recognised(request, "github") == Recognised("github", "deployment", FRESH.uuid)


def test_an_event_without_a_sample_is_made_up() -> None:
    payload, told, is_sample = chosen_payload(
        presets.preset("stripe"), scheme_of("stripe")[2], sample_book("stripe"), "x"
    )
    assert (told, is_sample) == ("x", False)
    request = made("stripe", "x", payload)
    assert recognised(request, "stripe") == Recognised("stripe", "x", FRESH.id)
    assert USUAL_EVENT.encode() in bytes(made("vercel").body)


def test_the_next_try_is_the_same_delivery_signed_anew() -> None:
    later = NOON + timedelta(hours=2)
    first = simulated(making("slack"), FRESH, now=NOON)
    again = simulated(making("slack"), FRESH, now=later, number=2)
    assert first.body == again.body
    assert first.headers.first("X-Slack-Retry-Num") is None
    assert again.headers.first("X-Slack-Retry-Num") == b"1"
    assert first.headers.first("x-slack-signature") != again.headers.first("x-slack-signature")
    assert isinstance(outcome_of(again, "slack", later), Verified)
    found = recognised(again, "slack")
    assert found is not None
    assert found.attempt == 1
    numbers = [made("bitbucket", number=n).headers.first("X-Attempt-Number") for n in (1, 2, 3)]
    assert numbers == [b"1", b"2", b"3"]
    assert json.loads(bytes(made("hubspot", number=3).body))[0]["attemptNumber"] == 2


def test_each_delivery_has_an_identity_of_its_own() -> None:
    other = simulated(making("stripe"), Fresh(TOKEN[16:32], NOON), now=NOON)
    assert made("stripe").body != other.body
    text = FRESH.filled("${id} ${uuid} ${number} ${s} ${ms} ${iso8601} ${other} $id")
    assert text.split()[3:] == ["1795348800", "1795348800000", "2026-11-22T12:00:00Z", "${other}", "$id"]
    assert len(FRESH.uuid) == 36
    assert FRESH.number.isdigit()


def test_no_secret_is_shown_in_a_repr() -> None:
    assert secret_pair(scheme_of("github")[2])[0] not in repr(making("github"))
