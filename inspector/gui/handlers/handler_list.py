"""The chain as a list: in order, moved by drag and by keys, selected by id."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QByteArray,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from inspector.core.handler import Handler
from inspector.gui.handlers.kinds import verification_words
from inspector.gui.handlers.texts import path_words
from inspector.gui.icons import state_pixmap
from inspector.gui.theme import State, muted_colour, spacing, state_colour

type Index = QModelIndex | QPersistentModelIndex

_MIME = "application/x-webhook-inspector-handler"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list: a handler of the chain, or a new one that is not saved yet (its id is negative)."""

    id: int
    handler: Handler
    unsaved: bool = False  # its form has changes that are not saved


ENTRY_ROLE = Qt.ItemDataRole.UserRole


class HandlerListModel(QAbstractListModel):
    """The chain in its order, then the handlers that are not saved yet."""

    moved = Signal(int, int)  # id, position it was dragged to

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[Entry, ...] = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What is listed, in order."""
        return self._entries

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """List `entries`. Where they are the same ones, only what changed is painted anew."""
        new = tuple(entries)
        if [entry.id for entry in new] == [entry.id for entry in self._entries]:
            before, self._entries = self._entries, new
            for row, (old, entry) in enumerate(zip(before, new, strict=True)):
                if old != entry:
                    self.dataChanged.emit(self.index(row), self.index(row))
            return
        self.beginResetModel()
        self._entries = new
        self.endResetModel()

    def row_of(self, entry_id: int) -> int:
        """The row of the entry with that id; -1 where there is none."""
        return next((row for row, entry in enumerate(self._entries) if entry.id == entry_id), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return entry.handler.name or self.tr("New handler")
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._spoken(index.row(), entry)
            case Qt.ItemDataRole.UserRole:
                return entry
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():  # between two lines: a place to drop
            return Qt.ItemFlag.ItemIsDropEnabled
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        return usual | Qt.ItemFlag.ItemIsDragEnabled if self._entries[index.row()].id > 0 else usual

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        if indexes:
            data.setData(_MIME, QByteArray(str(self._entries[indexes[0].row()].id).encode()))
        return data

    def dropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index) -> bool:  # noqa: ARG002 - Qt's
        """Ask for the move. What is shown follows when it is saved, so nothing is moved here."""
        if not data.hasFormat(_MIME):
            return False
        entry_id = int(bytes(data.data(_MIME).data()))
        start = self.row_of(entry_id)
        kept = sum(entry.id > 0 for entry in self._entries)
        target = min(row if row >= 0 else kept, kept)
        position = target - 1 if target > start else target
        if start >= 0 and position != start:
            self.moved.emit(entry_id, position)
        return False  # the view must not remove the row that was dragged

    def _spoken(self, row: int, entry: Entry) -> str:
        handler = entry.handler
        facts = [
            self.tr("{position}: {name}").format(position=row + 1, name=handler.name or self.tr("New handler")),
            state_words(entry),
            verification_words(handler.scheme),
            path_words(handler),
        ]
        return ", ".join(fact for fact in facts if fact)


class HandlerDelegate(QStyledItemDelegate):
    """Two lines for each handler: its name and state, then how and where and as whom."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002 - Qt's
        return QSize(spacing(40), QFontMetrics(option.font).lineSpacing() * 2 + spacing(5))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry: Entry = index.data(ENTRY_ROLE)
        styled = QStyleOptionViewItem(option)
        self.initStyleOption(styled, index)
        styled.text = ""
        style = option.widget.style() if option.widget else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, styled, painter, option.widget)
        painter.save()
        self._paint_text(painter, styled, entry, index.row())
        painter.restore()

    def _paint_text(self, painter: QPainter, option: QStyleOptionViewItem, entry: Entry, row: int) -> None:
        palette, metrics = option.palette, QFontMetrics(option.font)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        text_colour = palette.color(QPalette.ColorRole.HighlightedText if chosen else QPalette.ColorRole.Text)
        second = text_colour if chosen else muted_colour(palette)
        area = option.rect.adjusted(spacing(3), spacing(2), -spacing(3), -spacing(2))
        number_width = metrics.horizontalAdvance("00")
        upper = QRect(area.left(), area.top(), area.width(), metrics.lineSpacing())
        lower = upper.translated(0, metrics.lineSpacing() + spacing())
        lower.setLeft(area.left() + number_width + spacing(3))
        painter.setFont(option.font)
        painter.setPen(second)
        painter.drawText(upper.adjusted(0, 0, number_width - upper.width(), 0), _RIGHT, str(row + 1))
        facts = " · ".join(self._facts(entry.handler))
        painter.drawText(lower, _LEFT, metrics.elidedText(facts, Qt.TextElideMode.ElideRight, lower.width()))
        left = self._paint_state(painter, option, entry, upper, second)
        name = entry.handler.name or self.tr("New handler")
        bold = QFont(option.font)
        bold.setBold(True)
        painter.setFont(bold)
        painter.setPen(text_colour if entry.handler.enabled else second)
        place = QRect(lower.left(), upper.top(), left - lower.left() - spacing(2), upper.height())
        elided = QFontMetrics(bold).elidedText(name, Qt.TextElideMode.ElideMiddle, place.width())
        painter.drawText(place, _LEFT, elided)

    def _paint_state(
        self, painter: QPainter, option: QStyleOptionViewItem, entry: Entry, line: QRect, colour: QColor
    ) -> int:
        """Icon and word at the right of `line`; returns where they begin."""
        metrics, words = QFontMetrics(option.font), state_words(entry)
        state = _state_of(entry)
        left = line.right() - metrics.horizontalAdvance(words)
        painter.setPen(state_colour(state, option.palette) if entry.unsaved else colour)
        painter.drawText(QRect(left, line.top(), line.right() - left + 1, line.height()), _LEFT, words)
        size = metrics.height()
        left -= size + spacing()
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(
            left, line.top() + (line.height() - size) // 2, state_pixmap(state, option.palette, size, ratio)
        )
        return left

    def _facts(self, handler: Handler) -> list[str]:
        facts = [verification_words(handler.scheme), path_words(handler)]
        if handler.user:
            facts.append(self.tr("as {user}").format(user=handler.user))
        return facts


class HandlerList(QListView):
    """The list itself: arrows move the selection, Alt with them moves the handler."""

    chosen = Signal(int)  # the id of the entry that is selected now; 0 for none

    def __init__(self, model: HandlerListModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._chosen, self._row = 0, 0
        self.setModel(model)
        self.setItemDelegate(HandlerDelegate(self))
        self.setAccessibleName(self.tr("Handlers, tried from top to bottom"))
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDropIndicatorShown(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setUniformItemSizes(True)
        self.selectionModel().currentChanged.connect(self._select)
        model.modelReset.connect(self._keep_selection)

    @property
    def current_id(self) -> int:
        """The id of the selected entry; 0 for none."""
        return self._chosen

    def choose(self, entry_id: int) -> None:
        """Select the entry of that id, if there is one."""
        row = self._model.row_of(entry_id)
        if row >= 0:
            self.setCurrentIndex(self._model.index(row))

    @Slot()
    def _select(self) -> None:
        index = self.currentIndex()
        chosen = self._model.entries[index.row()].id if index.isValid() else 0
        self._row = max(index.row(), 0)
        if chosen != self._chosen:
            self._chosen = chosen
            self.chosen.emit(chosen)

    @Slot()
    def _keep_selection(self) -> None:
        """The same handler stays selected wherever it stands now; where it is gone, its neighbour is."""
        if not self._model.entries:
            self._select()
            return
        row = self._model.row_of(self._chosen)
        place = row if row >= 0 else min(self._row, len(self._model.entries) - 1)
        self.setCurrentIndex(self._model.index(place))
        self._select()


def state_words(entry: Entry) -> str:
    """Whether the handler is tried, in words."""
    translate = QApplication.translate
    if entry.unsaved:
        return translate("Handlers", "not saved")
    return translate("Handlers", "enabled") if entry.handler.enabled else translate("Handlers", "disabled")


def _state_of(entry: Entry) -> State:
    if entry.unsaved:
        return State.STALE
    return State.WON if entry.handler.enabled else State.NOT_APPLICABLE


_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
