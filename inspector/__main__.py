"""`python -m inspector`: the window, or a command."""

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def main() -> int:
    """Do what the command line says; returns the exit code."""
    from inspector.cli.main import run

    return run(sys.argv[1:], _open_window)


def _open_window(folder: "Path", settings_flags: Mapping[str, object], open_id: int | None) -> int:
    from inspector.cli.failure import CANNOT_RUN, Failed
    from inspector.cli.log import log_into

    log_into(folder)
    try:
        from inspector.gui.main import run
    except ImportError as error:  # Qt, or a library of the system that Qt needs
        raise Failed(CANNOT_RUN, f"The window cannot be loaded: {error}.") from error
    return run(folder, settings_flags, open_id)


if __name__ == "__main__":
    sys.exit(main())
