"""Icons keep to the palette when it changes."""

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from inspector.gui.theme import palette_for
from inspector.gui.widgets.empty_state import EmptyState
from inspector.gui.widgets.themed import set_icon


@pytest.fixture
def application(qapp: QApplication) -> Iterator[QApplication]:
    before = qapp.palette()
    qapp.setPalette(palette_for(dark=False))
    yield qapp
    qapp.setPalette(before)


def lightness(icon: QIcon) -> int:
    """How light the lightest pixel that is not transparent is."""
    image = icon.pixmap(16).toImage()
    pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return max(pixel.lightness() for pixel in pixels if pixel.alpha() == 255)


def test_an_icon_is_light_on_dark_and_dark_on_light(application: QApplication, qtbot: QtBot) -> None:
    state = EmptyState("Nothing", code="x")
    qtbot.addWidget(state)
    action = QAction("Send", state)
    set_icon(action, "send")
    copy = state.findChild(QToolButton, "copy")
    assert isinstance(copy, QToolButton)
    state.show()
    assert max(lightness(action.icon()), lightness(copy.icon())) < 128
    application.setPalette(palette_for(dark=True))
    QApplication.processEvents()
    assert min(lightness(action.icon()), lightness(copy.icon())) > 128
