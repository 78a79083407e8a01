"""The request as it came off the wire."""

import asyncio
from dataclasses import replace

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QPushButton
from pytestqt.qtbot import QtBot

from inspector.core.delivery import Refusal, Verdict
from inspector.gui.deliveries.raw_pane import RawPane
from inspector.gui.deliveries.raw_text import shown
from inspector.gui.widgets.text_panel import TextPanel
from tests.gui.deliveries.samples import a_delivery, a_request

DELIVERY = a_delivery(a_request(b'{"a": "\xc3\xa9"}', (b"X-Latin", b"caf\xe9"), (b"Cookie", b"id=1")))


@pytest.fixture
def pane(qtbot: QtBot, window_loop: asyncio.AbstractEventLoop) -> RawPane:
    pane = RawPane()
    qtbot.addWidget(pane)
    with qtbot.waitExposed(pane):
        pane.show()
    pane.show_delivery(DELIVERY)
    return pane


def text_of(pane: RawPane) -> str:
    panel = pane.findChild(TextPanel, "raw_text")
    assert isinstance(panel, TextPanel)
    return panel.text()


def tick(pane: RawPane, name: str) -> None:
    box = pane.findChild(QCheckBox, name)
    assert isinstance(box, QCheckBox)
    box.click()


def press(pane: RawPane, name: str) -> str:
    button = pane.findChild(QPushButton, name)
    assert isinstance(button, QPushButton)
    button.click()
    return QGuiApplication.clipboard().text()


def test_head_and_body_are_shown_with_credentials_masked(pane: RawPane) -> None:
    assert text_of(pane).splitlines() == [
        "POST /hook HTTP/1.1",
        "Host: 127.0.0.1",
        "X-Latin: café",
        "Cookie: ••••••••",
        "",
        '{"a": "é"}',
    ]


def test_credentials_in_the_target_are_masked_too() -> None:
    request = replace(a_request(), head=b"GET /x?a=1&api_key=abc&Token=de HTTP/1.1\r\nHost: h?token=1\r\n\r\n")
    text = shown(a_delivery(request), masked=True, line_ends=False, largest_body=10).decode()
    assert text.splitlines()[:2] == ["GET /x?a=1&api_key=••••••••&Token=•••••••• HTTP/1.1", "Host: h?token=1"]


def test_credentials_are_shown_when_they_are_asked_for(pane: RawPane) -> None:
    tick(pane, "raw_show_values")
    assert "Cookie: id=1" in text_of(pane)


def test_line_ends_are_marks_on_request(pane: RawPane) -> None:
    tick(pane, "line_ends")
    assert text_of(pane).startswith("POST /hook HTTP/1.1‹CR›‹LF›\nHost")


def test_the_raw_request_is_copied_as_it_came(pane: RawPane) -> None:
    text = press(pane, "copy_raw").replace("\r\n", "\n")
    assert "\nCookie: id=1\n\n" in text


def test_the_request_is_copied_as_a_command(pane: RawPane) -> None:
    assert press(pane, "copy_curl").startswith("curl --globoff")


def test_what_was_not_http_is_shown_by_its_first_bytes(pane: RawPane) -> None:
    refusal = Refusal("request-line", b"\x16\x03\x01 hello\r\n")
    pane.show_delivery(a_delivery(None, verdict=Verdict.REFUSED, refusal=refusal, number=2))
    assert "hello" in text_of(pane)


def test_a_large_body_is_shown_by_its_beginning() -> None:
    delivery = a_delivery(a_request(memoryview(b"x" * 1_000_000)))
    assert len(shown(delivery, masked=True, line_ends=False, largest_body=1_000)) < 1_100


def test_a_body_that_is_no_text_is_shown_byte_by_byte() -> None:
    delivery = a_delivery(a_request(b"\xff\xfe\x00abc"))
    assert shown(delivery, masked=True, line_ends=False, largest_body=100).decode().endswith("ÿþ\x00abc")
