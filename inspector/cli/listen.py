"""`listen`: receive without a window, a line per delivery."""

import argparse
import os
import signal
import sys
from functools import partial
from typing import TYPE_CHECKING

from inspector.cli.failure import CANNOT_RUN, DONE, Failed
from inspector.cli.parser import Commands, add_address_flags, add_command, folder_of, settings_flags

if TYPE_CHECKING:
    import asyncio
    from pathlib import Path

    from inspector.app import Inspector
    from inspector.cli.printer import Printer
    from inspector.core.delivery import Summary
    from inspector.feed import Change
    from inspector.settings import Settings

_EXAMPLE = "  webhook-inspector listen --port 8081"
_STANDARD_OUTPUT, _STANDARD_ERROR = 1, 2


def add_to(commands: Commands) -> None:
    """Add the command."""
    summary = "receive without a window: a ready line with the URL, then a line per delivery"
    command = add_command(commands, "listen", summary, example=_EXAMPLE)
    add_address_flags(command, default=argparse.SUPPRESS)
    command.add_argument("--off", action="store_true", help="answer every request 403 and list it as refused")
    command.add_argument("--quiet", action="store_true", help="no line per delivery")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Receive until SIGINT or SIGTERM."""
    import asyncio

    from inspector.cli.log import log_into
    from inspector.cli.printer import Printer
    from inspector.event_loop import new_event_loop
    from inspector.settings import load

    folder = folder_of(arguments)
    flags = settings_flags(arguments) | ({"listener.enabled": False} if arguments.off else {})
    settings = load(folder, os.environ, flags)
    log_into(folder)
    output, faults = Printer(partial(_write, _STANDARD_OUTPUT)), Printer(partial(_write, _STANDARD_ERROR))
    try:
        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            runner.run(_listen(folder, settings, _Lines(output, faults, quiet=arguments.quiet)))
    finally:
        output.close()
        faults.close()
    return DONE


class _Lines:
    """What is printed of what changes."""

    def __init__(self, output: "Printer", faults: "Printer", *, quiet: bool) -> None:
        self._output, self._faults, self._quiet = output, faults, quiet
        self._faulty: set[str] = set()

    def say(self, line: str) -> None:
        """Print `line` on standard output."""
        self._output.print(lambda: line)

    def say_fault(self, line: str) -> None:
        """Print `line` on standard error."""
        self._faults.print(lambda: line)

    def tell(self, change: "Change") -> None:
        """Print what `change` means to who watches the terminal."""
        from inspector.cli.terminal import escaped
        from inspector.core.delivery import summary_of
        from inspector.feed import DeliveriesAdded, Fault, FaultEnded

        match change:
            case DeliveriesAdded(deliveries) if not self._quiet:
                for delivery in deliveries:
                    summary = summary_of(delivery)
                    self._output.print(partial(_line, summary))
            case Fault(source, text):
                self._faulty.add(source)
                self.say_fault(f"{source}: {escaped(text)}")
            case FaultEnded(source) if source in self._faulty:
                self._faulty.remove(source)
                self.say_fault(f"{source}: works again")


def _line(summary: "Summary") -> str:
    from msgspec.structs import replace

    from inspector.cli.terminal import masked_target, summary_line

    return summary_line(replace(summary, target=masked_target(summary.target)))


async def _listen(folder: "Path", settings: "Settings", lines: _Lines) -> None:
    import asyncio

    from inspector.app import running
    from inspector.commands import served

    stop = asyncio.Event()
    stop_on_signals(asyncio.get_running_loop(), stop)
    async with running(folder, settings, listen=False) as inspector, served(inspector, window=False):
        inspector.feed.subscribe(lines.tell)
        await inspector.start_listening()
        _say_ready(inspector, lines)
        await stop.wait()


def _say_ready(inspector: "Inspector", lines: _Lines) -> None:
    from inspector.settings import is_loopback

    state, host = inspector.listener_state, inspector.settings.listener.host
    if not state.listening:
        raise Failed(CANNOT_RUN, state.problem or "The listener could not start.")
    if not is_loopback(host):
        lines.say_fault(f"Listening on {host}: other machines can reach this.")
    if inspector.secret_notice and any(handler.secrets for handler in inspector.handlers):
        lines.say_fault(inspector.secret_notice)
    off = "" if state.enabled else " (switched off: every request is answered 403)"
    lines.say(f"Listening on {state.url}{off}")


def stop_on_signals(loop: "asyncio.AbstractEventLoop", stop: "asyncio.Event") -> None:
    """Let SIGINT and SIGTERM set `stop`."""
    for number in (signal.SIGINT, signal.SIGTERM):
        if sys.platform == "win32":
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
        else:
            loop.add_signal_handler(number, stop.set)


def _write(descriptor: int, text: bytes) -> None:
    """Write all of it, past Python's buffers: a thread that is blocked in those would hang the exit."""
    left = memoryview(text)
    while left:
        left = left[os.write(descriptor, left) :]
