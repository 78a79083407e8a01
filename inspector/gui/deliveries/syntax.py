"""The colours of keys and values, taken from those of the states: each is readable on both grounds."""

from PySide6.QtGui import QPalette

from inspector.gui.theme import State, state_colour
from inspector.gui.widgets.json_spans import Colours


def syntax_colours(palette: QPalette) -> Colours:
    """Colours for the ground of `palette`, by kind of token."""
    return {
        "key": state_colour(State.HANDSHAKE, palette),
        "string": state_colour(State.WON, palette),
        "number": state_colour(State.STALE, palette),
        "word": state_colour(State.NOT_CHECKABLE, palette),
    }
