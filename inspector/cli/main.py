"""The command line from its arguments to its exit code."""

import argparse
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from inspector import __version__
from inspector.cli import (
    count,
    diagnose,
    export,
    forward,
    handlers,
    list_deliveries,
    listen,
    providers,
    resend,
    scenario,
    show,
    sign,
    simulate,
    verify,
    window,
)
from inspector.cli.failure import CANNOT_RUN, DONE, EXIT_CODES, Failed, failed_for
from inspector.cli.parser import NAME, Commands, Parser, add_address_flags, add_data_flag, parsed

if TYPE_CHECKING:
    from pathlib import Path

_INTERRUPTED = 130
_EPILOG = f"""Without a command the window opens.

example:
  webhook-inspector --port 8081

{EXIT_CODES}"""


def run(arguments: Sequence[str], open_window: window.OpenWindow) -> int:
    """Do what the arguments say; returns the exit code. What goes wrong is said in one sentence on standard error."""
    _make_streams_safe()
    folder: Path | None = None
    try:
        namespace = parsed(_parser(), arguments)
        folder = _folder_of(namespace)
        _keep_the_log_off_the_terminal()
        code = namespace.run(namespace) if namespace.run else window.run(namespace, open_window)
        sys.stdout.flush()
    except Failed as failed:
        return _say(failed)
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:
        _forget_output()
        return DONE
    except Exception as error:  # noqa: BLE001 - nobody who types a command wants a traceback
        return _say(failed_for(error) or _unexpected(error, folder))
    return int(code)


class _MainParser(Parser):
    """Its help ends with every setting, read from where the window's form reads them too."""

    def format_help(self) -> str:
        """The help, and the settings that variables can say."""
        from inspector.settings.load import variable_of
        from inspector.settings.settings import every_field

        lines = ["", "", "settings, by variable; flags beat variables beat settings.toml in the data folder:"]
        for subject, each in every_field():
            lines.append(f"  {variable_of(subject, each.name)}: {each.allowed}; {each.default!r} where nothing says it")
            lines.append(f"      {each.label}. {each.help}")
        return super().format_help().rstrip() + "\n".join(lines) + "\n"


def _parser() -> Parser:
    parser = _MainParser(prog=NAME, description="Receives webhooks and explains them.", epilog=_EPILOG)
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    add_data_flag(parser, default=None)
    add_address_flags(parser, default=None)
    parser.set_defaults(run=None)
    commands: Commands = parser.add_subparsers(metavar="COMMAND", title="commands", parser_class=Parser)
    for module in (
        *(listen, handlers, list_deliveries, show, count, verify, diagnose, sign, providers),
        *(resend, forward, scenario, simulate, export, window),
    ):
        module.add_to(commands)
    return parser


def _say(failed: Failed) -> int:
    from inspector.cli.terminal import escaped

    print(f"{NAME}: {escaped(str(failed))}", file=sys.stderr)
    return failed.code


def _unexpected(error: Exception, folder: "Path | None") -> Failed:
    """Log what nobody foresaw, and the sentence for it."""
    import logging

    from inspector.cli.log import log_into

    _keep_the_log_off_the_terminal()
    file = log_into(folder) if folder is not None and folder.is_dir() else None
    logging.getLogger(__name__).error("%s failed", NAME, exc_info=error)
    where = f"; {file} says more" if file else ""
    return Failed(CANNOT_RUN, f"Something went wrong that should not ({type(error).__name__}){where}.")


def _folder_of(namespace: argparse.Namespace) -> "Path":
    from inspector.settings import data_folder

    return data_folder(namespace.data, os.environ)


def _keep_the_log_off_the_terminal() -> None:
    import logging

    if not logging.getLogger().handlers:
        logging.getLogger().addHandler(logging.NullHandler())


def _make_streams_safe() -> None:
    """Text that the terminal's encoding lacks is escaped; a start without a console has no streams at all."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123 - for the whole process
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _forget_output() -> None:
    """Nobody reads on, as with `| head`: what is still buffered goes nowhere, so that the exit says nothing of it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
