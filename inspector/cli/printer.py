"""Lines for a reader that may be slow, blocked or gone."""

import threading
from collections import deque
from collections.abc import Callable

_MOST_WAITING = 1_000
_LAST_LINES_LIMIT_S = 1.0


class Printer:
    """Prints in a thread of its own. Printing never waits: lines that find no room are counted and said as "n more".

    `write` takes all of the bytes and may block. Where it fails the reader is gone, and nothing is printed any more.
    """

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self._write = write
        self._lines: deque[Callable[[], str]] = deque()
        self._dropped = 0
        self._closing = False
        self._changed = threading.Condition()
        # A daemon: the end of the process does not wait for a blocked terminal.
        self._thread = threading.Thread(target=self._run, name="printer", daemon=True)
        self._thread.start()

    def print(self, line: Callable[[], str]) -> None:
        """Print what `line` gives when its turn comes; it is not even made when it is dropped."""
        with self._changed:
            if len(self._lines) < _MOST_WAITING and not self._dropped:
                self._lines.append(line)
            else:
                self._dropped += 1
            self._changed.notify()

    def close(self) -> None:
        """Give the last lines a moment to be read."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join(_LAST_LINES_LIMIT_S)

    def _run(self) -> None:
        while lines := self._next():
            try:
                self._write("".join(f"{line()}\n" for line in lines).encode("utf-8", "backslashreplace"))
            except OSError:
                return

    def _next(self) -> list[Callable[[], str]]:
        """The lines to print now; empty when there will be none any more."""
        with self._changed:
            self._changed.wait_for(lambda: self._lines or self._dropped or self._closing)
            lines = list(self._lines)
            if self._dropped:
                lines.append(f"... {self._dropped} more".__str__)
            self._lines.clear()
            self._dropped = 0
            return lines
