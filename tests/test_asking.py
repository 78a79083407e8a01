"""A request from elsewhere is answered by the product, with what its handlers know, and stored only when it is kept."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from inspector import presets
from inspector.app import Inspector
from inspector.asking import Question
from inspector.core.delivery import Standing, Verdict
from inspector.core.diagnosis.finding import Finding, Finished
from inspector.core.explanation import Explanation
from inspector.core.request import Headers, Request
from inspector.core.verification.secret import Secret
from inspector.core.verification.sign import signed_request
from tests.product import a_handler, delivery_in, product, run

SECRET = "whsec_testB9f3cD6hJw5QaXe8UoK2"
AT = datetime(2026, 11, 20, 12, tzinfo=UTC)


def a_request(secret: str = SECRET, body: bytes = b'{"id":"evt_1"}') -> Request:
    request = Request("POST", "/stripe", "1.1", Headers([(b"Host", b"h")]), body)
    scheme = presets.scheme("stripe").scheme
    return signed_request(request, scheme, Secret("", secret), now=AT, url="", identifier="")


async def answers(inspector: Inspector, question: Question) -> list[object]:
    return [step async for step in inspector.diagnose_request(question)]


def causes(steps: list[object]) -> list[str]:
    return [step.cause for step in steps if isinstance(step, Finding)]


def test_the_outcome_comes_first_then_what_explains_it_then_the_end(tmp_path: Path) -> None:
    async def scene() -> None:
        async with product(tmp_path) as inspector:
            stripe = presets.scheme("stripe").scheme
            question = Question(a_request(), AT, secret=SECRET + " ", scheme=stripe, preset="stripe:v1")
            first, *others = await answers(inspector, question)
            assert isinstance(first, Explanation)
            assert first.rung.standing is Standing.FAILED
            assert causes(others) == ["secret-whitespace"]
            assert isinstance(others[-1], Finished)

    run(scene())


def test_a_handler_that_is_disabled_or_for_another_path_is_asked_all_the_same(tmp_path: Path) -> None:
    async def scene() -> None:
        async with product(tmp_path) as inspector:
            scheme = presets.scheme("stripe").scheme
            handler = await a_handler(
                inspector, "stripe", SECRET, scheme, preset="stripe:v1", enabled=False, path="/elsewhere"
            )
            steps = await answers(inspector, Question(a_request(), AT, handler_id=handler.id))
            assert causes(steps) == ["verifies"]
            late = Question(a_request(), AT + timedelta(days=1), handler_id=handler.id)
            assert causes(await answers(inspector, late)) == ["timestamp-expired"]

    run(scene())


def test_where_nobody_knows_how_it_is_signed_the_secrets_of_the_handlers_are_tried(tmp_path: Path) -> None:
    async def scene() -> None:
        async with product(tmp_path) as inspector:
            await a_handler(inspector, "mine", SECRET, presets.scheme("github").scheme)
            steps = await answers(inspector, Question(a_request(), AT))
            assert causes(steps) == ["scheme-found"]
            found = next(step for step in steps if isinstance(step, Finding))
            assert (found.facts["provider"], found.facts["handler"]) == ("stripe", "mine")
            assert SECRET not in repr(steps)

    run(scene())


def test_a_request_is_stored_when_it_is_kept_as_of_its_own_time(tmp_path: Path) -> None:
    async def scene() -> None:
        async with product(tmp_path) as inspector:
            await a_handler(inspector, "stripe", SECRET, presets.scheme("stripe").scheme)
            id_ = await inspector.keep_request(a_request(), AT, "of a ticket")
            kept = delivery_in(tmp_path, id_)
            assert kept is not None
            assert (kept.verdict, kept.received_at, kept.remote) == (Verdict.WON, AT, "pasted")
            assert (kept.annotation.note, kept.annotation.tags) == ("of a ticket", ("pasted",))
            assert kept.answered_ns == 0

    run(scene())


def test_a_question_does_not_show_its_secret() -> None:
    assert SECRET not in repr(Question(a_request(), AT, secret=SECRET))
