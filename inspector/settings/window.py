"""How the window looks."""

from dataclasses import dataclass

from inspector.settings.setting import setting


@dataclass(frozen=True, slots=True)
class WindowSettings:
    """The look of the window."""

    theme: str = setting(
        "system",
        label="Theme",
        help="System follows the desktop where it tells its colours.",
        choices=("system", "light", "dark"),
    )
