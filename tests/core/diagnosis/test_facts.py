"""What is seen without a search is told, never as if it were proved."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from inspector import presets
from inspector.core.diagnosis.case import Case
from inspector.core.diagnosis.finding import Finding
from inspector.core.request import Headers
from tests.core.diagnosis.failures import JSON, NOW, Sent, findings, first, sent

UNKNOWN = "nobody has this secret, nobody at all"


def hints(case: Case) -> Mapping[str, Finding]:
    return {finding.cause: finding for finding in findings(case)[1:]}


def with_lines(case: Case, *lines: tuple[bytes, bytes]) -> Case:
    headers = Headers([*case.request.headers, *lines])
    return replace(case, request=replace(case.request, headers=headers))


def test_a_body_shorter_than_announced_is_called_cut_off() -> None:
    case = sent("github", signed_with=UNKNOWN).with_body(b"first half,").case
    finding = first(with_lines(case, (b"Content-Length", b"22")))
    assert (finding.cause, finding.confidence) == ("body-truncated", "likely")
    assert (finding.facts["announced"], finding.facts["received"]) == ("22", "11")


def test_a_clock_that_is_wrong_is_told_beside_the_rest() -> None:
    case = with_lines(sent("github", signed_with=UNKNOWN).case, (b"Date", b"Sun, 22 Nov 2026 11:00:00 GMT"))
    assert first(case).cause == "unexplained"
    assert hints(case)["clock-skew"].facts["seconds"] == "3600"


def test_a_clock_that_is_nearly_right_is_not_told() -> None:
    case = with_lines(sent("github", signed_with=UNKNOWN).case, (b"Date", f"{NOW:%a, %d %b %Y %H:%M:%S GMT}".encode()))
    assert "clock-skew" not in hints(case)


def test_a_signature_of_another_length_names_the_digests_that_have_it() -> None:
    sha1 = sent("intercom", signed_with=UNKNOWN).with_scheme(algorithm="sha256").case
    assert hints(sha1)["signature-length"].facts["digest"] == "sha1"


def test_a_signature_that_decodes_as_something_else_is_told() -> None:
    case = sent("shopify", signed_with=UNKNOWN).with_scheme(encoding="hex").case
    assert hints(case)["signature-encoding"].facts["encoding"] == "base64"


def test_a_key_of_another_kind_is_told_by_its_beginning_alone() -> None:
    case = sent("stripe", signed_with=UNKNOWN).with_secret("sk_test_4eC39HqLyjWDarjtT1zdp7dc").case
    finding = hints(case)["secret-other-kind"]
    assert finding.facts["prefix"] == "sk_test_"
    assert "4eC39" not in repr(finding)


def test_a_secret_that_is_not_hexadecimal_is_told() -> None:
    case = sent("authorize-net", signed_with="ab" * 32).with_secret("not hexadecimal").case
    assert hints(case)["secret-malformed"].facts["encoding"] == "hex"


def test_a_body_that_is_unpacked_though_its_header_says_packed_is_told() -> None:
    case = with_lines(sent("github", signed_with=UNKNOWN).case, (b"Content-Encoding", b"gzip"))
    assert hints(case)["body-gzip"].confidence == "hint"


def test_a_renamed_header_is_likely_even_where_the_secret_is_unknown() -> None:
    failure = sent("sentry", signed_with=UNKNOWN).with_lines(lambda name, value: [(b"X-Original-" + name, value)])
    finding = first(failure)
    assert (finding.cause, finding.confidence) == ("header-renamed-by-proxy", "likely")


def test_a_provider_that_the_delivery_looks_like_is_named() -> None:
    github = presets.scheme("github").scheme
    failure = Sent(sent("stripe").but(provider="github", scheme=github, scheme_id="sha256", secrets=("x" * 20,)).case)
    finding = first(failure.but(recognised="stripe"))
    assert (finding.cause, finding.facts["provider"]) == ("wrong-provider", "stripe")


def test_the_secret_of_the_right_provider_proves_whose_delivery_it_is() -> None:
    github = presets.scheme("github").scheme
    failure = Sent(sent("stripe").but(provider="github", scheme=github, scheme_id="sha256").case)
    finding = first(failure)
    assert (finding.cause, finding.verified, finding.facts["provider"]) == ("wrong-provider", True, "stripe")


def test_a_timestamp_that_was_not_signed_as_it_was_sent_is_proved_and_not_mendable_here() -> None:
    stripe = presets.scheme("stripe").scheme
    made = sent("stripe", JSON)
    line = made.case.request.headers.first("stripe-signature") or b""
    doubled = line.replace(b"t=", b"t=").replace(b",v1=", b"000,v1=", 1)
    finding = first(made.with_lines(lambda name, _value: [(name, doubled)]).with_scheme(timestamp=None))
    assert (finding.cause, finding.confidence, finding.verified) == ("timestamp-unit", "proved", False)
    assert stripe.timestamp is not None


@pytest.mark.parametrize(("live", "mode", "other"), [(b"true", "live", "test"), (b"false", "test", "live")])
def test_a_delivery_that_names_its_mode_is_told_to_have_the_secret_of_that_mode(
    live: bytes, mode: str, other: str
) -> None:
    body = b'{"id":"evt_1","livemode":' + live + b"}"
    found = findings(sent("stripe", body, signed_with="whsec_of the other mode, and nobody here has it").case)
    assert found[0].cause == "unexplained"
    hint = next(each for each in found if each.cause == "mode-of-delivery")
    assert (hint.facts["mode"], hint.facts["other"], hint.confidence) == (mode, other, "hint")
