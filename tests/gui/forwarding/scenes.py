"""The window with the forwarding page in sight, and targets on loopback that come and go."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QWidget

from inspector.core.forward_rule import ForwardRule
from inspector.core.retry import RetryPolicy
from inspector.gui.deliveries.sidebar import Choice
from inspector.gui.forwarding.forwarding_page import ForwardingPage
from inspector.gui.program import Program
from inspector.gui.widgets.notice import Notice
from tests.gui.test_program import arrives, shown
from tests.gui.waiting import until
from tests.resend.targets import capturing

SOON = RetryPolicy(attempts=1000, first_delay_s=0.1, factor=1.0, jitter=0.0)
LATE = RetryPolicy(attempts=9, first_delay_s=600.0)


@asynccontextmanager
async def forwarding(folder: Path) -> AsyncIterator[tuple[Program, ForwardingPage]]:
    """The program showing its page Forwarding."""
    async with shown(folder) as program:
        program.window.sidebar.choose(Choice.FORWARDING)
        page = program.window.findChild(ForwardingPage)
        assert isinstance(page, ForwardingPage)
        yield program, page


async def free_port() -> int:
    """A port where nobody listens."""
    async with capturing() as target:
        return target.target.port


async def with_rules(program: Program, page: ForwardingPage, *rules: ForwardRule) -> None:
    """Save these rules, and wait until the page knows them."""
    await program.engine.call(lambda inspector: inspector.forwarding.save_rules(rules))
    await until(lambda: [rule.name for rule in page.book.rules] == [rule.name for rule in rules], page.book.changed)


async def waiting_for(program: Program, page: ForwardingPage, port: int, count: int, **values: object) -> None:
    """A rule to a port where nobody listens, and so many deliveries that wait for it, the first of them tried."""
    url = f"http://127.0.0.1:{port}"
    rule = ForwardRule("shop", url, in_order=True, **{"retry": LATE, **values})  # type: ignore[arg-type]
    await with_rules(program, page, rule)
    for _ in range(count):
        await arrives(program)
    await until(lambda: rows(page)[:1] != [] and rows(page)[0][3] == "refused" and len(rows(page)) == count)


def rows(page: ForwardingPage) -> list[list[str]]:
    """What the queue shows, row by row."""
    queue = page.section.view.queue
    return [[queue.index(row, column).data() for column in range(5)] for row in range(queue.rowCount())]


def line(page: ForwardingPage, name: str) -> QLineEdit:
    found = page.form.form.editor(name)
    assert isinstance(found, QLineEdit)
    return found


def combo(page: ForwardingPage, name: str) -> QComboBox:
    found = page.form.form.editor(name)
    assert isinstance(found, QComboBox)
    return found


def button(page: QWidget, name: str) -> QPushButton:
    found = page.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


def notices(page: QWidget) -> list[str]:
    """What is said beneath the fields and beside the buttons."""
    return [notice.text for notice in page.findChildren(Notice) if notice.isVisible()]


async def quiet(program: Program) -> None:
    """Let what was asked of the engine be done, and told."""
    await program.engine.call(_nothing)
    await asyncio.sleep(0)


async def _nothing(_inspector: object) -> None:
    pass
