"""The chain as a list: in order, moved by drag and by keys, selected by id."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QByteArray,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
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
from inspector.gui.widgets.entry_list import EntryList, EntryListModel

type Index = QModelIndex | QPersistentModelIndex

_MIME = "application/x-webhook-inspector-handler"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list: a handler of the chain, or a new one that is not saved yet (its id is negative)."""

    id: int
    handler: Handler
    unsaved: bool = False  # its form has changes that are not saved


ENTRY_ROLE = Qt.ItemDataRole.UserRole


class HandlerListModel(EntryListModel[Entry]):
    """The chain in its order, then the handlers that are not saved yet."""

    moved = Signal(int, int)  # id, position it was dragged to

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


class HandlerList(EntryList[Entry]):
    """The list itself: arrows move the selection, Alt with them moves the handler."""

    def __init__(self, model: HandlerListModel, parent: QWidget | None = None) -> None:
        super().__init__(model, parent)
        self.setItemDelegate(HandlerDelegate(self))
        self.setAccessibleName(self.tr("Handlers, tried from top to bottom"))
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDropIndicatorShown(True)


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
