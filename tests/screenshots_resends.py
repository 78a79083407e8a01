"""Pictures of what is sent again: for `tests.screenshots`, which has the window and its deliveries."""

import asyncio
from collections.abc import AsyncIterator

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QPlainTextEdit, QPushButton, QSpinBox

from inspector.gui.deliveries.sidebar import Choice
from inspector.gui.program import Program
from inspector.gui.resend.resends_pane import ResendsPane
from inspector.gui.widgets.hex_edit import HexEdit
from inspector.gui.widgets.link_button import LinkButton
from tests.resend.targets import capturing

_JSON = b"HTTP/1.1 %b\r\nContent-Type: application/json\r\nX-Request-Id: %d\r\nContent-Length: %d\r\n\r\n%b"


def _answer(status: bytes, body: bytes) -> bytes:
    return _JSON % (status, len(body) * 7, len(body), body)


OK = _answer(b"200 OK", b'{"ok": true, "order": {"id": 4711, "state": "paid", "lines": [1, 2, 3]}}')
FAILED = _answer(
    b"500 Internal Server Error", b'{"ok": false, "order": {"id": 4711, "state": "open"}, "error": "stock"}'
)


async def resend_views(program: Program) -> AsyncIterator[str]:
    """Bring one view after the other into sight, and give its name."""
    window = program.window
    window.sidebar.choose(Choice.ALL)
    window.panes.deliveries.step(3)
    window.actions_by_name["resend_to"].trigger()
    pane = window.findChild(ResendsPane)
    assert isinstance(pane, ResendsPane)
    yield "resends-none"
    async with capturing(FAILED, OK, OK, FAILED, OK) as target, capturing(_moved(target.url)) as moved:
        _target(pane, target.url + "/webhooks")
        await _send(pane)
        await _send(pane)
        yield "resends"
        window.actions_by_name["compare_answers"].trigger()
        await asyncio.sleep(1.5)
        yield "resends-compared"
        window.findChild(ResendsPane)._comparison.close()  # type: ignore[union-attr]
        _target(pane, moved.url)
        await _send(pane)
        yield "resends-redirect"
        _target(pane, "http://169.254.169.254/latest")
        await _send(pane)
        yield "resends-consent"
        _target(pane, target.url)
        _found(pane, QCheckBox, "resend_edit").setChecked(True)
        _found(pane, QPlainTextEdit, "edit_headers").appendPlainText("X-Added: yes")
        _found(pane, QComboBox, "edit_body_as").setCurrentIndex(1)
        edit = _found(pane, HexEdit, "edit_body_hex")
        edit.setFocus(Qt.FocusReason.OtherFocusReason)
        QTest.keyClicks(edit, "00ff")
        yield "resends-edit"
        _found(pane, QCheckBox, "resend_edit").setChecked(False)
        _found(pane, QComboBox, "resend_scope").setCurrentIndex(2)
        _found(pane, QComboBox, "resend_retry").setEditText("5ms, 10ms")
        _found(pane, QSpinBox, "resend_times").setValue(5)
        await _send(pane)
        yield "resends-many"
        next(link for link in pane.findChildren(LinkButton) if link.text().startswith("slowest")).click()
        await asyncio.sleep(0.3)
        yield "resends-run"
        _found(pane, QPushButton, "others_back").click()
        _found(pane, QComboBox, "resend_scope").setCurrentIndex(0)


def _moved(url: str) -> bytes:
    return f"HTTP/1.1 307 Temporary Redirect\r\nLocation: {url}/moved\r\nContent-Length: 0\r\n\r\n".encode()


def _found[T](pane: ResendsPane, kind: type[T], name: str) -> T:
    child = pane.findChild(kind, name)  # type: ignore[type-var]
    assert isinstance(child, kind)
    return child


def _target(pane: ResendsPane, url: str) -> None:
    _found(pane, QComboBox, "resend_target").setEditText(url)


async def _send(pane: ResendsPane) -> None:
    _found(pane, QPushButton, "resend_send").click()
    await asyncio.sleep(0.6)
