"""How a pasted request is said to be signed: by whom, with which secret, at which address, and when it came."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inspector import presets
from inspector.asking import Question
from inspector.core.diagnosis.own_time import own_time
from inspector.core.formats.reading import Understood
from inspector.core.handler import Handler
from inspector.core.request import Request
from inspector.core.verification.lint import lint
from inspector.core.verification.reading import Reading
from inspector.core.verification.scheme import Scheme
from inspector.gui.handlers.from_delivery import preset_handler
from inspector.gui.handlers.texts import remark_text
from inspector.gui.theme import spacing
from inspector.gui.widgets.notice import Notice, Tone
from inspector.gui.widgets.rows import Rows, name_inside, quiet_wheel
from inspector.gui.widgets.safe_text import marked, shortened
from inspector.gui.widgets.themed import set_icon

_MOST_REMARKS = 3
_LONGEST_NAME = 60
_UNKNOWN = Scheme("none")


@dataclass(frozen=True, slots=True)
class Signer:
    """Who is said to have signed: a handler of the chain, a preset, or nobody knows."""

    handler_id: int = 0
    preset_id: str = ""


FIND_OUT = Signer()


class QuestionForm(QWidget):
    """Asks for no more than is needed: who it looks like, the address and the time are taken from the request."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._handlers: Sequence[Handler] = ()
        self._request: Request | None = None
        self._recognised = ""
        self._chosen = False  # by a person, and not by what was recognised
        self._typed_time = self._typed_url = False
        self.signer = self._make_signer()
        self.secret = QLineEdit(self)
        self.secret.setObjectName("pasted_secret")
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        self.secret.setPlaceholderText(self.tr("Paste or type the secret that you have"))
        self.reveal = self._make_reveal()
        self.url = QLineEdit(self)
        self.url.setObjectName("pasted_url")
        self.time = QLineEdit(self)
        self.time.setObjectName("pasted_time")
        self._now = QPushButton(self.tr("&Now"), self)
        self._now.setAutoDefault(False)
        self._now.setToolTip(self.tr("Judge it as if it came just now"))
        self._remarks = [Notice(self) for _ in range(_MOST_REMARKS)]
        self._lay_out()
        self.signer.activated.connect(self._choose)
        edit = self.signer.lineEdit()
        if edit is not None:
            edit.editingFinished.connect(self._finish_name)
        self.secret.textEdited.connect(self._edit_secret)
        self.url.textEdited.connect(self._edit_url)
        self.time.textEdited.connect(self._edit_time)
        self._now.clicked.connect(self._take_now)
        self._fill_signers()

    @property
    def chosen(self) -> Signer:
        """Who is said to have signed it."""
        found = self.signer.currentData()
        return found if isinstance(found, Signer) else FIND_OUT

    @property
    def signer_name(self) -> str:
        """Who is said to have signed it, for a sentence."""
        signer = self.chosen
        if signer.handler_id:
            name = next((each.name for each in self._handlers if each.id == signer.handler_id), "")
            return self.tr("the handler “{name}”").format(name=shortened(marked(name), _LONGEST_NAME))
        return presets.provider_name(signer.preset_id) if signer.preset_id else ""

    @property
    def scheme(self) -> Scheme | None:
        """How it is said to be signed; None where that is to be found out."""
        signer = self.chosen
        if signer.handler_id:
            return next((each.scheme for each in self._handlers if each.id == signer.handler_id), None)
        if signer.preset_id:
            return preset_handler(presets.preset(signer.preset_id), "", self._request).scheme
        return None

    def use_handlers(self, handlers: Sequence[Handler]) -> None:
        """Offer the handlers as they are now."""
        if handlers != self._handlers:
            before = self.chosen
            self._handlers = handlers
            self._fill_signers()
            self._select(before)
            if not self._chosen:
                self._suggest()

    def use_request(self, understood: Understood | None, recognised: str) -> None:
        """Take from the request what it tells: who seems to have sent it, where and when."""
        self._request = understood.request if understood else None
        self._recognised = recognised
        if not self._chosen:
            self._suggest()
        if not self._typed_url:
            self.url.setText(understood.url if understood else "")
        if not self._typed_time:
            self._suggest_time(understood)
        self._remark()

    def find_out(self) -> None:
        """Choose to find out how it is signed."""
        self._chosen = True
        self._select(FIND_OUT)
        self._follow_signer()

    def forget(self) -> None:
        """Take back all that was chosen and typed, the secret too."""
        self._chosen = self._typed_time = self._typed_url = False
        self.secret.clear()
        self.use_request(None, "")

    def question(self, understood: Understood) -> Question | None:
        """What is to be asked; None where something is missing, which it then says."""
        at = self._moment()
        if at is None:
            return None
        signer = self.chosen
        scheme, preset = None, ""
        if signer.preset_id:
            made = preset_handler(presets.preset(signer.preset_id), "", understood.request)
            scheme, preset = made.scheme, made.preset
        return Question(
            understood.request, at, self.secret.text(), scheme, preset, signer.handler_id, self.url.text().strip()
        )

    @property
    def wants_secret(self) -> bool:
        """Whether nothing can be said without a secret."""
        return (
            not self.secret.text() and not self.chosen.handler_id and not (self.chosen == FIND_OUT and self._handlers)
        )

    # Building

    def _make_signer(self) -> QComboBox:
        box = QComboBox(self)
        box.setObjectName("pasted_signer")
        box.setEditable(True)
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(24)
        box.setMaxVisibleItems(16)
        completer = box.completer() or QCompleter(self)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        quiet_wheel(box)
        return box

    def _make_reveal(self) -> QToolButton:
        button = QToolButton(self)
        set_icon(button, "eye")
        size = button.fontMetrics().height()
        button.setIconSize(QSize(size, size))
        button.setAutoRaise(True)
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setAccessibleName(self.tr("Reveal the secret"))
        button.setToolTip(self.tr("Reveal the secret (Ctrl+Shift+R)"))
        button.toggled.connect(self._reveal)
        shortcut = QShortcut(QKeySequence("Ctrl+Shift+R"), self)
        shortcut.activated.connect(button.toggle)
        return button

    def _lay_out(self) -> None:
        rows = Rows(self)
        self._signer_row = rows.add_row(self.tr("&Signed by"), self.signer)
        self._secret_row = rows.add_row(self.tr("S&ecret"), self._beside(self.secret, self.reveal), buddy=self.secret)
        self.secret.setAccessibleName(self.tr("Secret"))
        below = QWidget(self)
        column = QVBoxLayout(below)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(spacing())
        for remark in self._remarks:
            column.addWidget(remark)
        rows.add_row("", below, buddy=self.secret)
        self._time_row = rows.add_row(self.tr("&Received"), self._beside(self.time, self._now), buddy=self.time)
        self.time.setAccessibleName(self.tr("Received"))
        self._url_row = rows.add_row(
            self.tr("Addr&ess called"),
            self.url,
            help_text=self.tr("As the sender called it: some signatures cover it."),
        )
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(rows)

    def _beside(self, field: QWidget, button: QWidget) -> QWidget:
        both = QWidget(self)
        line = QHBoxLayout(both)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(spacing())
        line.addWidget(field, 1)
        line.addWidget(button)
        return both

    # Who signed

    def _fill_signers(self) -> None:
        self.signer.blockSignals(True)  # noqa: FBT003 - Qt's signature
        self.signer.clear()
        self.signer.addItem(self.tr("Find out how it is signed"), FIND_OUT)
        for handler in self._handlers:
            if handler.scheme.kind != "none":
                name = self.tr("Handler {name}").format(name=shortened(marked(handler.name), _LONGEST_NAME))
                self.signer.addItem(name, Signer(handler_id=handler.id))
        for entry in presets.index():
            self.signer.addItem(entry.name, Signer(preset_id=entry.id))
        name_inside(self.signer, self.tr("Signed by"))
        self.signer.blockSignals(False)  # noqa: FBT003

    def _suggest(self) -> None:
        """The handler for whom it looks like, else that preset, else to find out."""
        wanted = FIND_OUT
        if self._recognised:
            theirs = [each for each in self._handlers if each.preset.partition(":")[0] == self._recognised]
            path = self._request.path if self._request is not None else "/"
            theirs.sort(key=lambda each: (not each.enabled, not each.matches(path)))
            wanted = Signer(handler_id=theirs[0].id) if theirs else Signer(preset_id=self._recognised)
        self._select(wanted)
        self._follow_signer()

    def _select(self, signer: Signer) -> None:
        place = next((n for n in range(self.signer.count()) if self.signer.itemData(n) == signer), 0)
        self.signer.setCurrentIndex(place)

    def _follow_signer(self) -> None:
        signer = self.chosen
        name = presets.provider_name(self._recognised) if self._recognised else ""
        if self._recognised and not self._chosen:
            self._signer_row.explain(self.tr("The request looks like one of {name}.").format(name=name))
        elif signer == FIND_OUT:
            self._signer_row.explain(self.tr("Every provider's way is tried, then others that people think of."))
        else:
            self._signer_row.explain("")
        stored = bool(signer.handler_id)
        self._secret_row.explain(
            self.tr("The handler's own secrets are tried; another one can be given.")
            if stored
            else self.tr("Kept in this window alone. Secrets of all handlers are tried as well.")
            if self._handlers
            else self.tr("Kept in this window alone.")
        )
        self._remark()

    @Slot(int)
    def _choose(self, _place: int) -> None:
        self._chosen = True
        self._follow_signer()
        self.changed.emit()

    @Slot()
    def _finish_name(self) -> None:
        """Take the first name that fits what was typed; what fits none is taken back."""
        text = self.signer.currentText().strip()
        if text == self.signer.itemText(self.signer.currentIndex()):
            return
        place = next(
            (n for n in range(self.signer.count()) if text and text.lower() in self.signer.itemText(n).lower()), -1
        )
        if place < 0:
            self.signer.setEditText(self.signer.itemText(self.signer.currentIndex()))
        else:
            self.signer.setCurrentIndex(place)
            self._choose(place)

    # The secret

    @Slot(str)
    def _edit_secret(self, _text: str) -> None:
        self._remark()
        self.changed.emit()

    @Slot(bool)
    def _reveal(self, on: bool) -> None:  # noqa: FBT001 - Qt's signal
        self.secret.setEchoMode(QLineEdit.EchoMode.Normal if on else QLineEdit.EchoMode.Password)
        set_icon(self.reveal, "eye-off" if on else "eye")
        self.reveal.setAccessibleName(self.tr("Hide the secret") if on else self.tr("Reveal the secret"))

    def _remark(self) -> None:
        scheme = self.scheme or _UNKNOWN
        name = next((each.name for each in self._handlers if each.id == self.chosen.handler_id), "")
        remarks = lint(self.secret.text(), scheme, name) if self.secret.text() else ()
        for place, notice in enumerate(self._remarks):
            notice.say(remark_text(remarks[place]) if place < len(remarks) else "", Tone.REMARK)
        self.secret.setAccessibleDescription(" ".join(remark_text(remark) for remark in remarks))

    # Where and when

    def _suggest_time(self, understood: Understood | None) -> None:
        found = own_time(understood.request, understood.at) if understood is not None else None
        if understood is None:
            self.time.clear()
            self._time_row.explain("")
        elif found is None:
            self._show_time(datetime.now(UTC))
            self._time_row.explain(self.tr("The request does not say when it was sent: judged as of now."))
        else:
            self._show_time(found.at)
            self._time_row.explain(
                self.tr("Its own time, from “{where}”: as of now an old request would only be too late.").format(
                    where=shortened(marked(found.where), _LONGEST_NAME)
                )
                if found.where
                else self.tr("When it was recorded.")
            )

    def _show_time(self, moment: datetime) -> None:
        self.time.setText(f"{moment.astimezone():%Y-%m-%d %H:%M:%S%z}")

    def _moment(self) -> datetime | None:
        text = self.time.text().strip()
        self._time_row.say("")
        if not text:
            return datetime.now(UTC)
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            self._time_row.say(self.tr("A time looks like 2026-11-22 12:00:00."))
            return None
        return found if found.tzinfo is not None else found.astimezone()

    @Slot(str)
    def _edit_time(self, _text: str) -> None:
        self._typed_time = True
        self._time_row.explain("")
        self.changed.emit()

    @Slot()
    def _take_now(self) -> None:
        self._typed_time = True
        self._show_time(datetime.now(UTC))
        self._time_row.explain(self.tr("Judged as of now."))
        self.changed.emit()

    @Slot(str)
    def _edit_url(self, _text: str) -> None:
        self._typed_url = True
        self.changed.emit()


def recognised_in(request: Request) -> str:
    """The provider that a request looks like; empty where none. Reads all presets the first time."""
    found = presets.recogniser().recognise(Reading(request))
    return found.provider if found else ""
