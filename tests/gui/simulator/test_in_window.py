"""The simulator in the window: a command leads to it, and it leads to the delivery that it made."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton

from inspector.gui.deliveries.sidebar import Choice
from inspector.gui.simulator.simulator_page import SimulatorPage
from tests.gui.test_program import Run, run, shown
from tests.gui.waiting import until

__all__ = ["run"]  # a fixture

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def test_from_an_empty_list_to_a_simulated_delivery_and_back(run: Run, tmp_path: Path) -> None:
    async def work() -> None:
        async with shown(tmp_path) as program:
            window = program.window
            assert window.findChild(SimulatorPage) is None  # made when it is first looked at
            button = window.findChild(QAbstractButton, "simulate-delivery")
            assert isinstance(button, QAbstractButton)
            button.click()
            assert window.sidebar.choice == Choice.SIMULATOR.value
            page = window.findChild(SimulatorPage)
            assert isinstance(page, SimulatorPage)
            await until(lambda: page.form.own_url, page.form.changed)
            page.choose("stripe")
            await until(lambda: page.form.signing.secret, page.form.changed)
            page.send.click()
            await until(lambda: page.tries.view.currentIndex().isValid())
            page.tries.view.activated.emit(page.tries.view.currentIndex())
            assert window.sidebar.choice == Choice.ALL.value
            await until(lambda: window.panes.details.delivery is not None)
            delivery = window.panes.details.delivery
            assert delivery is not None
            assert delivery.request.path == "/stripe"
            window.actions_by_name["show_simulator"].trigger()
            assert window.sidebar.choice == Choice.SIMULATOR.value
            assert page.isVisible()

    run(work())
