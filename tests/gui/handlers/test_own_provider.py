"""A provider that nobody knows is made in the window by clicks and keys alone, with its effect in sight."""

import asyncio
import base64
import hashlib
import hmac
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QWidget

from inspector.core.delivery import Standing, Verdict
from inspector.gui.deliveries.sidebar import Choice
from inspector.gui.handlers.handler_pane import HandlerPane
from inspector.gui.program import Program
from tests.gui.test_program import shown
from tests.gui.waiting import until
from tests.product import a_handler, delivery_in, github_signature, post, send

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

type Run = Callable[[Coroutine[Any, Any, None]], None]

KEY = bytes(range(32))
BODY = b'{"order": 7}'


@pytest.fixture
def run(window_loop: asyncio.AbstractEventLoop, qapp: QApplication) -> Run:
    qapp.setQuitOnLastWindowClosed(False)
    return lambda work: window_loop.run_until_complete(asyncio.wait_for(work, 30))


def odd_delivery(url: str, body: bytes = BODY) -> bytes:
    """Signed the odd way: `v2;{url};{timestamp};{body}`, SHA-512, base64url, the key in hexadecimal digits."""
    sent_at = str(int(time.time()))
    content = b";".join([b"v2", url.encode(), sent_at.encode(), body])
    signature = base64.urlsafe_b64encode(hmac.new(KEY, content, hashlib.sha512).digest()).rstrip(b"=")
    return post(BODY, b"X-Odd-Time: " + sent_at.encode(), b"X-Odd-Signature: " + signature, target=b"/odd?x=1")


async def arrives(program: Program, raw: bytes) -> int:
    before = program.live.counts.total()  # type: ignore[attr-defined]
    status, _, _ = await program.engine.call(lambda inspector: send(inspector, raw))
    await until(lambda: program.live.counts.total() > before, program.live.counted)  # type: ignore[attr-defined]
    model = program.window.panes.deliveries.model
    await until(lambda: model.rowCount() > before, model.rowsInserted, model.modelReset)
    return status


def typed(widget: QWidget, text: str) -> None:
    """Type `text` in the place of what stands there."""
    widget.setFocus()
    QTest.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(widget, text)


def choose(box: QWidget, data: str) -> None:
    """Go down from the first choice to the one with this meaning."""
    assert isinstance(box, QComboBox)
    QTest.keyClick(box, Qt.Key.Key_Home)
    for _ in range(box.findData(data)):
        QTest.keyClick(box, Qt.Key.Key_Down)


def click(parent: QWidget, name: str) -> None:
    button = parent.findChild(QAbstractButton, name)
    assert isinstance(button, QAbstractButton)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def pane_of(program: Program) -> HandlerPane:
    assert program.pages is not None
    return program.pages.handlers


def counts_of(pane: HandlerPane) -> list[str]:
    return list(pane.live.counts.texts)


async def until_counted(pane: HandlerPane, *lines: str) -> None:
    await until(lambda: counts_of(pane)[: len(lines)] == list(lines), pane.history.counted)


def test_an_odd_scheme_is_made_by_clicks_and_keys_and_verifies(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            url = program.window.header.url.rstrip("/") + "/odd?x=1"
            public = "https://hooks.example.com"
            assert await arrives(program, odd_delivery(f"{public}/odd?x=1")) == 403
            window, pane = program.window, pane_of(program)
            QTest.keyClick(window, Qt.Key.Key_6, Qt.KeyboardModifier.ControlModifier)
            window.actions_by_name["show_handlers"].trigger()
            click(pane._chain_side.empty, "new-handler")
            QTest.keyClicks(pane.picker.field, "hmac (hex)")
            QTest.keyClick(pane.picker.field, Qt.Key.Key_Return)
            form = pane.form
            typed(form.name, "odd")
            QTest.mouseClick(form.more, Qt.MouseButton.LeftButton)
            editor = form.scheme_rows.editor
            typed(form.algorithm, "sha512")
            choose(editor("encoding"), "base64url")
            typed(form.header, "X-Odd-Signature")
            typed(form.prefix, "")
            QTest.keyClick(form.prefix, Qt.Key.Key_Backspace)
            typed(editor("content"), "v2;{url};{header:X-Odd-Time};{body}")
            choose(editor("decode"), "hex")
            typed(editor("timestamp"), "header:X-Odd-Time")
            typed(editor("tolerance_s"), "300")
            typed(form.public_url, public)
            typed(form.secrets.rows[0].value, KEY.hex())
            await until_counted(pane, "1 changes from failed to won")
            verified = "It verifies this delivery, with the secret “secret”."
            await until(lambda: pane.live.explanation.outcome.text == verified)
            assert pane.live.explanation.content.startswith(f"v2;{public}/odd?x=1;")
            click(pane, "save-handler")
            await until(lambda: [handler.name for handler in pane.handlers] == ["odd"], pane.chain.changed)
            assert await arrives(program, odd_delivery(f"{public}/odd?x=1")) == 200
            assert await arrives(program, odd_delivery(url)) == 403
            stored = delivery_in(tmp_path, 2)
            assert stored is not None
            assert stored.ladder[0].secret_label == "secret"

    run(scene())


def test_the_form_tells_how_many_stored_deliveries_flip_and_the_next_one_shows_it(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            await program.engine.call(lambda inspector: a_handler(inspector, "github", "old"))
            for secret in ("old", "new", "new", "new"):
                await arrives(program, post(BODY, github_signature(BODY, secret)))
            pane = pane_of(program)
            program.window.sidebar.choose(Choice.HANDLERS)
            await until_counted(pane, "1 won", "3 failed")
            row = pane.form.secrets.rows[0]
            QTest.mouseClick(row.remove, Qt.MouseButton.LeftButton)
            QTest.mouseClick(pane.form.secrets.add, Qt.MouseButton.LeftButton)
            typed(pane.form.secrets.rows[0].value, "new")
            flips = "3 change from failed to won"
            await until_counted(pane, flips, "1 changes from won to failed", "3 won", "1 failed")
            click(pane.live, "change-wins")
            model = program.window.panes.deliveries.model
            await until(lambda: model.rowCount() == 3, model.modelReset)
            assert {model.text(row, 0) for row in range(3)} == {"failed"}
            assert [text for text in program.window.messages.texts if flips in text]
            program.live.list_all()
            await until(lambda: model.rowCount() == 4, model.modelReset)
            assert not [text for text in program.window.messages.texts if flips in text]
            stored = delivery_in(tmp_path, 2)
            assert stored is not None
            assert stored.verdict is Verdict.FAILED
            program.window.sidebar.choose(Choice.HANDLERS)
            click(pane, "save-handler")
            await until(
                lambda: not pane.commands.save.isEnabled() and pane._editor().notice.text.startswith("Saved"),
                pane.chain.changed,
            )
            assert await arrives(program, post(BODY, github_signature(BODY, "new"))) == 200

    run(scene())


def test_a_handler_is_made_from_a_delivery_of_a_known_provider(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            signature = github_signature(BODY, "s3cret of some length")
            raw = post(BODY, signature, b"X-GitHub-Event: push", b"X-GitHub-Delivery: 7", target=b"/gh")
            assert await arrives(program, raw) == 403
            program.window.panes.deliveries.step(0)
            pane = pane_of(program)
            program.window.actions_by_name["make_handler"].trigger()
            await until(lambda: pane.form.name.text() == "github", pane.form.edited)
            assert program.window.sidebar.choice is Choice.HANDLERS
            assert pane.form.path.text() == "/gh"
            assert pane.form.draft().handler.preset.startswith("github:")
            typed(pane.form.secrets.rows[0].value, "s3cret of some length")
            await until_counted(pane, "1 changes from failed to won")
            click(pane, "save-handler")
            await until(lambda: pane.handlers, pane.chain.changed)
            assert await arrives(program, raw) == 200

    run(scene())


def test_todays_handlers_are_asked_again_and_the_stored_outcome_stays(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            await arrives(program, post(BODY, github_signature(BODY, "new")))
            await program.engine.call(lambda inspector: a_handler(inspector, "github", "new"))
            program.window.panes.deliveries.step(0)
            program.window.actions_by_name["check_again"].trigger()
            again = program.details._verdict.again  # type: ignore[union-attr]
            assert again is not None
            await until(again.said.text, again.shown)
            assert again.said.text() == "Today github would win it."
            assert len(again.rows) == 1
            stored = delivery_in(tmp_path, 1)
            assert stored is not None
            assert (stored.verdict, stored.ladder) == (Verdict.FAILED, ())

    run(scene())


def test_all_stored_deliveries_are_counted_in_other_processes(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with shown(tmp_path) as program:
            await program.engine.call(lambda inspector: a_handler(inspector, "github", "one"))
            large = b"x" * 20_000
            for body in (BODY, large, BODY):
                await arrives(program, post(body, github_signature(body, "one")))
            pane = pane_of(program)
            program.window.sidebar.choose(Choice.HANDLERS)
            await until_counted(pane, "2 won")
            assert pane.live.stored.larger.text().startswith("1 with a body above 10 KiB")
            click(pane.live, "count-all")
            await until(lambda: pane.live.stored.of.text().startswith("Of all 3 deliveries"), pane.history.ended)
            assert counts_of(pane) == ["3 won"]
            assert list(pane.live.counts._tally.standings[Standing.WON]) == [3, 2, 1]

    run(scene())
