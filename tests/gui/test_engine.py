"""The bridge between the two threads: what arrives is told in batches, verbs are awaited, the engine ends cleanly."""

import asyncio
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from inspector.core.delivery import Verdict
from inspector.core.handler import Handler
from inspector.core.verification.scheme import Scheme
from inspector.feed import DeliveriesAdded, HandlersChanged, ListenerChanged
from inspector.gui.engine import MOST_PENDING, Changes, Engine
from inspector.settings import Settings
from tests.core.formats.test_jsonl import a_delivery
from tests.product import any_port, post

DEADLINE_MS = 20_000


@pytest.fixture
def engine(tmp_path: Path, qtbot: QtBot) -> Iterator[Engine]:
    """A running, listening engine on a folder of the test's own."""
    engine = Engine(tmp_path, any_port())
    engine.heard = Heard(engine)  # type: ignore[attr-defined]
    engine.start()
    qtbot.waitUntil(lambda: bool(heard(engine).url), timeout=DEADLINE_MS)
    yield engine
    engine.request_stop()
    assert engine.join(20)


class Heard:
    """Everything that the engine told, in order."""

    def __init__(self, engine: Engine) -> None:
        self.changes: list[Changes] = []
        engine.changed.connect(self.changes.append)

    @property
    def url(self) -> str:
        states = [c.state for batch in self.changes for c in batch.others if isinstance(c, ListenerChanged)]
        return states[-1].url if states else ""

    @property
    def ids(self) -> list[int]:
        return [summary.id for batch in self.changes for summary in batch.added]


def heard(engine: Engine) -> Heard:
    return engine.heard  # type: ignore[attr-defined, no-any-return]


def send_all(url: str, count: int) -> None:
    """Send `count` requests over one connection, and read every answer."""
    host, _, port = url.split("/")[2].rpartition(":")
    with socket.create_connection((host, int(port))) as connection:
        for number in range(count):
            connection.sendall(post(b"%d" % number))
            assert b" 403 " in connection.recv(4096).split(b"\r\n")[0]


def test_every_delivery_is_told_once_and_in_order(engine: Engine, qtbot: QtBot) -> None:
    send_all(heard(engine).url, 50)
    qtbot.waitUntil(lambda: len(heard(engine).ids) == 50, timeout=DEADLINE_MS)
    assert heard(engine).ids == list(range(1, 51))
    assert {summary.verdict for batch in heard(engine).changes for summary in batch.added} == {Verdict.FAILED}
    assert heard(engine).changes[-1].newest_id == 50


def test_a_window_that_does_not_listen_costs_a_bounded_memory(engine: Engine, qtbot: QtBot) -> None:
    for _ in range(MOST_PENDING // 1000 + 1):
        # What the feed would tell while the window's thread is busy: nothing is flushed meanwhile.
        engine._take(a_thousand())
    assert len(engine._pending_added) == 0
    with qtbot.waitSignal(engine.changed, timeout=DEADLINE_MS) as told:
        pass
    changes = told.args[0]
    assert changes.overflowed
    assert changes.newest_id == 1000


def a_thousand() -> DeliveriesAdded:
    return DeliveriesAdded([a_delivery(id=n + 1) for n in range(1000)])


def test_a_verb_is_awaited_on_the_other_loop_and_its_change_comes_back(
    engine: Engine, qtbot: QtBot, window_loop: asyncio.AbstractEventLoop
) -> None:
    async def save() -> tuple[Handler, ...]:
        return await engine.call(lambda inspector: inspector.save_handlers([Handler("any", Scheme("none"))]))

    saved = window_loop.run_until_complete(asyncio.wait_for(save(), 20))
    assert [handler.name for handler in saved] == ["any"]
    qtbot.waitUntil(
        lambda: any(isinstance(c, HandlersChanged) for batch in heard(engine).changes for c in batch.others),
        timeout=DEADLINE_MS,
    )


def test_a_verb_that_fails_fails_where_it_was_called(engine: Engine, window_loop: asyncio.AbstractEventLoop) -> None:
    async def save() -> None:
        await engine.call(lambda inspector: inspector.save_handlers([Handler("", Scheme("none"))]))

    with pytest.raises(ValueError, match="empty"):
        window_loop.run_until_complete(asyncio.wait_for(save(), 20))


def test_an_engine_that_cannot_start_says_why(tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "store.db").write_bytes(b"this is no database at all, but somebody's file" * 100)
    engine = Engine(tmp_path, replace(Settings()))
    with qtbot.waitSignal(engine.failed, timeout=DEADLINE_MS) as failed:
        engine.start()
    assert isinstance(failed.args[0], Exception)
    assert "store.db" in str(failed.args[0])
    assert engine.join(20)


def test_an_engine_stopped_before_it_started_ends_all_the_same(tmp_path: Path, qtbot: QtBot) -> None:
    engine = Engine(tmp_path, any_port())
    engine.request_stop()
    with qtbot.waitSignal(engine.ended, timeout=DEADLINE_MS):
        engine.start()
    assert engine.join(20)
    assert not engine.running
