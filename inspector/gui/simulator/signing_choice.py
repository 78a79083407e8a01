"""What signs a simulated delivery: a handler, a secret that is typed or read, or one that is made up."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inspector.core.handler import Handler
from inspector.core.simulation.secret_form import key_kind
from inspector.core.verification.scheme import Scheme
from inspector.core.verification.secret import secret_text
from inspector.gui.theme import spacing
from inspector.gui.widgets.notice import Notice, Tone
from inspector.gui.widgets.rows import Muted, name_inside, quiet_wheel
from inspector.gui.widgets.safe_text import marked, shortened
from inspector.gui.widgets.themed import set_icon
from inspector.simulating import CannotSimulate, handlers_secret

type Way = Literal["handler", "typed", "made", "none"]

_LARGEST_FILE_BYTES = 64 << 10
_NO_SCHEME = Scheme("none")


class SigningChoice(QWidget):
    """A list of ways, and beneath it the secret where it is not a handler's. Secrets are masked until asked for."""

    changed = Signal()
    secret_wanted = Signal()  # a secret is to be made up
    handler_wanted = Signal()  # make a handler with the secret

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scheme = _NO_SCHEME
        self._made: dict[str, str] = {}  # by what it is for: a preset's id and scheme
        self._typed: dict[str, str] = {}
        self._for = ""
        self._verified = self._is_chosen = False
        self._kept: set[str] = set()  # secrets that a handler was made with
        self._build()

    def offer(self, reference: str, scheme: Scheme, handlers: Sequence[Handler], *, verified: bool) -> None:
        """Offer these handlers for the preset and scheme; a way that the user chose stays where it can.

        `verified`: there is a handler of the provider, which may verify what is signed with another secret.
        """
        self._verified = verified
        if reference != self._for:
            self._for, self._scheme, self._is_chosen = reference, scheme, False
        before = self.ways.currentData() if self._is_chosen else None
        self.ways.blockSignals(True)  # noqa: FBT003 - Qt's signature
        self.ways.clear()
        for way, name, text in self._ways(handlers):
            self.ways.addItem(text, (way, name))
        place = next((n for n in range(self.ways.count()) if self.ways.itemData(n) == before), 0)
        self.ways.setCurrentIndex(place)
        self.ways.blockSignals(False)  # noqa: FBT003
        self._show_way()

    @property
    def way(self) -> Way:
        """How it is signed."""
        return self.ways.currentData()[0] if self.ways.count() else "none"

    @property
    def handler(self) -> str:
        """The name of the handler that signs; empty where none does."""
        return self.ways.currentData()[1] if self.way == "handler" else ""

    @property
    def secret(self) -> str:
        """The secret that signs where it is not a handler's; a private key where the scheme has a key pair."""
        match self.way:
            case "typed":
                return self._typed.get(self._for, "")
            case "made":
                return self._made.get(self._for, "")
        return ""

    def use_made(self, secret: str, *, kept: bool = False) -> None:
        """Sign with this one, which was made up; `kept`: a handler was made with it before."""
        self._made[self._for] = secret
        if kept:
            self._kept.add(secret)
        self._show_way()

    def choose_handler(self, name: str) -> None:
        """Sign as this handler does, which was made with the secret; of a key pair it has the public key only."""
        self._kept.add(self.secret)
        self._show_way()
        place = next((n for n in range(self.ways.count()) if self.ways.itemData(n) == ("handler", name)), -1)
        if place >= 0:
            self.ways.setCurrentIndex(place)
        self.ways.setFocus(Qt.FocusReason.OtherFocusReason)

    def load(self, path: str) -> None:
        """Sign with the secret that this file has."""
        try:
            data = Path(path).read_bytes() if Path(path).stat().st_size <= _LARGEST_FILE_BYTES else b""
            text = secret_text(data)
        except OSError as error:
            self._notice.say(self.tr("The file cannot be read: {reason}.").format(reason=error.strerror))
            return
        except UnicodeDecodeError:
            self._notice.say(self.tr("The file is no text in UTF-8."))
            return
        self._typed[self._for] = text
        self._show_way()

    @property
    def _has_handler(self) -> bool:
        """Whether a handler was made with the secret, and there still is one."""
        return self._verified and self.secret in self._kept

    def say(self, text: str, tone: Tone = Tone.PROBLEM) -> None:
        """Say something beneath; empty takes it back."""
        self._notice.say(text, tone)

    # How

    def _ways(self, handlers: Sequence[Handler]) -> list[tuple[Way, str, str]]:
        if self._scheme.kind == "none":
            return [("none", "", self.tr("Nothing: this provider does not sign"))]
        found: list[tuple[Way, str, str]] = []
        if not key_kind(self._scheme):
            text = self.tr("As the handler “{name}”")
            found += [("handler", each.name, text.format(name=marked(shortened(each.name, 40)))) for each in handlers]
            found.append(("typed", "", self.tr("With a secret that I type")))
            found.append(("made", "", self.tr("With a secret that is made up")))
        else:
            found.append(("made", "", self.tr("With a key pair that is made up")))
            found.append(("typed", "", self.tr("With a private key from a file")))
        return found if handlers or key_kind(self._scheme) else found[::-1]

    def _build(self) -> None:
        self.ways = QComboBox(self)
        self.ways.setObjectName("simulator-signing")
        self.ways.setAccessibleName(self.tr("What signs"))
        name_inside(self.ways, self.tr("What signs"))
        quiet_wheel(self.ways)
        self.ways.currentIndexChanged.connect(self._show_way)
        self.ways.activated.connect(self._choose_way)
        self.field = QLineEdit(self)
        self.field.setObjectName("simulator-secret")
        self.field.setAccessibleName(self.tr("Secret"))
        self.field.textEdited.connect(self._type)
        self.reveal = QToolButton(self)
        set_icon(self.reveal, "eye")
        size = self.fontMetrics().height()
        self.reveal.setIconSize(QSize(size, size))
        self.reveal.setAutoRaise(True)
        self.reveal.setCheckable(True)
        self.reveal.setToolTip(self.tr("Reveal the secret"))
        self.reveal.setAccessibleName(self.tr("Reveal the secret"))
        self.reveal.toggled.connect(self._show_way)
        self.copy = QToolButton(self)
        self.copy.setObjectName("copy-public-key")
        set_icon(self.copy, "copy")
        self.copy.setIconSize(QSize(size, size))
        self.copy.setAutoRaise(True)
        self.copy.setToolTip(self.tr("Copy the public key"))
        self.copy.setAccessibleName(self.tr("Copy the public key"))
        self.copy.clicked.connect(self._copy)
        self.file = QPushButton(self.tr("F&rom file…"), self)
        self.file.clicked.connect(self._choose_file)
        self.again = QPushButton(self.tr("Make &another"), self)
        self.again.setObjectName("make-another-secret")
        self.again.clicked.connect(self.secret_wanted)
        self.keep = QPushButton(self.tr("Make a &handler with it"), self)
        self.keep.setObjectName("make-handler-with-secret")
        set_icon(self.keep, "handlers")
        self.keep.clicked.connect(self.handler_wanted)
        for button in (self.file, self.again, self.keep):
            button.setAutoDefault(False)
        self._notice = Notice(self)
        self._about = Muted("", self)
        self._line = QWidget(self)
        line = QHBoxLayout(self._line)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(spacing(2))
        for widget in (self.field, self.reveal, self.copy, self.file, self.again, self.keep):
            line.addWidget(widget, 1 if widget is self.field else 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(spacing())
        for each in (self.ways, self._line, self._about, self._notice):
            column.addWidget(each)

    @Slot()
    def _choose_way(self) -> None:
        self._is_chosen = True

    @Slot()
    def _show_way(self) -> None:
        """Show what belongs to the way that is chosen."""
        way, pair = self.way, bool(key_kind(self._scheme))
        if way == "made" and not self.secret:
            self.secret_wanted.emit()
        self._line.setVisible(way in ("typed", "made"))
        text, problem = self._shown(way, pair=pair)
        if self.field.text() != text:
            self.field.setText(text)
            self.field.setCursorPosition(0)
        public = pair and bool(text)
        hidden = not public and not self.reveal.isChecked()
        self.field.setEchoMode(QLineEdit.EchoMode.Password if hidden else QLineEdit.EchoMode.Normal)
        self.field.setReadOnly(way == "made" or pair)
        self.field.setPlaceholderText(self.tr("no private key yet") if pair else "")
        self.reveal.setVisible(not pair)
        self.copy.setVisible(public)
        self.file.setVisible(way == "typed")
        self.again.setVisible(way == "made")
        self.keep.setVisible(bool(self.secret) and not problem and not self._has_handler)
        about = []
        if public:
            about.append(self.tr("This is the public key, for a handler or a service; the private one signs."))
        if way in ("typed", "made") and not self._verified:
            about.append(self.tr("No handler verifies it yet: make one with it."))
        self._about.setText(" ".join(about))
        self._about.setVisible(bool(about))
        self._notice.say(problem)
        self.changed.emit()

    def _shown(self, way: Way, *, pair: bool) -> tuple[str, str]:
        """The secret as it stands in the field, the public key of a pair, and what is wrong with it."""
        if way not in ("typed", "made") or not self.secret:
            return "", ""
        if not pair:
            return self.secret, ""
        try:
            return "".join(handlers_secret(self._scheme, self.secret).split("\n")), ""
        except CannotSimulate as problem:
            return "", str(problem)

    @Slot(str)
    def _type(self, text: str) -> None:
        self._typed[self._for] = text
        self.keep.setVisible(bool(text))
        self.changed.emit()

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(handlers_secret(self._scheme, self.secret))

    @Slot()
    def _choose_file(self) -> None:
        dialog = QFileDialog(self, self.tr("The secret"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.load)
        dialog.open()
