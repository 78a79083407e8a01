"""What an edited handler changes of stored deliveries, where the others stand as they stood."""

import pytest

from inspector.core.delivery import Answer, Delivery, Rung, Standing, Verdict
from inspector.core.effect import Change, Edited, Tally, effect_of
from inspector.core.handler import Handler
from inspector.core.request import Headers, Request
from inspector.core.verification.ladder import Link
from inspector.core.verification.scheme import Scheme, SignaturePlace
from inspector.core.verification.secret import Secret

OWN, OTHER = 7, 8
TOKEN = Scheme("token", signature=SignaturePlace(name="X-Token"))


def stored(verdict: Verdict, *rungs: tuple[int, Standing]) -> Delivery:
    request = Request("POST", "/", "HTTP/1.1", Headers([(b"X-Token", b"right")]), b"{}")
    ladder = tuple(Rung(revision, f"handler {revision}", "", standing) for revision, standing in rungs)
    return Delivery(request, "127.0.0.1:1", 1, 1, verdict, ladder, Answer(200), id=3)


def edited(secret: str, earlier: tuple[str, ...] = ()) -> Edited:
    link = Link(Handler("edited", TOKEN), (Secret("s", secret),))
    return Edited(link, lambda revision: revision == OWN, earlier)


W, S, F = Standing.WON, Standing.SHADOWED, Standing.FAILED


@pytest.mark.parametrize(
    ("verdict", "rungs", "secret", "standing", "change"),
    [
        (Verdict.FAILED, [(OWN, F)], "right", W, Change.WINS),
        (Verdict.FAILED, [(OWN, F)], "wrong", F, None),
        (Verdict.WON, [(OWN, W)], "wrong", F, Change.FAILS),
        (Verdict.WON, [(OWN, W)], "right", W, None),
        (Verdict.WON, [(OWN, W), (OTHER, S)], "wrong", F, Change.HANDS_OVER),
        (Verdict.WON, [(OWN, F), (OTHER, W)], "right", W, Change.TAKES_OVER),
        (Verdict.WON, [(OTHER, W), (OWN, F)], "right", S, Change.VERIFIES),
        (Verdict.WON, [(OTHER, W), (OWN, S)], "wrong", F, Change.VERIFIES_NO_MORE),
        (Verdict.FAILED, [], "right", W, Change.WINS),
    ],
)
def test_the_edited_handler_is_judged_anew_and_the_others_as_they_were(
    verdict: Verdict, rungs: list[tuple[int, Standing]], secret: str, standing: Standing, change: Change | None
) -> None:
    effect = effect_of(stored(verdict, *rungs), edited(secret))
    assert effect is not None
    assert (effect.standing, effect.change) == (standing, change)


def test_a_new_handler_comes_after_those_that_are_tried_before_it() -> None:
    delivery = stored(Verdict.WON, (OTHER, W))
    behind, before = edited("right", ("handler 8",)), edited("right")
    assert [effect_of(delivery, each).change for each in (behind, before)] == [  # type: ignore[union-attr]
        Change.VERIFIES,
        Change.TAKES_OVER,
    ]


@pytest.mark.parametrize("verdict", [Verdict.REFUSED, Verdict.HANDSHAKE])
def test_what_no_handler_judged_does_not_count(verdict: Verdict) -> None:
    assert effect_of(stored(verdict), edited("right")) is None


def test_tallies_of_parts_make_the_tally_of_the_whole() -> None:
    whole, part = Tally(), Tally()
    effect = effect_of(stored(Verdict.FAILED, (OWN, F)), edited("right"))
    assert effect is not None
    part.add((effect,))
    whole.merge(part)
    whole.merge(part)
    assert whole.counted == 2
    assert list(whole.changes[Change.WINS]) == list(whole.standings[W]) == [3, 3]
