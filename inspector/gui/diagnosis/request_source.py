"""Where a request comes from that nobody sent here: pasted in any form, or typed in fields."""

import asyncio

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from inspector.core.formats.pasted import read_pasted
from inspector.core.formats.raw_http import raw_bytes
from inspector.core.formats.reading import Pasted, Understood, Unreadable
from inspector.gui.diagnosis.paste_edit import LEAST_LINES, PasteEdit
from inspector.gui.diagnosis.request_fields import RequestFields, file_bytes
from inspector.gui.diagnosis.request_words import form_words, summed_up, wrong_in_words
from inspector.gui.diagnosis.texts import sentence
from inspector.gui.tasks import Tasks
from inspector.gui.theme import spacing
from inspector.gui.widgets.notice import Notice, Tone
from inspector.gui.widgets.rows import name_inside, quiet_wheel
from inspector.gui.widgets.safe_text import marked, shortened

LARGEST_FILE_BYTES = 64 << 20
_READ_AFTER_MS = 120
_MOST_SAID = 4
_LONGEST_NAME = 90


class RequestSource(QWidget):
    """Says what it recognised and understood. `changed` follows when that is another request."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tasks = Tasks(self)
        self._tasks.failed.connect(self._say_unforeseen)
        self._pasted: Pasted | None = None
        self._given: Understood | None = None  # a stored delivery
        self._given_name = ""
        self._files: dict[str, bytes] = {}
        self.understood: Understood | None = None
        self.unreadable = False  # something is there, and it is no request
        self._later = QTimer(self, singleShot=True, interval=_READ_AFTER_MS)
        self._later.timeout.connect(self._read)
        self.text = PasteEdit(self)
        self.text.setObjectName("pasted_text")
        self.text.setAccessibleName(self.tr("Pasted request"))
        self.text.setPlaceholderText(
            self.tr(
                "Paste the request here, as you got it:\n"
                "a cURL command, raw HTTP with its headers, a HAR from a browser,\n"
                "or a line of our export.\n\n"
                "Nothing is sent or stored."
            )
        )
        self.fields = RequestFields(self)
        self.recognised = Notice(self)
        self.recognised.setObjectName("pasted_form")
        self.entries = QComboBox(self)
        self.entries.setObjectName("pasted_entry")
        self.entries.setAccessibleName(self.tr("Which of the requests"))
        self.entries.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.entries.setMinimumContentsLength(20)
        name_inside(self.entries, self.tr("Which of the requests"))
        quiet_wheel(self.entries)
        self.entries.activated.connect(self._take_entry)
        self._file = self._button(self.tr("Choose That &File…"), self._choose_body)
        self._summary = QLabel(self)
        self._summary.setObjectName("understood")
        self._summary.setTextFormat(Qt.TextFormat.PlainText)
        self._summary.setWordWrap(True)
        self._summary.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._assumed = [Notice(self) for _ in range(_MOST_SAID)]
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        # As high as there is room: what stands below it is read first.
        self.tabs.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.tabs.setMinimumHeight(self.fontMetrics().lineSpacing() * LEAST_LINES)
        self.tabs.tabBar().setAccessibleName(self.tr("How the request is given"))
        self._lay_out()
        self.text.edited.connect(self._edited)
        self.text.file_dropped.connect(self._open)
        self.fields.edited.connect(self._later.start)
        self.fields.file_wanted.connect(self._choose_field_file)
        self.tabs.currentChanged.connect(self._change_tab)
        self._show()

    @property
    def is_stored(self) -> bool:
        """Whether the request is a delivery that is stored."""
        return self._given is not None

    def use(self, understood: Understood, name: str) -> None:
        """Take this request, which is known byte for byte, as a stored delivery is."""
        self.tabs.setCurrentIndex(0)
        self.text.show_data(raw_bytes(understood.request))
        self._given, self._given_name = understood, name
        self._later.stop()
        self._settle(None, understood)

    @Slot()
    def clear(self) -> None:
        """Forget everything."""
        self._files.clear()
        self.fields.clear()
        self.text.clear()
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    # Building

    def _button(self, text: str, slot: object) -> QPushButton:
        button = QPushButton(text, self)
        button.setAutoDefault(False)
        button.clicked.connect(slot)
        return button

    def _lay_out(self) -> None:
        self.open_button = self._button(self.tr("&Open…"), self._choose_file)
        self.open_button.setToolTip(self.tr("Read the request from a file, byte for byte"))
        self.clear_button = self._button(self.tr("C&lear"), self.clear)
        paste = QWidget(self)
        column = QVBoxLayout(paste)
        column.setContentsMargins(0, spacing(2), 0, 0)
        column.setSpacing(spacing(2))
        column.addWidget(self.text, 1)
        self.tabs.addTab(paste, self.tr("&Paste"))
        scroll = QScrollArea(self)
        scroll.setWidget(self.fields)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.tabs.addTab(scroll, self.tr("F&ields"))
        corner = QWidget(self)
        buttons = QHBoxLayout(corner)
        buttons.setContentsMargins(0, 0, 0, spacing())
        buttons.setSpacing(spacing(2))
        buttons.addWidget(self.open_button)
        buttons.addWidget(self.clear_button)
        self.tabs.setCornerWidget(corner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(spacing(2))
        outer.addWidget(self.tabs, 1)
        for widget in (self.recognised, self.entries, self._summary, *self._assumed):
            outer.addWidget(widget)
        outer.addWidget(self._file, 0, Qt.AlignmentFlag.AlignLeft)

    # Reading

    @Slot()
    def _edited(self) -> None:
        self._given = None
        self._later.start()

    @Slot()
    def _read(self) -> None:
        if self.tabs.currentIndex() == 1:
            self._settle(None, self.fields.read())
        elif self._given is None:
            self._tasks.start("read", self._read_text(self.text.data))

    async def _read_text(self, data: bytes) -> None:
        """Whatever is pasted may be large: it is read beside the window's thread."""
        if not data.strip():
            self._settle(None, None)
            return
        try:
            pasted = await asyncio.to_thread(read_pasted, data, dict(self._files))
        except Unreadable as error:
            self._settle(None, None, error)
            return
        self.entries.clear()
        self.entries.addItems([shortened(marked(each.name), _LONGEST_NAME) for each in pasted.requests])
        self.entries.setCurrentIndex(pasted.likeliest)
        self._settle(pasted, pasted.meant)

    @Slot(int)
    def _take_entry(self, place: int) -> None:
        if self._pasted is not None and 0 <= place < len(self._pasted.requests):
            self._settle(self._pasted, self._pasted.requests[place])

    @Slot(int)
    def _change_tab(self, place: int) -> None:
        """The fields begin with what was pasted."""
        if place == 1 and self.fields.empty and self.understood is not None:
            self.fields.fill(self.understood.request, self.understood.url)
        self._read()

    def _settle(self, pasted: Pasted | None, understood: Understood | None, error: Unreadable | None = None) -> None:
        before = self.understood, self.unreadable
        in_fields = self.tabs.currentIndex() == 1 and not self.fields.empty
        self.unreadable = error is not None or (in_fields and understood is None)
        self._pasted, self.understood = pasted, understood
        self._show(error)
        if before != (understood, self.unreadable):
            self.changed.emit()

    # Showing

    def _show(self, error: Unreadable | None = None) -> None:
        understood, pasted = self.understood, self._pasted
        several = pasted is not None and len(pasted.requests) > 1
        self.entries.setVisible(several)
        self._summary.setVisible(understood is not None)
        self._file.setVisible(understood is not None and bool(understood.wanted_file))
        self.clear_button.setEnabled(bool(self.text.data) or not self.fields.empty)
        if error is not None:
            self.recognised.say(wrong_in_words(error), Tone.PROBLEM)
        elif pasted is not None:
            count = len(pasted.requests)
            self.recognised.say(
                self.tr("Recognised: {form}, {count} requests").format(form=form_words(pasted.form), count=f"{count:,}")
                if several
                else self.tr("Recognised: {form}").format(form=form_words(pasted.form)),
                Tone.GOOD,
            )
        elif understood is not None and self._given is not None:
            self.recognised.say(self.tr("{name}, byte for byte").format(name=self._given_name), Tone.GOOD)
        else:
            self.recognised.say("")
        self._summary.setText(summed_up(understood) if understood is not None else "")
        said = [sentence(each) for each in understood.assumed] if understood is not None else []
        if self.text.shortened:
            said.append(self.tr("The text is long: its beginning is shown, and all of it is read."))
        for place, notice in enumerate(self._assumed):
            notice.say(said[place] if place < len(said) else "", Tone.REMARK)

    @Slot(object)
    def _say_unforeseen(self, error: Exception) -> None:
        self.recognised.say(str(error) or type(error).__name__, Tone.PROBLEM)

    # Files

    @Slot()
    def _choose_file(self) -> None:
        self._ask_for_file(self.tr("Open a Request"), self._open)

    @Slot()
    def _choose_body(self) -> None:
        self._ask_for_file(self.tr("The File That the Command Names"), self._open_body)

    @Slot()
    def _choose_field_file(self) -> None:
        self._ask_for_file(self.tr("The Body"), self._open_field)

    def _ask_for_file(self, title: str, taken: object) -> None:
        dialog = QFileDialog(self, title)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(taken)
        dialog.open()

    @Slot(str)
    def _open(self, path: str) -> None:
        self._tasks.start("open", self._opened(path, self._take_text))

    @Slot(str)
    def _open_body(self, path: str) -> None:
        self._tasks.start("open", self._opened(path, self._take_body))

    @Slot(str)
    def _open_field(self, path: str) -> None:
        name = path.replace("\\", "/").rpartition("/")[2]
        self._tasks.start("open", self._opened(path, lambda data: self.fields.use_file(data, marked(name))))

    async def _opened(self, path: str, take: object) -> None:
        try:
            data = await asyncio.to_thread(file_bytes, path)
        except OSError as error:
            self.recognised.say(self.tr("The file cannot be read: {why}.").format(why=error.strerror or error))
            return
        if len(data) > LARGEST_FILE_BYTES:
            self.recognised.say(self.tr("The file is larger than 64 MiB: that is no request to be pasted."))
            return
        if callable(take):
            take(data)

    def _take_text(self, data: bytes) -> None:
        self.tabs.setCurrentIndex(0)
        self.text.show_data(data)

    def _take_body(self, data: bytes) -> None:
        if self.understood is not None and self.understood.wanted_file:
            self._files[self.understood.wanted_file] = data
            self._read()
