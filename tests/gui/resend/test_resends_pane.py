"""Resends of a delivery in the window: what is chosen in the form is sent, and the answer is seen."""

import asyncio
import socket
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QLineEdit, QWidget

from inspector.gui.resend.resend_form import ResendForm
from inspector.gui.widgets.hex_edit import HexEdit
from inspector.gui.widgets.notice import Notice
from inspector.gui.widgets.text_panel import TextPanel
from tests.gui.resend.scenes import button, combo, plain, resends, rows, seen, type_target, until_attempts
from tests.gui.test_program import BODY, SECRET, arrives, controls, described, name_of
from tests.gui.waiting import until
from tests.product import delivery_in, github_signature
from tests.resend.certificates import a_context
from tests.resend.targets import capturing
from tests.resend.test_following import METADATA, metadata_on_loopback

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

_ADDED = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows

type Run = Callable[[Coroutine[Any, Any, None]], None]


@pytest.fixture
def run(window_loop: asyncio.AbstractEventLoop, qapp: QApplication) -> Run:
    qapp.setQuitOnLastWindowClosed(False)  # as the product has it: the engine ends first
    return lambda work: window_loop.run_until_complete(asyncio.wait_for(work, 30))


def shown_text(pane: QWidget) -> str:
    panel = pane.findChild(TextPanel, "attempt_text")
    assert isinstance(panel, TextPanel)
    return panel.text()


def notices(pane: QWidget) -> list[str]:
    """What is said beside fields, in sight."""
    return [notice.text for notice in pane.findChildren(Notice) if notice.isVisible()]


def test_what_arrives_at_the_target_is_the_delivery_byte_for_byte(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with resends(tmp_path) as (_, pane, capture):
            type_target(pane, capture.url)
            button(pane, "resend_send").click()
            await until_attempts(pane, 1)
            delivery = delivery_in(tmp_path, 1)
            assert delivery is not None
            assert capture.requests == [delivery.request.head + bytes(delivery.request.body)]
            assert rows(pane) == [["200", f"{capture.url}/hook"]]
            assert seen(pane, "attempt_title").startswith("200 OK · ")
            assert seen(pane, "attempt_differences") == "Sent byte for byte as received."
            assert "first byte" in seen(pane, "attempt_times")
            assert shown_text(pane).endswith("ok")

    run(scene())


def test_a_long_answer_is_read_to_its_end_in_a_narrow_pane(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        answer = b"HTTP/1.1 503 Service Unavailable For A Long While\r\nContent-Length: 0\r\n\r\n"
        async with resends(tmp_path, answer) as (program, pane, capture):
            program.window.resize(program.window.minimumSizeHint().width(), 900)
            type_target(pane, capture.url)
            button(pane, "resend_send").click()
            await until_attempts(pane, 1)
            title = pane.findChild(QLabel, "attempt_title")
            assert isinstance(title, QLabel)
            await until(lambda: title.height() >= title.heightForWidth(title.width()) > title.fontMetrics().height())

    run(scene())


def test_before_the_first_resend_the_pane_says_what_it_is_for(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with resends(tmp_path) as (_, pane, _capture):
            assert seen(pane, "title") == "Not sent again yet"
            assert not pane.attempts.isVisible()

    run(scene())


def test_ctrl_return_sends_and_r_sends_again(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with resends(tmp_path, b"HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\nnope") as (program, pane, capture):
            type_target(pane, capture.url)
            pane.form.go_to_target()
            QTest.keyClick(plain(pane, "resend_changes"), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
            await until_attempts(pane, 1)
            program.window.actions_by_name["resend"].trigger()
            await until_attempts(pane, 2)
            assert [answer for answer, _ in rows(pane)] == ["500", "500"]
            assert len(capture.requests) == 2
            assert seen(pane, "attempt_title").startswith("500 Oops")

    run(scene())


def test_before_anything_was_chosen_r_asks_where_to_send(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with resends(tmp_path) as (program, pane, capture):
            type_target(pane, capture.url)
            program.window.panes.deliveries.view.setFocus()
            program.window.actions_by_name["resend"].trigger()
            assert not capture.requests
            assert combo(pane, "resend_target") is program.window.focusWidget()

    run(scene())


def test_the_choice_stays_for_the_next_delivery(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with resends(tmp_path) as (program, pane, capture):
            type_target(pane, capture.url)
            button(pane, "resend_send").click()
            await until_attempts(pane, 1)
            other = await arrives(program, target=b"/other")
            program.window.panes.deliveries.select(other)
            await until_attempts(pane, 0)
            program.window.actions_by_name["resend"].trigger()
            await until_attempts(pane, 1)
            assert capture.requests[-1].startswith(b"POST /other ")

    run(scene())


def test_it_is_signed_anew_with_a_handler_and_changed_headers(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with resends(tmp_path) as (program, pane, capture):
            forged = await arrives(program, "another secret")
            program.window.panes.deliveries.select(forged)
            type_target(pane, capture.url + "/elsewhere")
            combo(pane, "resend_sign").setCurrentIndex(combo(pane, "resend_sign").findData("github"))
            plain(pane, "resend_changes").setPlainText("X-Environment: test\n-Host")
            button(pane, "resend_send").click()
            await until_attempts(pane, 1)
            (request,) = capture.requests
            assert request.startswith(b"POST /elsewhere HTTP/1.1\r\n")
            assert github_signature(BODY, SECRET) in request
            assert b"\r\nX-Environment: test\r\n" in request
            assert b"Host" not in request
            said = seen(pane, "attempt_differences")
            assert all(part in said for part in ("URL /hook → /elsewhere", "Host left out", "X-Environment added"))

    run(scene())


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "Type where to send it."),
        ("ftp://example", "Only http and https can be sent to, not ftp."),
        ("http://exam\r\nple", "line feed"),
        ("http://user:word@host/", "user name"),
    ],
)
def test_a_target_that_is_none_is_said_beside_its_field(tmp_path: Path, run: Run, url: str, said: str) -> None:
    async def scene() -> None:
        async with resends(tmp_path) as (_, pane, capture):
            type_target(pane, url)
            button(pane, "resend_send").click()
            assert [text for text in notices(pane) if said in text or "space" in text or "return" in text]
            assert not capture.requests
            type_target(pane, capture.url)
            assert notices(pane) == []

    run(scene())


def test_a_header_that_cannot_be_is_said_without_its_value(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with resends(tmp_path) as (_, pane, capture):
            type_target(pane, capture.url)
            plain(pane, "resend_changes").setPlainText("X-Ok: 1\nNo Name: secret-value")
            button(pane, "resend_send").click()
            assert notices(pane) == ["Line 2: this cannot be a header's name."]
            assert not capture.requests

    run(scene())


def test_the_own_listener_is_refused_beside_the_target(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with resends(tmp_path) as (program, pane, _):
            type_target(pane, program.window.header.url)
            button(pane, "resend_send").click()
            await until_attempts(pane, 1)
            assert any("own listener" in text for text in notices(pane.findChildren(ResendForm)[0]))
            assert rows(pane)[0][0] == "own listener"

    run(scene())


def test_a_link_local_target_is_asked_about_in_the_pane(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with resends(tmp_path) as (_, pane, _capture):
            type_target(pane, "http://169.254.169.254/latest")
            button(pane, "resend_send").click()
            await until_attempts(pane, 1)
            assert button(pane, "allow_target").isVisible()
            assert "link-local" in seen(pane, "consent_question")
            button(pane, "refuse_target").click()
            assert not button(pane, "allow_target").isVisible()
            button(pane, "resend_send").click()
            await until_attempts(pane, 2)
            assert button(pane, "allow_target").isVisible()
            type_target(pane, "http://localhost:1")
            assert not button(pane, "allow_target").isVisible()

    run(scene())


def test_while_it_is_under_way_it_can_be_cancelled_and_not_sent_twice(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with resends(tmp_path) as (_, pane, capture):
            capture.open_.clear()
            type_target(pane, capture.url)
            send, cancel = button(pane, "resend_send"), button(pane, "resend_cancel")
            send.click()
            await until(lambda: capture.requests)
            assert (send.isEnabled(), cancel.isVisible()) == (False, True)
            pane.form.send()
            cancel.click()
            await until(send.isEnabled)
            assert len(capture.requests) == 1
            assert not cancel.isVisible()
            await until_attempts(pane, 1)
            assert rows(pane)[0][0] == "cancelled"
            assert seen(pane, "attempt_error") == "It was cancelled. The target may have taken it all the same."

    run(scene())


def test_credentials_of_an_answer_are_masked_until_asked_for(tmp_path: Path, run: Run) -> None:
    answer = b"HTTP/1.1 200 OK\r\nSet-Cookie: id=s3cret\r\nContent-Length: 5\r\n\r\n<b>hi"

    async def scene() -> None:
        async with resends(tmp_path, answer) as (_, pane, capture):
            type_target(pane, capture.url)
            button(pane, "resend_send").click()
            await until_attempts(pane, 1)
            assert "s3cret" not in shown_text(pane)
            assert shown_text(pane).endswith("<b>hi")
            box = pane.findChild(QCheckBox, "attempt_values")
            assert isinstance(box, QCheckBox)
            box.click()
            assert "Set-Cookie: id=s3cret" in shown_text(pane)

    run(scene())


def test_an_edited_request_keeps_its_order_and_gets_the_right_length(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with resends(tmp_path) as (_, pane, capture):
            type_target(pane, capture.url)
            box, method = pane.findChild(QCheckBox, "resend_edit"), pane.findChild(QLineEdit, "edit_method")
            assert isinstance(box, QCheckBox)
            assert isinstance(method, QLineEdit)
            box.click()
            assert "sha256=" not in plain(pane, "edit_headers").toPlainText()
            assert seen(pane, "edit_changes") == "Nothing is changed yet."
            method.setText("PUT")
            plain(pane, "edit_headers").appendPlainText("X-Added: yes")
            plain(pane, "edit_body").setPlainText('{"zen": "Keep it"}')
            assert "method POST → PUT" in seen(pane, "edit_changes")
            assert len(plain(pane, "edit_headers").extraSelections()) == 1
            button(pane, "resend_send").click()
            await until_attempts(pane, 1)
            (request,) = capture.requests
            head, _, body = request.partition(b"\r\n\r\n")
            assert body == b'{"zen": "Keep it"}'
            assert head.split(b"\r\n") == [
                b"PUT /hook HTTP/1.1",
                b"Host: localhost",
                b"Content-Length: 18",
                github_signature(BODY, SECRET),
                b"X-Added: yes",
            ]

    run(scene())


def test_what_cannot_be_sent_is_said_in_the_editor(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with resends(tmp_path) as (_, pane, capture):
            type_target(pane, capture.url)
            box, method = pane.findChild(QCheckBox, "resend_edit"), pane.findChild(QLineEdit, "edit_method")
            assert isinstance(box, QCheckBox)
            assert isinstance(method, QLineEdit)
            box.click()
            method.setText("PO ST")
            assert "is no method" in seen(pane, "edit_problem")
            button(pane, "resend_send").click()
            assert not capture.requests

    run(scene())


def test_every_control_has_a_name(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with resends(tmp_path) as (program, pane, capture):
            type_target(pane, capture.url)
            button(pane, "resend_send").click()
            await until_attempts(pane, 1)
            box = pane.findChild(QCheckBox, "resend_edit")
            assert isinstance(box, QCheckBox)
            box.click()
            assert [described(widget) for widget in controls(program.window) if not name_of(widget)] == []

    run(scene())


@pytest.mark.parametrize(("scope", "sent"), [("selected", 2), ("listed", 3)])
def test_many_are_sent_again_in_one_run(tmp_path: Path, run: Run, scope: str, sent: int) -> None:
    async def scene() -> None:
        async with resends(tmp_path) as (program, pane, capture):
            for number in (b"/2", b"/3"):
                await arrives(program, target=number)
            deliveries = program.window.panes.deliveries
            deliveries.select(1)
            deliveries.view.selectionModel().select(deliveries.model.index(1, 0), _ADDED)
            type_target(pane, capture.url)
            combo(pane, "resend_scope").setCurrentIndex(combo(pane, "resend_scope").findData(scope))
            button(pane, "resend_send").click()
            await until(lambda: seen(pane, "run_text").startswith("Done"))
            assert len(capture.requests) == sent
            assert f"{sent} of {sent} · {sent} succeeded" in seen(pane, "run_text")
            assert not button(pane, "run_cancel").isVisible()

    run(scene())


def test_a_run_is_paused_resumed_and_cancelled(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with resends(tmp_path) as (program, pane, capture):
            await arrives(program)
            capture.open_.clear()
            type_target(pane, capture.url)
            combo(pane, "resend_scope").setCurrentIndex(2)
            button(pane, "resend_send").click()
            await until(lambda: capture.requests)
            button(pane, "run_pause").click()
            await until(lambda: seen(pane, "run_text").startswith("Paused"))
            capture.open_.set()
            await until(lambda: "1 of 2" in seen(pane, "run_text"))
            button(pane, "run_pause").click()
            await until(lambda: len(capture.requests) == 2)
            capture.open_.clear()
            await until(lambda: seen(pane, "run_text").startswith("Done"))
            button(pane, "resend_send").click()
            await until(lambda: len(capture.requests) == 3)
            button(pane, "run_cancel").click()
            await until(lambda: seen(pane, "run_text").startswith("Cancelled"))

    run(scene())


def test_a_redirect_is_shown_and_followed_where_that_is_ticked(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with capturing() as last:
            moved = f"HTTP/1.1 307 Moved\r\nLocation: {last.url}/new\r\nContent-Length: 0\r\n\r\n".encode()
            async with resends(tmp_path, moved) as (_, pane, capture):
                type_target(pane, capture.url)
                button(pane, "resend_send").click()
                await until_attempts(pane, 1)
                assert seen(pane, "attempt_redirect") == f"It redirects to {last.url}/new, which is not followed."
                assert last.requests == []
                box = pane.findChild(QCheckBox, "resend_follow")
                assert isinstance(box, QCheckBox)
                box.click()
                button(pane, "resend_send").click()
                await until_attempts(pane, 3)
                assert [answer for answer, _ in rows(pane)] == ["200", "307", "307"]
                assert rows(pane)[0][1] == f"↳ {last.url}/new"
                pane.attempts.selectRow(1)
                assert seen(pane, "attempt_redirect").endswith("That was followed.")

    run(scene())


def test_a_certificate_that_is_allowed_stays_in_sight_and_is_taken_back(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with capturing(tls=a_context(tmp_path)) as target, resends(tmp_path / "data") as (_, pane, _capture):
            type_target(pane, target.url)
            button(pane, "resend_send").click()
            await until_attempts(pane, 1)
            assert "signed by itself" in seen(pane, "attempt_error")
            assert target.url in seen(pane, "consent_question")
            assert not button(pane, "allowed_take_back").isVisible()
            button(pane, "allow_target").click()
            await until_attempts(pane, 2)
            assert rows(pane)[0][0] == "200"
            assert "allowed all the same: The target's certificate is signed by itself" in seen(pane, "attempt_way")
            assert "TLS" in seen(pane, "attempt_times")
            assert (
                seen(pane, "allowed_text") == f"{target.url}: any certificate is accepted, also one that is not valid."
            )
            type_target(pane, "http://localhost:1")
            assert not button(pane, "allowed_take_back").isVisible()
            type_target(pane, target.url)
            button(pane, "allowed_take_back").click()
            await until(lambda: not button(pane, "allowed_take_back").isVisible())
            button(pane, "resend_send").click()
            await until_attempts(pane, 3)
            assert rows(pane)[0][0] == "self-signed certificate"

    run(scene())


def test_targets_of_the_handler_that_won_are_offered_first(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with capturing() as other, resends(tmp_path) as (program, pane, capture):
            type_target(pane, capture.url)
            button(pane, "resend_send").click()
            await until_attempts(pane, 1)
            program.window.panes.deliveries.select(await arrives(program, "another secret"))
            await until_attempts(pane, 0)
            type_target(pane, other.url)
            button(pane, "resend_send").click()
            await until_attempts(pane, 1)
            box = combo(pane, "resend_target")
            assert [box.itemText(place) for place in range(2)] == [other.url, capture.url]
            program.window.panes.deliveries.select(1)
            await until(lambda: box.itemText(0) == capture.url)
            assert box.currentText() == other.url

    run(scene())


def test_the_body_is_edited_as_hex_and_the_length_is_right(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with resends(tmp_path) as (_, pane, capture):
            type_target(pane, capture.url)
            box, edit = pane.findChild(QCheckBox, "resend_edit"), pane.findChild(HexEdit, "edit_body_hex")
            assert isinstance(box, QCheckBox)
            assert isinstance(edit, HexEdit)
            box.click()
            plain(pane, "edit_body").setPlainText("ab")
            combo(pane, "edit_body_as").setCurrentIndex(1)
            QTest.keyClick(edit, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
            QTest.keyClicks(edit, "00ff")
            assert "body 30 → 4 bytes" in seen(pane, "edit_changes")
            combo(pane, "edit_body_as").setCurrentIndex(0)
            assert combo(pane, "edit_body_as").currentIndex() == 1  # these bytes are no text
            button(pane, "resend_send").click()
            await until_attempts(pane, 1)
            head, _, body = capture.requests[0].partition(b"\r\n\r\n")
            assert body == b"ab\x00\xff"
            assert b"Content-Length: 4" in head

    run(scene())


def test_what_cannot_be_sent_is_said_beside_its_field(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with resends(tmp_path) as (_, pane, capture):
            type_target(pane, capture.url)
            box, url = pane.findChild(QCheckBox, "resend_edit"), pane.findChild(QLineEdit, "edit_url")
            assert isinstance(box, QCheckBox)
            assert isinstance(url, QLineEdit)
            box.click()
            url.setText("/a\r\nX-Injected: 1")
            assert "space or a control character" in seen(pane, "edit_problem")
            url.setText("/a")
            assert seen(pane, "edit_problem") == ""
            plain(pane, "edit_headers").appendPlainText("X-A: a\x00b")
            assert "control character" in seen(pane, "edit_header_problem")
            button(pane, "resend_send").click()
            assert not capture.requests

    run(scene())


def test_a_hop_that_needs_consent_is_asked_about_and_allowed_it_goes_on(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", metadata_on_loopback(socket.getaddrinfo))

    async def scene() -> None:
        async with capturing() as last:
            hop = f"http://{METADATA}:{last.target.port}"
            moved = f"HTTP/1.1 307 Moved\r\nLocation: {hop}/new\r\nContent-Length: 0\r\n\r\n".encode()
            async with resends(tmp_path, moved) as (_, pane, capture):
                type_target(pane, capture.url)
                box = pane.findChild(QCheckBox, "resend_follow")
                assert isinstance(box, QCheckBox)
                box.click()
                button(pane, "resend_send").click()
                await until_attempts(pane, 2)
                assert hop in seen(pane, "consent_question")
                assert last.requests == []
                button(pane, "allow_target").click()
                await until_attempts(pane, 4)
                assert [answer for answer, _ in rows(pane)][:2] == ["200", "307"]
                assert rows(pane)[0][1] == f"↳ {hop}/new"
                assert len(last.requests) == 1
                assert not button(pane, "allow_target").isVisible()

    run(scene())
