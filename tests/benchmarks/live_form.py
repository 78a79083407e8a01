"""The form of a handler on 1,000 stored deliveries of 10 KiB: from a key to its counts, and what opens it.

Run as `python -m tests.benchmarks.live_form`; it needs no display.
"""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.filling import fill

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

KEYS = 40
DELIVERIES, BODY_BYTES = 1_000, 10_000
BAR_MS = 100
LOAD_PER_S = 300
_SENDER = """
import sys
from tests.benchmarks.rate import at_rate
at_rate(sys.argv[1], per_second={rate}, seconds=60, size={size})
"""


def main() -> None:
    """Print every figure beside its bar."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    import qasync
    from PySide6.QtWidgets import QApplication

    from inspector.gui.program import Program
    from inspector.gui.theme import Theme
    from inspector.settings import load

    sys.setswitchinterval(0.0005)  # as the program does
    application = QApplication(["webhook-inspector"])
    with tempfile.TemporaryDirectory(prefix="webhook-inspector-", ignore_cleanup_errors=True) as folder:
        fill(Path(folder), DELIVERIES, size=BODY_BYTES)
        program = Program(Path(folder), load(Path(folder), {}, {"listener.port": 0}), Theme(application))
        program.window.resize(1280, 800)
        program.window.show()
        program.add_pages()
        with qasync.QEventLoop(application) as loop:
            running = loop.create_task(program.run())
            loop.run_until_complete(_measure(program))
            program.window.close()
            loop.run_until_complete(running)


async def _measure(program: object) -> None:
    from inspector.gui.deliveries.sidebar import Choice
    from inspector.gui.program import Program

    assert isinstance(program, Program)
    assert program.pages is not None
    pane, window = program.pages.handlers, program.window
    while not window.header.url:
        await asyncio.sleep(0.05)
    print(f"page opened the first time    {_ms(window, lambda: window.sidebar.choose(Choice.HANDLERS)):6.0f} ms")
    await asyncio.sleep(0.3)
    for which in ("the first time", "again"):
        print(f"picker opened {which:14}  {_ms(window, pane.pick_preset):6.0f} ms   bar {BAR_MS} ms")
        await asyncio.sleep(0.3)
    pane.start_from_preset("github")
    await asyncio.sleep(2)
    await _type(program, "quiet")
    sender = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _SENDER.format(rate=LOAD_PER_S, size=BODY_BYTES), window.header.url
    )
    await asyncio.sleep(3)
    await _type(program, f"{LOAD_PER_S}/s")
    sender.kill()
    await sender.wait()


def _ms(window: "QWidget", act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    window.repaint()
    return (time.perf_counter() - began) * 1000


async def _type(program: object, name: str) -> None:
    """Type a secret letter by letter, each after the counts of the one before."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    field = program.pages.handlers.form.secrets.rows[0].value  # type: ignore[attr-defined]
    live = program.pages.handlers.live  # type: ignore[attr-defined]
    field.setFocus()
    counted = asyncio.Event()
    live.counts_shown.connect(counted.set)
    taken, held = [], []
    for _ in range(KEYS):
        counted.clear()
        began = time.perf_counter()
        QTest.keyClick(field, Qt.Key.Key_X)
        held.append((time.perf_counter() - began) * 1000)
        await asyncio.wait_for(counted.wait(), 10)
        taken.append((time.perf_counter() - began) * 1000)
        await asyncio.sleep(0.1)
    live.counts_shown.disconnect(counted.set)
    middle, longest, key = statistics.median(taken), max(taken), statistics.median(held)
    figures = f"p50 {middle:4.0f} ms, longest {longest:4.0f} ms"
    print(f"key to counts, {name:6} {figures}   bar {BAR_MS} ms   (the key itself {key:.0f} ms)")


if __name__ == "__main__":
    main()
