"""The coroutines of a widget end when the widget does."""

import asyncio

from PySide6.QtCore import QObject

from inspector.gui.tasks import Tasks


def test_a_task_replaces_an_unfinished_one_of_its_name(window_loop: asyncio.AbstractEventLoop) -> None:
    owner, done = QObject(), asyncio.Event()
    tasks, seen = Tasks(owner), []

    async def work(name: str, wait: float) -> None:
        await asyncio.sleep(wait)
        seen.append(name)
        done.set()

    async def scene() -> None:
        tasks.start("look", work("first", 60))
        tasks.start("look", work("second", 0))
        await asyncio.wait_for(done.wait(), 5)

    window_loop.run_until_complete(scene())
    assert seen == ["second"]


def test_what_goes_wrong_is_told(window_loop: asyncio.AbstractEventLoop) -> None:
    owner, happened = QObject(), asyncio.Event()
    told: list[Exception] = []
    tasks = Tasks(owner)
    tasks.failed.connect(told.append)
    tasks.failed.connect(lambda _error: happened.set())

    async def work() -> None:
        raise ValueError("no")

    async def scene() -> None:
        tasks.start("look", work())
        await asyncio.wait_for(happened.wait(), 5)

    window_loop.run_until_complete(scene())
    assert [str(error) for error in told] == ["no"]
    assert not tasks.is_running("look")


def test_tasks_end_with_their_widget(window_loop: asyncio.AbstractEventLoop) -> None:
    owner, ended = QObject(), asyncio.Event()
    tasks = Tasks(owner)

    async def work() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()

    async def scene() -> None:
        tasks.start("look", work())
        await asyncio.sleep(0)
        owner.deleteLater()
        await asyncio.wait_for(ended.wait(), 5)

    window_loop.run_until_complete(scene())
    assert ended.is_set()


def test_who_ends_them_can_wait_until_they_have(window_loop: asyncio.AbstractEventLoop) -> None:
    owner, seen = QObject(), list[str]()
    tasks = Tasks(owner)

    async def work() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0)
            seen.append("ended")

    async def scene() -> None:
        tasks.start("look", work())
        await asyncio.sleep(0)
        await tasks.ended()

    window_loop.run_until_complete(scene())
    assert seen == ["ended"]
    assert not tasks.is_running("look")
