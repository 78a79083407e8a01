"""Every handler has its rung, the first that verifies wins, and none can stop the others."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from msgspec.structs import replace

from inspector.core.delivery import Rung, Standing
from inspector.core.handler import Handler, SecretRef
from inspector.core.request import Headers, Request
from inspector.core.verification.ladder import Link, chain_of, evaluate, winner_of
from inspector.core.verification.scheme import Scheme, SignaturePlace, TimestampCheck
from inspector.core.verification.secret import Secret, UnreadableSecret
from inspector.core.verification.template import parse
from tests.signing import signing_headers

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HMAC = Scheme("hmac", "sha256", signature=SignaturePlace(name="Signature"))
RIGHT, WRONG = Secret("right", "the secret that was used"), Secret("wrong", "another one altogether")
UNSIGNED = Request("POST", "/orders?id=1", "1.1", Headers(), b"{}")
SIGNED = Request("POST", "/orders?id=1", "1.1", Headers(signing_headers(UNSIGNED, HMAC, RIGHT)), b"{}")


def a_link(name: str, *secrets: Secret, scheme: Scheme = HMAC, enabled: bool = True, path: str = "") -> Link:
    return Link(Handler(name, scheme, user=f"{name}-user", enabled=enabled, path=path, revision=7), secrets)


def test_the_first_that_verifies_wins_and_a_later_one_is_shadowed() -> None:
    chain = (a_link("a", WRONG), a_link("b", RIGHT), a_link("c", WRONG, RIGHT))
    assert evaluate(SIGNED, chain, now=NOON) == (
        Rung(7, "a", "a-user", Standing.FAILED, "signature-mismatch", detail="Signature"),
        Rung(7, "b", "b-user", Standing.WON, secret_label="right"),
        Rung(7, "c", "c-user", Standing.SHADOWED, secret_label="right"),
    )


def test_the_winner_is_the_handler_whose_rung_won() -> None:
    chain = (a_link("a", WRONG), a_link("b", RIGHT))
    assert winner_of(evaluate(SIGNED, chain, now=NOON), chain) == chain[1].handler
    assert winner_of(evaluate(UNSIGNED, chain, now=NOON), chain) is None


def test_no_handlers_make_an_empty_ladder() -> None:
    assert evaluate(SIGNED, (), now=NOON) == ()


def test_an_algorithm_that_the_machine_lacks_changes_nothing_for_the_others() -> None:
    lacking = a_link("lacking", RIGHT, scheme=replace(HMAC, algorithm="no-such-digest"))
    chain = (a_link("a", WRONG), lacking, a_link("b", RIGHT))
    _, middle, last = evaluate(SIGNED, chain, now=NOON)
    assert middle == Rung(
        7, "lacking", "lacking-user", Standing.NOT_CHECKABLE, "algorithm-not-available", detail="no-such-digest"
    )
    assert last.standing is Standing.WON


@pytest.mark.parametrize(("secret", "would"), [(RIGHT, True), (WRONG, False)])
def test_a_disabled_handler_does_not_apply_and_says_whether_it_would_verify(secret: Secret, would: bool) -> None:
    off, on = evaluate(SIGNED, (a_link("off", secret, enabled=False), a_link("on", RIGHT)), now=NOON)
    assert off == Rung(7, "off", "off-user", Standing.NOT_APPLICABLE, "disabled", would_verify=would)
    assert on.standing is Standing.WON


def test_a_handler_of_another_path_does_not_apply() -> None:
    (rung,) = evaluate(SIGNED, (a_link("a", RIGHT, path="/invoices"),), now=NOON)
    assert rung == Rung(7, "a", "a-user", Standing.NOT_APPLICABLE, "path", detail="/invoices")


def test_the_query_is_no_part_of_the_path() -> None:
    (rung,) = evaluate(SIGNED, (a_link("a", RIGHT, path="/orders"),), now=NOON)
    assert rung.standing is Standing.WON


def test_a_check_that_breaks_is_an_outcome_and_stops_nobody() -> None:
    broken = Link(Handler("broken", HMAC), None)  # type: ignore[arg-type]
    first, second = evaluate(SIGNED, (broken, a_link("b", RIGHT)), now=NOON)
    assert (first.standing, first.reason, first.detail) == (Standing.NOT_CHECKABLE, "check-broken", "TypeError")
    assert second.standing is Standing.WON


def test_whatever_the_order_one_wins_and_all_have_a_rung() -> None:
    links = [
        a_link("wrong", WRONG),
        a_link("right", RIGHT),
        a_link("any", scheme=Scheme("none")),
        a_link("off", RIGHT, enabled=False),
        a_link("elsewhere", RIGHT, path="/elsewhere"),
    ]
    for chain in permutations(links):
        ladder = evaluate(SIGNED, chain, now=NOON)
        assert [rung.handler for rung in ladder] == [link.handler.name for link in chain]
        standings = [rung.standing for rung in ladder]
        assert standings.count(Standing.WON) == 1
        assert standings.count(Standing.SHADOWED) == 1
        assert standings.index(Standing.WON) < standings.index(Standing.SHADOWED)


def test_a_chain_has_the_secrets_in_order_without_the_retired_ones() -> None:
    refs = (SecretRef("1", "new"), SecretRef("2", "old", retired=True), SecretRef("3", "gone"))
    handler = Handler("a", HMAC, secrets=refs)
    (link,) = chain_of([handler], {"1": RIGHT, "2": WRONG})
    assert link == Link(handler, (RIGHT, UnreadableSecret("gone")))


def test_a_retired_secret_is_not_tried() -> None:
    handler = Handler("a", HMAC, secrets=(SecretRef("1", "old", retired=True),))
    (rung,) = evaluate(SIGNED, chain_of([handler], {"1": RIGHT}), now=NOON)
    assert (rung.standing, rung.reason) == (Standing.NOT_CHECKABLE, "secret-missing")


def test_what_is_signed_right_and_too_old_says_how_old_and_with_which_secret() -> None:
    scheme = replace(
        HMAC, content=parse("{header:X-Time}.{body}"), timestamp=TimestampCheck("header:X-Time", "s", tolerance_s=300)
    )
    signed = Request("POST", "/", "1.1", Headers(signing_headers(UNSIGNED, scheme, RIGHT, now=NOON)), b"{}")
    chain = (a_link("a", WRONG, RIGHT, scheme=scheme),)
    (late,) = evaluate(signed, chain, now=NOON + timedelta(seconds=3720))
    assert (late.standing, late.reason, late.secret_label) == (Standing.FAILED, "timestamp-expired", "right")
    assert (late.age_s, late.tolerance_s) == (3720, 300)
    (early,) = evaluate(signed, chain, now=NOON - timedelta(seconds=400))
    assert (early.standing, early.reason, early.secret_label) == (Standing.FAILED, "timestamp-future", "right")
    assert (early.age_s, early.tolerance_s) == (-400, 300)
