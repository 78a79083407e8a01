"""Light, dark or as the system: chosen in the menu or in the settings, used at once and kept."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject

from inspector.gui.actions import Actions
from inspector.gui.theme import Theme
from inspector.gui.verbs import Verbs
from inspector.settings import Settings


class ThemeChoice(QObject):
    """Keeps the theme, its tick in the menu and the settings the same."""

    def __init__(
        self, theme: Theme, settings: Settings, actions: Actions, verbs: Verbs, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._theme, self._actions, self._verbs = theme, actions, verbs
        self._settings = settings
        for choice in ("system", "light", "dark"):
            actions[f"theme_{choice}"].triggered.connect(self._chooser(choice))
        self.use(settings)

    def know(self, settings: Settings) -> None:
        """These are the settings that the engine works by: a choice changes nothing else in them."""
        self._settings = settings

    def use(self, settings: Settings) -> None:
        """Look as these settings say."""
        self.know(settings)
        self._theme.choose(settings.window.theme)
        self._actions[f"theme_{settings.window.theme}"].setChecked(True)

    def _chooser(self, choice: str) -> Callable[[], None]:
        def choose() -> None:
            self._theme.choose(choice)
            settings = self._settings = replace(self._settings, window=replace(self._settings.window, theme=choice))
            self._verbs.ask("theme", lambda inspector: inspector.save_settings(settings))

        return choose
