"""Secrets that are made up, and handlers that verify what is signed with one."""

import asyncio
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from PySide6.QtCore import QObject

from inspector import presets
from inspector.core.handler import SecretRef
from inspector.core.simulation.simulate import parameters_for, placed
from inspector.gui.engine import Engine
from inspector.gui.handlers.chain import Chain
from inspector.gui.handlers.commands import AddHandler
from inspector.gui.handlers.from_delivery import preset_handler
from inspector.simulating import handlers_secret, made_secret


class OwnSecrets(QObject):
    """Makes them for a preset and scheme, which are named as `github:sha1`."""

    def __init__(self, engine: Engine, chain: Chain, parent: QObject) -> None:
        super().__init__(parent)
        self._engine, self._chain = engine, chain

    async def kept(self, reference: str) -> str:
        """The private key that was kept for the provider; empty where there is none."""
        return await self._engine.call(lambda inspector: inspector.simulator.own_key(reference))

    async def made(self, reference: str) -> str:
        """A new one."""
        return (await asyncio.to_thread(made_secret, presets.scheme(reference).scheme))[0]

    async def handler_with(self, reference: str, secret: str, parameters: Mapping[str, str]) -> str:
        """The name of a new handler that verifies what `secret` signs; empty where it could not be saved.

        A private key is kept with the secrets. Raises CannotSimulate and SecretUnavailable.
        """
        preset, scheme = presets.preset(reference.partition(":")[0]), placed(presets.scheme(reference).scheme)
        given = handlers_secret(scheme, secret)
        id_ = await self._engine.call(lambda inspector: inspector.keep_secret(given))
        names = {each.name for each in self._chain.handlers}
        name = next(name for name in _numbered(preset.id) if name not in names)
        handler = replace(
            preset_handler(preset, name),
            scheme=scheme,
            preset=reference,
            secrets=(SecretRef(id_, self.tr("simulator"), f"{datetime.now(UTC):%Y-%m-%d}"),),
            parameters=parameters_for(preset, parameters),
        )
        text = self.tr("Make a handler for {name}").format(name=preset.name)
        if not await self._chain.do(AddHandler(text, handler)):
            return ""
        await self._engine.call(lambda inspector: inspector.simulator.keep_own_key(reference, secret))
        return name


def _numbered(name: str) -> Iterator[str]:
    """The name, then with a number behind it."""
    yield name
    for number in itertools.count(2):
        yield f"{name} {number}"
