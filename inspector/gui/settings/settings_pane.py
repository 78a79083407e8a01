"""The settings: validated beside their fields, saved through the engine, at work at once."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from inspector.feed import ListenerChanged, ListenerState, SettingsChanged
from inspector.gui.engine import Changes, Engine
from inspector.gui.tasks import Tasks
from inspector.gui.theme import spacing
from inspector.gui.widgets.empty_state import ActionButton
from inspector.gui.widgets.form import Form
from inspector.gui.widgets.notice import Notice, Tone
from inspector.gui.widgets.rows import Rows
from inspector.gui.widgets.themed import follow_palette, set_icon
from inspector.settings import AnswerSettings, ListenerSettings, SendingSettings, Settings, WindowSettings

if TYPE_CHECKING:  # imported in the engine's thread
    from inspector.app import Inspector

AT_ONCE = {"enabled", "theme"}
"""Fields that work when they are touched; the others wait for Save."""


class SettingsPane(QWidget):
    """Address, limits, the answer when none verifies, and the look of the window."""

    theme_chosen = Signal(str)  # system, light or dark

    def __init__(self, engine: Engine, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._engine, self._settings = engine, settings
        self._told: set[type] = set()  # of what the engine has told
        self._tasks = Tasks(self)
        self._tasks.failed.connect(self._tell)
        reserved = "delvha"  # the menus' own
        self.listener = Form(ListenerSettings, self, reserved=reserved)
        self.answer = Form(AnswerSettings, self, tall={"body"}, reserved=reserved)
        self.sending = Form(SendingSettings, self, reserved=reserved)
        self.window_ = Form(WindowSettings, self, reserved=reserved)
        self.state = Notice(self)
        self._notice = Notice(self)
        self._make_actions()
        self._lay_out()
        self._fill(settings)
        for form in (self.listener, self.answer, self.sending, self.window_):
            form.changed.connect(self._edited)
        engine.changed.connect(self._take)
        engine.started.connect(self._read)
        if engine.running:
            self._read()

    def actions(self) -> list[QAction]:
        """The commands of this pane."""
        return [self.save, self.revert]

    @property
    def unsaved(self) -> bool:
        """Whether something was typed that is not saved."""
        return self._typed() != self._settings

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        follow_palette(self, event)

    # What the engine tells

    @Slot()
    def _read(self) -> None:
        self._tasks.start("read", self._read_state())

    async def _read_state(self) -> None:
        self._told.clear()
        settings, state = await self._engine.call(_state_of)
        # What the engine has told since is newer.
        if SettingsChanged not in self._told:
            self._use(settings)
        if ListenerChanged not in self._told:
            self._show_listener(state)

    @Slot(object)
    def _take(self, changes: Changes) -> None:
        for change in changes.others:
            match change:
                case SettingsChanged(settings):
                    self._use(settings)
                case ListenerChanged(state):
                    self._show_listener(state)
                case _:
                    continue
            self._told.add(type(change))

    def _use(self, settings: Settings) -> None:
        """Show `settings`, but keep what was typed and is not saved."""
        typed, was_unsaved = self._typed(), self.unsaved
        self._settings = settings
        if was_unsaved:
            self._fill(
                replace(
                    typed,
                    listener=replace(typed.listener, enabled=settings.listener.enabled),
                    window=settings.window,
                    session=settings.session,
                )
            )
        else:
            self._fill(settings)

    def _show_listener(self, state: ListenerState) -> None:
        if state.enabled != self._settings.listener.enabled:
            self._use(replace(self._settings, listener=replace(self._settings.listener, enabled=state.enabled)))
        if state.problem:
            self.state.say(state.problem, Tone.PROBLEM)
        elif not state.listening:
            self.state.say(self.tr("Not listening."), Tone.NEUTRAL)
        elif not state.enabled:
            self.state.say(
                self.tr("Switched off: every request to {url} is refused.").format(url=state.url), Tone.REMARK
            )
        else:
            self.state.say(self.tr("Listening on {url}").format(url=state.url), Tone.GOOD)
        self._offered = state.offered_port
        self.use_offered.setVisible(bool(state.problem and state.offered_port))
        self.use_offered.setText(self.tr("Listen on port {port}").format(port=state.offered_port))

    # What the user does

    @Slot(str)
    def _edited(self, name: str) -> None:
        self._notice.say("")
        if name == "theme":
            self.theme_chosen.emit(self.window_.value().theme)
        if name in AT_ONCE:
            self._apply_at_once()
        self._follow()

    def _apply_at_once(self) -> None:
        enabled, window = self.listener.value().enabled, self.window_.value()
        self._settings = replace(
            self._settings, listener=replace(self._settings.listener, enabled=enabled), window=window
        )
        self._tasks.start(
            "apply",
            self._keep(lambda now: replace(now, listener=replace(now.listener, enabled=enabled), window=window)),
        )

    async def _keep(self, change: Callable[[Settings], Settings]) -> None:
        try:
            await self._engine.call(lambda inspector: _save_changed(inspector, change))
        except Exception:
            self._read()  # what did not become so is not shown as if it had
            raise

    @Slot()
    def _save(self) -> None:
        if self.unsaved and not self._shows_problem():
            self._tasks.start("save", self._save_typed(self._typed()))

    async def _save_typed(self, typed: Settings) -> None:
        await self._engine.call(
            lambda inspector: _save_changed(
                inspector,
                lambda now: replace(now, listener=typed.listener, answer=typed.answer, sending=typed.sending),
            )
        )
        self._settings = typed
        self._notice.say(self.tr("Saved."), Tone.GOOD)
        self._follow()

    @Slot()
    def _revert(self) -> None:
        self._notice.say("")
        self._fill(self._settings)

    @Slot()
    def _listen_on_offered(self) -> None:
        port = self._offered
        self._tasks.start("listen", self._engine.call(lambda inspector: inspector.start_listening(port)))

    @Slot(object)
    def _tell(self, error: Exception) -> None:
        self._notice.say(str(error))

    # Showing

    def _typed(self) -> Settings:
        return replace(
            self._settings,
            listener=self.listener.value(),
            answer=self.answer.value(),
            sending=self.sending.value(),
            window=self.window_.value(),
        )

    def _fill(self, settings: Settings) -> None:
        self.listener.exempt(_of_subject(settings, "listener"))
        self.listener.set_value(settings.listener)
        self.answer.set_value(settings.answer)
        self.sending.exempt(_of_subject(settings, "sending"))
        self.sending.set_value(settings.sending)
        self.window_.set_value(settings.window)
        self._follow()

    def _follow(self) -> None:
        self.save.setEnabled(self.unsaved and not self._problems())
        self.revert.setEnabled(self.unsaved)
        if self.unsaved and not self._notice.text:
            self._notice.say(self.tr("Not saved yet."), Tone.REMARK)
        elif not self.unsaved and self._notice.tone is Tone.REMARK:
            self._notice.say("")

    def _problems(self) -> bool:
        return any(form.problems() for form in (self.listener, self.answer, self.sending))

    def _shows_problem(self) -> bool:
        """Whether something is wrong; the first such field has the focus then."""
        for form in (self.listener, self.answer, self.sending):
            for name in form.problems():
                form.editor(name).setFocus(Qt.FocusReason.OtherFocusReason)
                return True
        return False

    def _make_actions(self) -> None:
        self._offered = 0
        self.use_offered = QAction(self.tr("Listen on the next free port"), self)
        self.use_offered.setObjectName("use-offered-port")
        self.use_offered.triggered.connect(self._listen_on_offered)
        self.use_offered.setVisible(False)
        self.save = QAction(self.tr("Save"), self)
        set_icon(self.save, "save")
        self.save.setObjectName("save-settings")
        self.save.setShortcut(QKeySequence("Ctrl+S"))
        self.save.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.save.triggered.connect(self._save)
        self.revert = QAction(self.tr("Revert"), self)
        set_icon(self.revert, "undo")
        self.revert.setObjectName("revert-settings")
        self.revert.triggered.connect(self._revert)
        self.addAction(self.save)

    def _lay_out(self) -> None:
        held = QWidget(self)
        column = QVBoxLayout(held)
        column.setContentsMargins(spacing(4), spacing(4), spacing(4), spacing(4))
        column.setSpacing(spacing(3))
        forms: tuple[tuple[str, Rows], ...] = (
            (self.tr("Listener"), self.listener),
            (self.tr("Answer when no handler verifies"), self.answer),
            (self.tr("Resends and forwards"), self.sending),
            (self.tr("Window"), self.window_),
        )
        width = max(form.label_width() for _, form in forms)
        for title, form in forms:
            heading = Rows(held)
            heading.add_heading(title)
            column.addSpacing(spacing(3) if column.count() else 0)
            column.addWidget(heading)
            if form is self.listener:
                column.addLayout(self._state_lines(held))
            form.set_label_width(width)
            form.setMaximumWidth(self.fontMetrics().horizontalAdvance("x" * 100))
            column.addWidget(form)
        column.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidget(held)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(scroll, 1)
        outer.addLayout(self._save_row())

    def _state_lines(self, parent: QWidget) -> QVBoxLayout:
        lines = QVBoxLayout()
        lines.setSpacing(spacing(2))
        lines.addWidget(self.state)
        lines.addWidget(ActionButton(self.use_offered, parent), 0, Qt.AlignmentFlag.AlignLeft)
        return lines

    def _save_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(spacing(4), spacing(2), spacing(4), spacing(2))
        row.setSpacing(spacing(2))
        row.addWidget(self._notice, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch(0)
        for action in (self.revert, self.save):
            row.addWidget(ActionButton(action, self))
        return row


def _of_subject(settings: Settings, subject: str) -> dict[str, object]:
    """What flags and variables said of one subject."""
    named = (name.partition(".") for name in settings.session)
    return {key: settings.session[f"{table}.{key}"] for table, _, key in named if table == subject}


async def _state_of(inspector: "Inspector") -> tuple[Settings, ListenerState]:
    return inspector.settings, inspector.listener_state


async def _save_changed(inspector: "Inspector", change: Callable[[Settings], Settings]) -> None:
    """Save what `change` makes of the settings as they are now."""
    await inspector.save_settings(change(inspector.settings))
