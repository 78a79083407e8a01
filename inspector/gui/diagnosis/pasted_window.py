"""Diagnose a Pasted Request: a window of its own, with the request and the question left and the answer right."""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSplitter, QVBoxLayout, QWidget

from inspector.asking import Question
from inspector.core.delivery import Delivery
from inspector.core.formats.reading import Understood
from inspector.core.handler import Handler
from inspector.gui.diagnosis.answer_pane import AnswerPane
from inspector.gui.diagnosis.pasted_handler import handler_of, secrets_of
from inspector.gui.diagnosis.question_form import QuestionForm, recognised_in
from inspector.gui.diagnosis.request_source import RequestSource
from inspector.gui.engine import Engine
from inspector.gui.tasks import Tasks
from inspector.gui.theme import spacing
from inspector.gui.widgets.themed import follow_palette

if TYPE_CHECKING:  # imported in the engine's thread
    from inspector.app import Inspector

_ASK_AFTER_MS = 200


class PastedWindow(QWidget):
    """Answers by itself as soon as there is enough to ask; nothing is stored unless it is asked for."""

    handler_wanted = Signal(object, object)  # Handler, tuple[DraftSecret, ...]

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self._engine = engine
        self._tasks = Tasks(self)
        self._tasks.failed.connect(self._say_failure)
        self._handlers: Sequence[Handler] = ()
        self._question: Question | None = None
        self._later = QTimer(self, singleShot=True, interval=_ASK_AFTER_MS)
        self._later.timeout.connect(self._ask)
        self.setObjectName("pasted_window")
        self.setWindowTitle(self.tr("Diagnose a Pasted Request"))
        self.source = RequestSource(self)
        self.form = QuestionForm(self)
        self.answer = AnswerPane(self)
        self._lay_out()
        self.source.changed.connect(self._use_request)
        self.form.changed.connect(self._later.start)
        self.answer.deeper_wanted.connect(self._look_deeper)
        self.answer.stopped.connect(self._stop)
        self.answer.handler_wanted.connect(self._make_handler)
        self.answer.keep_wanted.connect(self._keep)
        for keys, slot in (("Ctrl+W", self.close), ("Escape", self._escape)):
            QShortcut(QKeySequence(keys), self).activated.connect(slot)

    @property
    def busy(self) -> bool:
        """Whether something is being read or looked for."""
        return self._later.isActive() or any(self._tasks.is_running(name) for name in ("recognise", "ask"))

    def use_handlers(self, handlers: Sequence[Handler]) -> None:
        """Know the handlers as they are now."""
        if handlers != self._handlers:
            self._handlers = handlers
            self.form.use_handlers(handlers)
            self._later.start()

    def use_delivery(self, delivery: Delivery) -> None:
        """Find out how a stored delivery is signed."""
        name = self.tr("Delivery {id}").format(id=delivery.id)
        self.form.forget()
        self.form.find_out()
        self.source.use(Understood(delivery.request, name, at=delivery.received_at), name)

    def come_forward(self) -> None:
        """Show it in front of everything, ready for a request to be pasted."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()
        if self.source.understood is None:
            self.source.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def closeEvent(self, event: QCloseEvent) -> None:
        """End what is under way; what was pasted is there when the window is opened again."""
        self._tasks.cancel()
        self._later.stop()
        super().closeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        follow_palette(self, event)

    def _lay_out(self) -> None:
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(spacing(4), spacing(3), spacing(4), spacing(3))
        column.setSpacing(spacing(4))
        column.addWidget(self.source, 1)
        column.addWidget(self.form)
        scroll = QScrollArea(self)
        scroll.setWidget(left)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        splitter = QSplitter(Qt.Orientation.Horizontal, self)
        splitter.addWidget(scroll)
        splitter.addWidget(self.answer)
        splitter.setChildrenCollapsible(False)
        splitter.setStretchFactor(0, 1)
        splitter.setStretchFactor(1, 1)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(splitter)
        digit, line = self.fontMetrics().horizontalAdvance("0"), self.fontMetrics().height()
        self.resize(digit * 150, line * 41)
        splitter.setSizes([digit * 75, digit * 75])

    # Asking

    @Slot()
    def _use_request(self) -> None:
        understood = self.source.understood
        if understood is None:
            self._tasks.cancel_one("recognise")
            self.form.use_request(None, "")
            self._later.start()
        else:
            self._tasks.start("recognise", self._recognise(understood))

    async def _recognise(self, understood: Understood) -> None:
        recognised = await asyncio.to_thread(recognised_in, understood.request)
        self.form.use_request(understood, recognised)
        self._later.start()

    @Slot()
    def _ask(self, *, deep: bool = False) -> None:
        self._tasks.cancel_one("ask")
        self._later.stop()
        understood = self.source.understood
        question = self.form.question(understood) if understood is not None else None
        self._question = question
        if question is None:
            wrong = self.tr("Put right what is marked on the left.")
            nothing = understood is None and not self.source.unreadable
            self.answer.wait_for("" if nothing else wrong)
        elif self.form.wants_secret:
            self.answer.wait_for(self.tr("Give the secret that you have, on the left: the answer comes by itself."))
        else:
            self.answer.keeps = not self.source.is_stored
            self.answer.begin(question, self.form.signer_name, deep=deep)
            self._tasks.start("ask", self._answered(question, deep=deep))

    async def _answered(self, question: Question, *, deep: bool) -> None:
        steps = self._engine.stream(lambda inspector: inspector.diagnose_request(question, deep=deep))
        first = True
        async with aclosing(steps):
            async for step in steps:
                if deep and first:
                    self.answer.begin(question, self.form.signer_name, deep=False)
                first = False
                self.answer.take(step)
        self.answer.end()

    @Slot()
    def _look_deeper(self) -> None:
        self._ask(deep=True)
        self.answer.stop.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _stop(self) -> None:
        self._tasks.cancel_one("ask")
        self.answer.end(stopped=True)

    @Slot()
    def _escape(self) -> None:
        """Stop what is under way, else close."""
        if self._tasks.is_running("ask"):
            self._stop()
        else:
            self.close()

    # What comes of it

    @Slot()
    def _make_handler(self) -> None:
        if self._question is None:
            return
        findings = self.answer.findings
        handler = handler_of(self._question, findings, self._handlers)
        if handler is not None:
            self.handler_wanted.emit(handler, secrets_of(self._question, findings, self._handlers))

    @Slot()
    def _keep(self) -> None:
        if self._question is not None:
            self.answer.keep.setEnabled(False)
            self._tasks.start("keep", self._kept(self._question))

    async def _kept(self, question: Question) -> None:
        finding = self.answer.finding
        note = self.tr("Kept from a pasted request.")
        if finding is not None:
            note = f"{note} {self.answer.sentence}"

        async def keep(inspector: "Inspector") -> int:
            return await inspector.keep_request(question.request, question.at, note)

        self.answer.say_kept(await self._engine.call(keep))

    @Slot(object)
    def _say_failure(self, error: Exception) -> None:
        self.answer.fail(str(error) or type(error).__name__)
        self.answer.keep.setEnabled(True)
