"""The command palette: every command by a few letters of its name."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QAction, QIcon, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPalette, QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QMenuBar,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from inspector.gui.theme import muted_colour, spacing

_COMMAND = Qt.ItemDataRole.UserRole
_SHOWN = 12  # rows


@dataclass(frozen=True, slots=True)
class Entry:
    """A command with the path of its menu: `View › Columns › Sender`."""

    path: str
    action: QAction

    @property
    def keys(self) -> str:
        """The first of its keys, as they are written on this system."""
        return self.action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)


def entries(bar: QMenuBar) -> list[Entry]:
    """Every command in the menus of `bar`, in their order."""
    found: list[Entry] = []
    for action in bar.actions():
        if isinstance(menu := action.menu(), QMenu):
            found += _entries(menu, plain(action.text()))
    return found


def _entries(menu: QMenu, path: str) -> Iterator[Entry]:
    for action in menu.actions():
        if action.isSeparator() or not action.isVisible():
            continue
        here = f"{path} › {plain(action.text())}"
        if isinstance(inner := action.menu(), QMenu):
            yield from _entries(inner, here)
        else:
            yield Entry(here, action)


def plain(text: str) -> str:
    """The text of an action without its mnemonic and its dots."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&").rstrip("…")


def rank(wanted: str, path: str) -> int | None:
    """How well `path` fits the letters `wanted`, lower is better; None where they are not all in it, in order."""
    wanted, path = wanted.casefold().replace(" ", ""), path.casefold()
    name = path.rpartition("› ")[2]
    if not wanted or name.replace(" ", "").startswith(wanted):
        return 0
    if wanted in path.replace(" ", ""):
        return 1
    place, gaps = -1, 0
    for letter in wanted:
        found = path.find(letter, place + 1)
        if found < 0:
            return None
        gaps += found - place - 1
        place = found
    return 2 + gaps


class CommandPalette(QWidget):
    """Lies over the window while it is open. Enter does what is chosen, Escape does nothing."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("palette_of_commands")
        self._entries: Sequence[Entry] = ()
        self._before: QWidget | None = None
        self._field = QLineEdit(self)
        self._field.setObjectName("palette_field")
        self._field.setPlaceholderText(self.tr("Type a command"))
        self._field.setAccessibleName(self.tr("Command"))
        self._list = QListWidget(self)
        self._list.setObjectName("palette_list")
        self._list.setAccessibleName(self.tr("Commands"))
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setUniformItemSizes(True)
        size = self.fontMetrics().height()
        self._list.setIconSize(QSize(size, size))
        empty = QPixmap(size, size)
        empty.fill(Qt.GlobalColor.transparent)
        self._blank = QIcon(empty)  # commands without an icon stay in line with the others
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setItemDelegate(_EntryDelegate(self))
        self._list.itemClicked.connect(self._do)
        self._field.textChanged.connect(self._filter)
        self._field.installEventFilter(self)
        column = QVBoxLayout(self)
        step = spacing()
        column.setContentsMargins(2 * step, 2 * step, 2 * step, 2 * step)
        column.setSpacing(2 * step)
        column.addWidget(self._field)
        column.addWidget(self._list)
        self.hide()

    def open_for(self, bar: QMenuBar) -> None:
        """Show what can be done now."""
        window = self.window()
        self._before = window.focusWidget()
        self._entries = [entry for entry in entries(bar) if entry.action.isEnabled()]
        self._field.clear()
        self._filter("")
        width = min(window.width() - 8 * spacing(), self.fontMetrics().horizontalAdvance("0") * 76)
        row = self._list.sizeHintForRow(0)
        self.resize(width, (_SHOWN + 2) * row + 4 * spacing())
        self.move((window.width() - width) // 2, window.height() // 8)
        self.show()
        self.raise_()
        self._field.setFocus(Qt.FocusReason.PopupFocusReason)

    @property
    def listed(self) -> list[str]:
        """The paths of what fits, best first."""
        return [self._list.item(row).text() for row in range(self._list.count())]

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self.palette().color(QPalette.ColorRole.Mid))
        painter.setBrush(self.palette().color(QPalette.ColorRole.Base))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), spacing(), spacing())
        painter.end()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut and self.isVisible():
            self._close()
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        match event.key():
            case Qt.Key.Key_Escape:
                self._close()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                if (item := self._list.currentItem()) is not None:
                    self._do(item)
            case Qt.Key.Key_Down | Qt.Key.Key_Up:
                step = 1 if event.key() == Qt.Key.Key_Down else -1
                count = max(1, self._list.count())
                self._list.setCurrentRow((self._list.currentRow() + step) % count)
            case _:
                return super().eventFilter(watched, event)
        return True

    @Slot(str)
    def _filter(self, text: str) -> None:
        ranked = [(rank(text, entry.path), entry) for entry in self._entries]
        fitting = sorted(((place, entry) for place, entry in ranked if place is not None), key=lambda pair: pair[0])
        self._list.clear()
        for _, entry in fitting:
            item = QListWidgetItem(entry.path, self._list)
            item.setData(_COMMAND, entry)
            item.setIcon(entry.action.icon() if not entry.action.icon().isNull() else self._blank)
        self._list.setCurrentRow(0)

    @Slot(QListWidgetItem)
    def _do(self, item: QListWidgetItem) -> None:
        entry: Entry = item.data(_COMMAND)
        self._close()
        entry.action.trigger()

    def _close(self) -> None:
        self.hide()
        if self._before is not None:
            self._before.setFocus(Qt.FocusReason.PopupFocusReason)
            self._before = None


class _EntryDelegate(QStyledItemDelegate):
    """A command at the left, its keys at the right."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: object) -> None:
        super().paint(painter, option, index)  # type: ignore[arg-type]
        entry = index.data(_COMMAND)  # type: ignore[attr-defined]
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        colour = option.palette.color(QPalette.ColorRole.HighlightedText) if chosen else muted_colour(option.palette)
        painter.save()
        painter.setPen(colour)
        place = option.rect.adjusted(0, 0, -2 * spacing(), 0)
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, entry.keys)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: object) -> QSize:
        return QSize(0, super().sizeHint(option, index).height() + spacing())  # type: ignore[arg-type]
