"""The window with one delivery and its Resends in sight, and a target on loopback that keeps what it receives."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from PySide6.QtWidgets import QComboBox, QPlainTextEdit, QPushButton, QWidget

from inspector.gui.program import Program
from inspector.gui.resend.attempt_list import AttemptList
from inspector.gui.resend.resends_pane import ResendsPane
from tests.gui.test_program import arrives, shown, with_handler
from tests.gui.waiting import until
from tests.resend.targets import Capture, capturing


@asynccontextmanager
async def resends(folder: Path, *answers: bytes) -> AsyncIterator[tuple[Program, ResendsPane, Capture]]:
    """The program showing the Resends of one delivery, and a target that answers `answers`."""
    async with capturing(*answers) as capture, shown(folder) as program:
        await with_handler(program)
        await arrives(program)
        program.window.panes.deliveries.step(1)
        program.window.actions_by_name["resend_to"].trigger()
        pane = program.window.findChild(ResendsPane)
        assert isinstance(pane, ResendsPane)
        yield program, pane, capture


def combo(pane: QWidget, name: str) -> QComboBox:
    found = pane.findChild(QComboBox, name)
    assert isinstance(found, QComboBox)
    return found


def button(pane: QWidget, name: str) -> QPushButton:
    found = pane.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


def plain(pane: QWidget, name: str) -> QPlainTextEdit:
    found = pane.findChild(QPlainTextEdit, name)
    assert isinstance(found, QPlainTextEdit)
    return found


def type_target(pane: ResendsPane, url: str) -> None:
    combo(pane, "resend_target").setEditText(url)


def rows(pane: ResendsPane) -> list[list[str]]:
    """Answer and target of each attempt in the list."""
    model = pane.findChildren(AttemptList)[0].attempts
    return [[model.index(row, column).data() for column in (1, 4)] for row in range(model.rowCount())]


async def until_attempts(pane: ResendsPane, count: int) -> None:
    """Wait until so many attempts are listed, and none is under way."""
    send = button(pane, "resend_send")
    await until(lambda: len(rows(pane)) == count and send.isEnabled())


def seen(pane: QWidget, name: str) -> str:
    """The text of the label or notice of that name."""
    found = pane.findChild(QWidget, name)
    assert found is not None
    text = getattr(found, "text")  # noqa: B009 - a method of labels, a property of notices
    return str(text() if callable(text) else text)


async def turn() -> None:
    """Let the window's loop go round once."""
    await asyncio.sleep(0)
