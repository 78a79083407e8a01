"""A request from a ticket is pasted, and the window says by itself why it does not verify, or how it is signed."""

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from inspector import presets
from inspector.app import Inspector
from inspector.core.formats.raw_http import raw_bytes
from inspector.core.request import Headers, Request
from inspector.gui.diagnosis.pasted_window import PastedWindow
from inspector.gui.diagnosis.signer_choice import FIND_OUT
from inspector.gui.program import Program
from inspector.gui.widgets.comparison import Comparison
from inspector.gui.widgets.empty_state import EmptyState
from tests.gui.test_program import shown
from tests.gui.waiting import until
from tests.product import a_handler

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

LIVE, TEST = "whsec_liveQ2x8vN4kLm7RtY1sZp0", "whsec_testB9f3cD6hJw5QaXe8UoK2"
BODY = '{"id":"evt_1","livemode":false,"type":"invoice.paid"}'
AT = 1_795_245_299

type Run = Callable[[Coroutine[Any, Any, None]], None]


@pytest.fixture
def run(window_loop: asyncio.AbstractEventLoop, qapp: QApplication) -> Run:
    qapp.setQuitOnLastWindowClosed(False)
    return lambda work: window_loop.run_until_complete(asyncio.wait_for(work, 60))


def stripe_curl(secret: str = TEST, body: str = BODY) -> str:
    signature = hmac.new(secret.encode(), f"{AT}.{BODY}".encode(), hashlib.sha256).hexdigest()
    return (
        "curl -X POST https://hooks.customer.test/stripe \\\n -H 'Content-Type: application/json' \\\n"
        f" -H 'Stripe-Signature: t={AT},v1={signature}' \\\n --data-raw '{body}'"
    )


def acme(secret: str) -> str:
    url, body = "https://hooks.test/in?a=1", '{"order":17}'
    signature = hmac.new(secret.encode(), f"v2;{url};{AT};{body}".encode(), hashlib.sha256).hexdigest()
    return f"POST {url} HTTP/1.1\nX-Acme-Time: {AT}\nX-Acme-Sign: {signature}\n\n{body}"


@asynccontextmanager
async def pasting(folder: Path, **secrets: str) -> AsyncIterator[tuple[Program, PastedWindow]]:
    """The program with Stripe handlers of these names and secrets, and the window opened by its command."""
    async with shown(folder) as program:

        async def add(inspector: Inspector) -> None:
            for name, secret in secrets.items():
                await a_handler(inspector, name, secret, presets.scheme("stripe").scheme, preset="stripe:v1")

        await program.engine.call(add)
        program.window.actions_by_name["diagnose_pasted"].trigger()
        assert program.pages is not None
        pasted = program.pages.pasting.pasted
        assert pasted is not None
        await until(lambda: len(program.pages.handlers.handlers) == len(secrets))  # type: ignore[union-attr]
        yield program, pasted


def paste(pasted: PastedWindow, text: str) -> None:
    data = QMimeData()
    data.setText(text)
    pasted.source.text.selectAll()
    pasted.source.text.insertFromMimeData(data)


def choose(pasted: PastedWindow, name: str) -> None:
    box = pasted.form.signer
    box.setCurrentIndex(box.findText(name))
    box.activated.emit(box.currentIndex())


def cause(pasted: PastedWindow) -> str:
    return pasted.answer.finding.cause if pasted.answer.finding else ""


async def answered(pasted: PastedWindow, wanted: str) -> None:
    await until(lambda: not pasted.busy and cause(pasted) == wanted)


def button(pasted: PastedWindow, name: str) -> QPushButton:
    found = pasted.answer.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


def test_before_anything_is_pasted_the_answer_says_what_it_is_for(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with pasting(tmp_path, stripe=TEST) as (_, pasted):
            state = pasted.answer.findChild(EmptyState)
            assert isinstance(state, EmptyState)
            assert state.isVisible()
            text = state.findChild(QLabel, "text")
            assert isinstance(text, QLabel)
            assert "cURL" in text.text()
            assert "Nothing is sent" in text.text()
            paste(pasted, stripe_curl())
            await answered(pasted, "verifies")
            assert not state.isVisible()
            pasted.source.text.clear()
            await until(state.isVisible)

    run(scene())


def test_the_secret_of_the_wrong_mode_is_named_as_soon_as_the_ticket_is_pasted(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with pasting(tmp_path, stripe_live=LIVE, stripe_test=TEST) as (_, pasted):
            paste(pasted, stripe_curl())
            await answered(pasted, "secret-test-live-mixed")
            assert pasted.source.recognised.text == "Recognised: a cURL command"
            assert "POST https://hooks.customer.test/stripe" in summary(pasted)
            assert pasted.form.signer.currentText() == "Handler stripe_live"
            assert pasted.form.url.text() == "https://hooks.customer.test/stripe"
            assert "its own time" in time_help(pasted).lower()
            assert "“stripe_test”" in pasted.answer.sentence
            assert pasted.answer.outcome.text == "It is not signed as the handler “stripe_live” expects."
            QTest.mouseClick(button(pasted, "answer_copy"), Qt.MouseButton.LeftButton)
            assert "our own settings were wrong" in QGuiApplication.clipboard().text()
            assert LIVE not in QGuiApplication.clipboard().text()

    run(scene())


def summary(pasted: PastedWindow) -> str:
    label = pasted.source.findChild(QLabel, "understood")
    assert isinstance(label, QLabel)
    return label.text()


def time_help(pasted: PastedWindow) -> str:
    return pasted.form._time_row._help.text()


def test_a_secret_that_is_typed_is_tried_and_remarked_on(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with pasting(tmp_path) as (_, pasted):
            paste(pasted, stripe_curl())
            await until(lambda: pasted.form.signer.currentText() == "Stripe")
            assert pasted.answer.finding is None  # nothing can be said without one
            QTest.keyClicks(pasted.form.secret, LIVE)
            await answered(pasted, "unexplained")
            assert any(finding.cause == "mode-of-delivery" for finding in pasted.answer.findings)
            pasted.form.secret.clear()
            QTest.keyClicks(pasted.form.secret, "sk_test_51Nx")
            assert "signing secret" in pasted.form.secret.accessibleDescription().lower() or (
                pasted.form.secret.accessibleDescription()
            )
            pasted.form.secret.clear()
            QTest.keyClicks(pasted.form.secret, TEST)
            await answered(pasted, "verifies")
            assert pasted.answer.outcome.text == "The signature is right."

    run(scene())


def test_a_body_that_was_changed_is_shown_beside_the_one_that_was_signed(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with pasting(tmp_path, stripe=TEST) as (_, pasted):
            paste(pasted, stripe_curl(body=BODY.replace(",", ", ").replace(":", ": ")))
            await answered(pasted, "body-json-respaced")
            comparison = pasted.answer.findChild(Comparison, "answer_body")
            assert isinstance(comparison, Comparison)
            assert comparison.isVisible()

    run(scene())


def test_how_it_is_signed_is_found_out_and_becomes_a_handler(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with pasting(tmp_path) as (program, pasted):
            paste(pasted, acme("the secret of acme, and long"))
            QTest.keyClicks(pasted.form.secret, "the secret of acme, and long")
            assert pasted.form.chosen == FIND_OUT
            await answered(pasted, "scheme-found")
            assert "covers v2;{url};{timestamp};{body}" in pasted.answer.sentence
            QTest.mouseClick(button(pasted, "answer_handler"), Qt.MouseButton.LeftButton)
            assert program.pages is not None
            handlers = program.pages.handlers
            await until(handlers.commands.save.isEnabled)
            handlers.commands.save.trigger()
            await until(lambda: bool(handlers.handlers))
            (handler,) = handlers.handlers
            assert handler.path == "/in"
            assert handler.public_url == "https://hooks.test"
            assert handler.scheme.signature is not None
            assert handler.scheme.signature.name == "X-Acme-Sign"
            pasted.form.forget()
            await until(lambda: not pasted.busy)
            choose(pasted, "Handler found")
            paste(pasted, acme("the secret of acme, and long") + "\n")
            await answered(pasted, "verifies")

    run(scene())


def test_nothing_is_stored_until_it_is_kept(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with pasting(tmp_path, stripe=TEST) as (program, pasted):
            paste(pasted, stripe_curl())
            await answered(pasted, "verifies")
            model = program.window.panes.deliveries.model
            assert model.rowCount() == 0
            QTest.mouseClick(button(pasted, "answer_keep"), Qt.MouseButton.LeftButton)
            await until(lambda: model.rowCount() == 1, model.rowsInserted, model.modelReset)
            kept = program.live.delivery(model.id_at(0))
            assert kept is not None
            assert kept.request.body == BODY.encode()
            assert (kept.verdict, kept.remote) == ("won", "pasted")
            assert kept.last_byte_ns == AT * 1_000_000_000
            await until(lambda: kept_tags(program, kept.id) == ("pasted",))

    run(scene())


def kept_tags(program: Program, id_: int) -> tuple[str, ...]:
    delivery = program.live.delivery(id_)
    return delivery.annotation.tags if delivery is not None else ()


def test_a_stored_delivery_is_found_out_with_the_secrets_that_there_are(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with pasting(tmp_path, stripe=TEST) as (program, pasted):
            paste(pasted, stripe_curl())
            await answered(pasted, "verifies")
            QTest.mouseClick(button(pasted, "answer_keep"), Qt.MouseButton.LeftButton)
            model = program.window.panes.deliveries.model
            await until(lambda: model.rowCount() == 1, model.rowsInserted, model.modelReset)
            assert program.window.panes.deliveries.select(model.id_at(0))
            program.window.actions_by_name["find_out"].trigger()
            await answered(pasted, "scheme-found")
            assert pasted.source.recognised.text == "Delivery 1, byte for byte"
            assert "signed as “Stripe” signs, with the secret of the handler “stripe”" in pasted.answer.sentence
            assert not button(pasted, "answer_keep").isVisible()

    run(scene())


def test_what_cannot_be_read_is_said_with_its_place(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with pasting(tmp_path) as (_, pasted):
            paste(pasted, "curl -H 'X: 1' \\\n  -d '{ https://h/")
            await until(lambda: pasted.source.recognised.text)
            assert pasted.source.recognised.text == "Line 2, character 6: A quotation mark is opened and not closed."
            paste(pasted, '{"only": "a body"}')
            await until(lambda: "the body alone" in pasted.source.recognised.text)

    run(scene())


def test_line_ends_of_a_pasted_text_are_kept_until_it_is_edited(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with pasting(tmp_path) as (_, pasted):
            text = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\na\r\nb\u00a0"
            paste(pasted, text)
            assert pasted.source.text.data == text.encode()
            QTest.keyClicks(pasted.source.text, "x")
            assert b"\r" not in pasted.source.text.data
            assert "\u00a0".encode() in pasted.source.text.data

    run(scene())


def test_the_fields_begin_with_what_was_pasted_and_say_their_own_problems(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with pasting(tmp_path, stripe=TEST) as (_, pasted):
            paste(pasted, stripe_curl())
            await answered(pasted, "verifies")
            pasted.source.tabs.setCurrentIndex(1)
            fields = pasted.source.fields
            assert fields.url.text() == "https://hooks.customer.test/stripe"
            await answered(pasted, "verifies")
            fields.headers.setPlainText(fields.headers.toPlainText() + "\nno colon")
            row = fields._by_field["headers"]
            await until(lambda: "Name: value" in row.notice.text)
            assert row.notice.text.startswith("Line 5: ")
            await until(lambda: "marked on the left" in pasted.answer._waiting.text())

    run(scene())


def test_a_binary_body_goes_into_the_fields_and_comes_out_the_same(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with pasting(tmp_path) as (_, pasted):
            body = bytes(range(256))
            raw = raw_bytes(Request("POST", "/b", "1.1", Headers([(b"Host", b"h")]), body))
            pasted.source.text.show_data(raw)
            await until(lambda: pasted.source.understood is not None)
            pasted.source.tabs.setCurrentIndex(1)
            understood = pasted.source.fields.read()
            assert understood is not None
            assert understood.request.body == body

    run(scene())


def test_everything_can_be_done_with_the_keyboard(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with pasting(tmp_path, stripe=TEST) as (_, pasted):
            paste(pasted, stripe_curl())
            await answered(pasted, "verifies")
            pasted.source.text.setFocus()
            names = []
            for _number in range(30):
                QTest.keyClick(QApplication.focusWidget() or pasted, Qt.Key.Key_Tab)
                focused = QApplication.focusWidget()
                assert focused is not None
                assert focused.accessibleName() or (isinstance(focused, QPushButton) and focused.text()), focused
                names.append(focused.objectName() or focused.accessibleName())
            for wanted in ("pasted_signer", "pasted_secret", "pasted_time", "pasted_url", "answer_keep"):
                assert wanted in names
            QTest.keyClick(pasted, Qt.Key.Key_Escape)
            assert not pasted.isVisible()

    run(scene())


def test_a_long_text_is_shown_by_its_beginning_and_read_whole(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with pasting(tmp_path) as (_, pasted):
            body = "x" * 300_000
            paste(pasted, f"POST /b HTTP/1.1\nHost: h\n\n{body}")
            await until(lambda: pasted.source.understood is not None)
            assert pasted.source.understood is not None
            assert len(pasted.source.understood.request.body) == 300_000
            assert len(pasted.source.text.toPlainText()) <= 100_000
            paste(pasted, "POST /c HTTP/1.1\nHost: h\n\nshort")
            await until(
                lambda: pasted.source.understood is not None and pasted.source.understood.request.target == "/c"
            )
            assert not pasted.source.text.isReadOnly()

    run(scene())
