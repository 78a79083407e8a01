"""What today's handlers make of a stored delivery, beside what is stored with it."""

from array import array

import pytest

from inspector.core.delivery import Answer, Delivery, Ladder, Rung, Standing, Verdict
from inspector.core.judgement import Judgement
from inspector.core.rejudged import Recount, Rejudged, Turn, refused_again, rejudged
from inspector.core.request import Headers, Request

W, F, S, A = Standing.WON, Standing.FAILED, Standing.SHADOWED, Standing.ANSWERED


def rung(handler: str, standing: Standing, reason: str | None = None, *, secret: str | None = None) -> Rung:
    return Rung(1, handler, "", standing, reason, secret)


def stored(verdict: Verdict, ladder: Ladder) -> Delivery:
    request = Request("POST", "/", "HTTP/1.1", Headers([]), b"{}")
    return Delivery(request, "127.0.0.1:1", 1, 1, verdict, ladder, Answer(200), id=3)


@pytest.mark.parametrize(
    ("before", "ladder", "after", "today", "turn"),
    [
        ("failed", (rung("a", F),), "won", (rung("a", W),), Turn.WINS),
        ("failed", (), "won", (rung("a", W),), Turn.WINS),
        ("won", (rung("a", W),), "failed", (rung("a", F),), Turn.FAILS),
        ("won", (rung("a", W), rung("b", S)), "won", (rung("a", F), rung("b", W)), Turn.OTHER_WINNER),
        ("won", (rung("a", W, secret="x"),), "won", (rung("a", W, secret="y"),), Turn.OTHER_SECRET),
        ("won", (rung("a", W, secret="x"),), "won", (rung("a", W, secret="x"), rung("b", F)), None),
        ("failed", (rung("a", F, "missing-header"),), "failed", (rung("a", F, "stale"),), Turn.OTHER_REASON),
        ("failed", (rung("a", F, "stale"),), "failed", (rung("a", F, "stale"), rung("b", F)), None),
        ("handshake", (rung("a", A),), "handshake", (rung("a", A),), None),
        ("failed", (rung("a", F),), "handshake", (rung("a", A),), Turn.HANDSHAKE),
        ("handshake", (rung("a", A),), "won", (rung("b", W),), Turn.HANDSHAKE),
    ],
)
def test_a_delivery_turns_as_its_outcome_does(
    before: str, ladder: Ladder, after: str, today: Ladder, turn: Turn | None
) -> None:
    judged = rejudged(stored(Verdict(before), ladder), Judgement(Verdict(after), today, Answer(200)))
    assert judged == Rejudged(3, Verdict(after), turn)


def test_recounts_of_parts_make_the_recount_of_the_whole() -> None:
    whole, part = Recount(), Recount()
    part.add(Rejudged(7, Verdict.WON, Turn.WINS))
    part.add(refused_again(stored(Verdict.REFUSED, ())))
    whole.merge(part)
    whole.merge(part)
    assert whole.counted == 4
    assert whole.verdicts == {Verdict.WON: array("q", [7, 7]), Verdict.REFUSED: array("q", [3, 3])}
    assert whole.turns == {Turn.WINS: array("q", [7, 7])}
