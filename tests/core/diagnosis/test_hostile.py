"""Bodies that want to hang or exhaust the search: each ends, in small steps."""

import gzip
from dataclasses import replace

import pytest

from inspector.core.diagnosis.body_forms import MOST_DECOMPRESSED_BYTES, cheap_bodies, rewritten_bodies
from inspector.core.diagnosis.diagnose import diagnose
from inspector.core.diagnosis.finding import Finished, Progress
from inspector.core.diagnosis.search import MOST_HASHED_BYTES, MOST_HASHES, space_of
from inspector.core.request import Headers
from tests.core.diagnosis.failures import finished, first, sent

UNKNOWN = "nobody has this secret, nobody at all"
HOSTILE = {
    "deep arrays": b"[" * 100_000 + b"]" * 100_000,
    "deep objects": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "unclosed": b"[" * 200_000,
    "a giant number": b'{"a":' + b"9" * 500_000 + b"}",
    "a giant exponent": b'{"a":1e999999999,"b":-1E+99999}',
    "many numbers": b"[" + b"1.50," * 20_000 + b"1.5]",
    "one long string": b'"' + b"\\" * 300_001 + b'"',
    "backslashes": b'{"a":"' + b"\\" * 100_001,
    "surrogates": b'{"a":"\\ud800\\ud800\\udc00"}',
    "not UTF-8": b'{"a":"\xff\xfe"}' * 100,
    "many fields": b"a=b&" * 100_000,
    "percent signs": b"%" * 200_000 + b"=",
    "a bomb": gzip.compress(bytes(64 << 20)),
    "a broken archive": b"\x1f\x8b" + bytes(1000),
    "zero bytes": bytes(100_000),
    "line feeds": b"\n" * 500_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_the_search_ends_within_its_bounds(name: str) -> None:
    case = sent("github", signed_with=UNKNOWN).with_body(HOSTILE[name]).case
    end = finished(case)
    assert end.tried <= MOST_HASHES + 256
    assert first(case).confidence != "proved"


def test_a_form_is_found_among_the_fields_of_a_hostile_head() -> None:
    failure = sent("github", signed_with=UNKNOWN).case
    lines = [*failure.request.headers, *((b"X-Sig-%d" % n, b"a=b," * 900) for n in range(200))]
    case = replace(failure, request=replace(failure.request, headers=Headers(lines)))
    assert finished(case).tried <= MOST_HASHES + 256


def test_no_more_is_unpacked_than_a_large_body_has() -> None:
    case = sent("github").with_body(gzip.compress(bytes(64 << 20))).case
    largest = max(len(body.body) for body in cheap_bodies(case.reading))
    assert largest <= MOST_DECOMPRESSED_BYTES


def test_a_large_body_is_hashed_a_bounded_number_of_times_in_steps_that_can_be_stopped() -> None:
    case = sent("github", b'{"a":"' + b"x" * (10 << 20) + b'"}', signed_with=UNKNOWN).case
    space = space_of(case)
    list(space.near())
    assert space.hashed_bytes <= MOST_HASHED_BYTES
    steps = list(diagnose(case))
    assert sum(isinstance(step, Progress) for step in steps) > 20
    end = steps[-1]
    assert isinstance(end, Finished)
    assert "body-too-large-to-rewrite" in end.left_out


def test_a_large_body_is_not_written_again() -> None:
    case = sent("github").with_body(b"[" + b"1," * (1 << 20) + b"1]").case
    assert list(rewritten_bodies(case.reading)) == []


def test_a_caller_can_stop_between_two_steps() -> None:
    steps = diagnose(sent("github", signed_with=UNKNOWN).case)
    assert isinstance(next(steps), Progress)
    steps.close()  # type: ignore[attr-defined]
    assert list(steps) == []
