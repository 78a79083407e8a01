"""The left column: chooses what the middle lists, and counts it."""

from collections.abc import Mapping
from enum import StrEnum

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFont, QPainter, QPalette
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from inspector.core.delivery import Verdict
from inspector.gui.icons import icon, state_icon
from inspector.gui.theme import muted_colour, spacing, state_of_verdict

_CHOICE, _COUNT = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


class Choice(StrEnum):
    """What the middle can list. A verdict has the word of its own."""

    ALL = "all"
    WON = "won"
    FAILED = "failed"
    REFUSED = "refused"
    HANDSHAKE = "handshake"
    HANDLERS = "handlers"
    FORWARDING = "forwarding"
    SCENARIOS = "scenarios"
    SIMULATOR = "simulator"
    SETTINGS = "settings"

    @property
    def verdict(self) -> Verdict | None:
        """The only verdict that is listed, if there is one."""
        return Verdict(self.value) if self.value in set(Verdict) else None

    @property
    def lists_deliveries(self) -> bool:
        """Whether deliveries are listed."""
        return self in _LISTS


_LISTS = {Choice.ALL, *(Choice(verdict.value) for verdict in Verdict)}


class Sidebar(QListWidget):
    """One line for each choice, with its count at the right."""

    chosen = Signal(object)  # Choice
    entered = Signal(object)  # Choice: it was clicked, or Return was pressed on it, so that one wants to be in it

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidebar")
        self.setAccessibleName(self.tr("What to list"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_SidebarDelegate(self))
        self.setMinimumWidth(self.fontMetrics().horizontalAdvance("0" * 14))
        self._items: dict[Choice, QListWidgetItem] = {}
        self._add_heading(self.tr("Deliveries"))
        for choice, text in (
            (Choice.ALL, self.tr("All")),
            (Choice.WON, self.tr("Won")),
            (Choice.FAILED, self.tr("Failed")),
            (Choice.REFUSED, self.tr("Refused")),
            (Choice.HANDSHAKE, self.tr("Handshakes")),
        ):
            self._add(choice, text)
        self._add_heading(self.tr("Sending"))
        self._add(Choice.FORWARDING, self.tr("Forwarding"))
        self._add(Choice.SCENARIOS, self.tr("Scenarios"))
        self._add(Choice.SIMULATOR, self.tr("Simulator"))
        self._add_heading(self.tr("Setup"))
        self._add(Choice.HANDLERS, self.tr("Handlers"))
        self._add(Choice.SETTINGS, self.tr("Settings"))
        self._recolour()
        self.choose(Choice.ALL)
        self.currentItemChanged.connect(self._tell)
        self.itemClicked.connect(self._enter)
        self.itemActivated.connect(self._enter)

    @property
    def choice(self) -> Choice:
        """What is chosen."""
        return Choice(self.currentItem().data(_CHOICE))

    def choose(self, choice: Choice) -> None:
        """Choose as a click would."""
        self.setCurrentItem(self._items[choice])

    def show_counts(self, counts: Mapping[Verdict, int]) -> None:
        """Deliveries by verdict."""
        self._set_count(Choice.ALL, sum(counts.values()))
        for verdict in Verdict:
            self._set_count(Choice(verdict.value), counts.get(verdict, 0))

    def show_handlers(self, count: int) -> None:
        """How many handlers there are."""
        self._set_count(Choice.HANDLERS, count)

    def show_forwarding(self, waiting: int) -> None:
        """How many deliveries wait to be forwarded."""
        self._set_count(Choice.FORWARDING, waiting or None)

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance("0" * 22), super().sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._recolour()

    @Slot(QListWidgetItem, QListWidgetItem)
    def _tell(self, current: QListWidgetItem | None, _previous: QListWidgetItem | None) -> None:
        if current is not None:
            self.chosen.emit(Choice(current.data(_CHOICE)))

    @Slot(QListWidgetItem)
    def _enter(self, item: QListWidgetItem) -> None:
        if item.data(_CHOICE) is not None:
            self.entered.emit(Choice(item.data(_CHOICE)))

    def _add_heading(self, text: str) -> None:
        item = QListWidgetItem(text, self)
        item.setFlags(Qt.ItemFlag.NoItemFlags)

    def _add(self, choice: Choice, text: str) -> None:
        item = QListWidgetItem(text, self)
        item.setData(_CHOICE, choice.value)
        self._items[choice] = item

    def _set_count(self, choice: Choice, count: int | None) -> None:
        item = self._items[choice]
        if item.data(_COUNT) != count:
            item.setData(_COUNT, count)
            spoken = item.text() if count is None else f"{item.text()}, {count:,}"
            item.setData(Qt.ItemDataRole.AccessibleTextRole, spoken)

    def _recolour(self) -> None:
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.Base, palette.color(QPalette.ColorRole.Window))
        self.viewport().setPalette(palette)
        for choice, item in self._items.items():
            if choice.verdict is not None:
                item.setIcon(state_icon(state_of_verdict(choice.verdict), palette))
            else:
                item.setIcon(icon("deliveries" if choice is Choice.ALL else choice.value, palette))


class _SidebarDelegate(QStyledItemDelegate):
    """Paints a line with its count, and the headings of the groups."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        step = spacing()
        if index.data(_CHOICE) is None:
            self._paint_heading(painter, option, str(index.data()))
            return
        painter.save()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        group = QPalette.ColorGroup.Active if _has_focus(option) else QPalette.ColorGroup.Inactive
        if chosen:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(option.palette.color(group, QPalette.ColorRole.Highlight))
            painter.drawRoundedRect(option.rect.adjusted(step, 1, -step, -1), step, step)
        role = QPalette.ColorRole.HighlightedText if chosen else QPalette.ColorRole.WindowText
        inner = option.rect.adjusted(3 * step, 0, -3 * step, 0)
        size = option.fontMetrics.height()
        index.data(Qt.ItemDataRole.DecorationRole).paint(painter, inner.left(), inner.top(), size, inner.height())
        painter.setPen(option.palette.color(group, role))
        count = index.data(_COUNT)
        number = "" if count is None else f"{count:,}"
        left = inner.adjusted(size + 2 * step, 0, -option.fontMetrics.horizontalAdvance(number) - step, 0)
        text = option.fontMetrics.elidedText(str(index.data()), Qt.TextElideMode.ElideRight, left.width())
        painter.drawText(left, Qt.AlignmentFlag.AlignVCenter, text)
        if not chosen:
            painter.setPen(muted_colour(option.palette))
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, number)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        heading = index.data(_CHOICE) is None
        return QSize(0, option.fontMetrics.height() + spacing(4 if heading else 3))

    def _paint_heading(self, painter: QPainter, option: QStyleOptionViewItem, text: str) -> None:
        painter.save()
        font = QFont(option.font)
        font.setPointSizeF(font.pointSizeF() * 0.88)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(muted_colour(option.palette))
        place = option.rect.adjusted(spacing(3), 0, 0, -spacing())
        painter.drawText(place, Qt.AlignmentFlag.AlignBottom, text)
        painter.restore()


def _has_focus(option: QStyleOptionViewItem) -> bool:
    widget = option.widget
    return isinstance(widget, QWidget) and widget.hasFocus()
