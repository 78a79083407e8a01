"""Reading: beside a writer, before there is anything, and only what was asked for."""

import asyncio
from array import array
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import pytest
from msgspec.structs import replace

from inspector.core.delivery import Answer, Rung, Standing, Summary, Verdict
from inspector.core.filters import EVERYTHING, parse
from inspector.store import Reader, StoreError, open_store
from tests.store.samples import NOON_NS, a_delivery, a_request
from tests.store.test_store import stored

FAILED = (Rung(1, "stripe", "ann", Standing.FAILED, "signature-mismatch"),)


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    with closing(Reader(tmp_path)) as opened:
        yield opened


def some(count: int) -> list[int]:
    return list(range(1, count + 1))


def test_before_there_is_a_store_everything_is_empty_and_then_it_appears(tmp_path: Path, reader: Reader) -> None:
    assert list(reader.ids()) == []
    assert reader.page([1]) == []
    assert reader.delivery(1) is None
    assert reader.newest_id() == 0
    assert list(reader.deliveries()) == []
    assert reader.handlers() == ()
    assert reader.count() == 0
    assert reader.counts() == dict.fromkeys(Verdict, 0)
    stored(tmp_path, [a_delivery()])
    assert list(reader.ids()) == [1]


def test_looking_makes_no_file(tmp_path: Path, reader: Reader) -> None:
    reader.ids()
    assert list(tmp_path.iterdir()) == []


def test_a_store_without_deliveries_is_empty(tmp_path: Path, reader: Reader) -> None:
    stored(tmp_path, [])
    assert list(reader.ids()) == []
    assert list(reader.scan()) == []
    assert reader.newest_id() == 0


def test_a_page_is_in_the_order_asked_for_and_leaves_out_what_is_gone(tmp_path: Path, reader: Reader) -> None:
    won = a_delivery(a_request(target="/a?b"))
    failed = a_delivery(verdict=Verdict.FAILED, ladder=FAILED, answer=Answer(403))
    stored(tmp_path, [won, failed])
    assert reader.page([2, 9, 1]) == [
        Summary(2, NOON_NS, Verdict.FAILED, "POST", "/stripe", "", 403, 8, "127.0.0.1:50123"),
        Summary(1, NOON_NS, Verdict.WON, "POST", "/a?b", "stripe", 200, 8, "127.0.0.1:50123"),
    ]


def test_ids_without_a_gap_are_a_range_and_others_an_array(tmp_path: Path, reader: Reader) -> None:
    stored(tmp_path, [a_delivery() for _ in range(9)])
    assert reader.ids() == range(1, 10)
    assert reader.ids(newest_first=True) == range(9, 0, -1)

    async def delete() -> None:
        async with open_store(tmp_path) as store:
            await store.delete([4, 5])

    asyncio.run(delete())
    assert reader.ids() == array("q", [1, 2, 3, 6, 7, 8, 9])
    assert reader.ids(newest_first=True) == array("q", [9, 8, 7, 6, 3, 2, 1])
    assert [summary.id for summary in reader.page(reader.ids())] == list(reader.ids())


def test_counts_follow_what_comes_and_goes(tmp_path: Path, reader: Reader) -> None:
    stored(tmp_path, [a_delivery(), a_delivery(verdict=Verdict.FAILED), a_delivery(verdict=Verdict.REFUSED)] * 2)
    assert reader.counts() == {Verdict.WON: 2, Verdict.FAILED: 2, Verdict.HANDSHAKE: 0, Verdict.REFUSED: 2}

    async def delete() -> None:
        async with open_store(tmp_path) as store:
            await store.delete([2])

    asyncio.run(delete())
    assert reader.counts()[Verdict.FAILED] == reader.count(parse("verdict:failed")) == 1
    assert reader.count() == 5
    assert reader.count(parse("-verdict:refused")) == 3


def test_a_large_store_is_looked_through_in_slices(tmp_path: Path, reader: Reader) -> None:
    tags = [b"even" if number % 2 else b"odd" for number in range(9000)]
    stored(tmp_path, [a_delivery(a_request(body=tag)) for tag in tags])
    slices = list(reader.scan(parse("body:even"), newest_first=True))
    assert len(slices) > 2
    found = [id_ for part in slices for id_ in part]
    assert found == sorted((n + 1 for n, tag in enumerate(tags) if tag == b"even"), reverse=True)
    assert list(reader.ids(parse("body:even"))) == found[::-1]
    assert [d.id for d in reader.deliveries(parse("body:even path:/stripe"))] == found[::-1]


def test_a_search_can_be_cancelled(tmp_path: Path, reader: Reader) -> None:
    stored(tmp_path, [a_delivery() for _ in range(9000)])
    asked = iter([False, True])
    found = reader.ids(parse("body:n"), newest_first=True, cancelled=lambda: next(asked))
    assert 0 < len(found) < 9000
    assert found[0] == 9000


def test_deliveries_stream_beside_a_writer(tmp_path: Path, reader: Reader) -> None:
    async def run() -> list[int]:
        seen = []
        async with open_store(tmp_path) as store:
            await asyncio.gather(*(store.add(a_delivery()) for _ in range(200)))
            for delivery in reader.deliveries():
                seen.append(delivery.id)
                if delivery.id % 50 == 0:
                    await store.add(a_delivery())
        return seen

    assert asyncio.run(run()) == some(200)
    assert reader.newest_id() == 204


def test_a_reader_sees_what_another_process_left_in_the_log(tmp_path: Path, reader: Reader) -> None:
    async def run() -> None:
        async with open_store(tmp_path) as store:
            await store.add(a_delivery())
            assert reader.newest_id() == 1
            await store.add(a_delivery())
            assert reader.newest_id() == 2

    asyncio.run(run())
    assert reader.newest_id() == 2


def test_a_delivery_says_what_it_was_answered(tmp_path: Path, reader: Reader) -> None:
    other = Answer(202, (("X-A", "1"),), bytes(range(256)))
    stored(tmp_path, [a_delivery(), a_delivery(answer=other)])
    delivery = reader.delivery(2)
    assert delivery == replace(a_delivery(answer=other), id=2)
    assert reader.ids(EVERYTHING) == range(1, 3)


def test_it_may_be_closed_while_another_thread_reads(tmp_path: Path) -> None:
    stored(tmp_path, [a_delivery() for _ in range(20)])
    reader, under_way, refusals = Reader(tmp_path), Event(), list[str]()

    def read_on() -> None:
        try:
            while True:
                assert len(reader.page(range(1, 21))) == 20
                under_way.set()
        except StoreError as error:
            refusals.append(str(error))

    thread = Thread(target=read_on)
    thread.start()
    assert under_way.wait(10)
    reader.close()
    thread.join(10)
    assert len(refusals) == 1
    with pytest.raises(StoreError, match="closed"):
        reader.newest_id()
