"""Where there is no delivery yet, the first one is a click or a paste away."""

import asyncio
from collections.abc import Coroutine
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from inspector.app import Inspector
from inspector.core.delivery import Verdict
from inspector.core.handler import Handler
from inspector.core.verification.scheme import Scheme, SignaturePlace
from inspector.gui.engine import Engine
from inspector.gui.onboarding.no_deliveries import NoDeliveries
from inspector.store import Reader
from tests.gui.waiting import emitted, until
from tests.product import DEADLINE_S, a_handler


class Desk:
    def __init__(self, state: NoDeliveries, engine: Engine, loop: asyncio.AbstractEventLoop) -> None:
        self.state, self.engine, self.loop = state, engine, loop

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        async def limited() -> Any:
            async with asyncio.timeout(DEADLINE_S):
                return await work

        return self.loop.run_until_complete(limited())

    def have(self, *handlers: Handler) -> None:
        async def make(inspector: Inspector) -> None:
            await inspector.save_handlers(handlers)

        self.changing(self.engine.call(make))

    def changing(self, work: Coroutine[Any, Any, Any]) -> None:
        """Do `work`, and wait until the state says something else: what the engine told before may come late."""
        before = self.said()

        async def both() -> None:
            await work
            await until(lambda: self.said() != before, self.engine.changed)

        self.run(both())

    def said(self) -> object:
        return self.text(), self.state.handler, self.state.code

    def text(self) -> str:
        label = self.state.findChild(QLabel, "text")
        assert isinstance(label, QLabel)
        return label.text()

    def buttons(self) -> list[str]:
        return [
            b.objectName()
            for b in self.state.findChildren(QAbstractButton)
            if b.isVisible() and b.objectName() != "copy"
        ]


@pytest.fixture
def desk(qtbot: QtBot, engine: Engine, window_loop: asyncio.AbstractEventLoop) -> Desk:
    async def opened() -> NoDeliveries:
        state = NoDeliveries(engine)
        qtbot.addWidget(state)
        state.show()
        await until(lambda: state._state.listening, state.send.changed)
        return state

    return Desk(window_loop.run_until_complete(opened()), engine, window_loop)


def test_without_a_handler_it_leads_to_the_handlers(desk: Desk, qtbot: QtBot) -> None:
    assert desk.buttons() == ["make-handler", "simulate-delivery"]
    assert "http://127.0.0.1:" in desk.text()
    with qtbot.waitSignal(desk.state.handlers_wanted):
        desk.state.make.trigger()


def test_the_lines_are_for_the_first_handler_that_is_switched_on(desk: Desk) -> None:
    scheme = Scheme("hmac", "sha256", signature=SignaturePlace(name="X-Mine"))
    desk.have(Handler("off", scheme, enabled=False), Handler("mine", scheme, path="/mine"))
    assert "“mine”" in desk.text()
    assert "/mine'" in desk.state.code
    assert "X-Mine: " in desk.state.code
    assert desk.buttons() == ["send-test-delivery", "simulate-delivery"]


def test_a_test_delivery_is_signed_sent_and_won(desk: Desk, tmp_path: Path) -> None:
    secret = "It's a Secret to Everybody"
    desk.changing(desk.engine.call(lambda inspector: a_handler(inspector, "github", secret)))
    (id_,) = desk.run(emitted(desk.state.delivery_sent, desk.state.send.trigger))
    with closing(Reader(tmp_path / "data")) as reader:
        delivery = reader.delivery(id_)
    assert delivery is not None
    assert delivery.verdict is Verdict.WON
    assert delivery.winner is not None
    assert delivery.winner.handler == "github"
    assert secret not in desk.state.code
    assert desk.state.send.isEnabled()


def test_a_test_delivery_that_cannot_be_signed_says_why(desk: Desk) -> None:
    desk.have(Handler("bare", Scheme("hmac", "sha256", signature=SignaturePlace(name="S"))))

    async def send() -> None:
        desk.state.send.trigger()
        await until(lambda: desk.state._notice.text, desk.state.send.changed)

    desk.run(send())
    assert desk.state._notice.text == "There is no secret to sign with"


def test_a_scheme_that_a_shell_cannot_say_still_has_its_button(desk: Desk) -> None:
    desk.have(Handler("own", Scheme("hmac", "sha256", "base64url", signature=SignaturePlace(name="S"))))
    assert desk.state.code == ""
    assert desk.buttons() == ["send-test-delivery", "simulate-delivery"]


def test_while_nothing_listens_it_says_so(desk: Desk) -> None:
    desk.have(Handler("any", Scheme("none")))
    desk.changing(desk.engine.call(lambda inspector: inspector.stop_listening()))
    assert desk.text() == "The listener is not running, so nothing can arrive."
    assert desk.state.code == ""
    assert not desk.state.send.isEnabled()
