"""The rules as a list: each with its name, whether it is on, what it forwards where, and what waits for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QMouseEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from inspector.core.forward_rule import ForwardRule
from inspector.gui.forwarding.texts import counts_text, name_text, selection_text, tr
from inspector.gui.icons import state_pixmap
from inspector.gui.theme import State, muted_colour, spacing, state_colour
from inspector.gui.widgets.entry_list import EntryList, EntryListModel

type Index = QModelIndex | QPersistentModelIndex

_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_ENTRY = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: a rule as it is saved, or a new one (its id is negative), and how its queue stands."""

    id: int
    rule: ForwardRule
    unsaved: bool = False
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def state(self) -> State:
        """The state whose shape and colour it has."""
        if self.unsaved:
            return State.STALE
        return State.WON if self.rule.enabled else State.NOT_APPLICABLE

    @property
    def state_text(self) -> str:
        """Whether it forwards, in words."""
        if self.unsaved:
            return tr("not saved")
        return tr("on") if self.rule.enabled else tr("off")


class RuleListModel(EntryListModel[Entry]):
    """The rules in their order, then those that are not saved yet."""

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return name_text(entry.rule.name)
            case Qt.ItemDataRole.AccessibleTextRole:
                facts = [name_text(entry.rule.name), entry.state_text, selection_text(entry.rule)]
                return ", ".join(filter(None, [*facts, counts_text(entry.counts)]))
            case Qt.ItemDataRole.UserRole:
                return entry
        return None


@dataclass(frozen=True, slots=True)
class _Words:
    """Words with the state whose shape and colour they have."""

    text: str
    state: State


class RuleDelegate(QStyledItemDelegate):
    """Two lines for each rule: its name and state, then what goes where, and what waits."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002 - Qt's
        return QSize(spacing(40), QFontMetrics(option.font).lineSpacing() * 2 + spacing(5))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry: Entry = index.data(_ENTRY)
        styled = QStyleOptionViewItem(option)
        self.initStyleOption(styled, index)
        styled.text = ""
        style = option.widget.style() if option.widget else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, styled, painter, option.widget)
        painter.save()
        self._paint_text(painter, styled, entry)
        painter.restore()

    def _paint_text(self, painter: QPainter, option: QStyleOptionViewItem, entry: Entry) -> None:
        palette, metrics = option.palette, QFontMetrics(option.font)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        first = palette.color(QPalette.ColorRole.HighlightedText if chosen else QPalette.ColorRole.Text)
        second = first if chosen else muted_colour(palette)
        area = option.rect.adjusted(spacing(3), spacing(2), -spacing(3), -spacing(2))
        upper = QRect(area.left(), area.top(), area.width(), metrics.lineSpacing())
        lower = upper.translated(0, metrics.lineSpacing() + spacing())
        painter.setFont(option.font)
        right = self._paint_words(painter, lower, _Words(counts_text(entry.counts), _state_of_queue(entry)), option)
        painter.setPen(second)
        left = QRect(lower.left(), lower.top(), right - lower.left() - spacing(2), lower.height())
        said = metrics.elidedText(selection_text(entry.rule), Qt.TextElideMode.ElideMiddle, left.width())
        painter.drawText(left, _LEFT, said)
        right = self._paint_words(painter, upper, _Words(entry.state_text, entry.state), option)
        bold = QFont(option.font)
        bold.setBold(True)
        painter.setFont(bold)
        painter.setPen(first if entry.rule.enabled else second)
        place = QRect(upper.left(), upper.top(), right - upper.left() - spacing(2), upper.height())
        name = QFontMetrics(bold).elidedText(name_text(entry.rule.name), Qt.TextElideMode.ElideMiddle, place.width())
        painter.drawText(place, _LEFT, name)

    def _paint_words(self, painter: QPainter, line: QRect, words: _Words, option: QStyleOptionViewItem) -> int:
        """Icon and words at the right of `line`; returns where they begin."""
        if not words.text:
            return line.right()
        palette, metrics = option.palette, painter.fontMetrics()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(palette.color(QPalette.ColorRole.HighlightedText))
        else:
            strong = words.state in (State.STALE, State.FAILED)
            painter.setPen(state_colour(words.state, palette) if strong else muted_colour(palette))
        painter.drawText(line, _RIGHT, words.text)
        size = metrics.height()
        left = line.right() - metrics.horizontalAdvance(words.text) - size - spacing()
        pixmap = state_pixmap(words.state, palette, size, painter.device().devicePixelRatioF())
        painter.drawPixmap(left, line.top() + (line.height() - size) // 2, pixmap)
        return left


class RuleList(EntryList[Entry]):
    """The list itself, selected by id."""

    pressed_again = Signal()  # the one that is selected already was clicked

    def __init__(self, model: RuleListModel, parent: QWidget | None = None) -> None:
        super().__init__(model, parent)
        self.setObjectName("forward_rules")
        self.setItemDelegate(RuleDelegate(self))
        self.setAccessibleName(self.tr("Rules that forward"))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tell of a click on the entry that is selected already too."""
        before = self._chosen
        super().mousePressEvent(event)
        if before and before == self._chosen:
            self.pressed_again.emit()


def _state_of_queue(entry: Entry) -> State:
    return State.FAILED if entry.counts.get("given-up") else State.STALE
