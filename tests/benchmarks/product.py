"""The product as a whole in a process of its own, on a folder of its own: with or without a window.

The window runs where a screen is (`DISPLAY`), else offscreen. It follows, and tells at its end how it felt: the
longest stalls of its thread, and how long each delivery took from its last byte to the paint that shows it.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.benchmarks.load import SECRET, SIGNATURE_HEADER

HEARTBEAT_MS = 2


@dataclass
class Running:
    """A running product; `told` is what its window says at its end."""

    url: str
    process: "subprocess.Popen[str]"
    folder: Path
    told: Mapping[str, Any] = field(default_factory=dict)

    def peak_rss_mib(self) -> float:
        """The most memory that it has had, in MiB; Linux only, else 0."""
        return self._status("VmHWM")

    def rss_mib(self) -> float:
        """The memory that it has now, in MiB; Linux only, else 0."""
        return self._status("VmRSS")

    def _status(self, name: str) -> float:
        status = Path(f"/proc/{self.process.pid}/status")
        lines = status.read_text().splitlines() if status.exists() else []
        return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(name)), 0.0)


@contextmanager
def product(*, window: bool, folder: Path | None = None, sleep_ms: int = 0) -> Iterator[Running]:
    """The product with one handler that verifies the load; `sleep_ms` blocks the window's thread so long, again
    and again."""
    with tempfile.TemporaryDirectory(prefix="webhook-inspector-", ignore_cleanup_errors=True) as temporary:
        where = folder or Path(temporary)
        command = [sys.executable, "-m", "tests.benchmarks.product", "window" if window else "receiver", str(where)]
        environment = {**os.environ, "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
        if not os.environ.get("DISPLAY"):
            environment["QT_QPA_PLATFORM"] = "offscreen"
        with subprocess.Popen(
            [*command, str(sleep_ms)], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True, env=environment
        ) as process:
            assert process.stdout is not None
            assert process.stdin is not None
            running = Running(process.stdout.readline().strip(), process, where)
            try:
                yield running
            finally:
                process.stdin.close()
                running.told = json.loads(process.stdout.readline() or "{}")


def _settings() -> Any:
    from inspector.settings import Settings

    settings = Settings()
    return replace(settings, listener=replace(settings.listener, port=0))


async def _make_handler(inspector: Any) -> None:
    from inspector.core.handler import Handler, SecretRef
    from inspector.core.verification.scheme import Scheme, SignaturePlace

    if inspector.handlers:
        return
    place = SignaturePlace(name=SIGNATURE_HEADER, format="prefix", prefix="sha256=")
    secret = SecretRef(await inspector.keep_secret(SECRET.decode()), "current")
    scheme = Scheme("hmac", algorithm="sha256", signature=place)
    await inspector.save_handlers([Handler("github", scheme, "octocat", secrets=(secret,))])


async def _receive(folder: Path) -> None:
    from inspector.app import running

    async with running(folder, _settings()) as inspector:
        await _make_handler(inspector)
        print(inspector.listener_state.url, flush=True)
        await asyncio.to_thread(sys.stdin.read)
    print("{}", flush=True)


def _show(folder: Path, sleep_ms: int) -> None:
    """The window, watched: it ends when standard input does."""
    import threading

    from PySide6.QtCore import QEvent, QObject, Qt, QTimer

    from inspector.gui import main as gui
    from inspector.gui.engine import Changes
    from inspector.gui.program import Program

    class Watch(QObject):
        """Measures the window's thread from within."""

        def __init__(self, program: Program) -> None:
            super().__init__(program)
            self._program = program
            self._last = time.perf_counter()
            self.gaps_ms: list[float] = []
            self.seen_ms: list[float] = []
            self._arrived: list[int] = []
            self._follows = False
            self._beat = QTimer(self, interval=HEARTBEAT_MS, timerType=Qt.TimerType.PreciseTimer)
            self._beat.timeout.connect(self._tick)
            self._beat.start()
            if sleep_ms:
                self._sleeper = QTimer(self, interval=2000)
                self._sleeper.timeout.connect(lambda: time.sleep(sleep_ms / 1000))
                self._sleeper.start()
            program.engine.changed.connect(self._take)
            self._viewport = program.deliveries.view.viewport()
            self._viewport.installEventFilter(self)

        def _tick(self) -> None:
            now = time.perf_counter()
            self.gaps_ms.append((now - self._last) * 1000 - HEARTBEAT_MS)
            self._last = now

        def _take(self, changes: Changes) -> None:
            if changes.added and not self._follows:
                self._follows = True
                self.gaps_ms.clear()  # of the start, when the engine's imports hold the interpreter's lock
            self._arrived += [summary.received_ns for summary in changes.added]

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint and self._arrived:
                QTimer.singleShot(0, self._painted)
            return False

        def _painted(self) -> None:
            now, arrived = time.time_ns(), self._arrived
            self._arrived = []
            self.seen_ms += [(now - then) / 1e6 for then in arrived]

        def told(self) -> dict[str, Any]:
            gaps, seen = sorted(self.gaps_ms), sorted(self.seen_ms)
            return {
                "stall_ms": gaps[-5:][::-1],
                "stall_p99_ms": gaps[int(len(gaps) * 0.99)] if gaps else 0,
                "rows": len(seen),
                "row_p50_ms": seen[len(seen) // 2] if seen else 0,
                "row_p99_ms": seen[int(len(seen) * 0.99)] if seen else 0,
            }

    watches: list[Watch] = []
    run = Program.run

    async def watched(program: Program) -> None:
        watches.append(Watch(program))
        program.engine.started.connect(lambda: program.verbs.ask("benchmark", _ready))
        threading.Thread(target=_close_with_input, args=(program,), daemon=True).start()
        await run(program)

    async def _ready(inspector: Any) -> None:
        await _make_handler(inspector)
        while not inspector.listener_state.listening:
            await asyncio.sleep(0.01)
        print(inspector.listener_state.url, flush=True)

    def _close_with_input(program: Program) -> None:
        sys.stdin.read()
        QTimer.singleShot(0, program.window, program.window.close)

    Program.run = watched  # type: ignore[method-assign, assignment]
    gui.run(folder, {"listener.port": 0})
    print(json.dumps(watches[0].told() if watches else {}), flush=True)


if __name__ == "__main__":
    kind, folder_, sleep_ = sys.argv[1:]
    if kind == "receiver":
        from inspector.event_loop import new_event_loop

        sys.setswitchinterval(0.0005)
        with asyncio.Runner(loop_factory=new_event_loop) as runner:
            runner.run(_receive(Path(folder_)))
    else:
        _show(Path(folder_), int(sleep_))
