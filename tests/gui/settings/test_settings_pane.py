"""Settings are checked beside their fields, kept in the file, and at work at once."""

import asyncio
import socket
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QLineEdit, QPlainTextEdit, QSpinBox
from pytestqt.qtbot import QtBot

from inspector.app import Inspector
from inspector.feed import ListenerState
from inspector.gui.engine import Engine
from inspector.gui.settings.settings_pane import SettingsPane
from inspector.gui.widgets.notice import Tone
from inspector.settings import Settings, load
from tests.gui.waiting import emitted, until
from tests.product import DEADLINE_S, any_port, post, send


class Desk:
    """The settings of a running product, with what a test does there."""

    def __init__(self, pane: SettingsPane, engine: Engine, folder: Path, loop: asyncio.AbstractEventLoop) -> None:
        self.pane, self.engine, self.folder, self.loop = pane, engine, folder, loop

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        async def limited() -> Any:
            async with asyncio.timeout(DEADLINE_S):
                return await work

        return self.loop.run_until_complete(limited())

    def until(self, condition: Callable[[], object], do: Callable[[], object]) -> None:
        async def act() -> None:
            do()
            await until(condition, self.engine.changed, self.pane.save.changed)

        self.run(act())

    def state(self) -> ListenerState:
        async def read(inspector: Inspector) -> ListenerState:
            return inspector.listener_state

        found = self.run(self.engine.call(read))
        assert isinstance(found, ListenerState)
        return found

    def in_force(self) -> Settings:
        async def read(inspector: Inspector) -> Settings:
            return inspector.settings

        found = self.run(self.engine.call(read))
        assert isinstance(found, Settings)
        return found

    def answer(self) -> tuple[int, bytes]:
        status, _, body = self.run(self.engine.call(lambda inspector: send(inspector, post(b"{}"))))
        return status, body

    def kept(self) -> Settings:
        return load(self.folder)

    def save(self) -> None:
        async def act() -> None:
            self.pane.save.trigger()
            await until(lambda: self.pane._notice.text == "Saved.", self.engine.changed, self.pane.save.changed)

        self.run(act())


@pytest.fixture
def desk(qtbot: QtBot, engine: Engine, window_loop: asyncio.AbstractEventLoop, tmp_path: Path) -> Iterator[Desk]:
    pane = SettingsPane(engine, any_port())
    qtbot.addWidget(pane)
    pane.show()
    made = Desk(pane, engine, tmp_path / "data", window_loop)
    made.until(lambda: pane.state.tone is Tone.GOOD, lambda: None)
    yield made
    pane.close()


def spin(pane: SettingsPane, name: str) -> QSpinBox:
    form = pane.answer if name == "status" else pane.listener
    box = form.editor(name)
    assert isinstance(box, QSpinBox)
    return box


def host(pane: SettingsPane) -> QLineEdit:
    line = pane.listener.editor("host")
    assert isinstance(line, QLineEdit)
    return line


def test_it_says_where_it_listens(desk: Desk) -> None:
    assert desk.pane.state.text == f"Listening on {desk.state().url}"
    assert not desk.pane.unsaved


def test_nothing_is_saved_until_it_is_saved(desk: Desk) -> None:
    spin(desk.pane, "status").setValue(401)
    assert desk.pane._notice.text == "Not saved yet."
    assert desk.answer() == (403, b"Webhook not authorized.")
    assert desk.kept().answer.status == 403


def test_the_answer_when_none_verifies_is_at_work_with_the_next_delivery(desk: Desk) -> None:
    spin(desk.pane, "status").setValue(401)
    body = desk.pane.answer.editor("body")
    assert isinstance(body, QPlainTextEdit)
    body.setPlainText("No.\nGo away.")
    desk.save()
    assert desk.answer() == (401, b"No.\nGo away.")
    assert desk.kept().answer.status == 401
    assert not desk.pane.unsaved


def test_another_port_is_listened_on_at_once(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        port = reserved.getsockname()[1]
    spin(desk.pane, "port").setValue(port)
    desk.until(lambda: desk.pane.state.text == f"Listening on http://127.0.0.1:{port}/", desk.pane.save.trigger)
    assert desk.answer()[0] == 403
    assert desk.kept().listener.port == port


def test_a_taken_port_is_one_sentence_and_the_next_free_one_a_button(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        spin(desk.pane, "port").setValue(port)
        desk.until(lambda: desk.pane.state.tone is Tone.PROBLEM, desk.pane.save.trigger)
        assert str(port) in desk.pane.state.text
        offered = desk.state().offered_port
        assert desk.pane.use_offered.text() == f"Listen on port {offered}"
        assert desk.pane.use_offered.isVisible()
        desk.until(lambda: desk.pane.state.tone is Tone.GOOD, desk.pane.use_offered.trigger)
    assert desk.state().url == f"http://127.0.0.1:{offered}/"
    assert not desk.pane.use_offered.isVisible()


@pytest.mark.parametrize("typed", ["0.0.0.0", "192.168.1.1", "example.com", ""])
def test_an_address_that_may_not_be_kept_is_said_beside_its_field(desk: Desk, typed: str) -> None:
    host(desk.pane).setText(typed)
    assert desk.pane.listener.rows["host"].notice.text.startswith("Must ")
    assert not desk.pane.save.isEnabled()
    desk.pane._save()
    assert desk.kept() == Settings()


def test_revert_shows_what_is_in_force(desk: Desk) -> None:
    host(desk.pane).setText("localhost")
    desk.pane.revert.trigger()
    assert host(desk.pane).text() == "127.0.0.1"
    assert not desk.pane.unsaved
    assert desk.pane._notice.text == ""


def test_the_switch_works_at_once(desk: Desk) -> None:
    switch = desk.pane.listener.editor("enabled")
    assert isinstance(switch, QCheckBox)
    desk.until(lambda: desk.pane.state.tone is Tone.REMARK, switch.click)
    assert desk.answer() == (403, b"Feature not enabled")
    assert not desk.pane.unsaved
    desk.until(lambda: desk.pane.state.tone is Tone.GOOD, switch.click)
    assert desk.answer() == (403, b"Webhook not authorized.")


def test_the_switch_follows_the_one_in_the_toolbar(desk: Desk) -> None:
    switch = desk.pane.listener.editor("enabled")
    assert isinstance(switch, QCheckBox)
    spin(desk.pane, "status").setValue(401)
    desk.run(_until_off(desk, switch))
    assert desk.pane.unsaved
    assert spin(desk.pane, "status").value() == 401


async def _until_off(desk: Desk, switch: QCheckBox) -> None:
    await desk.engine.call(lambda inspector: inspector.enable(on=False))
    await until(lambda: not switch.isChecked(), switch.toggled)


def test_the_theme_is_chosen_at_once_and_kept(desk: Desk) -> None:
    box = desk.pane.window_.editor("theme")
    assert isinstance(box, QComboBox)
    spin(desk.pane, "status").setValue(401)
    (chosen,) = desk.run(emitted(desk.pane.theme_chosen, lambda: box.setCurrentIndex(box.findData("dark"))))
    assert chosen == "dark"
    desk.until(lambda: desk.kept().window.theme == "dark", lambda: None)
    assert desk.kept().answer.status == 403
    assert spin(desk.pane, "status").value() == 401


def test_a_change_from_elsewhere_is_shown_and_keeps_what_was_typed(desk: Desk) -> None:
    async def change(inspector: Inspector) -> None:
        limits = replace(inspector.settings.listener, max_header_lines=99)
        await inspector.save_settings(replace(inspector.settings, listener=limits))

    desk.run(desk.engine.call(change))
    desk.until(lambda: spin(desk.pane, "max_header_lines").value() == 99, lambda: None)
    assert not desk.pane.unsaved


def test_what_cannot_be_written_is_said_and_waits_unsaved(desk: Desk) -> None:
    file = desk.folder / "settings.toml"
    file.unlink(missing_ok=True)
    file.mkdir()
    spin(desk.pane, "status").setValue(401)
    desk.until(lambda: "cannot be" in desk.pane._notice.text, desk.pane.save.trigger)
    assert desk.pane.unsaved
    assert desk.pane.save.isEnabled()
    assert desk.in_force().answer.status == 403
    assert desk.answer() == (403, b"Webhook not authorized.")


def test_a_value_of_a_flag_may_stand(qtbot: QtBot, engine: Engine, window_loop: asyncio.AbstractEventLoop) -> None:
    settings = any_port()
    settings = replace(
        settings, listener=replace(settings.listener, host="0.0.0.0"), session={"listener.host": "0.0.0.0"}
    )

    async def opened() -> SettingsPane:
        pane = SettingsPane(engine, settings)
        qtbot.addWidget(pane)
        return pane

    pane = window_loop.run_until_complete(opened())
    assert pane.listener.problems() == {}


def test_the_limits_of_resends_are_at_work_when_they_are_saved(desk: Desk) -> None:
    field = desk.pane.sending.editor("answer_timeout_s")
    assert isinstance(field, QDoubleSpinBox)
    field.setValue(2.5)
    desk.until(lambda: not desk.pane.unsaved, desk.pane.save.trigger)
    assert desk.in_force().sending.answer_timeout_s == 2.5
    assert load(desk.folder).sending.answer_timeout_s == 2.5
