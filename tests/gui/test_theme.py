"""The looks: contrast on both grounds, and a shape for every state."""

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from inspector.core.delivery import Standing, Verdict
from inspector.gui.icons import application_icon, icon, icon_pixmap, state_pixmap
from inspector.gui.theme import (
    State,
    Theme,
    is_dark,
    muted_colour,
    palette_for,
    state_colour,
    state_of_standing,
    state_of_verdict,
)
from inspector.resources_folder import resource_path

ENOUGH = 4.5  # Web Content Accessibility Guidelines 2.2, 1.4.3

Role, Group = QPalette.ColorRole, QPalette.ColorGroup
WRITTEN_ON = [
    (Role.Text, Role.Base),
    (Role.Text, Role.AlternateBase),
    (Role.PlaceholderText, Role.Base),
    (Role.WindowText, Role.Window),
    (Role.ButtonText, Role.Button),
    (Role.HighlightedText, Role.Highlight),
    (Role.ToolTipText, Role.ToolTipBase),
    (Role.Link, Role.Base),
]


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("state", State)
def test_every_state_can_be_read_on_its_ground(state: State, dark: bool) -> None:
    palette = palette_for(dark=dark)
    for ground in (Role.Base, Role.Window):
        assert contrast(state_colour(state, palette), palette.color(ground)) >= ENOUGH


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(("text", "ground"), WRITTEN_ON)
def test_every_text_can_be_read_on_its_ground(text: QPalette.ColorRole, ground: QPalette.ColorRole, dark: bool) -> None:
    palette = palette_for(dark=dark)
    for group in (Group.Active, Group.Inactive):
        assert contrast(palette.color(group, text), palette.color(group, ground)) >= ENOUGH


@pytest.mark.parametrize("dark", [False, True])
def test_text_of_second_rank_can_be_read(dark: bool) -> None:
    palette = palette_for(dark=dark)
    assert contrast(muted_colour(palette), palette.color(Role.Window)) >= ENOUGH


@pytest.mark.parametrize("state", State)
def test_every_state_has_a_shape_of_its_own(qapp: QApplication, state: State) -> None:
    palette = palette_for(dark=False)
    shapes = {bytes(state_pixmap(other, palette, 32, 1.0).toImage().constBits()) for other in State}
    assert len(shapes) == len(State)
    assert not state_pixmap(state, palette, 16, 2.0).isNull()


def test_an_icon_takes_the_colour_it_is_asked_for(qapp: QApplication) -> None:
    colours = {
        image.pixelColor(x, y).name()
        for image in [icon_pixmap("plus", QColor("#ff0000"), 32, 1.0).toImage()]
        for x in range(32)
        for y in range(32)
        if image.pixelColor(x, y).alpha() == 255
    }
    assert colours == {"#ff0000"}


@pytest.mark.parametrize("file", sorted(resource_path("icons").glob("*.svg")), ids=lambda file: file.stem)
def test_every_icon_can_be_drawn(qapp: QApplication, file: object) -> None:
    name = getattr(file, "stem", "")
    drawn = application_icon() if name == "application" else icon(name)
    assert not drawn.pixmap(16).isNull()


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_has_a_state(verdict: Verdict) -> None:
    assert state_of_verdict(verdict).value == verdict.value


@pytest.mark.parametrize("standing", Standing)
def test_every_standing_has_a_state(standing: Standing) -> None:
    # A handshake that a handler answered looks as a handshake does anywhere.
    assert state_of_standing(standing).value == {"answered": "handshake"}.get(standing, standing)


def test_a_failure_for_its_age_has_a_state_of_its_own() -> None:
    assert state_of_standing(Standing.FAILED, "timestamp-expired") is State.STALE


def test_the_theme_follows_its_choice(qapp: QApplication) -> None:
    before = qapp.palette()
    theme = Theme(qapp)
    told: list[bool] = []
    theme.changed.connect(lambda: told.append(theme.dark))
    theme.choose("dark")
    assert is_dark(qapp.palette())
    theme.choose("light")
    assert not is_dark(qapp.palette())
    assert told == [True, False]
    theme.deleteLater()
    qapp.setPalette(before)


def contrast(one: QColor, other: QColor) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(colour: QColor) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())
