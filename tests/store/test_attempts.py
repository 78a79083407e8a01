"""Attempts are kept with their delivery as they were, and go with it."""

import asyncio
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from inspector.core.attempt import Attempt, Sent, TargetAnswer, Times, summary_of
from inspector.core.request import Headers
from inspector.core.target import Allowance, target_from
from inspector.store import Reader, open_store, runs, targets
from inspector.store.sqlite import FILE_NAME
from tests.store.samples import NOON_NS, a_delivery, a_request

ANSWER = TargetAnswer(
    202,
    "Fine",
    "1.1",
    Headers([(b"X-A", b"1"), (b"x-a", b"\xe4")]),
    b"HTTP/1.1 202 Fine\r\n\r\n",
    b"\x00yes",
    Headers([(b"X-Sum", b"2")]),
    cut=True,
)
ATTEMPT = Attempt(
    delivery=1,
    target="http://target.example/x",
    sent=Sent(b"PUT /x HTTP/1.1\r\n\r\n", b"edited", b"6\r\n", b"\r\n0\r\n\r\n"),
    started_ns=NOON_NS,
    times=Times(1, 2, 3, 4, 5, 6),
    answer=ANSWER,
    error="closed",
    detail="within its answer",
    address="127.0.0.1:80",
    tls="TLSv1.3 X",
    certificate_problem="The target's certificate has expired.",
    kept_connection=True,
    handler="stripe",
    number=3,
    run=7,
    rule=8,
    maybe_twice=True,
)


def kept(folder: Path, attempt: Attempt) -> Attempt | None:
    delivery = a_delivery()

    async def work() -> int:
        async with open_store(folder) as store:
            id_ = await store.add(delivery)
            return await store.attempts.add(replace(attempt, delivery=id_), structs.replace(delivery, id=id_))

    id_ = asyncio.run(work())
    with closing(Reader(folder)) as reader:
        return reader.attempt(id_)


def test_an_attempt_comes_back_as_it_was(tmp_path: Path) -> None:
    assert kept(tmp_path, ATTEMPT) == replace(ATTEMPT, id=1)


def test_what_is_the_deliverys_own_is_kept_once(tmp_path: Path) -> None:
    request = a_request(body=bytes(range(256)) * 8)

    async def work() -> None:
        async with open_store(tmp_path) as store:
            id_ = await store.add(a_delivery(request))
            delivery = structs.replace(a_delivery(request), id=id_)
            attempt = Attempt(id_, "http://x", Sent(request.head, request.body), NOON_NS)
            for _ in range(2000):
                store.attempts.put(attempt, delivery)
                await store.attempts.room()

    asyncio.run(work())
    with closing(Reader(tmp_path)) as reader:
        attempt = reader.attempt(2000)
        assert attempt is not None
        assert (attempt.sent.head, bytes(attempt.sent.body)) == (request.head, request.body)
        assert attempt.answer is None
    size = sum(file.stat().st_size for file in tmp_path.glob(f"{FILE_NAME}*"))
    assert size < 2000 * 600


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=300), st.binary(max_size=300), st.binary(max_size=50))
def test_any_bytes_come_back(tmp_path_factory: object, body: bytes, answer: bytes, head: bytes) -> None:
    folder = tmp_path_factory.mktemp("store")  # type: ignore[attr-defined]
    attempt = replace(ATTEMPT, sent=Sent(head, body), answer=replace(ANSWER, body=answer))
    assert kept(folder, attempt) == replace(attempt, id=1)


def test_attempts_are_listed_by_delivery_by_run_and_by_rule(tmp_path: Path) -> None:
    async def work() -> None:
        async with open_store(tmp_path) as store:
            for delivery, run, rule in ((1, 0, 0), (2, 5, 0), (1, 5, 0), (1, 0, 3)):
                await store.attempts.add(replace(ATTEMPT, delivery=delivery, run=run, rule=rule))

    asyncio.run(work())
    with closing(Reader(tmp_path)) as reader:
        assert [each.id for each in reader.attempts(delivery=1)] == [1, 3, 4]
        assert [each.id for each in reader.attempts(run=5)] == [2, 3]
        assert [each.id for each in reader.attempts(rule=3)] == [4]
        assert [each.id for each in reader.attempts(after=2, limit=1)] == [3]
        assert reader.attempts(run=5)[0] == summary_of(replace(ATTEMPT, delivery=2, run=5, rule=0, id=2))
        assert reader.attempt(9) is None


def test_who_listens_is_told_with_the_ids(tmp_path: Path) -> None:
    told: list[Attempt] = []

    async def work() -> None:
        async with open_store(tmp_path) as store:
            store.attempts.logged = told.extend
            for _ in range(3):
                store.attempts.put(ATTEMPT)
            await store.attempts.flush()
            assert [attempt.id for attempt in told] == [1, 2, 3]

    asyncio.run(work())


def test_a_deleted_delivery_takes_its_attempts_with_it(tmp_path: Path) -> None:
    async def work() -> None:
        async with open_store(tmp_path) as store:
            for _ in range(2):
                id_ = await store.add(a_delivery())
                await store.attempts.add(replace(ATTEMPT, delivery=id_))
            await store.delete([1])

    asyncio.run(work())
    with closing(Reader(tmp_path)) as reader:
        assert [each.delivery for each in reader.attempts()] == [2]


def test_targets_are_remembered_with_what_is_allowed_for_them(tmp_path: Path) -> None:
    first, second = target_from("https://a.example/x"), target_from("http://b.example")

    async def work() -> None:
        async with open_store(tmp_path) as store:
            await store.do(lambda connection: targets.allow(connection, first, Allowance(any_certificate=True)))
            await store.do(lambda connection: targets.used(connection, second))
            await store.do(lambda connection: targets.used(connection, target_from("https://a.example/y")))

    asyncio.run(work())
    with closing(Reader(tmp_path)) as reader:
        assert [each.url for each in reader.targets()] == ["https://a.example/y", "http://b.example"]
        assert reader.allowance(target_from("https://a.example/other")) == Allowance(any_certificate=True)
        assert reader.allowance(target_from("https://a.example:444")) == Allowance()
        assert reader.allowance(second) == Allowance()


def test_a_run_is_remembered_with_its_end(tmp_path: Path) -> None:
    async def work() -> None:
        async with open_store(tmp_path) as store:
            first = await store.do(lambda connection: runs.begin(connection, {"target": "http://x"}))
            await store.do(lambda connection: runs.begin(connection, {}))
            await store.do(lambda connection: runs.end(connection, first, {"done": 3}))

    asyncio.run(work())
    with closing(Reader(tmp_path)) as reader:
        second, first = reader.runs()
        assert (first.what, first.result, first.ended_ns > 0) == ({"target": "http://x"}, {"done": 3}, True)
        assert second.ended_ns == 0
