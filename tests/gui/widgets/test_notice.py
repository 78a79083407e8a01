"""A line beside a field has shape, text and colour, on any ground."""

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from inspector.gui.theme import State, muted_colour, palette_for, state_colour
from inspector.gui.widgets.notice import Notice, Tone
from inspector.gui.widgets.rows import Muted


@pytest.fixture
def ground(qtbot: QtBot) -> QWidget:
    """Something that stands on the colour of lists, as the middle of the window does."""
    made = QWidget()
    made.setBackgroundRole(QPalette.ColorRole.Base)
    made.setPalette(palette_for(dark=True))
    QVBoxLayout(made)
    qtbot.addWidget(made)
    made.show()
    return made


def put(widget: QWidget, ground: QWidget) -> None:
    layout = ground.layout()
    assert layout is not None
    layout.addWidget(widget)


def colour_of(label: QLabel) -> str:
    return label.palette().color(label.foregroundRole()).name()


@pytest.mark.parametrize(
    ("tone", "state"), [(Tone.PROBLEM, State.FAILED), (Tone.REMARK, State.STALE), (Tone.GOOD, State.WON)]
)
def test_a_notice_has_the_colour_of_its_tone_on_any_ground(ground: QWidget, tone: Tone, state: State) -> None:
    notice = Notice()
    put(notice, ground)
    notice.say("something", tone)
    assert colour_of(notice._label) == state_colour(state, ground.palette()).name()
    ground.setPalette(palette_for(dark=False))
    assert colour_of(notice._label) == state_colour(state, ground.palette()).name()


def test_help_is_of_second_rank_on_any_ground(ground: QWidget) -> None:
    label = Muted("help")
    put(label, ground)
    assert colour_of(label) == muted_colour(ground.palette()).name()
    ground.setPalette(palette_for(dark=False))
    assert colour_of(label) == muted_colour(ground.palette()).name()


def test_nothing_to_say_takes_no_room(ground: QWidget) -> None:
    notice = Notice()
    put(notice, ground)
    assert notice.isHidden()
    notice.say("something")
    assert notice.isVisible()
    notice.say("")
    assert notice.isHidden()
