"""Stored deliveries checked again by ten handlers of today, with progress: how many a second.

Run as `python -m tests.benchmarks.rechecking [COUNT]`; 100,000 deliveries of 2 KiB by default.
"""

import asyncio
import sys
import tempfile
import time
from contextlib import aclosing
from pathlib import Path

from inspector.app import Inspector, running
from inspector.core.filters import EVERYTHING
from inspector.core.handler import Handler, SecretRef
from inspector.core.rejudged import Recount
from inspector.event_loop import new_event_loop
from inspector.presets import scheme
from inspector.settings import Settings
from tests.benchmarks.filling import fill
from tests.benchmarks.verification import PROVIDERS, a_secret

COUNT = 100_000


async def _check(folder: Path) -> None:
    async with running(folder, Settings(), listen=False) as inspector:
        for size in (1, len(PROVIDERS)):
            await _make_handlers(inspector, size)
            await _check_all(inspector, size)


async def _make_handlers(inspector: Inspector, size: int) -> None:
    chain = []
    for number, name in enumerate(PROVIDERS[:size]):
        ref = SecretRef(await inspector.keep_secret(a_secret(number).value), "current")
        chain.append(Handler(f"{number}", scheme(name).scheme, secrets=(ref,)))
    await inspector.save_handlers(chain)


async def _check_all(inspector: Inspector, size: int) -> None:
    whole, began, told, first_s = Recount(), time.perf_counter(), 0, 0.0
    async with aclosing(inspector.rechecks.many(EVERYTHING)) as parts:
        async for part in parts:
            whole.merge(part.recount)
            if part.recount.counted:
                told += 1
                first_s = first_s or time.perf_counter() - began
    took_s = time.perf_counter() - began
    rate = whole.counted / took_s
    print(
        f"{whole.counted:,} deliveries, {size:2} handlers: {took_s:5.1f} s, {rate:8,.0f} deliveries/s, "
        f"{rate * size:8,.0f} checks/s; told {told} times, first after {first_s:.2f} s"
    )
    print("   ", ", ".join(f"{verdict} {len(ids):,}" for verdict, ids in whole.verdicts.items()))


def main() -> None:
    """Print the rates."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    with tempfile.TemporaryDirectory(prefix="webhook-inspector-", ignore_cleanup_errors=True) as folder:
        fill(Path(folder), count)
        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            runner.run(_check(Path(folder)))


if __name__ == "__main__":
    main()
