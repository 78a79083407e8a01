"""The product from a checkout: the window, or the command that is named. Started by `packaging/run`."""

import os
import sys
from collections.abc import Mapping, Sequence

from environment import ROOT, become, prepare, say
from libraries import OFFSCREEN, X11, bring_libraries

_FLAGS_OF_THE_WINDOW = ("--data", "--host", "--port")


def main(arguments: Sequence[str]) -> None:
    """Make the environment and go on as the product; receive in the terminal where a window is meant and cannot be."""
    python = prepare(tests=False)
    if _means_the_window(arguments):
        if _has_display():
            bring_libraries(_libraries(os.environ))
        else:
            say("There is no display to open a window on: receiving in the terminal.")
            arguments = ["listen", *arguments]
    become([python, "-P", "-m", "inspector", *arguments])


def _means_the_window(arguments: Sequence[str]) -> bool:
    """Whether there is neither a command nor a flag that only prints something."""
    words = iter(arguments)
    for word in words:
        name, equals, _ = word.partition("=")
        if name not in _FLAGS_OF_THE_WINDOW:
            return False
        if not equals:
            next(words, None)
    return True


def _has_display() -> bool:
    sys.path.insert(0, str(ROOT))
    from inspector.cli.display import has_display  # needs nothing that is installed

    return has_display()


def _libraries(environ: Mapping[str, str]) -> Mapping[str, str]:
    platform = environ.get("QT_QPA_PLATFORM", "xcb" if environ.get("DISPLAY") else "")
    return {**OFFSCREEN, **X11} if platform.startswith("xcb") else OFFSCREEN


if __name__ == "__main__":
    main(sys.argv[1:])
