"""Forwarding in the window: a rule that is typed forwards, what waits is seen, and everything can be taken back."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from inspector.core.forward_rule import ForwardRule
from inspector.gui.deliveries.sidebar import Choice
from inspector.gui.forwarding import queue_watch
from inspector.gui.forwarding.forwarding_page import ForwardingPage
from inspector.gui.program import Program
from tests.gui.forwarding.scenes import (
    LATE,
    SOON,
    button,
    combo,
    forwarding,
    free_port,
    line,
    notices,
    rows,
    waiting_for,
    with_rules,
)
from tests.gui.test_program import BODY, Run, arrives, controls, described, name_of, run, with_handler
from tests.gui.waiting import until
from tests.resend.targets import capturing

__all__ = ["run"]

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def count_beside(program: Program, choice: Choice) -> str:
    return str(program.window.sidebar._items[choice].data(Qt.ItemDataRole.AccessibleTextRole))


def standing(page: ForwardingPage) -> str:
    found = page.findChild(QLabel, "entry_standing")
    assert isinstance(found, QLabel)
    return found.text()


def test_a_rule_that_is_typed_and_saved_forwards_what_comes(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with forwarding(tmp_path) as (program, page), capturing() as target:
            await with_handler(program)
            program.pages.forwarding["new_rule"].trigger()  # type: ignore[union-attr]
            assert page.model.entries[0].state_text == "not saved"
            line(page, "search").setText("verdict:won")
            combo(page, "to").setEditText(target.url)
            button(page, "save_rule").click()
            await until(lambda: page.book.rules, page.book.changed)
            assert page.model.entries[0].state_text == "on"
            await arrives(program, "another secret")
            await arrives(program)
            await until(lambda: target.requests)
            assert [request.endswith(BODY) for request in target.requests] == [True]
            assert target.requests[0].startswith(b"POST /hook HTTP/1.1\r\n")

    run(scene())


def test_rows_wait_while_the_service_is_down_and_leave_when_it_comes_up(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with forwarding(tmp_path) as (program, page):
            port = await free_port()
            await waiting_for(program, page, port, 3, retry=SOON)
            assert [row[0] for row in rows(page)][1:] == ["waits", "waits"]
            assert rows(page)[0][1] == "1  POST /hook"
            assert [row[4] for row in rows(page)][1:] == ["after those before it"] * 2
            await until(lambda: count_beside(program, Choice.FORWARDING) == "Forwarding, 3")
            page.section.view.selectRow(0)
            await until(lambda: standing(page).startswith("Waits"))  # it is in flight for moments
            async with capturing(port=port) as target:
                await until(lambda: rows(page) == [])
                assert len(target.requests) == 3
                await until(lambda: standing(page) == "Delivered: it has left the queue.")
                await until(lambda: count_beside(program, Choice.FORWARDING) == "Forwarding")
            assert page.entry.attempts.attempts.attempt(0).succeeded

    run(scene())


def test_a_row_that_is_looked_at_stays_the_one_when_others_leave(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with forwarding(tmp_path) as (program, page):
            await waiting_for(program, page, await free_port(), 4)
            view = page.section.view
            view.selectRow(2)
            first, third = view.queue.entry(0), view.queue.entry(2)
            await program.engine.call(lambda inspector: inspector.forwarding.drop([first.id]))
            await until(lambda: len(rows(page)) == 3)
            assert [entry.id for entry in view.selected] == [third.id]
            assert page.entry.entry is not None
            assert page.entry.entry.id == third.id

    run(scene())


def test_what_is_selected_is_tried_at_once(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with forwarding(tmp_path) as (program, page):
            port = await free_port()
            await waiting_for(program, page, port, 1)
            page.section.view.selectRow(0)
            async with capturing(port=port) as target:
                button(page, "retry_entry").click()
                await until(lambda: target.requests)
                await until(lambda: rows(page) == [])

    run(scene())


def test_what_was_dropped_comes_back_by_undo(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with forwarding(tmp_path) as (program, page):
            await waiting_for(program, page, await free_port(), 3)
            view, undo = page.section.view, program.window.actions_by_name["undo"]
            before = [entry.id for entry in view.queue.entries]
            view.setFocus()
            view.selectRow(1)
            QTest.keyClick(view, Qt.Key.Key_Delete)
            await until(lambda: [entry.id for entry in view.queue.entries] == [before[0], before[2]])
            assert undo.text() == "&Undo Drop 1 entry"
            undo.trigger()
            await until(lambda: [entry.id for entry in view.queue.entries] == before)

    run(scene())


def test_a_rule_that_was_removed_comes_back_with_its_queue(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with forwarding(tmp_path) as (program, page):
            await waiting_for(program, page, await free_port(), 2)
            page.list.setFocus()
            QTest.keyClick(page.list, Qt.Key.Key_Delete)
            await until(lambda: not page.model.entries, page.book.changed)
            assert "Nothing is forwarded yet" in [label.text() for label in page.findChildren(QLabel, "title")]
            program.window.actions_by_name["undo"].trigger()
            await until(lambda: len(rows(page)) == 2)
            assert [entry.rule.name for entry in page.model.entries] == ["shop"]

    run(scene())


def test_a_rule_is_switched_off_and_on(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with forwarding(tmp_path) as (program, page):
            await waiting_for(program, page, await free_port(), 1)
            toggle = program.pages.forwarding["toggle_rule"]  # type: ignore[union-attr]
            assert toggle.text() == "Switch O&ff"
            toggle.trigger()
            await until(lambda: not page.book.rules[0].enabled, page.book.changed)
            await until(lambda: rows(page)[0][4] == "when the rule is on")
            program.window.actions_by_name["undo"].trigger()
            await until(lambda: page.book.rules[0].enabled, page.book.changed)

    run(scene())


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("to", "ftp://example", "Only http and https can be sent to, not ftp."),
        ("to", "", "Type where to forward to."),
        ("to", "http://user:word@host", "The URL has a user name or password in it: set a header instead."),
        ("search", "size:>", "The search is not understood: This is not a size, like >10kb, 512 or 1kb..2mb."),
        ("name", " ", "The name is empty."),
        ("name", "taken", "There is a rule named 'taken' already."),
    ],
)
def test_a_mistake_is_said_beside_its_field_and_nothing_is_saved(
    tmp_path: Path, run: Run, field: str, text: str, said: str
) -> None:
    async def scene() -> None:
        async with forwarding(tmp_path) as (program, page):
            await with_rules(program, page, ForwardRule("taken", "http://127.0.0.1:9"))
            page.start_new()
            combo(page, "to").setEditText("http://127.0.0.1:9")
            (combo(page, field).setEditText if field == "to" else line(page, field).setText)(text)
            button(page, "save_rule").click()
            assert page.form.form.rows[field].notice.text == said
            assert len(page.book.rules) == 1

    run(scene())


def test_an_address_that_hands_out_credentials_is_asked_about_once(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with forwarding(tmp_path) as (_, page):
            page.start_new()
            combo(page, "to").setEditText("http://0xa9fea9fe/latest")
            button(page, "save_rule").click()
            await until(lambda: any("hands out credentials" in text for text in notices(page)))
            assert page.book.rules == ()
            button(page, "refuse_target").click()
            assert not any("hands out credentials" in text for text in notices(page))
            button(page, "save_rule").click()
            await until(lambda: button(page, "allow_target").isVisible())
            button(page, "allow_target").click()
            await until(lambda: page.book.rules, page.book.changed)
            line(page, "search").setText("path:/none")
            button(page, "save_rule").click()
            await until(lambda: page.book.rules[0].search == "path:/none", page.book.changed)

    run(scene())


def test_the_own_listener_is_refused_beside_the_target(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with forwarding(tmp_path) as (program, page):
            page.start_new()
            port = program.window.header.url.rpartition(":")[2]
            combo(page, "to").setEditText(f"http://2130706433:{port}")
            button(page, "save_rule").click()
            await until(lambda: "own listener" in page.form.form.rows["to"].notice.text)
            assert page.book.rules == ()

    run(scene())


def test_what_another_changes_meanwhile_stays(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with forwarding(tmp_path) as (program, page):
            await with_rules(program, page, ForwardRule("mine", "http://127.0.0.1:9", retry=LATE))
            line(page, "search").setText("path:/mine")
            rules = (*page.book.rules, ForwardRule("theirs", "http://127.0.0.1:10"))
            await with_rules(program, page, *rules)
            assert line(page, "search").text() == "path:/mine"
            button(page, "save_rule").click()
            await until(lambda: page.book.rules[0].search == "path:/mine", page.book.changed)
            assert [rule.name for rule in page.book.rules] == ["mine", "theirs"]
            program.window.actions_by_name["undo"].trigger()
            await until(lambda: page.book.rules[0].search == "", page.book.changed)
            assert [rule.name for rule in page.book.rules] == ["mine", "theirs"]

    run(scene())


def test_a_certificate_or_an_address_that_needs_leave_can_be_allowed_at_the_entry(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with forwarding(tmp_path) as (program, page):
            await with_rules(program, page, ForwardRule("cloud", "http://metadata.google.internal:9"))
            await arrives(program)
            await until(lambda: [row[3] for row in rows(page)] == ["not allowed yet"])
            assert rows(page)[0][0] == "given up"
            page.section.view.selectRow(0)
            assert button(page, "allow_rule_target").isVisible()
            assert button(page, "allow_rule_target").text() == "Allow this target"

    run(scene())


def test_an_entry_leads_to_its_delivery(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with forwarding(tmp_path) as (program, page):
            await waiting_for(program, page, await free_port(), 2)
            page.section.view.selectRow(1)
            button(page, "open_entry").click()
            assert program.window.sidebar.choice is Choice.ALL
            delivery = program.window.panes.details.delivery
            assert delivery is not None
            assert delivery.id == page.section.view.queue.entry(1).delivery

    run(scene())


def test_every_control_has_a_name(tmp_path: Path, run: Run) -> None:
    async def scene() -> None:
        async with forwarding(tmp_path) as (program, page):
            assert [described(widget) for widget in controls(program.window) if not name_of(widget)] == []
            await waiting_for(program, page, await free_port(), 1)
            page.form.form.editor("answers_sender").click()  # type: ignore[attr-defined]
            assert [described(widget) for widget in controls(program.window) if not name_of(widget)] == []
            page.section.view.selectRow(0)
            assert [described(widget) for widget in controls(program.window) if not name_of(widget)] == []

    run(scene())


def test_all_are_tried_again_also_those_that_the_list_does_not_show(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> None:
        async with forwarding(tmp_path) as (program, page):
            port = await free_port()
            await waiting_for(program, page, port, 3)
            monkeypatch.setattr(queue_watch, "LONGEST_LIST", 1)
            page._watch.look()
            await until(lambda: len(rows(page)) == 1)
            async with capturing(port=port) as target:
                program.pages.forwarding["retry_all"].trigger()  # type: ignore[union-attr]
                await until(lambda: len(target.requests) == 3)

    run(scene())
