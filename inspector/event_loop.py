"""The event loop of the engine: uvloop's where there is one, asyncio's elsewhere."""

import asyncio


def new_event_loop() -> asyncio.AbstractEventLoop:
    """A new loop for the engine."""
    try:
        import uvloop
    except ImportError:  # Windows, other interpreters
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()
