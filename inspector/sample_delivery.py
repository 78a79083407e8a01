"""A test delivery: a real request, signed for a handler, sent through the listener's own socket."""

import asyncio
import secrets as randomness
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from inspector.core.handler import Handler
from inspector.core.verification.secret import Secret
from inspector.feed import DeliveriesAdded, Feed
from inspector.sources.listener import Listener

LIMIT_S = 10


class TestDeliveryFailed(Exception):
    """The test delivery could not be sent or was not stored; the message says why."""

    __test__ = False  # the name is the field's, not pytest's


async def send_test_delivery(listener: Listener, feed: Feed, handler: Handler, secret: Secret | None) -> int:
    """Send a request signed for `handler` to `listener`; returns the id of its delivery.

    Raises CannotSign where the handler cannot sign and TestDeliveryFailed where the request did not arrive.
    """
    identifier = f"test_{randomness.token_hex(8)}"
    try:
        async with _arrival(feed, identifier) as arrived, asyncio.timeout(LIMIT_S):
            await _send(listener, handler, secret, identifier)
            return await arrived
    except (OSError, TimeoutError) as error:
        raise TestDeliveryFailed(f"The test delivery did not arrive: {error or 'no answer'}.") from error


@asynccontextmanager
async def _arrival(feed: Feed, identifier: str) -> AsyncIterator[asyncio.Future[int]]:
    arrived: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def notice(change: object) -> None:
        if isinstance(change, DeliveriesAdded) and not arrived.done():
            for delivery in change.deliveries:
                if delivery.request.headers.first("X-Request-Id") == identifier.encode():
                    arrived.set_result(delivery.id)

    unsubscribe = feed.subscribe(notice)
    try:
        yield arrived
    finally:
        unsubscribe()


async def _send(listener: Listener, handler: Handler, secret: Secret | None, identifier: str) -> None:
    from inspector.core.sample import sample_request  # what signs is not needed at start

    host = listener.url.split("/")[2]
    request = sample_request(handler, secret, host=host, identifier=identifier, now=datetime.now(UTC))
    reader, writer = await asyncio.open_connection(listener.host, listener.port)
    try:
        writer.write(request.head + request.body)
        await writer.drain()
        await reader.readuntil(b"\r\n")
    except asyncio.IncompleteReadError as error:
        raise TestDeliveryFailed("The listener closed the connection without an answer.") from error
    finally:
        writer.close()
