"""The store alone: python -m tests.benchmarks.store [deliveries stored for the reading part]."""

import asyncio
import contextlib
import random
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import uvloop

from inspector.core.filters import Search, parse
from inspector.store import Reader, open_store
from tests.benchmarks.filling import fill, typical_delivery

WAITING = 128
SECONDS = 5.0


def main() -> None:
    """Print every figure."""
    stored = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with folder() as empty:
        uvloop.run(writing(empty))
    with folder() as full:
        began = time.perf_counter()
        fill(full, stored)
        print(f"filled with {stored:,} in {time.perf_counter() - began:.1f} s")
        bytes_ = sum(file.stat().st_size for file in full.rglob("*") if file.is_file())
        print(f"disk per 2 KiB delivery: {bytes_ / stored:.0f} B (bar 1,500)")
        uvloop.run(starting(full))
        reading(full)


async def writing(where: Path) -> None:
    """Commits and deliveries a second with 1 KiB bodies, memory per delivery kept."""
    chance = random.Random(1)
    deliveries = [typical_delivery(chance, number, 1024) for number in range(500)]
    commits = sent = 0

    def committed(_: object) -> None:
        nonlocal commits
        commits += 1

    async with open_store(where, committed=committed) as store:

        async def sender(number: int) -> None:
            nonlocal sent
            while time.perf_counter() < end:
                number += 1
                store.answered(await store.add(deliveries[number % 500]), number)
                sent += 1

        for waiting in (1, 16, WAITING):
            commits, began, before = 0, time.perf_counter(), sent
            memory, cpu = _memory(), time.process_time()
            end = began + SECONDS
            await asyncio.gather(*(sender(number) for number in range(waiting)))
            took, count = time.perf_counter() - began, sent - before
            print(
                f"{waiting:4} waiting: {count / took:8,.0f} deliveries/s {commits / took:7,.0f} commits/s "
                f"{(time.process_time() - cpu) / count * 1e6:5.1f} us processor each, "
                f"memory {(_memory() - memory) / count:6.1f} B each"
            )


async def starting(where: Path) -> None:
    """How long it takes to open, and to close."""
    began = time.perf_counter()
    async with open_store(where) as store:
        opened = time.perf_counter()
        delivery = typical_delivery(random.Random(2), 1)
        await store.add(delivery)
        print(f"opened in {(opened - began) * 1e3:.1f} ms, first commit {(time.perf_counter() - opened) * 1e3:.1f} ms")


def reading(where: Path) -> None:
    """Pages, counts and searches over everything that is stored."""
    memory = _memory()
    reader = Reader(where)
    last = reader.newest_id()
    chance = random.Random(3)
    starts = [chance.randrange(1, last - 300) for _ in range(50)]
    print(f"page of 256, dense: {_median(lambda: reader.page(range(start := starts.pop(), start + 256)), 40):.2f} ms")
    scattered = [sorted(chance.sample(range(1, last), 256)) for _ in range(20)]
    print(f"page of 256, scattered: {_median(lambda: reader.page(scattered.pop()), 15):.2f} ms")
    print(f"delivery: {_median(lambda: reader.delivery(chance.randrange(1, last)), 100):.3f} ms")
    print(f"counts: {_median(reader.counts, 20):.3f} ms; ids of everything: {_median(reader.ids, 20):.3f} ms")
    for text in ("verdict:failed", "handler:stripe", "status:4xx", "path:/webhooks/*", "size:>10kb", "age:<1h"):
        search = parse(text)
        first = _median(partial(_first_slice, reader, search), 5)
        began = time.perf_counter()
        found = len(reader.ids(search))
        print(f"{text}: {found:,} in {(time.perf_counter() - began) * 1e3:.0f} ms, first slice {first:.1f} ms")
    for text in ("urgent", "body:nothingofthekind", "header:x-request-id=abcdef"):
        began = time.perf_counter()
        found, looked = 0, 0
        for ids in reader.scan(parse(text), newest_first=True):
            found, looked = found + len(ids), looked + 1
            if found > 200 or time.perf_counter() - began > 5:
                break
        print(f"{text}: {found} in {(time.perf_counter() - began) * 1e3:.0f} ms, {looked} slices")
    print(f"memory of all this reading: {(_memory() - memory) / 2**20:.1f} MiB")
    reader.close()


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """A folder on the disk of the checkout, for a moment: the system's temporary one may be in memory."""
    where = Path(tempfile.mkdtemp(dir=Path.cwd(), prefix=".benchmark-"))
    try:
        yield where
    finally:
        shutil.rmtree(where)


def _first_slice(reader: Reader, search: Search) -> object:
    return next(reader.scan(search, newest_first=True))


def _median(work: Callable[[], object], times: int) -> float:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return sorted(taken)[times // 2] * 1e3


def _memory() -> float:
    """Resident bytes of this process; the peak where the system does not tell."""
    with contextlib.suppress(OSError):
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main()
