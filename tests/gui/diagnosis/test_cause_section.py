"""The verdict of a failed delivery says why it failed, and mends the handler where that mends it."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPushButton, QTabBar, QWidget

from inspector.app import Inspector
from inspector.core.diagnosis.finding import Finding, HandlerChange, Remedy
from inspector.core.verification.scheme import SignaturePlace
from inspector.gui.deliveries.verdict_pane import VerdictPane
from inspector.gui.diagnosis.cause_section import CauseSection
from inspector.gui.diagnosis.effect_view import EffectView
from inspector.gui.diagnosis.evidence_view import EvidenceView
from inspector.gui.program import Program
from inspector.gui.widgets.comparison import Comparison
from inspector.gui.widgets.disclosure import Disclosure
from inspector.gui.widgets.link_button import LinkButton
from inspector.gui.widgets.notice import Notice
from tests.gui.test_program import SECRET, arrives, shown
from tests.gui.waiting import until
from tests.product import GITHUB, a_handler, github_signature, post, send

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

type Run = Callable[[Coroutine[Any, Any, None]], None]


@pytest.fixture
def run(window_loop: asyncio.AbstractEventLoop, qapp: QApplication) -> Run:
    qapp.setQuitOnLastWindowClosed(False)
    return lambda work: window_loop.run_until_complete(asyncio.wait_for(work, 30))


class Sight:
    """What the section shows, and its buttons, as a user finds them."""

    def __init__(self, program: Program) -> None:
        section = program.window.panes.details.findChild(CauseSection)
        assert section is not None
        self.section = section

    @property
    def sentence(self) -> str:
        return self._child(QLabel, "cause_sentence").text()

    @property
    def confidence(self) -> str:
        return self._child(Notice, "cause_confidence").text

    @property
    def tried(self) -> str:
        return self._child(QLabel, "cause_tried").text()

    @property
    def cause(self) -> str:
        return self.section.finding.cause if self.section.finding else ""

    @property
    def handlers(self) -> list[str]:
        choice = self._child(QComboBox, "cause_handler")
        return [choice.itemText(place) for place in range(choice.count())]

    def offers(self, name: str) -> bool:
        return self._child(QPushButton, name).isVisible()

    def press(self, name: str) -> None:
        QTest.mouseClick(self._child(QPushButton, name), Qt.MouseButton.LeftButton)

    def choose(self, handler: str) -> None:
        choice = self._child(QComboBox, "cause_handler")
        choice.setCurrentIndex(choice.findText(handler))
        choice.activated.emit(choice.currentIndex())

    def comparison(self) -> Comparison:
        return self._child(Comparison, "cause_body")

    def _child[W: QWidget](self, kind: type[W], name: str) -> W:
        child = self.section.findChild(kind, name)
        assert child is not None
        return child


async def select(program: Program, id_: int) -> Sight:
    """Select the delivery and wait until it is explained."""
    assert program.window.panes.deliveries.select(id_)
    sight = Sight(program)
    await until(lambda: not sight.section.busy)
    return sight


async def has_handlers(program: Program, *handlers: tuple[str, str]) -> None:
    async def add(inspector: Inspector) -> None:
        for name, secret in handlers:
            await a_handler(inspector, name, secret)

    await program.engine.call(add)


async def arrives_raw(program: Program, raw: bytes) -> int:
    model = program.window.panes.deliveries.model
    before = model.rowCount()
    await program.engine.call(lambda inspector: send(inspector, raw))
    await until(lambda: model.rowCount() > before, model.rowsInserted, model.modelReset)
    return model.id_at(0)


async def settled() -> None:
    """Let everything be laid out."""
    for _ in range(5):
        await asyncio.sleep(0)
        QApplication.sendPostedEvents()


def test_a_blank_in_the_stored_secret_is_named_as_proved(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            await has_handlers(program, ("github", f" {SECRET}"))
            sight = await select(program, await arrives(program))
            assert sight.cause == "secret-whitespace"
            assert sight.confidence.startswith("Proved")
            assert "blank" in sight.sentence
            assert sight.offers("cause_apply")
            assert not sight.offers("cause_deeper")

    run(scene())


def test_the_change_mends_the_handler_and_is_verified_anew_and_can_be_undone(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            await has_handlers(program, ("github", f" {SECRET}"))
            sight = await select(program, await arrives(program))
            sight.press("cause_apply")
            await until(lambda: sight.cause == "verifies")
            await until(lambda: "Handler github was changed: its secrets." in program.window.messages.texts)
            undo = next(each for each in program.window.messages.findChildren(QPushButton) if each.text() == "Undo")
            QTest.mouseClick(undo, Qt.MouseButton.LeftButton)
            await until(lambda: sight.cause == "secret-whitespace")

    run(scene())


def test_after_the_change_the_next_delivery_verifies(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            await has_handlers(program, ("github", f"{SECRET}\n"))
            sight = await select(program, await arrives(program))
            sight.press("cause_apply")
            await until(lambda: sight.cause == "verifies")
            id_ = await arrives(program)
            delivery = program.live.delivery(id_)
            assert delivery is not None
            assert delivery.winner is not None

    run(scene())


def test_a_reformatted_body_is_shown_beside_the_signed_one(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            await has_handlers(program, ("github", SECRET))
            sent = {"zen": "Design", "number": 1}
            signed = json.dumps(sent, separators=(",", ":")).encode()
            raw = post(json.dumps(sent).encode(), github_signature(signed, SECRET))
            sight = await select(program, await arrives_raw(program, raw))
            assert sight.cause == "body-json-respaced"
            assert sight.comparison().isVisible()
            assert sight.comparison().first_difference == signed.index(b":") + 1
            assert not sight.offers("cause_apply")

    run(scene())


def test_without_a_cause_it_says_so_and_offers_to_look_deeper_which_can_be_stopped(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            await has_handlers(program, ("github", SECRET))
            sight = await select(program, await arrives(program, "a secret that nobody knows"))
            assert sight.cause == "unexplained"
            assert sight.confidence == "Not explained"
            assert "combinations tried" in sight.tried
            sight.press("cause_deeper")
            assert sight.section.busy
            assert sight.offers("cause_stop")
            sight.press("cause_stop")
            await until(lambda: not sight.section.busy)
            assert sight.offers("cause_deeper")

    run(scene())


def test_the_handler_to_explain_is_the_one_whose_header_came_and_can_be_chosen(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:

            async def add(inspector: Inspector) -> None:
                other = GITHUB.__class__("hmac", algorithm="sha256", signature=SignaturePlace(name="X-Other"))
                await a_handler(inspector, "other", "elsewhere", other)

            await program.engine.call(add)
            await has_handlers(program, ("github", f" {SECRET}"))
            sight = await select(program, await arrives(program))
            assert sight.handlers == ["other", "github"]
            assert sight.cause == "secret-whitespace"
            sight.choose("other")
            await until(lambda: sight.cause not in ("", "secret-whitespace"))

    run(scene())


def test_of_several_handlers_the_one_that_can_be_mended_is_chosen(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            await has_handlers(program, ("shop", "elsewhere"), ("github", f" {SECRET}"))
            sight = await select(program, await arrives(program))
            assert sight.cause == "secret-whitespace"
            sight.press("cause_apply")
            await until(lambda: sight.cause == "verifies")

            async def secrets(inspector: Inspector) -> list[str | None]:
                return [await inspector.secret(each.secrets[0].id) for each in inspector.handlers]

            assert await program.engine.call(secrets) == ["elsewhere", SECRET]

    run(scene())


def test_selecting_another_delivery_ends_the_search_for_the_first(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            await has_handlers(program, ("github", f" {SECRET}"))
            first = await arrives(program, "a secret that nobody knows")
            second = await arrives(program)
            sight = await select(program, first)
            sight.press("cause_deeper")
            sight = await select(program, second)
            assert sight.cause == "secret-whitespace"

    run(scene())


def test_a_delivery_that_verified_has_no_cause_to_show(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            await has_handlers(program, ("github", SECRET))
            sight = await select(program, await arrives(program))
            assert not sight.section.isVisible()

    run(scene())


def test_the_text_for_the_sender_has_no_secret(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            await has_handlers(program, ("github", f" {SECRET}"))
            sight = await select(program, await arrives(program))
            sight.press("cause_copy")
            text = QGuiApplication.clipboard().text()
            assert len(text) > 40
            assert SECRET not in text

    run(scene())


def test_the_answer_keeps_its_place_while_a_cause_is_looked_for(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            program.window.resize(1400, 900)
            await has_handlers(program, ("github", f" {SECRET}"))
            first, second = await arrives(program), await arrives(program)
            for id_ in (first, second):
                sight = await select(program, id_)
                await settled()
            pane = program.window.panes.details.findChild(VerdictPane)
            assert pane is not None
            answer = pane.findChild(QLabel, "answer_body")
            assert answer is not None
            before = answer.y() - sight.section.y()
            program.window.panes.deliveries.select(first)
            assert sight.section.busy
            QApplication.sendPostedEvents()
            assert answer.y() - sight.section.y() == before
            await until(lambda: not sight.section.busy)
            await settled()
            assert answer.y() - sight.section.y() == before

    run(scene())


def test_what_the_change_does_to_the_last_deliveries_stands_there_before_it_is_applied(
    tmp_path: Path, run: Run
) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            await has_handlers(program, ("github", f" {SECRET}"))
            for _ in range(3):
                id_ = await arrives(program)
            sight = await select(program, id_)
            effect = sight.section.findChild(EffectView)
            assert effect is not None
            assert list(effect.texts) == ["3 change from failed to won"]
            assert effect.isVisible()
            link = effect.findChild(LinkButton, "change-wins")
            assert link is not None
            QTest.mouseClick(link, Qt.MouseButton.LeftButton)
            model = program.window.panes.deliveries.model
            assert [model.id_at(row) for row in range(model.rowCount())] == [3, 2, 1]
            assert any("what the proposed change does" in text for text in program.window.messages.texts)

    run(scene())


def test_the_change_is_undone_from_the_keyboard_where_the_user_is(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            await has_handlers(program, ("github", f" {SECRET}"))
            sight = await select(program, await arrives(program))
            sight.press("cause_apply")
            await until(lambda: sight.cause == "verifies")
            await until(lambda: any("was changed" in text for text in program.window.messages.texts))
            assert program.window.actions_by_name["undo"].text() == "&Undo mend github"
            program.window.actions_by_name["undo"].trigger()
            await until(lambda: sight.cause == "secret-whitespace")
            await until(lambda: not any("was changed" in text for text in program.window.messages.texts))

    run(scene())


def test_the_evidence_has_both_signatures_as_it_is_and_with_the_change(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            await has_handlers(program, ("github", f" {SECRET}"))
            sight = await select(program, await arrives(program))
            evidence = sight.section.findChild(EvidenceView)
            opener = sight.section.findChild(Disclosure, "cause_evidence")
            assert evidence is not None
            assert opener is not None
            opener.setChecked(True)
            await until(lambda: evidence.view is not None and evidence.view.isVisible())
            assert evidence.view is not None
            assert "first difference" in evidence.view.difference.text()
            which = evidence.findChild(QTabBar, "evidence_of")
            assert which is not None
            which.setCurrentIndex(1)
            assert evidence.view.difference.text() == "Received and expected are equal."

    run(scene())


def test_of_another_handlers_secret_no_signature_is_shown_but_the_one_that_came(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            await has_handlers(program, ("github", "ours"), ("shop", SECRET))
            id_ = await arrives(program, "nobody has it")
            delivery = program.live.delivery(id_)
            assert delivery is not None
            change = HandlerChange(secret_of=("shop", "current"))
            claimed = Finding("secret-other-handler", "proved", Remedy("handler", change), verified=True)
            evidence = await program.engine.call(
                lambda inspector: inspector.diagnoses.evidence(delivery, inspector.handlers[0].id, claimed)
            )
            assert evidence.then is not None
            assert evidence.then.expected == b""

    run(scene())
