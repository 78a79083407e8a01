"""Many resends in the window: order, repetition, tries, and a summary whose counts lead to the attempts."""

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QDoubleSpinBox, QSpinBox, QWidget

from inspector.gui.resend.resends_pane import ResendsPane
from inspector.gui.widgets.link_button import LinkButton
from inspector.gui.widgets.notice import Notice
from tests.gui.resend.scenes import button, combo, resends, rows, seen, type_target
from tests.gui.test_program import arrives, controls, described, name_of
from tests.gui.waiting import until

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
BUSY = b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"

type Run = Callable[[Coroutine[Any, Any, None]], None]


@pytest.fixture
def run(window_loop: asyncio.AbstractEventLoop, qapp: QApplication) -> Run:
    qapp.setQuitOnLastWindowClosed(False)
    return lambda work: window_loop.run_until_complete(asyncio.wait_for(work, 30))


def number(pane: QWidget, name: str) -> QSpinBox:
    found = pane.findChild(QSpinBox, name)
    assert isinstance(found, QSpinBox)
    return found


def all_listed(pane: ResendsPane, url: str) -> None:
    type_target(pane, url)
    combo(pane, "resend_scope").setCurrentIndex(combo(pane, "resend_scope").findData("listed"))


async def sent(pane: ResendsPane) -> None:
    button(pane, "resend_send").click()
    await until(lambda: seen(pane, "run_text").startswith("Done"))


def links(pane: ResendsPane) -> list[str]:
    return [link.text() for link in pane.findChildren(LinkButton) if link.isVisible()]


def press(pane: ResendsPane, text: str) -> None:
    next(link for link in pane.findChildren(LinkButton) if link.text().startswith(text)).click()


def deliveries(pane: ResendsPane) -> list[str]:
    model = pane.attempts.attempts
    return [str(model.index(row, 3).data()) for row in range(model.rowCount())]


def test_all_are_gone_through_newest_first_and_again(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with resends(tmp_path) as (program, pane, capture):
            await arrives(program, target=b"/2")
            all_listed(pane, capture.url)
            combo(pane, "resend_order").setCurrentIndex(1)
            number(pane, "resend_times").setValue(2)
            await sent(pane)
            asked = [request.split(b" ")[1] for request in capture.requests]
            assert asked == [b"/2", b"/hook", b"/2", b"/hook"]

    run(scene())


def test_the_counts_of_a_run_lead_to_its_attempts_and_back(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with resends(tmp_path, OK, BUSY, OK) as (program, pane, capture):
            for path in (b"/2", b"/3"):
                await arrives(program, target=path)
            all_listed(pane, capture.url)
            await sent(pane)
            assert links(pane)[:2] == ["200 × 2", "503 × 1"]
            assert links(pane)[-1] == "1 failed"
            press(pane, "503")
            await until(lambda: deliveries(pane) == ["2"])
            assert rows(pane)[0][0] == "503"
            assert seen(pane, "attempt_title").startswith("503 Busy")
            assert seen(pane, "others_text") == "Of the run: 503, 1"
            press(pane, "200")
            await until(lambda: deliveries(pane) == ["3", "1"])
            press(pane, "slowest")
            await until(lambda: len(deliveries(pane)) == 3)
            button(pane, "others_back").click()
            assert deliveries(pane) == ["1"]
            assert pane.attempts.isColumnHidden(3)

    run(scene())


def test_what_failed_is_tried_again_as_it_is_typed(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with resends(tmp_path, BUSY, BUSY, OK) as (_, pane, capture):
            all_listed(pane, capture.url)
            combo(pane, "resend_retry").setEditText("5ms, 10ms, 1h")
            assert any("At most 4 tries" in notice.text for notice in pane.findChildren(Notice))
            await sent(pane)
            assert len(capture.requests) == 3
            assert "1 of 1 · 1 succeeded" in seen(pane, "run_text")
            assert "3 tries" in seen(pane, "run_text")

    run(scene())


def test_a_policy_that_cannot_be_read_is_said_beside_its_field(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with resends(tmp_path) as (_, pane, capture):
            all_listed(pane, capture.url)
            combo(pane, "resend_retry").setEditText("soon")
            said = "'soon' is neither a provider nor a list of delays as 10s,1m,5m."
            assert any(said in notice.text for notice in pane.findChildren(Notice))
            button(pane, "resend_send").click()
            assert not capture.requests
            assert not pane.findChild(QWidget, "run_text").isVisible()  # type: ignore[union-attr]

    run(scene())


def test_the_schedules_of_providers_are_offered_and_can_be_faster(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with resends(tmp_path, BUSY) as (_, pane, capture):
            all_listed(pane, capture.url)
            retry = combo(pane, "resend_retry")
            await until(lambda: retry.findData("slack") > 0)
            retry.setCurrentIndex(retry.findData("slack"))
            speed = pane.findChild(QDoubleSpinBox, "resend_retry_speed")
            assert isinstance(speed, QDoubleSpinBox)
            speed.setValue(1_000_000)
            await sent(pane)
            assert len(capture.requests) > 1

    run(scene())


def test_every_control_of_a_run_has_a_name(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with resends(tmp_path) as (program, pane, capture):
            all_listed(pane, capture.url)
            await sent(pane)
            assert [described(widget) for widget in controls(program.window) if not name_of(widget)] == []

    run(scene())
