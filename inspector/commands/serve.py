"""Answer the requests that come over the channel."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import msgspec

from inspector.commands.forwarding import BeginForward, EndForward, perform_forward
from inspector.commands.perform import perform
from inspector.commands.resending import ResendDeliveries, SteerRun, perform_resend
from inspector.commands.scenarios import AskScenario, StartScenario, perform_scenario
from inspector.commands.simulations import AskSimulation, StartSimulation, perform_simulation
from inspector.commands.values import (
    AddHandler,
    EditHandler,
    ImportHandlers,
    MoveHandler,
    OpenDelivery,
    RemoveHandler,
)
from inspector.instance import Refused, serving

if TYPE_CHECKING:
    from inspector.app import Inspector

_COMMANDS = msgspec.json.Decoder(
    AddHandler | EditHandler | RemoveHandler | MoveHandler | ImportHandlers | OpenDelivery | ResendDeliveries | SteerRun
    | BeginForward | EndForward | StartScenario | AskScenario | StartSimulation | AskSimulation
)  # fmt: skip


@asynccontextmanager
async def served(inspector: "Inspector", *, window: bool = True) -> AsyncIterator[None]:
    """Perform what other starts of the program ask of `inspector`. `window`: it can show a delivery."""

    async def answer(line: bytes) -> object:
        try:
            command = _COMMANDS.decode(line)
        except msgspec.MsgspecError:
            raise Refused("The running instance is of another version and does not know this.", "fault") from None
        if isinstance(command, OpenDelivery) and not window:
            raise Refused("A `listen` runs for this folder; it has no window.", "fault")
        if isinstance(command, ResendDeliveries | SteerRun):
            return await perform_resend(command, inspector)
        if isinstance(command, BeginForward | EndForward):
            return await perform_forward(command, inspector)
        if isinstance(command, StartScenario | AskScenario):
            return await perform_scenario(command, inspector)
        if isinstance(command, StartSimulation | AskSimulation):
            return await perform_simulation(command, inspector)
        return await perform(command, inspector)

    async with serving(inspector.folder, answer):
        yield
