"""The page that simulates: a provider is chosen, and a delivery as it sends it is a key away."""

import asyncio
from collections.abc import Coroutine
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QUndoStack
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from inspector import presets
from inspector.app import Inspector
from inspector.core.delivery import Verdict
from inspector.gui.engine import Engine
from inspector.gui.handlers.chain import Chain
from inspector.gui.simulator.simulator_page import SimulatorPage
from inspector.store import Reader
from tests.gui.waiting import until
from tests.product import DEADLINE_S, a_handler, delivery_in
from tests.resend.targets import capturing


class Desk:
    """The page on the running product."""

    def __init__(self, page: SimulatorPage, engine: Engine, loop: asyncio.AbstractEventLoop, reader: Reader) -> None:
        self.page, self.engine, self.loop, self.reader = page, engine, loop, reader

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        async def limited() -> Any:
            async with asyncio.timeout(DEADLINE_S):
                return await work

        return self.loop.run_until_complete(limited())

    def wait(self, condition: Any, *signals: Any) -> None:
        self.run(until(condition, *signals))

    def choose(self, preset: str) -> None:
        """Choose a provider, and wait for what is made up for it."""
        form = self.page.form
        self.page.choose(preset)
        made = ("typed", "made")
        self.wait(lambda: form.signing.way not in made or form.signing.secret, form.changed)

    def send(self, tries: int = 1) -> None:
        before = self.page.tries.count
        self.page.send.click()
        self.wait(lambda: self.page.tries.count == before + tries and self.page.send.isEnabled())

    def answers(self) -> list[str]:
        table = self.page.tries.table
        return [table.data(table.index(row, 1)) for row in range(table.rowCount())]

    def child[T: QWidget](self, kind: type[T], name: str) -> T:
        found = self.page.findChild(kind, name)
        assert isinstance(found, kind)
        return found


@pytest.fixture
def desk(qtbot: QtBot, engine: Engine, window_loop: asyncio.AbstractEventLoop) -> Any:
    reader = Reader(engine.folder)

    async def opened() -> SimulatorPage:
        stack = QUndoStack()
        chain = Chain(engine, stack)
        page = SimulatorPage(engine, reader, chain)
        stack.setParent(page)
        chain.setParent(page)
        qtbot.addWidget(page)
        page.show()
        await until(lambda: page.form.own_url, page.form.changed)
        return page

    with closing(reader):
        yield Desk(window_loop.run_until_complete(opened()), engine, window_loop, reader)


def test_a_provider_comes_with_its_first_sample_and_the_own_listener(desk: Desk) -> None:
    desk.choose("github")
    form = desk.page.form
    assert (form.events.currentText(), form.name.text()) == ("push", "GitHub")
    assert '"ref": "refs/heads/main"' in form.payload.text.toPlainText()
    assert form.target.currentText() == f"{form.own_url}github"
    assert form.signing.way == "made"
    desk.choose("stripe")
    assert form.events.currentText() == "payment_intent.succeeded"


def test_a_delivery_with_a_made_up_secret_is_verified_once_a_handler_is_made_with_it(desk: Desk, qtbot: QtBot) -> None:
    desk.choose("stripe")
    desk.send()
    assert desk.answers() == ["403"]
    desk.child(QAbstractButton, "make-handler-with-secret").click()
    signing = desk.page.form.signing
    desk.wait(lambda: signing.way == "handler", signing.changed)
    assert signing.handler == "stripe"
    desk.send()
    assert desk.answers() == ["200", "403"]
    with qtbot.waitSignal(desk.page.delivery_wanted) as told:
        desk.child(QAbstractButton, "show-simulated-delivery").click()
    delivery = delivery_in(desk.engine.folder, told.args[0])
    assert delivery is not None
    assert delivery.verdict is Verdict.WON
    assert delivery.recognised is not None
    assert (delivery.recognised.provider, delivery.recognised.event) == ("stripe", "payment_intent.succeeded")


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_two_answers_are_compared(desk: Desk) -> None:
    desk.choose("stripe")
    desk.send()
    desk.send()
    desk.page.tries.answer.comparison_wanted.emit()
    window = desk.child(QWidget, "comparison_window")
    assert window.isVisible()
    window.close()


def test_a_key_pair_is_made_and_a_handler_gets_the_public_key(desk: Desk) -> None:
    desk.choose("discord")
    signing = desk.page.form.signing
    assert len(signing.field.text()) == 64
    assert "PRIVATE" not in signing.field.text()
    keep = desk.child(QAbstractButton, "make-handler-with-secret")
    keep.click()
    desk.wait(keep.isHidden, signing.changed)
    desk.send()
    assert desk.answers() == ["200"]


def test_a_handler_of_the_provider_signs_and_its_path_is_taken(desk: Desk) -> None:
    async def add(inspector: Inspector) -> None:
        scheme = presets.scheme("shopify").scheme
        await a_handler(inspector, "shop", "a secret long enough", scheme, preset="shopify:sha256", path="/in/*")

    desk.run(desk.engine.call(add))
    desk.choose("shopify")
    form = desk.page.form
    desk.wait(lambda: form.signing.handler == "shop", form.changed)
    assert form.target.currentText().endswith("/in/test")
    assert desk.page.providers.model.offers[0].id == "shopify"
    desk.send()
    assert desk.answers() == ["200"]


def test_many_are_sent_each_of_its_own_identity_to_any_target(desk: Desk) -> None:
    desk.choose("github")
    form = desk.page.form

    async def work() -> list[bytes]:
        async with capturing() as target:
            form.target.setEditText(f"{target.url}/hooks")
            form.often.times.setValue(20)
            desk.page.send.click()
            await until(lambda: desk.page.tries.count == 20 and desk.page.send.isEnabled())
            return target.requests

    requests = desk.run(work())
    assert len({raw.partition(b"\r\n\r\n")[2] for raw in requests}) == 20
    assert requests[0].startswith(b"POST /hooks HTTP/1.1\r\n")
    assert desk.child(QLabel, "simulator-summary").text() == "20 of 20 taken"
    assert desk.child(QAbstractButton, "show-simulated-delivery").isHidden()
    desk.choose("slack")
    assert f"{form.own_url}" not in form.target.currentText()  # what was typed stays


def test_the_payload_is_checked_edited_taken_from_a_file_and_put_back(desk: Desk, tmp_path: Path) -> None:
    desk.choose("stripe")
    editor = desk.page.form.payload
    text, back = desk.child(QPlainTextEdit, "payload"), desk.child(QAbstractButton, "back-to-sample")
    assert back.isHidden()
    text.setPlainText('{"id": ')
    desk.wait(lambda: "no valid JSON" in editor.notice.text, editor.changed)
    text.setPlainText('{"id": ${s}}')
    desk.wait(lambda: not editor.notice.text, editor.changed)
    desk.send()
    (tmp_path / "body").write_bytes(b'{"a": "${id}"}\r\n')
    editor.load(str(tmp_path / "body"))
    assert "sent as they are" in editor.notice.text
    desk.send()
    delivery = delivery_in(desk.engine.folder, 2)
    assert delivery is not None
    assert bytes(delivery.request.body) == b'{"a": "${id}"}\r\n'
    (tmp_path / "odd").write_bytes(b"\xff\x00" * 200_000)
    editor.load(str(tmp_path / "odd"))
    assert editor.text.toPlainText() == ""
    editor.load(str(tmp_path / "nothing"))
    assert "cannot be read" in editor.notice.text
    back.click()
    assert text.toPlainText().startswith('{\n  "id": "evt_${id}"')
    assert back.isHidden()


def test_an_event_of_which_there_is_no_sample_gets_a_payload_that_names_it(desk: Desk) -> None:
    desk.choose("stripe")
    desk.page.form.events.setEditText("payout.failed")
    assert '"type":"payout.failed"' in desk.page.form.payload.text.toPlainText()
    desk.choose("affirm")
    assert desk.child(QComboBox, "simulator-event").count() == 0
    desk.send()
    assert desk.answers() == ["403"]


def test_the_request_is_shown_before_it_is_sent_with_its_secrets_masked(desk: Desk) -> None:
    desk.choose("gitlab")
    desk.page.parts.setCurrentIndex(1)
    request = desk.page.request
    desk.wait(lambda: "X-Gitlab-Event: Push Hook" in request.text(), desk.page.form.changed)
    secret = desk.page.form.signing.secret
    assert secret not in request.text()
    desk.page.request.values.setChecked(True)
    desk.wait(lambda: f"X-Gitlab-Token: {secret}" in request.text())


def test_what_is_wrong_is_said_where_it_is(desk: Desk) -> None:
    desk.choose("stripe")
    form = desk.page.form
    form.target.setEditText("ftp://x")
    desk.page.send.click()
    assert "Only http and https" in form.target_row.notice.text
    form.target.setEditText("")
    desk.page.send.click()
    assert form.target_row.notice.text == "Type where to send it."
    assert desk.page.tries.count == 0

    async def stop(inspector: Inspector) -> None:
        await inspector.stop_listening()

    desk.run(desk.engine.call(stop))
    desk.wait(lambda: not form.own_url, form.changed)
    desk.page.send.click()
    assert "does not run" in form.target_row.notice.text


def test_a_target_that_hands_out_credentials_is_asked_about_once(desk: Desk) -> None:
    desk.choose("stripe")
    desk.page.form.target.setEditText("http://169.254.169.254:9/x")
    desk.send()
    allow = desk.child(QAbstractButton, "allow_target")
    assert allow.isVisible()
    desk.child(QAbstractButton, "refuse_target").click()
    assert not allow.isVisible()
    desk.page.form.target.setEditText(f"{desk.page.form.own_url}stripe")
    desk.send()
    assert not allow.isVisible()
    assert len(desk.answers()) == 2


def test_the_key_of_a_provider_is_the_same_after_a_restart(desk: Desk, qtbot: QtBot) -> None:
    desk.choose("discord")
    keep = desk.child(QAbstractButton, "make-handler-with-secret")
    keep.click()
    desk.wait(keep.isHidden, desk.page.form.changed)
    reader = Reader(desk.engine.folder)

    async def again() -> SimulatorPage:
        page = SimulatorPage(desk.engine, reader, Chain(desk.engine, QUndoStack(desk.page), desk.page))
        qtbot.addWidget(page)
        page.show()
        await until(lambda: page.form.own_url, page.form.changed)
        return page

    with closing(reader):
        other = Desk(desk.run(again()), desk.engine, desk.loop, reader)
        other.choose("discord")
        assert other.page.form.signing.secret == desk.page.form.signing.secret
        other.send()
        assert other.answers() == ["200"]
        assert other.child(QAbstractButton, "make-handler-with-secret").isHidden()


def test_what_a_scheme_wants_besides_secrets_is_asked_for_and_the_handler_gets_it(desk: Desk) -> None:
    desk.choose("stripe")
    assert not desk.page.form.parameters.isVisible()
    desk.choose("paypal")
    assert desk.page.form.parameters.isVisible()
    field = desk.child(QLineEdit, "parameter-webhook_id")
    assert field.placeholderText() == "simulated-webhook-id"
    QTest.keyClicks(field, "WH-7")
    desk.child(QAbstractButton, "copy-public-key").click()
    assert QGuiApplication.clipboard().text().startswith("-----BEGIN PUBLIC KEY-----\n")
    desk.child(QAbstractButton, "make-handler-with-secret").click()
    keep = desk.child(QAbstractButton, "make-handler-with-secret")
    desk.wait(keep.isHidden, desk.page.form.changed)
    [handler] = desk.reader.handlers()
    assert handler.parameters == {"webhook_id": "WH-7"}
    desk.send()
    assert desk.answers() == ["200"]


def test_a_provider_that_does_not_sign_needs_no_secret(desk: Desk) -> None:
    desk.choose("strava")
    assert desk.page.form.signing.way == "none"
    desk.send()
    assert desk.answers() == ["403"]  # no handler takes it


def test_retries_are_offered_where_the_provider_documents_them(desk: Desk) -> None:
    form = desk.page.form
    desk.choose("stripe")
    assert not form.often.retries.isEnabled()
    desk.choose("slack")
    assert form.often.retries.isEnabled()
    form.often.retries.setChecked(True)
    form.often.speed.setValue(1_000_000)
    desk.send(4)
    assert desk.answers() == ["403"] * 4


def test_a_run_can_be_cancelled(desk: Desk) -> None:
    desk.choose("svix")
    form = desk.page.form
    form.often.retries.setChecked(True)
    desk.page.send.click()
    summary = desk.child(QLabel, "simulator-summary")
    desk.wait(lambda: "again in 5 s" in summary.text())
    assert not desk.page.send.isEnabled()
    desk.page.cancel.click()
    desk.wait(desk.page.send.isEnabled)
    assert desk.page.tries.count == 2


def test_everything_is_done_with_the_keys(desk: Desk) -> None:
    field = desk.page.providers.field
    desk.page.go_to_search()
    QTest.keyClicks(field, "zoom")
    assert desk.page.form.name.text() == "Zoom"
    field.clear()
    QTest.keyClick(field, Qt.Key.Key_Down)
    assert desk.page.form.preset is not None
    QTest.keyClicks(field, "nobody at all")
    assert desk.page.providers.model.rowCount() == 0
    desk.choose("linear")
    QTest.keyClick(desk.page.form.events, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.wait(lambda: desk.page.tries.count == 1)


def test_every_control_has_a_name(desk: Desk) -> None:
    desk.choose("discord")
    desk.send()
    unnamed = [
        f"{type(widget).__name__} {widget.objectName()}"
        for widget in desk.page.findChildren(QWidget)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and widget.isVisible()
        and not (widget.accessibleName() or (isinstance(widget, QAbstractButton) and widget.text()))
        and not widget.objectName().startswith("qt_")
    ]
    assert unnamed == []
