"""Have a request performed: by the instance that runs for the folder, or by one of our own where none does."""

import time
from pathlib import Path

from inspector.commands import Command, Done

_STARTING_LIMIT_S = 3.0
"""An instance holds the folder a moment before its channel answers."""


def performed(folder: Path, command: Command) -> Done:
    """What came of `command`. Raises Refused, FolderInUse, SettingsError and what else keeps it from starting."""
    from inspector.instance import ChannelClosed, FolderInUse

    deadline = time.monotonic() + _STARTING_LIMIT_S
    while True:
        try:
            return asked(folder, command)
        except ChannelClosed:
            pass
        try:
            return _by_our_own(folder, command)
        except FolderInUse:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def asked(folder: Path, command: Command) -> Done:
    """What the running instance made of `command`. Raises ChannelClosed where none runs, and Refused."""
    import msgspec

    from inspector.instance import ask

    return msgspec.convert(ask(folder, command), Done)


def _by_our_own(folder: Path, command: Command) -> Done:
    import asyncio
    import os

    from inspector.app import running
    from inspector.cli.log import log_into
    from inspector.commands import perform
    from inspector.settings import load

    settings = load(folder, os.environ)

    async def perform_it() -> Done:
        async with running(folder, settings, listen=False, forward=False) as inspector:
            log_into(folder)
            return await perform(command, inspector)

    return asyncio.run(perform_it())
