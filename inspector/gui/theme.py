"""How the window looks: Fusion with a light and a dark palette, and the colours of the states."""

from collections.abc import Mapping
from enum import StrEnum

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetrics, QPalette
from PySide6.QtWidgets import QApplication

from inspector.core.delivery import Standing, Verdict


class State(StrEnum):
    """What a shape, a word and a colour stand for, the same everywhere."""

    WON = "won"
    SHADOWED = "shadowed"  # would also verify
    FAILED = "failed"
    STALE = "stale"
    NOT_CHECKABLE = "not-checkable"
    NOT_APPLICABLE = "not-applicable"
    HANDSHAKE = "handshake"
    REFUSED = "refused"


STATE_COLOURS: Mapping[State, tuple[str, str]] = {  # on the light ground, on the dark one; each 4.5 or more
    State.WON: ("#1a7f37", "#56d364"),
    State.SHADOWED: ("#3d6b4f", "#8fbf9a"),
    State.FAILED: ("#c4232f", "#ff7b72"),
    State.STALE: ("#8a5a00", "#e3b341"),
    State.NOT_CHECKABLE: ("#6b5aa8", "#b8a6f0"),
    State.NOT_APPLICABLE: ("#5c6066", "#9aa0a6"),
    State.HANDSHAKE: ("#0b6bcb", "#6cb6ff"),
    State.REFUSED: ("#5c6066", "#9aa0a6"),
}

LIGHT_GROUND, DARK_GROUND = "#fbfbfa", "#1f2124"

_Role = QPalette.ColorRole
_COLOURS: Mapping[QPalette.ColorRole, tuple[str, str]] = {
    _Role.Window: ("#f3f3f1", "#191b1d"),
    _Role.WindowText: ("#1f2328", "#e4e5e3"),
    _Role.Base: (LIGHT_GROUND, DARK_GROUND),
    _Role.AlternateBase: ("#f5f5f3", "#24272b"),
    _Role.Text: ("#1f2328", "#e4e5e3"),
    _Role.PlaceholderText: ("#6b6f75", "#8f959c"),
    _Role.Button: ("#f6f6f4", "#2a2d31"),
    _Role.ButtonText: ("#1f2328", "#e4e5e3"),
    _Role.BrightText: ("#ffffff", "#ffffff"),
    _Role.ToolTipBase: ("#ffffff", "#2f3338"),
    _Role.ToolTipText: ("#1f2328", "#e4e5e3"),
    _Role.Highlight: ("#d3e4f7", "#28405c"),
    _Role.HighlightedText: ("#10233a", "#f2f5f9"),
    _Role.Accent: ("#0b6bcb", "#6cb6ff"),
    _Role.Link: ("#0b5cad", "#6cb6ff"),
    _Role.LinkVisited: ("#6b5aa8", "#b8a6f0"),
    _Role.Light: ("#ffffff", "#34383d"),
    _Role.Midlight: ("#e6e6e3", "#2b2e32"),
    _Role.Mid: ("#cfcfcb", "#3a3e43"),
    _Role.Dark: ("#a9a9a4", "#101113"),
    _Role.Shadow: ("#8a8a86", "#08090a"),
}
_DISABLED = {
    _Role.WindowText: ("#8b8f94", "#6d7379"),
    _Role.Text: ("#8b8f94", "#6d7379"),
    _Role.ButtonText: ("#8b8f94", "#6d7379"),
    _Role.Highlight: ("#e4e4e1", "#2b2e32"),
    _Role.HighlightedText: ("#6b6f75", "#8f959c"),
}
_INACTIVE = {_Role.Highlight: ("#e2e6eb", "#2e343c")}


def palette_for(*, dark: bool) -> QPalette:
    """The whole palette for one of the two grounds."""
    palette = QPalette()
    for role, colours in _COLOURS.items():
        palette.setColor(role, QColor(colours[dark]))
    for role, colours in _INACTIVE.items():
        palette.setColor(QPalette.ColorGroup.Inactive, role, QColor(colours[dark]))
    for role, colours in _DISABLED.items():
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours[dark]))
    return palette


def is_dark(palette: QPalette) -> bool:
    """Whether `palette` writes light on dark."""
    return palette.color(_Role.Base).lightness() < palette.color(_Role.Text).lightness()


def state_colour(state: State, palette: QPalette) -> QColor:
    """The colour of `state` on the ground of `palette`."""
    return QColor(STATE_COLOURS[state][is_dark(palette)])


def muted_colour(palette: QPalette) -> QColor:
    """The colour of text of second rank; still 4.5 against the ground."""
    return state_colour(State.NOT_APPLICABLE, palette)


def state_of_verdict(verdict: Verdict) -> State:
    """The state that stands for what became of a delivery."""
    return State(verdict.value)


def state_of_standing(standing: Standing, reason: str | None = None) -> State:
    """The state that stands for the outcome of one handler; a failure for its age has one of its own."""
    if standing is Standing.FAILED and reason in ("timestamp-expired", "timestamp-future"):
        return State.STALE
    return State.HANDSHAKE if standing is Standing.ANSWERED else State(standing.value)


def spacing(steps: int = 1) -> int:
    """`steps` of the spacing grid, in pixels: a step is a quarter of the font's height, about 4."""
    return max(3, round(QFontMetrics(QApplication.font()).height() / 4)) * steps


def fixed_font() -> QFont:
    """The font for bytes: monospace, as large as the window's own."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    if (size := QApplication.font().pointSizeF()) > 0:
        font.setPointSizeF(size)
    return font


class Theme(QObject):
    """Keeps the application's palette as the settings and the desktop want it."""

    changed = Signal()

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        self._choice = "system"
        application.setStyle("fusion")
        # Kept: reading a sub-object of a temporary is a crash waiting to happen.
        self._hints = application.styleHints()
        self._hints.colorSchemeChanged.connect(self._apply)
        self._apply()

    @property
    def dark(self) -> bool:
        """Whether the dark palette is in use."""
        if self._choice == "system":  # Unknown, where no platform theme tells, counts as light
            return self._hints.colorScheme() is Qt.ColorScheme.Dark
        return self._choice == "dark"

    def choose(self, choice: str) -> None:
        """Use `system`, `light` or `dark` from now on."""
        self._choice = choice
        self._apply()

    @Slot()
    def _apply(self) -> None:
        self._application.setPalette(palette_for(dark=self.dark))
        self.changed.emit()
