"""A new handler from a preset asks for its secret and its user, and for the rest on request."""

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from inspector import presets
from inspector.core.handler import Handler
from inspector.gui.handlers.draft import Draft, DraftSecret, draft_of
from inspector.gui.handlers.handler_form import HandlerForm

ROWS = ("name", "enabled", "path", "preset", "type", "header", "secrets", "parameters", "public_url", "user", "status")


@pytest.fixture
def form(qtbot: QtBot) -> HandlerForm:
    made = HandlerForm()
    qtbot.addWidget(made)
    made.resize(600, 700)
    made.show()
    return made


def begin(form: HandlerForm, reference: str, **values: str) -> None:
    handler = Handler(values.get("name", "new"), presets.scheme(reference).scheme, id=-1, preset=reference)
    form.show_draft(Draft(handler, (DraftSecret("secret"),)), [Handler("taken", presets.scheme("github").scheme)])


def shown(form: HandlerForm) -> list[str]:
    rows = form.rows
    return [name for name in ROWS if rows[name].shown]


def test_only_what_is_needed_is_asked_for(form: HandlerForm) -> None:
    begin(form, "stripe:v1")
    assert form.brief
    assert shown(form) == ["preset", "secrets", "user"]
    assert form.needs() is form.secrets.rows[0].value


def test_what_the_preset_signs_besides_is_asked_for_too(form: HandlerForm) -> None:
    begin(form, "twilio:form-sha1")
    assert shown(form) == ["preset", "secrets", "public_url", "user"]


def test_all_fields_are_one_press_away(form: HandlerForm) -> None:
    begin(form, "stripe:v1")
    button = form.findChild(QPushButton, "all-fields")
    assert isinstance(button, QPushButton)
    button.click()
    assert not form.brief
    assert {"name", "path", "type", "status"} <= set(shown(form))
    assert not button.isVisible()


def test_what_is_wrong_with_a_hidden_field_brings_it_into_sight(form: HandlerForm) -> None:
    begin(form, "stripe:v1", name="taken")
    form.secrets.rows[0].value.setText("whsec_abcdefabcdefabcdef")
    form.secrets.rows[0].value.textEdited.emit("whsec_abcdefabcdefabcdef")
    assert not form.is_ready()
    assert form.rows["name"].shown
    assert form.rows["name"].notice.text == "Another handler is named “taken”."


def test_a_handler_that_is_kept_has_all_of_its_fields(form: HandlerForm) -> None:
    form.show_draft(draft_of(Handler("kept", presets.scheme("stripe").scheme, id=3, preset="stripe:v1")), [])
    assert not form.brief
    assert {"name", "path", "type", "status"} <= set(shown(form))


def test_no_room_is_kept_for_what_is_not_there(form: HandlerForm) -> None:
    begin(form, "standard-webhooks:v1")
    bar = form.rows["preset"].field
    back = bar.findChild(QPushButton, "back-to-preset")
    assert isinstance(back, QPushButton)
    assert not back.isVisible()
    assert form.minimumSizeHint().width() < bar.minimumSizeHint().width() + 3 * back.sizeHint().width() // 2
