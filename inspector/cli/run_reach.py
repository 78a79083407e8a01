"""Runs of resends: by the instance that runs for the folder, or by one of our own where none does."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from inspector.commands import ResendDeliveries, RunStatus, SteerRun, perform_resend

_STARTING_LIMIT_S = 3.0
"""An instance holds the folder a moment before its channel answers."""

type Ask = Callable[[ResendDeliveries | SteerRun], Awaitable[RunStatus]]


@asynccontextmanager
async def reached(folder: Path) -> AsyncIterator[Ask]:
    """Who performs what is asked. Raises Refused, FolderInUse, SettingsError and what else keeps it from starting."""
    from inspector.instance import FolderInUse

    deadline = asyncio.get_running_loop().time() + _STARTING_LIMIT_S
    while True:
        if await asyncio.to_thread(_is_running, folder):

            async def ask(command: ResendDeliveries | SteerRun) -> RunStatus:
                return await asyncio.to_thread(_asked, folder, command)

            yield ask
            return
        try:
            async with _our_own(folder) as ask_here:
                yield ask_here
                return
        except FolderInUse:
            if asyncio.get_running_loop().time() > deadline:
                raise
            await asyncio.sleep(0.05)


@asynccontextmanager
async def _our_own(folder: Path) -> AsyncIterator[Ask]:
    import os

    from inspector.app import running
    from inspector.cli.log import log_into
    from inspector.settings import load

    async with running(folder, load(folder, os.environ), listen=False, forward=False) as inspector:
        log_into(folder)

        async def ask(command: ResendDeliveries | SteerRun) -> RunStatus:
            return await perform_resend(command, inspector)

        yield ask


def _is_running(folder: Path) -> bool:
    from inspector.instance import ChannelClosed, Refused

    try:
        _asked(folder, SteerRun(run=0))
    except ChannelClosed:
        return False
    except Refused as refused:
        if refused.kind != "unknown-name":  # it runs and cannot do it
            raise
    return True


def _asked(folder: Path, command: ResendDeliveries | SteerRun) -> RunStatus:
    import msgspec

    from inspector.instance import ask

    return msgspec.convert(ask(folder, command), RunStatus)
