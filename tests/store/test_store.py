"""What is stored is what came, in the order in which it came, and it is durable when `add` returns."""

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from inspector.core.delivery import Answer, Delivery, Recognised, Refusal, Rung, Standing, TlsFacts, Verdict
from inspector.core.request import NO_HEADERS, Headers, Request
from inspector.store import Reader, StoreError, open_store
from inspector.store.sqlite import FILE_NAME, open_writer
from tests.store.samples import GITHUB, NOON_NS, STRIPE, a_delivery, a_request

TOKEN = st.text(st.sampled_from("abcXYZ019!#$%&'*+-.^_`|~"), min_size=1, max_size=12)
NAMES = TOKEN.map(str.encode)
VALUES = st.binary(max_size=40).map(lambda value: bytes(b for b in value if b >= 32 and b != 127).strip(b" "))
LINES = st.lists(st.tuples(NAMES, VALUES), max_size=8).map(tuple)
TARGETS = st.text(st.characters(min_codepoint=33, max_codepoint=255, exclude_characters="\x7f"), max_size=60).map(
    lambda text: "/" + "".join(c for c in text if not 0x7F <= ord(c) < 0x80)
)
BODIES = st.one_of(st.binary(max_size=300), st.binary(max_size=20).map(lambda piece: piece * 900))


def stored(folder: Path, deliveries: Sequence[Delivery]) -> list[int]:
    """Their ids, after the store was opened, all were added at once, and it was closed."""

    async def run() -> list[int]:
        async with open_store(folder) as store:
            return await asyncio.gather(*(store.add(delivery) for delivery in deliveries))

    return asyncio.run(run())


def kept(folder: Path) -> list[Delivery]:
    with closing(Reader(folder)) as reader:
        return list(reader.deliveries())


async def until(fulfilled: Callable[[], bool]) -> None:
    """Wait for what another thread does; nothing tells that it did."""
    async with asyncio.timeout(10):
        while not fulfilled():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


def test_a_delivery_comes_back_as_it_was(tmp_path: Path) -> None:
    whole = structs.replace(
        a_delivery(a_request(trailers=Headers([(b"Digest", b"x"), (b"digest", b"Y")]))),
        tls=TlsFacts("TLSv1.3", "AES", "localhost"),
    )
    assert stored(tmp_path, [whole]) == [1]
    assert kept(tmp_path) == [structs.replace(whole, id=1)]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(requests=st.lists(st.builds(lambda m, t, h, b: a_request(method=m, target=t, lines=h, body=b),
                                   TOKEN, TARGETS, LINES, BODIES), min_size=1, max_size=8))  # fmt: skip
def test_every_byte_of_a_request_comes_back(requests: list[Request], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("store")
    stored(folder, [a_delivery(request) for request in requests])
    assert [delivery.request for delivery in kept(folder)] == requests


@pytest.mark.parametrize("target", ["*", "http://example.com/a?b", "http://example.com?b=/c", "/?", "/a??b", "//x?y#z"])
def test_an_odd_target_comes_back_as_it_was(tmp_path: Path, target: str) -> None:
    method = "OPTIONS" if target == "*" else "GET"
    stored(tmp_path, [a_delivery(a_request(method=method, target=target))])
    (delivery,) = kept(tmp_path)
    assert delivery.request.target == target
    with closing(Reader(tmp_path)) as reader:
        assert reader.page([1])[0].target == target


def test_a_refused_request_keeps_its_reason_and_first_bytes(tmp_path: Path) -> None:
    garbage = Request("", "", "", NO_HEADERS)
    refused = a_delivery(
        garbage,
        verdict=Verdict.REFUSED,
        ladder=(),
        answer=Answer(400),
        refusal=Refusal("request-line", b"\x16\x03\x01"),
    )
    half = a_delivery(
        Request("GET", "/x", "", NO_HEADERS, head=b"GET /x HTTP/1.1\r\n bad\r\n\r\n"),
        verdict=Verdict.REFUSED, ladder=(), answer=Answer(400), refusal=Refusal("header-line"),
    )  # fmt: skip
    stored(tmp_path, [refused, half])
    assert kept(tmp_path) == [structs.replace(refused, id=1), structs.replace(half, id=2)]
    with closing(Reader(tmp_path)) as reader:
        assert [summary.reason for summary in reader.page([1, 2])] == ["request-line", "header-line"]


def test_a_request_without_its_raw_head_keeps_its_lines(tmp_path: Path) -> None:
    imported = replace(a_request(), head=b"")
    stored(tmp_path, [a_delivery(imported)])
    assert kept(tmp_path)[0].request == a_request()


def test_ids_follow_the_order_of_arrival(tmp_path: Path) -> None:
    tags = [b"%d" % number for number in range(700)]
    deliveries = [a_delivery(a_request(body=tag)) for tag in tags]
    assert stored(tmp_path, deliveries) == list(range(1, 701))
    assert [delivery.request.body for delivery in kept(tmp_path)] == tags


def test_whatever_waits_shares_one_commit(tmp_path: Path) -> None:
    commits: list[list[int]] = []

    async def run() -> None:
        def committed(deliveries: Sequence[Delivery]) -> None:
            commits.append([delivery.id for delivery in deliveries])

        async with open_store(tmp_path, committed=committed) as store:
            await asyncio.gather(*(store.add(a_delivery()) for _ in range(100)))

    asyncio.run(run())
    assert commits == [list(range(1, 101))]


def test_deliveries_of_many_senders_wait_for_each_other_while_more_come_in(tmp_path: Path) -> None:
    commits: list[int] = []

    async def run() -> None:
        async with open_store(tmp_path, committed=lambda deliveries: commits.append(len(deliveries))) as store:
            await asyncio.gather(store.add(a_delivery()), store.add(a_delivery()))
            coming = []
            for _ in range(9):  # one in each turn of the loop
                coming.append(asyncio.create_task(store.add(a_delivery())))
                await asyncio.sleep(0)
            await asyncio.gather(*coming)
            await store.add(a_delivery())  # nobody else is there

    asyncio.run(run())
    assert commits == [2, 9, 1]


def test_a_commit_has_its_measure_however_many_come_in(tmp_path: Path) -> None:
    commits: list[int] = []

    async def run() -> None:
        async with open_store(tmp_path, committed=lambda deliveries: commits.append(len(deliveries))) as store:
            coming = []
            for _ in range(1_000):
                coming.append(asyncio.create_task(store.add(a_delivery())))
                await asyncio.sleep(0)
            await asyncio.gather(*coming)

    asyncio.run(run())
    assert sum(commits) == 1_000
    assert commits[0] < 130


def test_a_delivery_can_be_read_when_add_returns(tmp_path: Path) -> None:
    async def run() -> list[bool]:
        seen = []
        async with open_store(tmp_path) as store:
            with closing(Reader(tmp_path)) as reader:
                for _ in range(5):
                    seen.append(reader.delivery(await store.add(a_delivery())) is not None)  # noqa: PERF401
        return seen

    assert asyncio.run(run()) == [True] * 5


def test_a_cancelled_caller_does_not_cancel_the_commit(tmp_path: Path) -> None:
    async def run() -> None:
        async with open_store(tmp_path) as store:
            adding = asyncio.ensure_future(store.add(a_delivery()))
            await asyncio.sleep(0)
            adding.cancel()
            assert await store.add(a_delivery()) == 2

    asyncio.run(run())
    assert len(kept(tmp_path)) == 2


def test_the_time_of_the_answer_is_written_later(tmp_path: Path) -> None:
    async def run() -> None:
        async with open_store(tmp_path) as store:
            first = await store.add(a_delivery())
            store.answered(first, NOON_NS + 7)
            second = await store.add(a_delivery())
            with closing(Reader(tmp_path)) as reader:
                delivery = reader.delivery(first)
                assert delivery is not None
                assert delivery.answered_ns == NOON_NS + 7  # it rode on the next commit
            store.answered(second, NOON_NS + 9)

    asyncio.run(run())
    assert [delivery.answered_ns for delivery in kept(tmp_path)] == [NOON_NS + 7, NOON_NS + 9]


def test_the_time_of_the_answer_is_written_although_nothing_else_comes(tmp_path: Path) -> None:
    async def run() -> int:
        async with open_store(tmp_path) as store:
            store.answered(await store.add(a_delivery()), NOON_NS)
            with closing(Reader(tmp_path)) as reader:
                await until(lambda: (delivery := reader.delivery(1)) is not None and delivery.answered_ns > 0)
                return next(reader.deliveries()).answered_ns

    assert asyncio.run(run()) == NOON_NS


def test_ids_are_never_used_again(tmp_path: Path) -> None:
    async def run() -> None:
        async with open_store(tmp_path) as store:
            for _ in range(3):
                await store.add(a_delivery())
            await store.delete([2, 3])

    asyncio.run(run())
    assert stored(tmp_path, [a_delivery()]) == [4]
    assert [delivery.id for delivery in kept(tmp_path)] == [1, 4]


def test_deleting_gives_the_space_back(tmp_path: Path) -> None:
    not_to_be_compressed = [a_delivery(a_request(body=Random(n).randbytes(5000))) for n in range(1, 600)]
    stored(tmp_path, not_to_be_compressed)
    before = (tmp_path / FILE_NAME).stat().st_size

    async def run() -> None:
        async with open_store(tmp_path) as store:
            await store.delete(range(1, 600))

    asyncio.run(run())
    assert (tmp_path / FILE_NAME).stat().st_size < before / 4
    with closing(Reader(tmp_path)) as reader:
        assert not any(reader.counts().values())


def test_who_sent_it_comes_back_and_is_stored_once(tmp_path: Path) -> None:
    several = [
        Recognised("stripe", "invoice.paid", "evt_1", 1),
        Recognised("stripe", "invoice.paid", "evt_2"),
        Recognised("stripe", "invoice.paid"),
        Recognised("github"),
    ]
    stored(tmp_path, [a_delivery(recognised=each) for each in several])
    assert [delivery.recognised for delivery in kept(tmp_path)] == several
    with closing(Reader(tmp_path)) as reader:
        assert [summary.recognised for summary in reader.page([1, 2, 3, 4])] == several
    with closing(sqlite3.connect(tmp_path / "store.db")) as connection:
        assert connection.execute("SELECT count(*) FROM origin").fetchone() == (2,)


def test_equal_ladders_are_stored_once(tmp_path: Path) -> None:
    other = (structs.replace(STRIPE, standing=Standing.FAILED, reason="signature-mismatch"), GITHUB)
    stored(tmp_path, [a_delivery() for _ in range(50)])
    stored(tmp_path, [a_delivery(), a_delivery(ladder=other), a_delivery()])
    with closing(open_writer(tmp_path)) as connection:
        assert connection.execute("SELECT count(*) FROM ladder").fetchone() == (2,)
    assert {delivery.ladder for delivery in kept(tmp_path)} == {a_delivery().ladder, other}


def test_many_different_ladders_come_back_each_to_its_delivery(tmp_path: Path) -> None:
    ladders = [(Rung(number, f"h{number}", "u", Standing.FAILED, "path"),) for number in range(1500)]
    deliveries = [a_delivery(ladder=ladder) for ladder in [*ladders, *ladders[:20]]]
    stored(tmp_path, deliveries)
    assert [delivery.ladder for delivery in kept(tmp_path)] == [delivery.ladder for delivery in deliveries]


def test_contents_are_coded_with_what_was_learnt(tmp_path: Path) -> None:
    def varied(number: int) -> Delivery:
        body = b'{"type": "charge.succeeded", "customer": "cus_%08x", "number": %d}' % (number * 7_654_321, number)
        return a_delivery(a_request(body=body * 3))

    async def run() -> None:
        async with open_store(tmp_path) as store:
            await asyncio.gather(*(store.add(varied(number)) for number in range(1200)))
            with closing(open_writer(tmp_path)) as connection:
                await until(lambda: connection.execute("SELECT count(*) FROM dictionary").fetchone() == (1,))
            await store.do(lambda _: None)  # by its turn the dictionary is not only kept but used
            await asyncio.gather(*(store.add(varied(number)) for number in range(1200, 1300)))

    asyncio.run(run())
    with closing(open_writer(tmp_path)) as connection:
        rows = connection.execute("SELECT codec, avg(length(data)) FROM content GROUP BY codec ORDER BY codec")
        (plain, plain_bytes), (learnt, learnt_bytes) = rows.fetchall()
    assert (plain, learnt) == (1, 2)
    assert learnt_bytes < plain_bytes
    assert [delivery.request.body for delivery in kept(tmp_path)] == [varied(n).request.body for n in range(1300)]


def test_a_folder_is_made_for_its_owner_only_and_foreign_files_stay(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    stored(folder, [a_delivery()])
    (folder / "notes.txt").write_text("mine")
    stored(folder, [a_delivery()])
    assert (folder / "notes.txt").read_text() == "mine"
    if sys.platform != "win32":
        assert folder.stat().st_mode & 0o777 == 0o700
        assert (folder / FILE_NAME).stat().st_mode & 0o777 == 0o600


def test_a_closed_store_takes_nothing(tmp_path: Path) -> None:
    async def run() -> None:
        async with open_store(tmp_path) as store:
            pass
        with pytest.raises(StoreError, match="closed"):
            await store.add(a_delivery())
        with pytest.raises(StoreError, match="closed"):
            await store.handlers()

    asyncio.run(run())


KILLED = """
import asyncio, sys
from pathlib import Path
from random import Random
from inspector.store import open_store
from tests.store.samples import a_delivery, a_request

async def main():
    async with open_store(Path(sys.argv[1])) as store:
        async def sender(n):
            while True:
                id_ = await store.add(a_delivery(a_request(body=b"%d" % n * 50)))
                print(id_, flush=True)
        await asyncio.gather(*(sender(n) for n in range(32)))

asyncio.run(main())
"""


def test_nothing_acknowledged_is_lost_when_the_process_is_killed(tmp_path: Path) -> None:
    acknowledged: list[int] = []
    for kill in range(3):
        with subprocess.Popen(
            [sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
        ) as process:
            assert process.stdout is not None
            for _ in range(300 + 100 * kill):
                acknowledged.append(int(process.stdout.readline()))  # noqa: PERF401
            process.kill()
            acknowledged += [
                int(line) for line in process.stdout.read().splitlines(keepends=True) if line[-1:] == b"\n"
            ]
    assert len(set(acknowledged)) == len(acknowledged)
    ids = [delivery.id for delivery in kept(tmp_path)]
    assert set(acknowledged) <= set(ids)
    assert len(set(ids)) == len(ids)
