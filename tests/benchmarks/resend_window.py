"""10,000 resends in the real window with pause, resume and cancel: stalls, rate, memory.

`python -m tests.benchmarks.resend_window [RESENDS]`; the window is on the screen that `DISPLAY` names, else offscreen.
"""

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from inspector.core.bulk import Progress
from tests.benchmarks.filling import fill
from tests.benchmarks.resend import CONNECTIONS, STORED, _child, _rss_mib

HEARTBEAT_MS = 2
HELD_S = 1.0


def main() -> None:
    """Print every figure."""
    os.environ.setdefault("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    if not os.environ.get("DISPLAY"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    resends = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory(prefix="webhook-inspector-") as folder, _child("target") as url:
        fill(Path(folder), STORED)
        _show(Path(folder), url, resends)


def _show(folder: Path, url: str, resends: int) -> None:
    from PySide6.QtCore import QTimer

    from inspector.gui import main as gui
    from inspector.gui.program import Program

    run = Program.run

    async def watched(program: Program) -> None:
        scene = asyncio.get_running_loop().create_task(_scene(program, url, resends))
        scene.add_done_callback(lambda task: QTimer.singleShot(0, program.window, program.window.close))
        await run(program)
        await scene

    Program.run = watched  # type: ignore[method-assign, assignment]
    gui.run(folder, {"listener.port": 0})


class Beat:
    """Measures the window's thread from within."""

    def __init__(self, parent: object) -> None:
        from PySide6.QtCore import QObject, Qt, QTimer

        assert isinstance(parent, QObject)
        self._timer = QTimer(parent, interval=HEARTBEAT_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._last, self._last_work = time.perf_counter(), time.thread_time()
        self._gaps_ms: list[float] = []
        self._work_ms: list[float] = []
        self._timer.start()

    def _tick(self) -> None:
        now, work = time.perf_counter(), time.thread_time()
        self._gaps_ms.append((now - self._last) * 1000 - HEARTBEAT_MS)
        self._work_ms.append((work - self._last_work) * 1000)
        self._last, self._last_work = now, work

    def told(self) -> str:
        """The longest stalls since this was last asked, and the most work of the window's own between two beats."""
        gaps, self._gaps_ms = sorted(self._gaps_ms), []
        work, self._work_ms = max(self._work_ms), []
        worst = ", ".join(f"{gap:.0f}" for gap in gaps[-5:][::-1])
        p99 = gaps[int(len(gaps) * 0.99)]
        return f"longest stalls {worst} ms, p99 {p99:.1f} ms, own work at most {work:.0f} ms (bar 33 ms)"


async def _scene(program: object, url: str, resends: int) -> None:
    from PySide6.QtWidgets import QComboBox, QPushButton, QSpinBox

    from inspector.gui.program import Program
    from inspector.gui.resend.resends_pane import ResendsPane

    assert isinstance(program, Program)
    window = program.window
    await _until(lambda: window.header.url and window.panes.deliveries.model.rowCount() == STORED)
    window.panes.deliveries.step(1)
    window.actions_by_name["resend_to"].trigger()
    pane = window.findChild(ResendsPane)
    assert isinstance(pane, ResendsPane)

    def found[T](kind: type[T], name: str) -> T:
        child = pane.findChild(kind, name)  # type: ignore[type-var]
        assert isinstance(child, kind)
        return child

    found(QComboBox, "resend_target").setEditText(url)
    found(QComboBox, "resend_scope").setCurrentIndex(2)
    found(QSpinBox, "resend_connections").setValue(CONNECTIONS)
    found(QSpinBox, "resend_times").setValue(max(1, resends // STORED))
    send, pause, cancel = (found(QPushButton, name) for name in ("resend_send", "run_pause", "run_cancel"))
    await asyncio.sleep(2)
    beat, panel = Beat(window), pane._run
    await asyncio.sleep(2)

    def now() -> Progress:
        return panel._progress or Progress(0)

    print(f"at rest: {beat.told()}")
    for turn in ("first", "second"):
        before, last = _rss_mib(), panel._progress.run if panel._progress else 0
        send.click()
        await _until(lambda last=last: now().run != last and now().done > resends // 3)  # type: ignore[misc]
        pause.click()
        await _until(lambda: now().state == "paused")
        held = now().done
        await asyncio.sleep(HELD_S)
        assert now().done - held <= CONNECTIONS
        pause.click()
        if turn == "second":
            await _until(lambda: now().done > resends * 2 // 3)
            cancel.click()
        await _until(lambda: not panel.under_way)
        progress = now()
        print(
            f"{turn}: {progress.state}, {progress.done:,} of {progress.total:,}, {progress.succeeded:,} succeeded, "
            f"{progress.per_second:,.0f}/s; {beat.told()}; memory {before:.0f} -> {_rss_mib():.0f} MiB"
        )
        await asyncio.sleep(0.5)


async def _until(condition: Callable[[], object]) -> None:
    while not condition():
        await asyncio.sleep(0.05)


if __name__ == "__main__":
    main()
