"""What cannot be stored is said so, costs nothing that was stored, and ends when its cause ends."""

import asyncio
import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from inspector.store import Reader, StoreError, open_store
from inspector.store.migrations import MIGRATIONS
from inspector.store.sqlite import FILE_NAME
from tests.store.samples import a_delivery, a_handler, a_request
from tests.store.test_store import kept, stored


def opening(folder: Path) -> str:
    """What opening the store in `folder` says."""
    with pytest.raises(StoreError) as caught:
        stored(folder, [])
    return str(caught.value)


def test_a_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    said = opening(tmp_path / "data")
    assert str(tmp_path / "data") in said
    assert "\n" not in said


def test_a_newer_store_is_left_as_it_is(tmp_path: Path) -> None:
    stored(tmp_path, [a_delivery()])
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection:
        connection.execute(f"PRAGMA user_version = {max(MIGRATIONS) + 1}")
    assert "newer version" in opening(tmp_path)
    with closing(Reader(tmp_path)) as reader, pytest.raises(StoreError, match="newer version"):
        reader.ids()


def test_a_database_of_another_program_is_left_as_it_is(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    before = (tmp_path / FILE_NAME).read_bytes()
    assert "another program" in opening(tmp_path)
    assert (tmp_path / FILE_NAME).read_bytes() == before


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"no database at all" * 100)
    assert str(tmp_path / FILE_NAME) in opening(tmp_path)
    assert (tmp_path / FILE_NAME).read_bytes() == b"no database at all" * 100


def test_a_store_can_be_opened_in_a_folder_with_an_odd_name(tmp_path: Path) -> None:
    folder = tmp_path / "50% off? #1 ü"
    stored(folder, [a_delivery()])
    assert len(kept(folder)) == 1


DISK_FULL = """
import asyncio, json, os, resource, sys
from pathlib import Path
from inspector.store import StoreError, open_store
from tests.store.samples import a_delivery, a_request

def one(store):
    return store.add(a_delivery(a_request(body=os.urandom(40_000))))

async def large(store):
    spooled = store.spool()
    try:
        for _ in range(40):
            spooled.write(os.urandom(50_000))
    except OSError:
        spooled.discard()
        return "refused"

async def main():
    folder = Path(sys.argv[1])
    async with open_store(folder) as store:
        acknowledged, refused = [], []
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, resource.RLIM_INFINITY))
        for _ in range(15):
            for result in await asyncio.gather(*(one(store) for _ in range(4)), return_exceptions=True):
                (refused if isinstance(result, StoreError) else acknowledged).append(result)
        spool = await large(store)
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        healed = [await one(store) for _ in range(3)]
        print(json.dumps([acknowledged, [str(error) for error in refused], healed, spool]))

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_a_full_disk_loses_nothing_acknowledged_and_heals(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", DISK_FULL, str(tmp_path)],
        check=True,
        capture_output=True,
        cwd=Path(__file__).parents[2],
    )
    acknowledged, refused, healed, spool = json.loads(run.stdout)
    assert acknowledged
    assert refused
    assert spool == "refused"
    assert all(str(tmp_path) in sentence and sentence.endswith(".") for sentence in refused)
    assert [delivery.id for delivery in kept(tmp_path)] == sorted(acknowledged + healed)
    assert list((tmp_path / "bodies").iterdir()) == []


def test_one_delivery_that_cannot_be_stored_does_not_stop_the_next(tmp_path: Path) -> None:
    too_early = a_delivery(received_ns=2**70)  # no database can hold it

    async def run() -> int:
        async with open_store(tmp_path) as store:
            with pytest.raises(StoreError):
                await store.add(too_early)
            return await store.add(a_delivery())

    assert asyncio.run(run()) == 1
    assert len(kept(tmp_path)) == 1


def test_the_file_of_a_body_that_was_not_stored_goes_with_the_next_commit(tmp_path: Path) -> None:
    async def run() -> None:
        async with open_store(tmp_path) as store:
            spooled = store.spool()
            spooled.write(b"large" * 1000)
            lost = a_delivery(a_request(body=spooled.finish()), received_ns=2**70)
            with pytest.raises(StoreError):
                await store.add(lost, spooled)
            await store.add(a_delivery())

    asyncio.run(run())
    assert list((tmp_path / "bodies").iterdir()) == []


def test_a_failed_change_of_handlers_leaves_the_store_usable(tmp_path: Path) -> None:
    async def run() -> int:
        async with open_store(tmp_path) as store:
            with pytest.raises(StoreError):
                await store.save_handlers([a_handler(id=9)])
            return await store.add(a_delivery())

    assert asyncio.run(run()) == 1


def test_an_error_that_nobody_foresaw_ends_neither_the_writer_nor_who_waits(tmp_path: Path) -> None:
    def breaks(_: sqlite3.Connection) -> None:
        raise LookupError("odd")

    async def work() -> int:
        async with open_store(tmp_path) as store:
            with pytest.raises(StoreError):
                await store.do(breaks)
            return await store.add(a_delivery())

    assert asyncio.run(asyncio.wait_for(work(), 20)) == 1
    assert len(kept(tmp_path)) == 1
