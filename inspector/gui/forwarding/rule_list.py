"""The rules as a list: each with its name, whether it is on, what it forwards where, and what waits for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QFontMetrics, QMouseEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from inspector.core.forward_rule import ForwardRule
from inspector.gui.forwarding.texts import counts_text, name_text, selection_text, tr
from inspector.gui.icons import state_pixmap
from inspector.gui.theme import State, muted_colour, spacing, state_colour

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


class RuleListModel(QAbstractListModel):
    """The rules in their order, then those that are not saved yet."""

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


class RuleList(QListView):
    """The list itself, selected by id."""

    chosen = Signal(int)  # the id of the entry that is selected now; 0 for none
    pressed_again = Signal()  # the one that is selected already was clicked

    def __init__(self, model: RuleListModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._chosen, self._row = 0, 0
        self.setObjectName("forward_rules")
        self.setModel(model)
        self.setItemDelegate(RuleDelegate(self))
        self.setAccessibleName(self.tr("Rules that forward"))
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
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

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tell of a click on the entry that is selected already too."""
        before = self._chosen
        super().mousePressEvent(event)
        if before and before == self._chosen:
            self.pressed_again.emit()

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
        """The same rule stays selected wherever it stands now; where it is gone, its neighbour is."""
        if not self._model.entries:
            self._select()
            return
        row = self._model.row_of(self._chosen)
        place = row if row >= 0 else min(self._row, len(self._model.entries) - 1)
        self.setCurrentIndex(self._model.index(place))
        self._select()


def _state_of_queue(entry: Entry) -> State:
    return State.FAILED if entry.counts.get("given-up") else State.STALE
