"""What people write to deliveries is kept with them, and goes with them."""

import asyncio
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from inspector.core.annotation import NO_ANNOTATION, Annotation
from inspector.store import Reader, open_store
from tests.store.samples import a_delivery
from tests.store.test_store import stored

NOTE = Annotation("ask Ann", ("refund", "zü"))


def annotated(folder: Path, annotations: Mapping[int, Annotation]) -> Mapping[int, Annotation]:
    """Write these; returns what stood there before."""

    async def run() -> Mapping[int, Annotation]:
        async with open_store(folder) as store:
            return await store.annotate(annotations)

    return asyncio.run(run())


def test_a_note_and_tags_come_back_with_the_delivery_and_in_lists(tmp_path: Path) -> None:
    stored(tmp_path, [a_delivery(), a_delivery()])
    assert annotated(tmp_path, {2: NOTE}) == {2: NO_ANNOTATION}
    with closing(Reader(tmp_path)) as reader:
        assert [summary.annotation for summary in reader.page([1, 2])] == [NO_ANNOTATION, NOTE]
        assert [delivery.annotation for delivery in reader.deliveries()] == [NO_ANNOTATION, NOTE]


def test_what_stood_there_before_can_be_written_again(tmp_path: Path) -> None:
    stored(tmp_path, [a_delivery()])
    annotated(tmp_path, {1: NOTE})
    before = annotated(tmp_path, {1: Annotation("other")})
    assert before == {1: NOTE}
    assert annotated(tmp_path, before) == {1: Annotation("other")}


def test_nothing_is_written_to_a_delivery_that_is_gone(tmp_path: Path) -> None:
    async def run() -> None:
        async with open_store(tmp_path) as store:
            for _ in range(2):
                await store.add(a_delivery())
            await store.annotate({1: NOTE, 2: NOTE})
            await store.delete([1])
            assert await store.annotate({1: Annotation("late"), 3: NOTE}) == {}

    asyncio.run(run())
    with closing(Reader(tmp_path)) as reader:
        assert reader.annotations([1, 2, 3]) == {2: NOTE}
