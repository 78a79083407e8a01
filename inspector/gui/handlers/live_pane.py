"""Beside the form: what the handler in it makes of the selected delivery and of the stored ones, as one types."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from inspector.core.delivery import Delivery
from inspector.core.effect import Tally
from inspector.core.handler import Handler
from inspector.core.verification.key_addresses import with_fetched_keys
from inspector.core.verification.ladder import Link
from inspector.core.verification.material import JWKS_URL
from inspector.core.verification.secret import Secret, UnreadableSecret
from inspector.gui.handlers.draft import Draft, DraftSecret
from inspector.gui.handlers.explanation_view import ExplanationView
from inspector.gui.handlers.history import History
from inspector.gui.handlers.history_section import HistorySection, bold
from inspector.gui.tasks import Tasks
from inspector.gui.theme import spacing
from inspector.gui.widgets.notice import Notice, Tone
from inspector.gui.widgets.safe_text import marked, shortened

type ReadSecret = Callable[[str], Awaitable[str | None]]
"""The value of a kept secret by its id; None where it cannot be read."""

TYPING_MS = 15

LOOK_AGAIN_MS, MOST_LOOKS = 1_000, 5
"""So often it is looked whether keys have come that were not there in time."""


class LivePane(QWidget):
    """Shows what would be, and saves nothing. While it is not to be seen, it does nothing either.

    The counts are under what scrolls: both are always in sight, and no count moves what is being read.
    """

    ids_wanted = Signal(object, str)  # Sequence[int], what they are
    counts_shown = Signal()  # those of the last deliveries

    def __init__(self, history: History, read_secret: ReadSecret, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("live-pane")
        self.setAccessibleName(self.tr("Effect of the handler"))
        self._history, self._read_secret = history, read_secret
        self._tasks = Tasks(self)
        self._tasks.failed.connect(self._say_failure)
        self._delivery: Delivery | None = None
        self._draft: Draft | None = None
        self._earlier: Sequence[str] = ()
        self._saved: Handler | None = None
        self._asked: set[str] = set()  # addresses of keys that the user wants called
        self._missing: frozenset[str] = frozenset()
        self._kept: dict[str, str | None] = {}  # secrets that were read for the handler in the form
        self._kept_for = 0
        self._looks = 0
        self._look_again = QTimer(self, singleShot=True, interval=LOOK_AGAIN_MS)
        self._look_again.timeout.connect(self._follow)
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._typing.timeout.connect(self._start)
        self.explanation = ExplanationView(self)
        self.stored = HistorySection(self)
        self.counts = self.stored.counts
        self._keys, self._failure = Notice(self), Notice(self)
        self._fetch = self._make_fetch()
        self._lay_out()
        self.stored.ids_wanted.connect(self.ids_wanted)
        self.stored.all_wanted.connect(self._count_all)
        self.stored.cancelled.connect(history.cancel)
        history.counted.connect(self._show_counts)
        history.progressed.connect(self.stored.show_progress)
        history.ended.connect(self._show_all)
        history.loaded.connect(self._follow)
        history.keys_missing.connect(self._say_missing)
        history.failed.connect(self._say_failure)

    def show_draft(self, draft: Draft | None, earlier: Sequence[str], saved: Handler | None = None) -> None:
        """Follow the form: `earlier` are the names of those tried before it, `saved` is what stands in the chain."""
        self._saved = saved
        if draft == self._draft and tuple(earlier) == tuple(self._earlier):
            return
        self._draft, self._earlier = draft, tuple(earlier)
        self._looks = 0
        if draft is None or draft.handler.id != self._kept_for:
            self._kept, self._kept_for = {}, draft.handler.id if draft else 0
        self._follow()

    def use_delivery(self, delivery: Delivery | None) -> None:
        """Explain this delivery, the selected one; where there is none, the newest to the handler's paths."""
        if delivery is not self._delivery:
            self._delivery = delivery
            self._follow()

    def showEvent(self, event: QShowEvent) -> None:
        """Take up what was left while nobody looked."""
        super().showEvent(event)
        self._history.open()
        self._follow()

    def hideEvent(self, event: QHideEvent) -> None:
        """Keep nothing at hand for nobody."""
        super().hideEvent(event)
        self._history.rest()

    @Slot()
    def _follow(self) -> None:
        if self.isVisible():
            self._typing.start()

    @Slot()
    def _start(self) -> None:
        if self._draft is None:
            self._history.stop()
            self.setEnabled(False)
            return
        self.setEnabled(True)
        self._tasks.start("follow", self._show_effect(self._draft))

    async def _show_effect(self, draft: Draft) -> None:
        self._failure.say("")
        if not with_fetched_keys((Link(draft.handler, ()),)):
            self._say_missing(())
        tried = (each for each in draft.secrets if not each.retired and (each.ref or each.value))
        secrets = [await self._secret(each) for each in tried]
        link = Link(draft.handler, tuple(secrets))
        self.stored.end()
        self._history.count(link, draft.handler.id, self._earlier, fetch=self._may_fetch(draft))
        delivery = self._delivery or self._history.newest_for(draft.handler)
        if delivery is None:
            self.explanation.show_nothing(self.tr("No delivery yet: send one to see what the handler makes of it."))
            return
        await asyncio.sleep(0)  # the count is on its way to its process before this thread is busy
        await asyncio.sleep(0)
        explanation = await self._history.explain(delivery, link)
        self.explanation.show_explanation(delivery, explanation, selected=delivery is self._delivery)

    async def _secret(self, secret: DraftSecret) -> Secret | UnreadableSecret:
        if secret.ref is None:
            return Secret(secret.label, secret.value)
        if secret.ref.id not in self._kept:
            self._kept[secret.ref.id] = await self._read_secret(secret.ref.id)
        value = self._kept[secret.ref.id]
        return UnreadableSecret(secret.label) if value is None else Secret(secret.label, value)

    # Keys by address

    def _may_fetch(self, draft: Draft) -> bool:
        """Whether the address of the keys may be called: half an address, as it is typed, is somebody else's."""
        typed = draft.handler.parameters.get(JWKS_URL, "")
        saved = self._saved.parameters.get(JWKS_URL, "") if self._saved else ""
        return not typed or typed == saved or typed in self._asked

    @Slot(object)
    def _say_missing(self, addresses: Collection[str]) -> None:
        draft = self._draft
        self._missing = frozenset(addresses)
        text = self.tr("The keys at {address} are not here.") if addresses else ""
        self._keys.say(text.format(address=shortened(marked(next(iter(addresses), "")), 80)), Tone.REMARK)
        waited_for = draft is not None and self._may_fetch(draft)
        self._fetch.setVisible(bool(addresses) and not waited_for)
        if addresses and waited_for and self._looks < MOST_LOOKS:  # a slow server's answer is kept when it comes
            self._looks += 1
            self._look_again.start()

    @Slot()
    def _fetch_keys(self) -> None:
        self._asked |= self._missing
        self._looks = 0
        self._follow()

    # The counts

    @Slot(object)
    def _show_counts(self, tally: Tally) -> None:
        self.stored.show_last(tally, self._history.larger)
        self.counts_shown.emit()

    @Slot(object)
    def _show_all(self, tally: Tally | None) -> None:
        if tally is not None:
            self.stored.show_all(tally)
        else:
            self.stored.end()
            self._follow()

    @Slot()
    def _count_all(self) -> None:
        self._typing.stop()  # a count that was about to begin would end this one
        self._tasks.cancel_one("follow")
        self._history.count_all()

    @Slot(object)
    def _say_failure(self, error: Exception) -> None:
        self.stored.end()
        self._failure.say(self.tr("This could not be computed: {reason}").format(reason=str(error)))

    # Making

    def _make_fetch(self) -> QPushButton:
        fetch = QPushButton(self.tr("Fetch the keys"), self)
        fetch.setObjectName("fetch-keys")
        fetch.setAutoDefault(False)
        fetch.clicked.connect(self._fetch_keys)
        fetch.hide()
        return fetch

    def _lay_out(self) -> None:
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(spacing(4), spacing(4), spacing(4), spacing(4))
        column.setSpacing(spacing(2))
        column.addWidget(bold(self.tr("This delivery"), page))
        for widget in (self._failure, self._keys):
            column.addWidget(widget)
        column.addWidget(self._fetch, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.explanation)
        column.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(scroll, 1)
        whole.addWidget(self.stored)
