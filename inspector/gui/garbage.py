"""Garbage is collected in the window's thread only: a widget that is freed in another one brings Qt down."""

import gc

from PySide6.QtCore import QObject, QTimer, Slot

INTERVAL_MS = 200


class GarbageCollector(QObject):
    """Takes the place of Python's automatic collector, which runs in whichever thread happens to allocate.

    A widget, a signal and a bound method easily make a cycle; were it collected in the engine's thread, Qt's
    destructor would run there ("Timers cannot be stopped from another thread", then a crash).
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._was_enabled = gc.isenabled()
        self._timer = QTimer(self, interval=INTERVAL_MS)
        self._timer.timeout.connect(self._collect)

    def start(self) -> None:
        """Collect in this thread from now on. What exists already is left out: it stays for good."""
        self._was_enabled = gc.isenabled()
        gc.disable()
        gc.collect()
        gc.freeze()
        self._timer.start()

    @Slot()
    def keep(self) -> None:
        """Leave out what exists by now, too. What the engine imports is most of all: to look through it took 20 ms."""
        gc.freeze()

    def stop(self) -> None:
        """Leave it to Python again, where it was."""
        self._timer.stop()
        gc.unfreeze()
        if self._was_enabled:
            gc.enable()

    @Slot()
    def _collect(self) -> None:
        """Collect the oldest generation that is due, as Python itself would."""
        due = [count > limit for count, limit in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        if any(due):
            gc.collect(max(generation for generation, is_due in enumerate(due) if is_due))
