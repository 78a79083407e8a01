"""Large bodies lie in files of their own, which come and go with their deliveries."""

import asyncio
from contextlib import closing
from pathlib import Path

import pytest

from inspector.store import Reader, Store, StoreError, open_store
from tests.store.samples import a_delivery, a_request

CHUNKS = [bytes([n % 251]) * 70_000 for n in range(8)]


async def add_large(store: Store, chunks: list[bytes]) -> int:
    """Store a delivery whose body is spooled."""
    spooled = store.spool()
    for chunk in chunks:
        spooled.write(chunk)
    return await store.add(a_delivery(a_request(body=spooled.finish())), spooled)


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "bodies").iterdir())


@pytest.mark.parametrize("chunks", [CHUNKS, CHUNKS * 10, [], [b"x"]])
def test_a_spooled_body_comes_back_mapped(tmp_path: Path, chunks: list[bytes]) -> None:
    async def run() -> None:
        async with open_store(tmp_path) as store:
            await add_large(store, chunks)

    asyncio.run(run())
    with closing(Reader(tmp_path)) as reader:
        delivery = reader.delivery(1)
        assert delivery is not None
        assert isinstance(delivery.request.body, memoryview)
        assert delivery.request.body == b"".join(chunks)
        assert delivery.request.headers == a_request().headers
        assert reader.page([1])[0].body_size == sum(map(len, chunks))


@pytest.mark.parametrize("times", [1, 40])  # held in memory, and written to its file as it came
def test_a_discarded_body_leaves_nothing(tmp_path: Path, times: int) -> None:
    async def run() -> None:
        async with open_store(tmp_path) as store:
            await add_large(store, CHUNKS)
            spooled = store.spool()
            for _ in range(times):
                spooled.write(CHUNKS[0])
            view = spooled.finish()
            spooled.discard()
            assert view == CHUNKS[0] * times  # who looks at it still can

    asyncio.run(run())
    assert len(files(tmp_path)) == 1


def test_a_body_is_in_memory_up_to_1_mib_and_then_in_its_file(tmp_path: Path) -> None:
    async def run() -> None:
        async with open_store(tmp_path) as store:
            await add_large(store, CHUNKS)
            spooled = store.spool()
            spooled.write(bytes(1 << 20))
            assert len(files(tmp_path)) == 1
            spooled.write(b"x")
            assert len(files(tmp_path)) == 2
            view = spooled.finish()
            await store.add(a_delivery(a_request(body=view)), spooled)
            assert view == bytes(1 << 20) + b"x"

    asyncio.run(run())
    assert len(files(tmp_path)) == 2


def test_a_deleted_delivery_takes_its_file_along(tmp_path: Path) -> None:
    async def run() -> None:
        async with open_store(tmp_path) as store:
            ids = [await add_large(store, CHUNKS) for _ in range(3)]
            await store.delete(ids[:2])

    asyncio.run(run())
    assert len(files(tmp_path)) == 1


def test_files_that_no_delivery_names_are_removed_at_the_start(tmp_path: Path) -> None:
    async def run() -> None:
        async with open_store(tmp_path) as store:
            await add_large(store, CHUNKS)

    asyncio.run(run())
    (name,) = files(tmp_path)
    (tmp_path / "bodies" / ("0" * 16 + ".body")).write_bytes(b"left by a crash")
    (tmp_path / "bodies" / "notes.txt").write_text("not ours")
    asyncio.run(run())
    assert name in files(tmp_path)
    assert "notes.txt" in files(tmp_path)
    assert len(files(tmp_path)) == 3


def test_a_body_file_that_is_gone_is_told(tmp_path: Path) -> None:
    async def run() -> None:
        async with open_store(tmp_path) as store:
            await add_large(store, CHUNKS)

    asyncio.run(run())
    (tmp_path / "bodies" / files(tmp_path)[0]).unlink()
    with closing(Reader(tmp_path)) as reader, pytest.raises(StoreError, match="body of delivery 1"):
        reader.delivery(1)


def test_a_large_body_is_searched_too(tmp_path: Path) -> None:
    from inspector.core.filters import parse

    async def run() -> None:
        async with open_store(tmp_path) as store:
            await add_large(store, [*CHUNKS, b"the Needle"])
            await add_large(store, CHUNKS)

    asyncio.run(run())
    with closing(Reader(tmp_path)) as reader:
        assert list(reader.ids(parse("body:needle"))) == [1]


def test_one_that_is_deleted_while_all_are_read_is_left_out(tmp_path: Path) -> None:
    async def run() -> list[int]:
        async with open_store(tmp_path) as store:
            await store.add(a_delivery())
            for _ in range(2):
                await add_large(store, CHUNKS)
            with closing(Reader(tmp_path)) as reader:
                deliveries = reader.deliveries()
                found = [next(deliveries).id]
                await store.delete([2])
                return found + [delivery.id for delivery in deliveries]

    assert asyncio.run(run()) == [1, 3]
