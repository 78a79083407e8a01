"""Long work on deliveries: by the instance that runs for the folder, or by one of our own where none does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol

from inspector.commands import ResendDeliveries, SteerRun
from inspector.commands.scenarios import AskScenario, StartScenario
from inspector.commands.simulations import AskSimulation, StartSimulation

_STARTING_LIMIT_S = 3.0
"""An instance holds the folder a moment before its channel answers."""

type Question = ResendDeliveries | SteerRun | StartScenario | AskScenario | StartSimulation | AskSimulation


class Ask(Protocol):
    """Who performs what is asked."""

    async def __call__[T](self, question: Question, kind: type[T], /) -> T:
        """The answer, which is of this kind. Raises Refused."""


@asynccontextmanager
async def reached(folder: Path) -> AsyncIterator[Ask]:
    """Who performs what is asked. Raises Refused, FolderInUse, SettingsError and what else keeps it from starting."""
    from inspector.instance import FolderInUse

    deadline = asyncio.get_running_loop().time() + _STARTING_LIMIT_S
    while True:
        if await asyncio.to_thread(_is_running, folder):
            yield _asking(folder)
            return
        try:
            async with _our_own(folder) as ask:
                yield ask
                return
        except FolderInUse:
            if asyncio.get_running_loop().time() > deadline:
                raise
            await asyncio.sleep(0.05)


def _asking(folder: Path) -> Ask:
    async def ask[T](question: Question, kind: type[T], /) -> T:
        return await asyncio.to_thread(_asked, folder, question, kind)

    return ask


@asynccontextmanager
async def _our_own(folder: Path) -> AsyncIterator[Ask]:
    import os

    import msgspec

    from inspector.app import running
    from inspector.cli.log import log_into
    from inspector.commands import perform_resend
    from inspector.commands.scenarios import perform_scenario
    from inspector.commands.simulations import perform_simulation
    from inspector.settings import load

    async with running(folder, load(folder, os.environ), listen=False, forward=False) as inspector:
        log_into(folder)

        async def ask[T](question: Question, kind: type[T], /) -> T:
            if isinstance(question, StartScenario | AskScenario):
                return msgspec.convert(await perform_scenario(question, inspector), kind)
            if isinstance(question, StartSimulation | AskSimulation):
                return msgspec.convert(await perform_simulation(question, inspector), kind)
            return msgspec.convert(await perform_resend(question, inspector), kind)

        yield ask


def _is_running(folder: Path) -> bool:
    from inspector.commands import RunStatus
    from inspector.instance import ChannelClosed, Refused

    try:
        _asked(folder, SteerRun(run=0), RunStatus)
    except ChannelClosed:
        return False
    except Refused as refused:
        if refused.kind != "unknown-name":  # it runs and cannot do it
            raise
    return True


def _asked[T](folder: Path, question: Question, kind: type[T]) -> T:
    import msgspec

    from inspector.instance import ask

    return msgspec.convert(ask(folder, question), kind)
