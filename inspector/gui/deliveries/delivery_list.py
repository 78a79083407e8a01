"""The middle column: the delivery table that follows live, keeps its place, and says when it is empty."""

from collections.abc import Iterable, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractItemView, QStackedLayout, QToolButton, QWidget

from inspector.core.delivery import Summary
from inspector.gui.deliveries.delivery_view import DeliveryView
from inspector.gui.icons import icon
from inspector.gui.models.delivery_table import DeliveryTable, Fetch
from inspector.gui.theme import spacing

if TYPE_CHECKING:
    from collections.abc import Iterator

_SELECT = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows


class DeliveryList(QWidget):
    """Lists deliveries, newest first.

    While it follows, the newest stay in sight. It stops following when the user scrolls away, and then nothing
    moves: what arrives is counted on a pill, and back at the top it follows again.
    """

    delivery_selected = Signal(object)  # int, the id; None when no row is current
    selection_changed = Signal()
    details_wanted = Signal()  # Enter or a double click
    following_changed = Signal(bool)

    def __init__(self, fetch: Fetch, *, nothing_yet: QWidget, no_match: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = DeliveryTable(fetch, self)
        self.view = DeliveryView(self.model, self)
        self._nothing_yet, self._no_match = nothing_yet, no_match
        self._searching, self._whole = False, True
        self._following, self._paused_by_hand = True, False
        self._unseen = 0
        self._own_move = 0  # depth of changes of the scroll bar that are ours, not the user's
        self._kept_id: int | None = None  # what the user selected last, listed at the moment or not
        self._told_id: int | None = None
        self._pages = QStackedLayout(self)
        for page in (self.view, nothing_yet, no_match):
            self._pages.addWidget(page)
        self._pill = self._make_pill()
        self.view.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.view.confirmed.connect(self.details_wanted)
        self.view.viewport().installEventFilter(self)
        selection = self.view.selectionModel()
        selection.currentRowChanged.connect(self._current_changed)
        selection.selectionChanged.connect(self._selection_changed)
        self._show_page()

    # What is listed

    def show_ids(self, ids: Sequence[int], *, searching: bool, whole: bool = True) -> None:
        """List `ids` (in arrival order) instead; the selection and its place stay where they can.

        Where they are not the `whole` of what there is, an empty list does not mean that nothing matches.
        """
        self._searching, self._whole = searching, whole
        with self._moving():
            self.model.reset(ids)
            self._set_unseen(0)
            self._restore_current()
            if self._following:
                self.view.verticalScrollBar().setValue(0)
        self._show_page()

    def add(self, summaries: Sequence[Summary]) -> None:
        """New arrivals, in arrival order."""
        bar = self.view.verticalScrollBar()
        with self._moving():
            place = bar.value()
            added = self.model.add(summaries)
            if added:
                bar.setValue(0 if self._following else place + added * self.view.row_height)
        if added and not self._following:
            self._set_unseen(self._unseen + added)
        self._show_page()

    def add_older(self, ids: Sequence[int], *, whole: bool = True) -> None:
        """More of what was found, below what is listed."""
        self._whole = whole
        with self._moving():
            self.model.add_older(ids)
            if self._told_id is None:
                self._restore_current()
        self._show_page()

    def remove(self, ids: Iterable[int]) -> None:
        """These deliveries are gone; the row that moves up into the place of the current one becomes current."""
        with self._moving():
            row = self.view.currentIndex().row()
            self.model.remove(ids)
            if self.model.rowCount() and row >= 0 and not self.view.selectionModel().hasSelection():
                self._make_current(min(row, self.model.rowCount() - 1))
        self._show_page()

    # Where the user is

    @property
    def following(self) -> bool:
        """Whether the newest stay in sight."""
        return self._following

    @property
    def unseen(self) -> int:
        """How many arrived since it stopped following."""
        return self._unseen

    @Slot(bool)
    def follow(self, on: bool) -> None:  # noqa: FBT001 - a slot
        """Keep the newest in sight from now on, or nothing moves until told otherwise."""
        self._paused_by_hand = not on
        if on:
            with self._moving():
                self.view.verticalScrollBar().setValue(0)
        self._set_following(on=on)

    @property
    def current_id(self) -> int | None:
        """The id of the delivery that is explained on the right."""
        return self._told_id

    def select(self, id_: int) -> bool:
        """Make the delivery current and bring it into sight; returns whether it is listed."""
        self._kept_id = id_
        row = self.model.row_of(id_)
        if row is None:
            return False
        self._make_current(row)
        return True

    def step(self, rows: int) -> None:
        """Go `rows` down, or up where it is negative."""
        count = self.model.rowCount()
        if not count:
            return
        row = self.view.currentIndex().row()
        self._make_current(max(0, min(count - 1, row + rows)) if row >= 0 else 0)

    @Slot()
    def go_to_newest(self) -> None:
        """The first row, and following again."""
        self.follow(on=True)
        self.step(-self.model.rowCount())

    @Slot()
    def go_to_oldest(self) -> None:
        """The last row."""
        self.step(self.model.rowCount())

    # Qt's side

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
            self._place_pill()
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._pill.setIcon(icon("up", self.palette()))

    # Below the surface

    @contextmanager
    def _moving(self) -> "Iterator[None]":
        """What the scroll bar does within is not the user's doing."""
        self._own_move += 1
        try:
            yield
        finally:
            self._own_move -= 1

    @Slot(int)
    def _scrolled(self, value: int) -> None:
        if self._own_move:
            return
        if value > 0:
            self._set_following(on=False)
        elif not self._paused_by_hand:
            self._set_following(on=True)
        else:
            self._set_unseen(0)

    def _set_following(self, *, on: bool) -> None:
        if on:
            self._set_unseen(0)
        if on != self._following:
            self._following = on
            self.following_changed.emit(on)

    def _restore_current(self) -> None:
        row = self.model.row_of(self._kept_id) if self._kept_id is not None else None
        if row is not None:
            kept = self._following
            self._make_current(row, reveal=not kept)
        else:
            self._tell(None)

    def _make_current(self, row: int, *, reveal: bool = True) -> None:
        index = self.model.index(row, 0)
        auto = self.view.hasAutoScroll()
        self.view.setAutoScroll(auto and reveal)
        self.view.selectionModel().setCurrentIndex(index, _SELECT)
        self.view.setAutoScroll(auto)
        if reveal:
            self.view.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)

    @Slot(QModelIndex, QModelIndex)
    def _current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            self._kept_id = self.model.id_at(current.row())
            self._tell(self._kept_id)
        elif not self._own_move:
            self._tell(None)

    @Slot()
    def _selection_changed(self) -> None:
        self.selection_changed.emit()

    def _tell(self, id_: int | None) -> None:
        if id_ != self._told_id:
            self._told_id = id_
            self.delivery_selected.emit(id_)

    def _show_page(self) -> None:
        listed = self.model.rowCount() or not self._whole
        page = self.view if listed else self._no_match if self._searching else self._nothing_yet
        if self._pages.currentWidget() is not page:
            self._pages.setCurrentWidget(page)
        if not self.model.rowCount():
            self._tell(None)

    def _make_pill(self) -> QToolButton:
        pill = QToolButton(self.view)
        pill.setObjectName("new_deliveries")
        pill.setIcon(icon("up"))
        pill.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        pill.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Home, or Follow, does the same by keyboard
        pill.setCursor(Qt.CursorShape.PointingHandCursor)
        pill.setToolTip(self.tr("Go to the newest and follow"))
        radius, pad = 3 * spacing(), spacing()
        pill.setStyleSheet(
            f"QToolButton {{ border: 1px solid palette(mid); border-radius: {radius}px; padding: {pad}px {3 * pad}px;"
            " background: palette(button); color: palette(button-text); }"
            "QToolButton:hover { background: palette(highlight); color: palette(highlighted-text); }"
        )
        pill.clicked.connect(self.go_to_newest)
        pill.hide()
        return pill

    def _set_unseen(self, count: int) -> None:
        if count == self._unseen:
            return
        self._unseen = count
        text = self.tr("{0} new").format(f"{count:,}")
        self._pill.setText(text)
        self._pill.setAccessibleName(text)
        self._pill.setVisible(count > 0)
        self._place_pill()

    def _place_pill(self) -> None:
        self._pill.adjustSize()
        viewport = self.view.viewport().geometry()
        self._pill.move(viewport.left() + (viewport.width() - self._pill.width()) // 2, viewport.top() + 2 * spacing())
