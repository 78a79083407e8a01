"""How a pasted request is said to be signed: by whom, with which secret, at which address, and when it came."""

from collections.abc import Sequence
from datetime import UTC, datetime

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from inspector import presets
from inspector.asking import Question
from inspector.core.diagnosis.own_time import own_time
from inspector.core.formats.reading import Understood
from inspector.core.handler import Handler
from inspector.core.request import Request
from inspector.core.verification.lint import lint
from inspector.core.verification.reading import Reading
from inspector.core.verification.scheme import Scheme
from inspector.gui.diagnosis.secret_line import SecretLine
from inspector.gui.diagnosis.signer_choice import FIND_OUT, LONGEST_NAME, Signer, SignerChoice
from inspector.gui.handlers.from_delivery import preset_handler
from inspector.gui.handlers.texts import remark_text
from inspector.gui.theme import spacing
from inspector.gui.widgets.notice import Notice, Tone
from inspector.gui.widgets.rows import Rows
from inspector.gui.widgets.safe_text import marked, shortened

_MOST_REMARKS = 3
_UNKNOWN = Scheme("none")


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
        self.signer = SignerChoice(self)
        self._secret_line = SecretLine(self)
        self.secret = self._secret_line.edit
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
        self.secret.textEdited.connect(self._edit_secret)
        self.url.textEdited.connect(self._edit_url)
        self.time.textEdited.connect(self._edit_time)
        self._now.clicked.connect(self._take_now)
        self.signer.fill(())

    @property
    def chosen(self) -> Signer:
        """Who is said to have signed it."""
        return self.signer.chosen

    @property
    def signer_name(self) -> str:
        """Who is said to have signed it, for a sentence."""
        signer = self.chosen
        if signer.handler_id:
            name = next((each.name for each in self._handlers if each.id == signer.handler_id), "")
            return self.tr("the handler “{name}”").format(name=shortened(marked(name), LONGEST_NAME))
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
            self.signer.fill(handlers)
            self.signer.select(before)
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
        self.signer.select(FIND_OUT)
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

    def _lay_out(self) -> None:
        rows = Rows(self)
        self._signer_row = rows.add_row(self.tr("&Signed by"), self.signer)
        self._secret_row = rows.add_row(self.tr("S&ecret"), self._secret_line, buddy=self.secret)
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

    def _suggest(self) -> None:
        """The handler for whom it looks like, else that preset, else to find out."""
        wanted = FIND_OUT
        if self._recognised:
            theirs = [each for each in self._handlers if each.preset.partition(":")[0] == self._recognised]
            path = self._request.path if self._request is not None else "/"
            theirs.sort(key=lambda each: (not each.enabled, not each.matches(path)))
            wanted = Signer(handler_id=theirs[0].id) if theirs else Signer(preset_id=self._recognised)
        self.signer.select(wanted)
        self._follow_signer()

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

    # The secret

    @Slot(str)
    def _edit_secret(self, _text: str) -> None:
        self._remark()
        self.changed.emit()

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
                    where=shortened(marked(found.where), LONGEST_NAME)
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
