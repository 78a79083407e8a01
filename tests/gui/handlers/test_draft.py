"""What is in the form before it is saved, and what is wrong with it."""

from dataclasses import replace

import pytest

from inspector.core.handler import Handler, Response, SecretRef
from inspector.core.verification.scheme import Scheme
from inspector.core.verification.verification_type import TYPES
from inspector.gui.handlers.draft import Draft, DraftSecret, draft_of, parsed_headers

HANDLER = Handler(
    "shop",
    TYPES[0].scheme,
    user="orders",
    secrets=(SecretRef("1", "current", created="2026-01-01"), SecretRef("2", "old", retired=True)),
    response=Response(202, (("X-A", "1"), ("X-A", "2")), "thanks"),
    id=3,
    revision=8,
)


def test_saving_an_untouched_draft_gives_the_handler_back() -> None:
    assert draft_of(HANDLER).saved_with([]) == replace(HANDLER, revision=0)
    assert not draft_of(HANDLER).differs_from(HANDLER)


def test_another_revision_of_the_same_values_is_no_difference() -> None:
    draft = draft_of(Handler("a", Scheme("none"), id=1, revision=1))
    assert not draft.differs_from(Handler("a", Scheme("none"), id=1, revision=2))


def test_new_secrets_are_kept_in_their_order_among_the_old_ones() -> None:
    draft = draft_of(HANDLER)
    kept, old = draft.secrets
    new = Draft(
        draft.handler,
        (DraftSecret("first", value="v1"), kept, DraftSecret("second", value="v2", retired=True), old),
        draft.header_lines,
    )
    assert new.new_values == ("v1", "v2")
    assert new.differs_from(HANDLER)
    assert new.saved_with(["7", "8"]).secrets == (
        SecretRef("7", "first"),
        HANDLER.secrets[0],
        SecretRef("8", "second", retired=True),
        HANDLER.secrets[1],
    )


def test_a_label_and_retirement_change_the_reference_and_nothing_else() -> None:
    draft = draft_of(HANDLER)
    changed = Draft(draft.handler, (DraftSecret("renamed", HANDLER.secrets[0], retired=True),), draft.header_lines)
    assert changed.saved_with([]).secrets == (SecretRef("1", "renamed", created="2026-01-01", retired=True),)


def test_a_draft_never_shows_a_typed_secret() -> None:
    assert "hunter2" not in repr(Draft(HANDLER, (DraftSecret("a", value="hunter2"),)))


@pytest.mark.parametrize(
    ("text", "pairs", "unread"),
    [
        ("", (), ()),
        ("X-A: 1", (("X-A", "1"),), ()),
        ("X-A:1\n\nx-b:  two words \n", (("X-A", "1"), ("x-b", "two words")), ()),
        ("X-A: a:b", (("X-A", "a:b"),), ()),
        ("X-A", (), (1,)),
        ("X-A: 1\nno colon\nX-B: 2", (("X-A", "1"), ("X-B", "2")), (2,)),
    ],
)
def test_header_lines_are_read(text: str, pairs: tuple[tuple[str, str], ...], unread: tuple[int, ...]) -> None:
    assert parsed_headers(text) == (pairs, unread)


def test_what_is_wrong_names_its_field() -> None:
    draft = draft_of(HANDLER)
    bad = Draft(draft.handler, (DraftSecret(" ", value=""),), "no colon\nContent-Length: 3\nX-A: \x0b")
    found = {
        (problem.field, problem.rule, problem.detail) for problem in bad.problems([Handler("shop", TYPES[0].scheme)])
    }
    assert found == {
        ("name", "duplicate", "shop"),
        ("headers", "no-colon", "1"),
        ("headers", "framing", "Content-Length"),
        ("headers", "line-break", "X-A"),
        ("secrets", "no-label", "0"),
        ("secrets", "empty", "0"),
    }
