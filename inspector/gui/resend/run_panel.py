"""How far a run of many resends is, with what holds and ends it."""

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from inspector.core.bulk import Progress
from inspector.gui.engine import Engine
from inspector.gui.resend.texts import result_text, took_text
from inspector.gui.tasks import Tasks
from inspector.gui.theme import spacing
from inspector.gui.widgets.rows import Muted
from inspector.gui.widgets.safe_text import marked

if TYPE_CHECKING:  # imported in the engine's thread
    from inspector.resend import Resends

_ASKED_EVERY_S = 0.2
_STEPS = 1000
_NAMED = 4


class RunPanel(QWidget):
    """Shows the last run that was started here, while it lasts and when it has ended."""

    ended = Signal()
    failed = Signal(str)

    def __init__(self, engine: Engine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._progress: Progress | None = None
        self._tasks = Tasks(self)
        self._tasks.failed.connect(self._say_failure)
        self._bar = QProgressBar(self)
        self._bar.setObjectName("run_progress")
        self._bar.setAccessibleName(self.tr("Progress of the resends"))
        self._bar.setRange(0, _STEPS)
        self._pause = QPushButton(self.tr("&Pause"), self)
        self._pause.setObjectName("run_pause")
        self._pause.clicked.connect(self._pause_or_resume)
        self._cancel = QPushButton(self.tr("&Cancel"), self)
        self._cancel.setObjectName("run_cancel")
        self._cancel.clicked.connect(self._end)
        self._text = Muted("", self)
        self._text.setObjectName("run_text")
        line = QHBoxLayout()
        line.setSpacing(spacing(2))
        line.addWidget(self._bar, 1)
        line.addWidget(self._pause)
        line.addWidget(self._cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(spacing())
        column.addLayout(line)
        column.addWidget(self._text)
        self.hide()

    @property
    def under_way(self) -> bool:
        """Whether a run has not ended yet."""
        return self._progress is not None and not self._progress.ended

    def follow(self, progress: Progress) -> None:
        """Show this run from now on, until it has ended."""
        self._show(progress)
        self.show()
        self._tasks.start("follow", self._follow(progress.run))

    async def _follow(self, run: int) -> None:
        while self.under_way:
            await asyncio.sleep(_ASKED_EVERY_S)
            self._show(await self._engine.call(lambda inspector: _progress(inspector.resends, run)))
        self.ended.emit()

    def _show(self, progress: Progress) -> None:
        self._progress = progress
        self._bar.setValue(progress.done * _STEPS // max(1, progress.total))
        self._pause.setText(self.tr("&Resume") if progress.state == "paused" else self.tr("&Pause"))
        for button in (self._pause, self._cancel):
            button.setVisible(not progress.ended)
        self._text.setText(self._said(progress))

    def _said(self, progress: Progress) -> str:
        parts = [
            {
                "paused": self.tr("Paused"),
                "done": self.tr("Done"),
                "cancelled": self.tr("Cancelled"),
                "cancelling": self.tr("Cancelling"),
                "failed": marked(progress.problem),
            }.get(progress.state, self.tr("Sending")),
            self.tr("{done} of {total}").format(done=f"{progress.done:,}", total=f"{progress.total:,}"),
            self.tr("{0} succeeded").format(f"{progress.succeeded:,}"),
            self.tr("{0} a second").format(f"{progress.per_second:,.0f}"),
            *(f"{marked(name)} × {count:,}" for name, count in list(progress.answers.items())[:_NAMED]),
        ]
        if progress.ended and progress.slowest:
            slowest = progress.slowest[0]
            parts.append(self.tr("slowest: delivery {0}, {1}").format(slowest.delivery, took_text(slowest.took_ns)))
        if progress.ended and progress.failures:
            first = progress.failures[0]
            parts.append(self.tr("first failure: delivery {0}, {1}").format(first.delivery, result_text(first)))
        return " · ".join(parts)

    @Slot()
    def _pause_or_resume(self) -> None:
        if self._progress is not None:
            self._steer("resume" if self._progress.state == "paused" else "pause")

    @Slot()
    def _end(self) -> None:
        self._steer("cancel")

    def _steer(self, how: str) -> None:
        if self._progress is not None:
            self._tasks.start("steer", self._steered(self._progress.run, how))

    async def _steered(self, run: int, how: str) -> None:
        self._show(await self._engine.call(lambda inspector: _progress(inspector.resends, run, how)))

    @Slot(object)
    def _say_failure(self, error: Exception) -> None:
        self.failed.emit(str(error) or type(error).__name__)


async def _progress(resends: "Resends", run: int, how: str = "") -> Progress:
    """How far the run is, after it was paused, resumed or cancelled."""
    if how:
        {"pause": resends.pause, "resume": resends.resume, "cancel": resends.cancel}[how](run)
    return resends.progress(run)
