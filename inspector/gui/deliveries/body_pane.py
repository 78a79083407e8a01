"""The body of a delivery, in the view that suits it."""

import asyncio
import hashlib
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QStackedWidget, QVBoxLayout, QWidget

from inspector.core.content_coding import Decoded, codings_of, decoded
from inspector.core.delivery import Delivery
from inspector.core.request import Body
from inspector.gui.deliveries.body_bar import BodyBar
from inspector.gui.deliveries.body_content import BodyKind, BodyView, kind_of
from inspector.gui.deliveries.json_layout import laid_out
from inspector.gui.deliveries.json_view import JsonView
from inspector.gui.deliveries.syntax import syntax_colours
from inspector.gui.models.delivery_columns import size_text
from inspector.gui.models.json_tree import NotJson
from inspector.gui.tasks import Tasks
from inspector.gui.theme import State, muted_colour, spacing, state_colour
from inspector.gui.widgets.find_bar import FindBar
from inspector.gui.widgets.hex_panel import HexPanel
from inspector.gui.widgets.image_view import ImageView, NotAnImage, read_image
from inspector.gui.widgets.json_spans import json_spans
from inspector.gui.widgets.lines import Buffer
from inspector.gui.widgets.safe_text import marked, shortened
from inspector.gui.widgets.text_panel import SLICE_S, TextPanel
from inspector.gui.widgets.tint import tint

LARGEST_DECODED = 10 << 20
LARGEST_COPY = 16 << 20
_AT_ONCE = 256 << 10  # bytes hashed, decoded or laid out without leaving the window's thread


class BodyPane(QWidget):
    """Chooses the views by content and keeps the user's choice from delivery to delivery.

    What it shows is the body as sent, or with its content codings undone; both are a click away.
    """

    said = Signal(str)  # what was copied or saved, for the status line

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks, self._filling, self._saving = Tasks(self), Tasks(self), Tasks(self)
        for tasks in (self._tasks, self._filling, self._saving):
            tasks.failed.connect(self._say_failure)
        self._delivery: Delivery | None = None
        self._data: Buffer = b""
        self._kind = BodyKind("", "utf-8", (BodyView.HEX,))
        self._decoded: Decoded | None = None
        self._digest = ""
        self._bar = BodyBar(self)  # before the views: the tab key goes in this order
        colours = syntax_colours(QApplication.palette())
        self._tree = JsonView(colours, self)
        self._pretty = TextPanel(self.tr("Body, laid out"), colours, self)
        self._text = TextPanel(self.tr("Body as text"), colours, self)
        self._hex = HexPanel(self.tr("Body in hexadecimal"), self)
        self._image = ImageView(self)
        self._image.setAccessibleName(self.tr("Body as a picture"))
        self._pretty.setObjectName("pretty_body")
        self._text.setObjectName("text_body")
        self._views = QStackedWidget(self)
        self._widgets: dict[BodyView, QWidget] = {
            BodyView.TREE: self._tree,
            BodyView.PRETTY: self._pretty,
            BodyView.TEXT: self._text,
            BodyView.HEX: self._hex,
            BodyView.IMAGE: self._image,
        }
        for widget in self._widgets.values():
            self._views.addWidget(widget)
        self._build()

    def show_delivery(self, delivery: Delivery) -> None:
        """Show this delivery's body in the view that was chosen last, where it suits."""
        if self._delivery is not None and self._delivery.request is delivery.request:
            return
        self._delivery = delivery
        self._decoded, self._digest = None, ""
        self._tasks.cancel()
        self.find_bar.say("")
        body, codings = delivery.request.body, codings_of(delivery.request.headers)
        self._bar.offer_codings(codings if body else ())
        if body and codings and self._bar.wants_decoded:
            self._decode(body, codings)
        else:
            self._show_data(body)

    async def find_text(self, text: str, *, backward: bool) -> bool:
        """Select the next place of `text` in the view that is shown."""
        view = self._views.currentWidget()
        if isinstance(view, JsonView | TextPanel | HexPanel):
            return await view.find_text(text, backward=backward)
        return False

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            colours = syntax_colours(QApplication.palette())
            for view in (self._tree, self._pretty, self._text):
                view.set_colours(colours)
            self._bar.tint()
            self._tint()

    @Slot()
    def copy_body(self) -> None:
        """Copy the body: as text in the chosen encoding, or in the hexadecimal view as digits."""
        data = bytes(self._data[:LARGEST_COPY])
        as_hex = self._bar.view is BodyView.HEX
        QGuiApplication.clipboard().setText(data.hex(" ") if as_hex else data.decode(self._encoding(), "replace"))
        size = size_text(len(data))
        if len(data) < len(self._data):
            self.said.emit(self.tr("Copied the first {size} of the body").format(size=size))
        else:
            self.said.emit(self.tr("Copied the body, {size}").format(size=size))

    @Slot()
    def save_body(self) -> None:
        """Ask for a file and save the bytes that are shown, exactly."""
        if self._delivery is None:
            return
        dialog = QFileDialog(self, self.tr("Save body"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(f"delivery-{self._delivery.id}{_suffix(self._kind)}")
        dialog.fileSelected.connect(self._save_as)
        dialog.open()

    @Slot(str)
    def _save_as(self, path: str) -> None:
        self._saving.start("save", self._save(Path(path), self._data))

    async def _save(self, path: Path, data: Buffer) -> None:
        try:
            await asyncio.to_thread(path.write_bytes, data)
        except OSError as error:
            self._notify(self.tr("The body could not be saved: {reason}").format(reason=error.strerror))
            return
        self.said.emit(self.tr("Saved {size} to {file}").format(size=size_text(len(data)), file=marked(path.name)))

    # Building

    def _build(self) -> None:
        self._bar.view_chosen.connect(self._show_view)
        self._bar.encoding_chosen.connect(self._show_view)
        self._bar.decoding_chosen.connect(self._show_coding)
        self._bar.copy_wanted.connect(self.copy_body)
        self._bar.save_wanted.connect(self.save_body)
        self._bar.find_wanted.connect(self._open_find)
        self._facts, self._notice = QLabel(self), QLabel(self)
        for label in (self._facts, self._notice):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._facts.setObjectName("body_facts")
        self._notice.setObjectName("body_notice")
        self.find_bar = FindBar(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(spacing(2), spacing(2), spacing(2), spacing(2))
        column.setSpacing(spacing(1))
        for widget in (self._bar, self._facts, self._notice):
            column.addWidget(widget)
        column.addWidget(self._views, 1)
        column.addWidget(self.find_bar)
        self._notice.hide()
        self._tint()

    def _tint(self) -> None:
        for label, colour in (
            (self._facts, muted_colour(QApplication.palette())),
            (self._notice, state_colour(State.STALE, QApplication.palette())),
        ):
            tint(label, colour)

    # What is shown

    @Slot()
    def _open_find(self) -> None:
        self.find_bar.open()

    @Slot()
    def _show_coding(self) -> None:
        if (delivery := self._delivery) is None:
            return
        codings = codings_of(delivery.request.headers)
        if self._bar.wants_decoded and self._decoded is None:
            self._decode(delivery.request.body, codings)
        elif self._bar.wants_decoded and self._decoded is not None:
            self._show_decoded(self._decoded)
        else:
            self._show_data(delivery.request.body)

    def _decode(self, body: Body, codings: tuple[str, ...]) -> None:
        if len(body) <= _AT_ONCE:
            first = decoded(body, codings, _AT_ONCE)
            if not first.cut:
                self._show_decoded(first)
                return
        self._show_data(b"", whole=False)
        self._notify(self.tr("Decompressing …"))
        self._tasks.start("decode", self._decode_in_thread(body, codings))

    async def _decode_in_thread(self, body: Body, codings: tuple[str, ...]) -> None:
        self._show_decoded(await asyncio.to_thread(decoded, body, codings, LARGEST_DECODED))

    def _show_decoded(self, result: Decoded) -> None:
        self._decoded = result
        untouched = result.problem in ("unknown-coding", "library-missing")
        assert self._delivery is not None  # noqa: S101 - for the type checker
        self._show_data(self._delivery.request.body if untouched else result.data)
        if said := self._about(result):
            self._notify(said)

    def _about(self, result: Decoded) -> str:
        coding = marked(shortened(result.coding, 40))
        match result.problem:
            case "damaged":
                return self.tr("The {coding} coding is damaged; what could be read is shown.").format(coding=coding)
            case "truncated":
                return self.tr("The {coding} coding ends too early; what could be read is shown.").format(coding=coding)
            case "unknown-coding":
                return self.tr("The coding {coding} is not known here; the bytes are shown as sent.").format(
                    coding=coding
                )
            case "library-missing":
                return self.tr("The coding {coding} cannot be undone here: its library is not installed.").format(
                    coding=coding
                )
        if result.cut:
            return self.tr("Decompressed up to {size} and cut there.").format(size=size_text(LARGEST_DECODED))
        return ""

    def _show_data(self, data: Buffer, *, whole: bool = True) -> None:
        assert self._delivery is not None  # noqa: S101 - for the type checker
        self._data = data
        headers = self._delivery.request.headers
        as_sent = data is self._delivery.request.body
        self._kind = kind_of(data, headers, coded=as_sent and bool(codings_of(headers)))
        self._bar.offer_views(self._kind)
        self._show_view()
        if whole:
            self._show_digest()
        self._show_facts()

    def _show_digest(self) -> None:
        self._digest = ""
        if len(self._data) <= _AT_ONCE:
            self._digest = hashlib.sha256(self._data).hexdigest()
        else:
            self._tasks.start("digest", self._hash(self._data))

    async def _hash(self, data: Buffer) -> None:
        digest = await asyncio.to_thread(lambda: hashlib.sha256(data).hexdigest())
        if self._data is data:
            self._digest = digest
            self._show_facts()

    def _show_facts(self) -> None:
        if self._delivery is None:
            return
        sent, shown = len(self._delivery.request.body), len(self._data)
        facts = [self.tr("{size} bytes").format(size=f"{sent:,}")]
        if self._data is not self._delivery.request.body:
            facts.append(self.tr("{size} decompressed").format(size=f"{shown:,}"))
        facts.append(marked(shortened(self._kind.media_type, 60)) or self.tr("no content type"))
        if self._digest:
            facts.append(f"sha256 {self._digest[:12]}…{self._digest[-4:]}")
        self._facts.setText(" · ".join(facts))
        self._facts.setToolTip(f"sha256 {self._digest}" if self._digest else "")

    @Slot()
    def _show_view(self) -> None:
        """Fill the chosen view; let the others go of what they hold."""
        self._notice.hide()
        self._filling.cancel()
        view = self._bar.view
        for other, widget in self._widgets.items():
            if other is not view and isinstance(widget, JsonView | TextPanel | HexPanel):
                widget.clear()
        self._views.setCurrentWidget(self._widgets[view])
        match view:
            case BodyView.TREE:
                self._show_tree()
            case BodyView.PRETTY:
                self._show_pretty()
            case BodyView.TEXT:
                self._text.show_text(self._data, self._encoding())
            case BodyView.HEX:
                self._hex.show_data(self._data)
            case BodyView.IMAGE:
                self._image.show_image(QImage())
                self._filling.start("view", self._show_image(self._data))

    def _show_tree(self) -> None:
        try:
            self._tree.show_json(self._data)
        except NotJson as problem:
            self._show_as_text(problem)

    def _show_pretty(self) -> None:
        if len(self._data) > _AT_ONCE:
            self._pretty.clear()
            self._filling.start("view", self._lay_out(self._data))
            return
        try:
            self._pretty.show_text(b"".join(laid_out(self._data)), spans=json_spans)
        except NotJson as problem:
            self._show_as_text(problem)

    async def _lay_out(self, data: Buffer) -> None:
        loop = asyncio.get_running_loop()
        text, until = bytearray(), loop.time() + SLICE_S
        try:
            for piece in laid_out(data):
                text += piece
                if loop.time() > until:
                    await asyncio.sleep(0)
                    until = loop.time() + SLICE_S
        except NotJson as problem:
            self._show_as_text(problem)
            return
        self._pretty.show_text(memoryview(text), spans=json_spans)

    async def _show_image(self, data: Buffer) -> None:
        try:
            image, size = await asyncio.to_thread(read_image, data)
        except NotAnImage as problem:
            if str(problem) == "too-large":
                self._notify(self.tr("The picture has more than 64 million pixels and is not shown."))
            else:
                self._notify(self.tr("The picture is damaged and cannot be shown."))
            return
        self._image.show_image(image)
        self._facts.setText(f"{self._facts.text()} · {size.width()} × {size.height()}")

    def _show_as_text(self, problem: NotJson) -> None:
        """What is not JSON is shown as what it surely is, and the reason beside it."""
        self._views.setCurrentWidget(self._text)
        self._text.show_text(self._data, self._encoding())
        if self._data:
            self._notify(self.tr("Shown as text: {reason}").format(reason=marked(str(problem))))

    def _encoding(self) -> str:
        return self._bar.encoding or self._kind.encoding

    def _notify(self, text: str) -> None:
        self._notice.setText(text)
        self._notice.show()

    @Slot(object)
    def _say_failure(self, error: Exception) -> None:
        self._notify(self.tr("The body cannot be shown: {reason}").format(reason=marked(shortened(str(error), 200))))


def _suffix(kind: BodyKind) -> str:
    if BodyView.TREE in kind.views:
        return ".json"
    return ".txt" if kind.views[0] is BodyView.TEXT else ".bin"
