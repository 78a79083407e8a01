"""The view of bytes with a line to go to an offset, and finding."""

import asyncio
import re

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from inspector.gui.theme import spacing
from inspector.gui.widgets.hex_view import HexView
from inspector.gui.widgets.lines import Buffer
from inspector.gui.widgets.needle import Needle

_SLICE = 1 << 20
_HEX = re.compile(r"(?:0x)?(?:[0-9A-Fa-f]{2}[\s:]*)+")


class HexPanel(QWidget):
    """`HexView` with its offset, editable, below it."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data: Buffer = b""
        self._view = HexView(self)
        self._view.setObjectName("hex_body")
        self._view.setAccessibleName(name)
        self._offset = QLineEdit(self)
        self._offset.setObjectName("hex_offset")
        self._offset.setAccessibleName(self.tr("Go to offset"))
        self._offset.setPlaceholderText(self.tr("1f40 or 0x1f40; decimal with a point: 8000."))
        self._label = QLabel(self.tr("&Go to offset"), self)
        self._label.setBuddy(self._offset)
        self._where = QLabel(self)
        self._where.setTextFormat(Qt.TextFormat.PlainText)
        row = QHBoxLayout()
        row.setSpacing(spacing(2))
        row.addWidget(self._label)
        row.addWidget(self._offset, 1)
        row.addWidget(self._where)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._view, 1)
        column.addLayout(row)
        self._offset.returnPressed.connect(self._go)
        self._view.moved.connect(self._show_where)
        self.setFocusProxy(self._view)

    @property
    def view(self) -> HexView:
        """The bytes."""
        return self._view

    def show_data(self, data: Buffer) -> None:
        """Show `data` from its first byte."""
        self._data = data
        self._view.show_data(data)
        self._show_where(0)

    def clear(self) -> None:
        """Show nothing, and let go of what was shown."""
        self.show_data(b"")

    async def find_text(self, text: str, *, backward: bool) -> bool:
        """Select the next place of `text`: as bytes where it is written `0a 0d` or `0x0a0d`, else as UTF-8."""
        data, searched = self._data, searched_bytes(text)
        needle = Needle([searched], folded=searched == text.encode("utf-8", "replace"))
        first = self._view.selection[0]
        begin = first if backward else first + (self._view.selection[1] > first)
        for start, stop in _ranges(begin, len(data), backward=backward):
            found = list(needle.offsets(data[start : stop + len(searched) - 1]))
            if found and data is self._data:
                at = start + found[-1 if backward else 0]
                self._view.select(at, at + len(searched))
                return True
            await asyncio.sleep(0)
        return False

    @Slot()
    def _go(self) -> None:
        if (offset := offset_in(self._offset.text())) is not None:
            self._view.go_to(offset)
            self._view.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object)
    def _show_where(self, offset: int) -> None:
        self._where.setText(f"{offset:,} / {len(self._data):,}")


def offset_in(text: str) -> int | None:
    """The offset that `text` says: hexadecimal, or decimal with a point behind it; None where it says none."""
    text = text.strip().replace(",", "").replace("_", "")
    try:
        return int(text[:-1], 10) if text.endswith(".") else int(text, 16)
    except ValueError:
        return None


def searched_bytes(text: str) -> bytes:
    """The bytes to look for: pairs of hexadecimal digits with `0x` or spaces between, or the text itself."""
    written = text.strip()
    if _HEX.fullmatch(written) and (written.startswith("0x") or " " in written or ":" in written):
        return bytes.fromhex(re.sub(r"[\s:]", "", written.removeprefix("0x")))
    return text.encode("utf-8", "replace")


def _ranges(begin: int, size: int, *, backward: bool) -> list[tuple[int, int]]:
    """The parts to look through one after the other: from `begin` on, then around the end."""
    if backward:
        down = [(max(0, stop - _SLICE), stop) for stop in range(begin, 0, -_SLICE)]
        return down + [(max(begin, stop - _SLICE), stop) for stop in range(size, begin, -_SLICE)]
    up = [(start, min(size, start + _SLICE)) for start in range(begin, size, _SLICE)]
    return up + [(start, min(begin, start + _SLICE)) for start in range(0, begin, _SLICE)]
