"""How far a run of many resends is, with what holds and ends it."""

import asyncio
import time
from itertools import zip_longest
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from inspector.core.bulk import Progress
from inspector.core.retry_schedule import delay_text
from inspector.gui.engine import Engine
from inspector.gui.resend.texts import answer_word, took_text
from inspector.gui.tasks import Tasks
from inspector.gui.theme import spacing
from inspector.gui.widgets.link_button import LinkButton
from inspector.gui.widgets.safe_text import marked
from inspector.gui.widgets.steady_text import SteadyText

if TYPE_CHECKING:  # imported in the engine's thread
    from inspector.resend import Resends

_ASKED_EVERY_S = 0.2
_STEPS = 1000
_NAMED = 3
_SLOWEST = "slowest"
_LINKED_EVERY_S = 1.0


class RunPanel(QWidget):
    """Shows the last run that was started here, while it lasts and when it has ended; what it counts leads there."""

    ended = Signal()
    attempts_wanted = Signal(int, str, str)  # of the run, how they ended (as Resends.attempts), and that in words
    these_wanted = Signal(object, str)  # Sequence[AttemptSummary], and what they are in words
    failed = Signal(str)

    def __init__(self, engine: Engine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._progress: Progress | None = None
        self._linked_at = 0.0
        self._tasks = Tasks(self)
        self._tasks.failed.connect(self._say_failure)
        self._bar = QProgressBar(self)
        self._bar.setObjectName("run_progress")
        self._bar.setAccessibleName(self.tr("Progress of the resends"))
        self._bar.setRange(0, _STEPS)
        self._pause = QPushButton(self.tr("&Pause"), self)
        self._pause.setObjectName("run_pause")
        self._pause.clicked.connect(self._pause_or_resume)
        self._cancel = QPushButton(self.tr("Cancel"), self)
        self._cancel.setObjectName("run_cancel")
        self._cancel.clicked.connect(self._end)
        self._text = SteadyText(2, self)
        self._text.setObjectName("run_text")
        self._answers = [LinkButton(self) for _ in range(_NAMED)]
        self._most = [LinkButton(self) for _ in range(2)]
        for number, link in enumerate((*self._answers, *self._most)):
            link.setObjectName(f"run_link_{number}")
            link.clicked.connect(self._follow_link)
            link.hide()
        self._leads: dict[LinkButton, tuple[str, str]] = {}
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
        links = QHBoxLayout()
        links.setSpacing(spacing(4))
        for link in (*self._answers, *self._most):
            links.addWidget(link)
        links.addStretch(1)
        column.addLayout(links)
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
        before, self._progress = self._progress, progress
        self._bar.setValue(progress.done * _STEPS // max(1, progress.total))
        if before is None or (before.run, before.state) != (progress.run, progress.state):
            self._pause.setText(self.tr("Resume") if progress.state == "paused" else self.tr("&Pause"))
            for button in (self._pause, self._cancel):
                button.setVisible(not progress.ended)
        self._text.set_text(self._said(progress))
        now = time.monotonic()
        if progress.state != "running" or now - self._linked_at > _LINKED_EVERY_S:  # what is pressed keeps its place
            self._linked_at = now
            self._show_links(progress)

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
        ]
        if progress.tries > progress.done:
            parts.append(self.tr("{0} tries").format(f"{progress.tries:,}"))
        if not progress.ended and progress.per_second:
            left_s = (progress.total - progress.done) / progress.per_second
            parts.append(self.tr("{0} left").format(delay_text(max(1, left_s))))
        return " · ".join(parts)

    def _show_links(self, progress: Progress) -> None:
        """What was counted, each a way to the attempts that it counts."""
        self._leads.clear()
        answers = list(progress.answers.items())[:_NAMED]
        for link, found in zip_longest(self._answers, answers):
            if found is None:
                link.hide()
                continue
            ended, count = found
            words = answer_word(ended)
            self._lead(link, f"{words} × {count:,}", ended, words)
        slowest, failures = self._most
        if progress.slowest:
            text = self.tr("slowest {0}").format(took_text(progress.slowest[0].took_ns))
            self._lead(slowest, text, _SLOWEST, self.tr("the slowest"))
        failed = progress.done - progress.succeeded
        failures.setVisible(bool(failed or progress.failures))
        if failed or progress.failures:
            text = self.tr("{0} failed").format(f"{failed:,}") if failed else self.tr("failed at first")
            self._lead(failures, text, "failed", self.tr("what failed"))

    def _lead(self, link: LinkButton, text: str, ended: str, words: str) -> None:
        self._leads[link] = ended, words
        if link.text() != text:
            link.setText(text)
            link.setAccessibleName(self.tr("{0}: show these attempts").format(text))
        link.show()

    @Slot()
    def _follow_link(self) -> None:
        link = self.sender()
        if self._progress is None or not isinstance(link, LinkButton) or link not in self._leads:
            return
        ended, words = self._leads[link]
        if ended == _SLOWEST:
            self.these_wanted.emit(self._progress.slowest, words)
        else:
            self.attempts_wanted.emit(self._progress.run, ended, words)

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
