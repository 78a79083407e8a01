"""Icons: our own SVG files, recoloured from the palette."""

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from inspector.gui.theme import State, state_colour
from inspector.resources_folder import resource_path

_SIZES = (16, 24, 32, 48)


def icon(name: str, palette: QPalette | None = None, role: QPalette.ColorRole = QPalette.ColorRole.ButtonText) -> QIcon:
    """The icon `resources/icons/<name>.svg` in the colour that `palette` (the application's) gives to `role`.

    A palette may change: ask again on QEvent.Type.PaletteChange.
    """
    palette = palette or QApplication.palette()
    return _icon(name, palette.color(QPalette.ColorGroup.Active, role).name())


def state_icon(state: State, palette: QPalette | None = None) -> QIcon:
    """The shape of `state` in its colour."""
    colour = state_colour(state, palette or QApplication.palette()).name()
    return _icon(f"state-{state}", colour)


def state_pixmap(state: State, palette: QPalette, size: int, ratio: float) -> QPixmap:
    """The shape of `state`, `size` logical pixels large, for a screen with `ratio` pixels to each of them."""
    return _pixmap(f"state-{state}", state_colour(state, palette).name(), size, ratio)


def icon_pixmap(name: str, colour: QColor, size: int, ratio: float) -> QPixmap:
    """The icon `name` in `colour`, `size` logical pixels large, for a screen with `ratio` pixels to each of them."""
    return _pixmap(name, colour.name(), size, ratio)


def application_icon() -> QIcon:
    """The program's own icon, in its own colours."""
    made = QIcon()
    renderer = QSvgRenderer(str(resource_path("icons", "application.svg")))
    for size in (16, 24, 32, 48, 64, 128, 256):
        made.addPixmap(_rendered(renderer, size))
    return made


@cache
def _icon(name: str, colour: str) -> QIcon:
    made = QIcon()
    for size in _SIZES:  # of a disabled control, the style pales it; of a selected row it should not
        made.addPixmap(_pixmap(name, colour, size, 1.0))
        made.addPixmap(_pixmap(name, colour, size, 1.0), QIcon.Mode.Selected)
    return made


@cache
def _pixmap(name: str, colour: str, size: int, ratio: float) -> QPixmap:
    svg = _svg(name).replace("currentColor", colour)
    made = _rendered(QSvgRenderer(QByteArray(svg.encode())), round(size * ratio))
    made.setDevicePixelRatio(ratio)
    return made


@cache
def _svg(name: str) -> str:
    return resource_path("icons", f"{name}.svg").read_text(encoding="utf-8")


def _rendered(renderer: QSvgRenderer, size: int) -> QPixmap:
    pixmap = QPixmap(QSize(size, size))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return pixmap
