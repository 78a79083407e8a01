"""A delivery as it came off the wire: its head, then its body."""

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QCheckBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from inspector.core.delivery import Delivery
from inspector.core.formats.curl import BODY_FILE, curl_command
from inspector.gui.deliveries.raw_text import as_sent, shown
from inspector.gui.deliveries.syntax import syntax_colours
from inspector.gui.models.delivery_columns import size_text
from inspector.gui.theme import muted_colour, spacing
from inspector.gui.widgets.find_bar import FindBar
from inspector.gui.widgets.text_panel import TextPanel
from inspector.gui.widgets.tint import tint

LARGEST_SHOWN = 64 << 10
LARGEST_COPY = 4 << 20


class RawPane(QWidget):
    """Head and body as text; credentials masked until asked for, line ends shown on request."""

    masked_changed = Signal(bool)
    said = Signal(str)  # what was copied, for the status line

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._delivery: Delivery | None = None
        self._show_values = QCheckBox(self.tr("Show &values"), self)
        self._show_values.setObjectName("raw_show_values")
        self._line_ends = QCheckBox(self.tr("&Line ends"), self)
        self._line_ends.setObjectName("line_ends")
        self._copy_raw = QPushButton(self.tr("Copy raw"), self)
        self._copy_raw.setObjectName("copy_raw")
        self._copy_curl = QPushButton(self.tr("Copy as cURL"), self)
        self._copy_curl.setObjectName("copy_curl")
        self._text = TextPanel(self.tr("Request as received"), syntax_colours(QApplication.palette()), self)
        self._text.setObjectName("raw_text")
        self._notice = QLabel(self)
        self._notice.setTextFormat(Qt.TextFormat.PlainText)
        self._notice.setWordWrap(True)
        self.find_bar = FindBar(self)
        self._show_values.toggled.connect(self._set_shown)
        self._line_ends.toggled.connect(self._refresh)
        self._copy_raw.clicked.connect(self.copy_raw)
        self._copy_curl.clicked.connect(self.copy_curl)
        bar = QHBoxLayout()
        bar.setSpacing(spacing(2))
        bar.addWidget(self._show_values)
        bar.addWidget(self._line_ends)
        bar.addStretch(1)
        bar.addWidget(self._copy_raw)
        bar.addWidget(self._copy_curl)
        column = QVBoxLayout(self)
        column.setContentsMargins(spacing(2), spacing(2), spacing(2), spacing(2))
        column.addLayout(bar)
        column.addWidget(self._text, 1)
        column.addWidget(self._notice)
        column.addWidget(self.find_bar)
        self._tint()

    def show_delivery(self, delivery: Delivery) -> None:
        """Show this delivery."""
        if self._delivery is None or self._delivery.request is not delivery.request:
            self._delivery = delivery
            self._refresh()

    def set_masked(self, masked: bool) -> None:  # noqa: FBT001 - a slot
        """Whether credentials are masked."""
        self._show_values.setChecked(not masked)

    async def find_text(self, text: str, *, backward: bool) -> bool:
        """Select the next place of `text`."""
        return await self._text.find_text(text, backward=backward)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._text.set_colours(syntax_colours(QApplication.palette()))
            self._tint()

    @Slot()
    def copy_raw(self) -> None:
        """Copy head and body as text, credentials included: that is what was asked for."""
        if self._delivery is None:
            return
        sent = as_sent(self._delivery, LARGEST_COPY)
        try:
            text = sent.decode()
        except UnicodeDecodeError:
            text = sent.decode("latin-1")
        QGuiApplication.clipboard().setText(text)
        cut = len(self._delivery.request.body) > LARGEST_COPY
        self.said.emit(self.tr("Copied the request, its body cut") if cut else self.tr("Copied the request"))

    @Slot()
    def copy_curl(self) -> None:
        """Copy a command that sends the same request."""
        if self._delivery is None:
            return
        command = curl_command(self._delivery.request)
        QGuiApplication.clipboard().setText(command.text)
        if command.needs_body_file:
            self.said.emit(self.tr("Copied. Save the body as {file} beside it.").format(file=BODY_FILE))
        else:
            self.said.emit(self.tr("Copied the cURL command"))

    @Slot(bool)
    def _set_shown(self, shown_values: bool) -> None:  # noqa: FBT001 - a slot
        self._refresh()
        self.masked_changed.emit(not shown_values)

    @Slot()
    def _refresh(self) -> None:
        if self._delivery is None:
            return
        masked, line_ends = not self._show_values.isChecked(), self._line_ends.isChecked()
        self._text.show_text(shown(self._delivery, masked=masked, line_ends=line_ends, largest_body=LARGEST_SHOWN))
        size = len(self._delivery.request.body)
        self._notice.setVisible(size > LARGEST_SHOWN)
        self._notice.setText(
            self.tr("The first {shown} of {size} are shown; the Body tab has all of it.").format(
                shown=size_text(LARGEST_SHOWN), size=size_text(size)
            )
        )

    def _tint(self) -> None:
        tint(self._notice, muted_colour(QApplication.palette()))
