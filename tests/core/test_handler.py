"""To which paths a handler applies."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.core.handler import EVERY_PATH, Handler, SecretRef
from inspector.core.request import Headers, Request
from inspector.core.sample import sample_path
from inspector.core.verification.scheme import Scheme


def applies(pattern: str, path: str) -> bool:
    return Handler("a", Scheme("none"), path=pattern).matches(path)


@pytest.mark.parametrize(
    ("pattern", "path", "match"),
    [
        (EVERY_PATH, "/", True),
        (EVERY_PATH, "*", True),
        ("/orders", "/orders", True),
        ("/orders", "/orders/", False),
        ("/orders", "/Orders", False),  # case-sensitive
        ("/orders", "/orders2", False),
        ("/*", "/orders", True),
        ("/*", "/orders/1", False),  # within a segment
        ("/orders/*", "/orders/", True),
        ("/orders/*", "/orders/1", True),
        ("/orders/*", "/orders/1/2", False),
        ("/orders/**", "/orders/1/2", True),
        ("/orders/**", "/orders", False),
        ("**", "/anything/at/all", True),
        ("/**/done", "/a/b/done", True),
        ("/**/done", "/done", False),
        ("/*/done", "/a/done", True),
        ("/a*c", "/abbc", True),
        ("/a*c", "/a/c", False),
        ("/a.c", "/abc", False),  # all else stands for itself
        ("/[ab]", "/a", False),
        ("/[ab]", "/[ab]", True),
        ("/a+(b)|c", "/a+(b)|c", True),
        ("/%41", "/A", False),  # the raw path, not decoded
        ("/**", "/line\nbreak", True),
    ],
)
def test_a_path_pattern_is_a_glob_on_the_raw_path(pattern: str, path: str, match: bool) -> None:
    assert applies(pattern, path) is match


@given(st.text())
def test_a_pattern_without_a_star_matches_itself_only(path: str) -> None:
    pattern = "/" + path.replace("*", "")
    assert applies(pattern, pattern)
    assert not applies(pattern, pattern + "x")


@given(st.from_regex(r"/[a-z/*]{0,20}", fullmatch=True))
def test_a_sample_path_matches_its_pattern(pattern: str) -> None:
    assert applies(pattern, sample_path(pattern))


@given(st.text("ab*/", min_size=1, max_size=8), st.text("ab/", max_size=8))
def test_any_number_of_stars_means_what_the_regular_expression_would(pattern: str, path: str) -> None:
    expression = re.sub(r"\*+", lambda stars: ".*" if len(stars[0]) > 1 else "[^/]*", pattern)
    assert applies(pattern, path) is (re.fullmatch(expression, path) is not None)


def test_a_long_path_that_fits_many_ways_is_answered_without_trying_them_all() -> None:
    """Trying them all would take longer than the age of the universe."""
    assert not applies("/**/a/**/a/**/a/**/a/**/a/**/b", "/" + "a/" * 4_000)


@pytest.mark.parametrize("target", ["http://localhost:8080/orders?x=/1", "/orders?x=1", "/orders", "http://h/orders"])
def test_a_target_is_matched_by_its_path(target: str) -> None:
    assert applies("/orders", Request("GET", target, "1.1", Headers()).path)


def test_a_handler_has_no_secret_value_to_show() -> None:
    handler = Handler("a", Scheme("none"), secrets=(SecretRef("id-1", "current"),))
    assert "id-1" in repr(handler)
    assert not hasattr(handler.secrets[0], "value")
