"""Real deliveries in a real store."""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from inspector.core.delivery import Answer, Delivery, Rung, Standing, Verdict
from inspector.core.request import Headers, Request
from inspector.store import Store, open_store
from tests.gui.summaries import NOON_NS


def a_delivery(path: str = "/stripe", *, verdict: Verdict = Verdict.WON, body: bytes = b"{}") -> Delivery:
    """A delivery as a handler called `stripe` has judged it."""
    won = verdict is Verdict.WON
    rung = Rung(0, "stripe", "payments", Standing.WON if won else Standing.FAILED, None if won else "header-missing")
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    request = Request("POST", path, "1.1", Headers([(b"Host", b"localhost")]), body, head=head)
    return Delivery(request, "127.0.0.1:50000", NOON_NS, NOON_NS, verdict, (rung,), Answer(200 if won else 403))


def opened(folder: Path) -> AbstractAsyncContextManager[Store]:
    """The store in `folder`; nobody is told of commits."""
    return open_store(folder, committed=lambda _deliveries: None)


def keep(folder: Path, deliveries: Sequence[Delivery]) -> list[int]:
    """Store these and close the store again; returns their ids."""

    async def all_of_them() -> list[int]:
        async with opened(folder) as store:
            return [await store.add(delivery) for delivery in deliveries]

    return asyncio.run(all_of_them())
