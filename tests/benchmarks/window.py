"""The window on a million stored deliveries: start, scrolling, following, searching, memory (SPEC.md 10).

Run as `python -m tests.benchmarks.window [COUNT]`; it needs no display. The start is that of a process of its own.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.benchmarks.filling import fill

STARTS = 5
SEARCHES = ("verdict:failed", "handler:stripe", "path:/webhooks", "status:403 size:>2000", "path:/nowhere")


def started(folder: Path) -> int:
    """In a process of its own: say when it is painted, when it listens, and what it takes; then end."""
    began = float(sys.argv[2])
    from inspector.gui import main, program

    told: list[str] = []

    class Timed(program.Program):
        def add_pages(self) -> None:
            told.append(f"{(time.time() - began) * 1000:.0f}")
            super().add_pages()
            self.engine.changed.connect(self._look)

        def _look(self) -> None:
            if self.window.header.url and len(told) == 1:
                told.append(f"{(time.time() - began) * 1000:.0f}")
                told.append(f"{rss_mib():.0f}")
                self.window.close()

    main.Program = Timed  # type: ignore[attr-defined]
    code = main.run(folder, {"listener.port": "0"})
    print(*told)
    return code


def starts(folder: Path, name: str) -> None:
    """Print the median start on `folder`."""
    rows = []
    for _ in range(STARTS):
        command = [sys.executable, "-m", "tests.benchmarks.window", str(folder), str(time.time())]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        rows.append([float(word) for word in done.stdout.split()])
    painted, listening, memory = (statistics.median(column) for column in zip(*rows, strict=True))
    print(
        f"start, {name}: painted {painted:.0f} ms, listening {listening:.0f} ms, {memory:.0f} MiB   bars 500, 1,000 ms"
    )


def lists(folder: Path, count: int) -> None:
    """Print what the list costs: rows that arrive, scrolling, searches."""
    from PySide6.QtGui import QUndoStack
    from PySide6.QtWidgets import QApplication, QLabel

    from inspector.core.filters import parse
    from inspector.gui.deliveries.delivery_list import DeliveryList
    from inspector.gui.deliveries.live_list import LiveList
    from inspector.store import Reader
    from tests.gui.summaries import a_summary

    application, reader = QApplication.instance() or QApplication([]), Reader(folder)
    shown = DeliveryList(reader.page, nothing_yet=QLabel(), no_match=QLabel())
    shown.resize(900, 800)
    shown.show()
    live = LiveList(folder, reader, shown, QUndoStack())
    live.load()
    while shown.model.rowCount() < count:
        application.processEvents()
    bar = shown.view.verticalScrollBar()

    def step(act: Callable[[], object]) -> float:
        began = time.perf_counter()
        act()
        application.processEvents()
        return (time.perf_counter() - began) * 1000

    print(f"repaint {summed([step(shown.view.viewport().repaint) for _ in range(50)])}")
    down = shown.view.row_height * 3
    print(f"wheel   {summed([step(lambda: bar.setValue(bar.value() + down)) for _ in range(100)])}")
    places = [bar.maximum() * (place * 37 % 100) // 100 for place in range(100)]
    print(f"jump    {summed([step(lambda to=to: bar.setValue(to)) for to in places])}   bar 50 ms")  # type: ignore[misc]
    newest = count
    for following in (True, False):
        shown.follow(on=following)
        costs = []
        for _ in range(60):
            arriving = [a_summary(newest + place) for place in range(1, 34)]
            newest += 33
            costs.append(step(lambda new=arriving: shown.add(new)))  # type: ignore[misc]
        print(f"33 rows arrive, {'following' if following else 'paused   '} {summed(costs)}   bar 33 ms")
    for text in SEARCHES:
        pieces: list[float] = []
        whole: list[float] = []
        began = time.perf_counter()

        def note(found: object, began: float = began, pieces: list[float] = pieces, whole: list[float] = whole) -> None:
            pieces.append((time.perf_counter() - began) * 1000)
            if getattr(found, "whole", False):
                whole.append(pieces[-1])

        connection = live._finder.found.connect(note)
        live.search_for(parse(text))
        while not whole:
            application.processEvents()
        live._finder.found.disconnect(connection)
        print(f"search {text:24} first screen {pieces[0]:5.0f} ms, whole {whole[0]:5.0f} ms   bar 50 ms")
    live.stop()
    reader.close()


def summed(costs: Sequence[float]) -> str:
    """Median and worst."""
    return f"{statistics.median(costs):5.1f} ms, at most {max(costs):5.1f} ms"


def rss_mib() -> float:
    """Resident memory of this process; Linux only."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def main(count: int) -> None:
    """Measure all of it."""
    with tempfile.TemporaryDirectory() as empty, tempfile.TemporaryDirectory() as full:
        starts(Path(empty), "nothing stored")
        fill(Path(full), count)
        starts(Path(full), f"{count:,} stored")
        lists(Path(full), count)


if __name__ == "__main__":
    sys.setswitchinterval(0.0005)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if len(sys.argv) > 2:
        raise SystemExit(started(Path(sys.argv[1])))
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
