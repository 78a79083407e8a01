"""The status line: counts, rate, where secrets are kept, who can reach the listener."""

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from inspector.core.delivery import Verdict
from inspector.gui.status_line import StatusLine


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def status(qtbot: QtBot, clock: Clock) -> StatusLine:
    line = StatusLine(clock=clock)
    qtbot.addWidget(line)
    line.show()
    return line


@pytest.mark.parametrize(
    ("counts", "text"),
    [
        ({}, "0 deliveries"),
        ({Verdict.WON: 1}, "1 delivery"),
        ({Verdict.WON: 1381, Verdict.FAILED: 31}, "1,412 deliveries · 31 failed"),
    ],
)
def test_it_counts_deliveries(status: StatusLine, counts: dict[Verdict, int], text: str) -> None:
    status.show_counts(counts)
    assert status.text == text


def test_the_rate_is_over_the_last_seconds(status: StatusLine, clock: Clock) -> None:
    status.note_arrivals(16)
    status.show_counts({Verdict.WON: 16})
    assert status.text == "16 deliveries · 3.2/s"
    clock.now += 6
    status.show_counts({Verdict.WON: 16})
    assert status.text == "16 deliveries"


def test_a_search_under_way_is_told(status: StatusLine) -> None:
    status.show_progress("searching, 12 found")
    assert status.text == "0 deliveries · searching, 12 found"
    status.show_progress("")
    assert status.text == "0 deliveries"


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("http://127.0.0.1:8080/", "loopback only"),
        ("http://[::1]:8080/", "loopback only"),
        ("http://192.168.1.5:8080/", "open to the network"),
        ("http://0.0.0.0:8080/", "open to the network"),
    ],
)
def test_it_says_who_can_reach_the_listener(status: StatusLine, url: str, text: str) -> None:
    status.show_url(url)
    assert text in visible_texts(status)


def test_it_says_where_secrets_are_kept(status: StatusLine) -> None:
    status.show_secret_store(None)
    assert "keyring" in visible_texts(status)
    status.show_secret_store("There is no keyring.")
    assert "secrets in a file" in visible_texts(status)


def visible_texts(status: StatusLine) -> list[str]:
    return [label.text() for label in status.findChildren(QLabel) if label.isVisible()]
