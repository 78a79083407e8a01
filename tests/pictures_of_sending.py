"""The views of the pages Forwarding and Scenarios for the pictures, with targets that are there, busy or not there."""

import asyncio
from collections.abc import AsyncIterator

from PySide6.QtWidgets import QComboBox, QLineEdit

from inspector import presets
from inspector.app import Inspector
from inspector.core.forward_rule import ForwardRule
from inspector.gui.deliveries.sidebar import Choice
from inspector.gui.forwarding.forwarding_page import ForwardingPage
from inspector.gui.program import Program
from inspector.gui.scenarios.scenarios_page import ScenariosPage
from tests.product import a_handler, post, send
from tests.resend.stripe_receiver import PAYLOAD, SECRET, receiver, stripe_header, with_two_bugs
from tests.resend.targets import capturing

BUSY = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 40\r\nContent-Length: 4\r\n\r\nbusy"
NOT_THERE = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


async def forwarding(program: Program) -> AsyncIterator[str]:
    """From nothing to a queue whose first entry is looked at."""
    program.window.sidebar.choose(Choice.FORWARDING)
    page = program.window.findChild(ForwardingPage)
    assert isinstance(page, ForwardingPage)
    await asyncio.sleep(0.3)
    yield "forwarding-none"
    page.start_new()
    search, to = page.form.form.editor("search"), page.form.form.editor("to")
    assert isinstance(search, QLineEdit)
    assert isinstance(to, QComboBox)
    search.setText("verdict:won size:>")
    to.setEditText("ftp://example")
    yield "forwarding-mistake"
    search.clear()
    to.setEditText("http://169.254.169.254/latest")
    page.save()
    await asyncio.sleep(0.5)
    yield "forwarding-asks"
    page.revert()
    async with capturing(BUSY) as busy, capturing(NOT_THERE) as gone:
        rules = (
            ForwardRule("orders to the shop", f"{busy.url}/hooks", "path:/shop or path:/stripe", in_order=True),
            ForwardRule("staging", gone.url, "path:/gh*", sign_with="github"),
            ForwardRule("everything", "http://localhost:9", enabled=False),
        )
        await program.engine.call(lambda inspector: inspector.forwarding.save_rules(rules))
        for number in range(12):
            raw = post(b'{"order": %d}' % number, target=(b"/shop", b"/stripe", b"/gh/push")[number % 3])
            await program.engine.call(lambda inspector, raw=raw: send(inspector, raw))  # type: ignore[misc]
        await asyncio.sleep(1.0)
        page.list.choose(1)
        await asyncio.sleep(0.5)
        yield "forwarding"
        page.section.view.selectRow(0)
        await asyncio.sleep(0.3)
        yield "forwarding-entry"
        await program.engine.call(lambda inspector: inspector.forwarding.save_rules(()))


async def scenarios(program: Program) -> AsyncIterator[str]:
    """From nothing to the answer of a case that differs."""
    window = program.window
    window.sidebar.choose(Choice.SCENARIOS)
    page = window.findChild(ScenariosPage)
    assert isinstance(page, ScenariosPage)
    await asyncio.sleep(0.3)
    yield "scenarios-none"
    await program.engine.call(_good_delivery)
    await asyncio.sleep(0.3)
    window.sidebar.choose(Choice.ALL)
    window.panes.deliveries.go_to_newest()
    await asyncio.sleep(0.3)
    window.actions_by_name["make_scenario"].trigger()
    target = page.findChild(QComboBox, "scenario_target")
    assert isinstance(target, QComboBox)
    with receiver(with_two_bugs) as url:
        target.setEditText(url)
        page.run()
        await asyncio.sleep(0.3)
        yield "scenarios-running"
        while page.document is None or len(page.document.results) < 16:  # noqa: ASYNC110 - nothing else tells
            await asyncio.sleep(0.05)
    page.view.selectRow(4)
    await asyncio.sleep(0.3)
    yield "scenarios"


async def _good_delivery(inspector: Inspector) -> None:
    await a_handler(inspector, "stripe", SECRET, presets.scheme("stripe").scheme)
    await send(inspector, post(PAYLOAD, stripe_header(), target=b"/webhooks/stripe"))
