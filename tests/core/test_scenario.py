"""Scenarios: what each kind of case makes of a good delivery, and how they are written down."""

import itertools
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from inspector.core.attempt import Attempt, Sent, TargetAnswer
from inspector.core.formats.junit import TestCase, junit_xml
from inspector.core.request import NO_HEADERS, Headers, Request
from inspector.core.scenario import (
    Scenario,
    ScenarioMalformed,
    expectation_from,
    expectation_problem,
    fits,
    scenario_from,
    scenario_toml,
    usual_scenario,
)
from inspector.core.scenario_cases import KINDS, Case, Good, Plan, plan
from inspector.core.scenario_request import LARGEST, kept, request_of
from inspector.core.verification.outcome import Verified
from inspector.core.verification.scheme import Scheme, SignaturePlace
from inspector.core.verification.secret import Secret
from inspector.core.verification.verify import verify
from tests.core.test_resending import received, wire

GITHUB = Scheme("hmac", "sha256", signature=SignaturePlace(name="X-Sig", format="prefix", prefix="sha256="))
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECRET = Secret("current", "It's a Secret")
RAW = b'POST /a HTTP/1.1\r\nHost: x\r\nX-Sig: sha256=00\r\nContent-Length: 8\r\n\r\n{"n": 1}'


def good(raw: bytes = RAW, scheme: Scheme | None = GITHUB, secret: Secret | None = SECRET) -> Good:
    identifiers = (f"msg_{number}" for number in itertools.count(1))
    return Good(received(raw), scheme, secret, NOON, "http://t/a", identifiers)


def requests(planned: Plan) -> list[Request]:
    return [received(wire(step.sent)) for step in planned.steps]


def verifies(request: Request) -> bool:
    return isinstance(verify(request, GITHUB, [SECRET], now=NOON), Verified)


@pytest.mark.parametrize("kind", ["good", "duplicate", "burst", "slow-body", "out-of-order", "recased-header"])
def test_what_a_receiver_must_take_verifies(kind: str) -> None:
    made = requests(plan(Case(kind, count=3), good()))
    assert made
    assert all(map(verifies, made))


@pytest.mark.parametrize(
    "kind", ["wrong-secret", "flipped-byte", "reserialised", "missing-header", "doubled-header", "wrong-encoding"]
)
def test_what_a_receiver_must_refuse_does_not_verify(kind: str) -> None:
    [made] = requests(plan(Case(kind), good()))
    if kind == "doubled-header":
        assert len(made.headers.all("x-sig")) == 2
    else:
        assert not verifies(made)


def test_one_thing_is_wrong_and_nothing_else() -> None:
    [right], [flipped] = requests(plan(Case("good"), good())), requests(plan(Case("flipped-byte"), good()))
    assert right.headers == flipped.headers
    assert sum(a != b for a, b in zip(bytes(right.body), bytes(flipped.body), strict=True)) == 1
    [written_anew] = requests(plan(Case("reserialised"), good()))
    assert json.loads(bytes(written_anew.body)) == {"n": 1}
    assert written_anew.headers.first("content-length") == b"7"
    [other_case] = requests(plan(Case("recased-header"), good()))
    assert b"x-sIG" in [name for name, _ in other_case.headers]


def test_a_duplicate_is_the_same_bytes_and_a_burst_is_at_once() -> None:
    first, second = plan(Case("duplicate"), good()).steps
    assert first.sent == second.sent
    burst = plan(Case("burst", count=7), good())
    assert (len(burst.steps), burst.at_once) == (7, True)


def test_a_cut_is_within_the_body_and_a_good_one_follows() -> None:
    cut, after = plan(Case("cut"), good()).steps
    assert len(cut.sent.head) < cut.cut_at < cut.sent.size
    assert after.expect == ("2xx",)


@pytest.mark.parametrize(
    ("kind", "of", "reason"),
    [
        ("wrong-secret", good(scheme=None, secret=None), "no secret"),
        ("stale", good(), "no timestamp"),
        ("future", good(), "no timestamp"),
        ("replayed-identifier", good(), "no identifier"),
        ("reserialised", good(RAW.replace(b'{"n": 1}', b"no json.")), "no JSON"),
        ("flipped-byte", good(b"POST /a HTTP/1.1\r\nHost: x\r\n\r\n"), "no body"),
        ("missing-header", good(scheme=None), "no signature"),
        ("wrong-encoding", good(scheme=None), "no signature"),
        ("good", good(secret=None), "no secret"),
    ],
)
def test_a_case_that_cannot_be_made_says_why(kind: str, of: Good, reason: str) -> None:
    planned = plan(Case(kind), of)
    assert planned.steps == ()
    assert reason in planned.skipped


def test_a_wrong_secret_has_the_form_of_the_right_one() -> None:
    for secret in ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "00ff" * 16, "z", "9", "F", "-----"):
        scheme = replace_kind(GITHUB, "token")
        [made] = requests(plan(Case("wrong-secret"), good(scheme=scheme, secret=Secret("s", secret))))
        wrong = (made.headers.first("x-sig") or b"").decode().removeprefix("sha256=")
        assert wrong != secret
        assert len(wrong) in (len(secret), len(secret) + 1)
        assert [c.isdigit() for c in wrong[: len(secret)]] == [c.isdigit() for c in secret]


def replace_kind(scheme: Scheme, kind: str) -> Scheme:
    return Scheme(kind, signature=scheme.signature)  # type: ignore[arg-type]


def an_attempt(status: int = 0, error: str = "") -> Attempt:
    answer = TargetAnswer(status, "", "1.1", NO_HEADERS) if status else None
    return Attempt(1, "http://t", Sent(b""), 0, answer=answer, error=error)


@pytest.mark.parametrize(
    ("status", "error", "expected", "as_expected"),
    [
        (200, "", ["2xx"], True),
        (204, "", ["200"], False),
        (409, "", ["2xx", "409"], True),
        (500, "", ["any"], True),
        (0, "refused", ["any"], False),
        (0, "cut-on-purpose", ["none"], True),
        (200, "", ["none"], False),
        (200, "closed", ["2xx"], False),
    ],
)
def test_an_answer_is_as_expected_or_not(status: int, error: str, expected: list[str], as_expected: bool) -> None:
    assert fits(an_attempt(status, error), expected) == as_expected


def test_a_scenario_is_written_down_and_read_again() -> None:
    scenario = usual_scenario('with "quotes"', 12, "stripe")
    text = scenario_toml(scenario)
    again = scenario_from(text)
    assert (again.name, again.delivery, again.sign) == (scenario.name, 12, "stripe")
    assert [(c.kind, c.expected) for c in again.case] == [(c.kind, c.expected) for c in scenario.case]
    assert len(again.case) == len(KINDS) >= 12


def test_cases_that_are_switched_off_stay_in_the_file_and_are_not_sent() -> None:
    scenario = scenario_from("target = 'http://t'\n[[case]]\nkind = 'good'\nenabled = false\n[[case]]\nkind = 'stale'")
    assert [case.kind for case in scenario.chosen] == ["stale"]
    again = scenario_from(scenario_toml(scenario))
    assert (again.target, [case.enabled for case in again.case]) == ("http://t", [False, True])


@pytest.mark.parametrize(
    ("text", "expected", "problem"),
    [
        ("2xx or 409", ("2xx", "409"), ""),
        ("2XX, none", ("2xx", "none"), ""),
        ("", (), ""),
        ("any", ("any",), ""),
        ("200 or so", ("200", "so"), "expects 'so'; as 200, 2xx, none or any"),
    ],
)
def test_what_is_expected_is_read_as_people_write_it(text: str, expected: tuple[str, ...], problem: str) -> None:
    assert expectation_from(text) == expected
    assert expectation_problem(expected) == problem


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "no [[case]]"),
        ("x", "not valid TOML"),
        ("[[case]]\nkind = 'odd'", "unknown kind 'odd'"),
        ("[[case]]\nkind = 'good'\nexpect = ['6xx']", "expects '6xx'"),
        ("[[case]]\nkind = 'good'\nexcept = ['2xx']", "except"),
        ("[[case]]\nkind = 'burst'\ncount = 0", "count"),
        ("surprise = 1\n[[case]]\nkind = 'good'", "surprise"),
        ("[[case]]\nname = 'x'", "kind"),
    ],
)
def test_a_mistake_in_a_file_is_named(text: str, sentence: str) -> None:
    with pytest.raises(ScenarioMalformed) as malformed:
        scenario_from(text)
    assert sentence in str(malformed.value)
    assert "\n" not in str(malformed.value)


def test_a_junit_report_is_xml_whatever_is_in_it() -> None:
    from xml.etree import ElementTree

    cases = [TestCase('a<&"\x00', 0.5), TestCase("b", 1, failure="was <500>\x1b"), TestCase("c", 0, skipped="no")]
    suite = ElementTree.fromstring(junit_xml("s&s", cases))
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("3", "1", "1")
    assert [case.find("failure") is not None for case in suite] == [False, True, False]


def test_headers_that_are_not_the_signature_stay() -> None:
    [made] = requests(plan(Case("missing-header"), good()))
    assert made.headers == Headers([(b"Host", b"x"), (b"Content-Length", b"8")])
    assert Scenario().case == ()
    assert replace(good(), secret=None).secret is None


@pytest.mark.parametrize("body", [b'{"n": 1}', b"", b"\xff\x00\r\n\xfe", "\u2028\x7f“é”\t".encode()])
def test_a_file_holds_its_request_byte_for_byte(body: bytes) -> None:
    raw = b"POST /a%%20b?x=1 HTTP/1.1\r\nHost:  x\r\nX-Odd: \xe9 \r\nX-Sig: sha256=00\r\nContent-Length: %d\r\n\r\n"
    request = received(raw % len(body) + body)
    scenario = usual_scenario("a", 3, "", kept(request))
    read = scenario_from(scenario_toml(scenario))
    assert read.request == scenario.request
    assert read.request is not None
    assert request_of(read.request) == request


def test_a_file_never_holds_a_credential() -> None:
    lines = b"Authorization: Bearer s3cret\r\nX-Gitlab-Token: s3cret\r\nCookie: a=s3cret\r\nX-Sig: sha256=00\r\n"
    request = received(b"GET /a?n=1&token=s3cret HTTP/1.1\r\nHost: x\r\n" + lines + b"\r\n")
    text = scenario_toml(usual_scenario("a", 3, "", kept(request)))
    assert "s3cret" not in text
    assert "GET /a?n=1&token=***** HTTP/1.1" in text
    assert "X-Sig: sha256=00" in text


def test_what_cannot_be_written_down_stays_with_its_delivery() -> None:
    request = received(RAW)
    assert kept(replace(request, body=bytes(LARGEST))) is None
    assert kept(replace(request, trailers=Headers([(b"X-T", b"1")]))) is None
    assert kept(replace(request, head=b"")) is None


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ("head = 'nothing'", "no valid head"),
        ('head = "GET / HTTP/1.1\\r\\n\\r\\n"\nbody_base64 = "%"', "no base64"),
        ('head = "POST / HTTP/1.1\\r\\nContent-Length: 3\\r\\n\\r\\n"\nbody = "ab"', "2 bytes, but its Content-Length"),
        ("head = 'a'\nhead_base64 = 'YQ=='", "twice"),
    ],
)
def test_a_request_that_is_none_is_said(request_: str, words: str) -> None:
    with pytest.raises(ScenarioMalformed, match=words):
        scenario_from(f"[request]\n{request_}\n[[case]]\nkind = 'good'")
