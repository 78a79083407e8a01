"""What the window needs before long is imported while nobody waits for it."""

import importlib
import logging
import threading

from PySide6.QtCore import QObject, QTimer, Slot

logger = logging.getLogger(__name__)

SOON = ("inspector.gui.handlers.editor_side", "inspector.gui.handlers.new_handler")
"""The form for handlers: its modules take most of the time until it is first seen."""

REST_MS = 400
"""Time that the window has for itself before."""


class Soon(QObject):
    """Imports in a thread: another thread waits for a module at most, and the window is asked for nothing."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._thread = threading.Thread(target=_import, name="soon")
        self._timer = QTimer(self, singleShot=True, interval=REST_MS)
        self._timer.timeout.connect(self._thread.start)

    @Slot()
    def begin(self) -> None:
        """Import when the window has had some rest."""
        self._timer.start()

    def end(self) -> None:
        """Import nothing any more, but for what is being imported."""
        self._timer.stop()
        if self._thread.is_alive():
            self._thread.join()


def _import() -> None:
    for name in SOON:
        try:
            importlib.import_module(name)
        except Exception:  # whoever needs it will be told
            logger.exception("%s cannot be imported", name)
