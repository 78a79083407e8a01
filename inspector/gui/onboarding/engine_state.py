"""What an empty state asks the engine for when it starts."""

from typing import TYPE_CHECKING

from inspector.core.handler import Handler
from inspector.feed import ListenerState

if TYPE_CHECKING:  # imported in the engine's thread
    from inspector.app import Inspector


async def chain_and_listener(inspector: "Inspector") -> tuple[tuple[Handler, ...], ListenerState]:
    """The chain and the listener as they stand."""
    return inspector.handlers, inspector.listener_state
