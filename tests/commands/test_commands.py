"""What goes over the channel, and what the running instance makes of it."""

import asyncio
from pathlib import Path

import msgspec
import pytest

from inspector.commands import (
    AddHandler,
    Done,
    EditHandler,
    HandlerValues,
    MoveHandler,
    NewSecret,
    OpenDelivery,
    perform,
    served,
)
from inspector.feed import Change
from inspector.feed import OpenDelivery as OpenDeliveryChange
from inspector.instance import Refused, ask
from tests.product import product, run

ANY = HandlerValues(name="any", verification="none")


def test_a_secret_is_in_no_repr() -> None:
    command = AddHandler(values=ANY, secret=NewSecret("current", b"hush-hush"))
    assert "hush" not in repr(command)
    assert "current" in repr(command)


@pytest.mark.parametrize("value", [b"plain", b"\xff\x00\x80", b""])
def test_a_secret_of_any_bytes_survives_the_channel(value: bytes) -> None:
    command = EditHandler(name="x", secret=NewSecret("current", value))
    sent = msgspec.json.decode(msgspec.json.encode(command), type=EditHandler)
    assert sent == command
    assert sent.secret is not None
    assert sent.secret.text.encode("utf-8", "surrogateescape") == value


def test_the_running_instance_does_what_it_is_asked(tmp_path: Path) -> None:
    async def work() -> None:
        changes: list[Change] = []
        async with product(tmp_path) as inspector, served(inspector):
            inspector.feed.subscribe(changes.append)
            done = msgspec.convert(await asyncio.to_thread(ask, tmp_path, AddHandler(values=ANY)), Done)
            assert (done.names, done.position) == (("any",), 1)
            assert [handler.name for handler in inspector.handlers] == ["any"]
            await asyncio.to_thread(ask, tmp_path, OpenDelivery(id=7))
            assert OpenDeliveryChange(7) in changes

    run(work())


@pytest.mark.parametrize(
    "question", [{"verb": "dance"}, {"verb": "open", "id": "x"}, {"verb": "open", "more": 1}, [], None]
)
def test_what_it_does_not_know_is_refused_as_a_whole(tmp_path: Path, question: object) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector, served(inspector):
            with pytest.raises(Refused, match="another version"):
                await asyncio.to_thread(ask, tmp_path, question)

    run(work())


def test_a_refused_command_changes_nothing_and_keeps_no_secret(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector:
            await perform(AddHandler(values=ANY), inspector)
            again = HandlerValues(name="any", verification="hmac")
            for command in (
                AddHandler(values=again, secret=NewSecret("current", b"hush-hush-hush-hush")),
                EditHandler(name="any", values=HandlerValues(name=""), secret=None),
                MoveHandler(name="any", position=3),
            ):
                with pytest.raises(Refused):
                    await perform(command, inspector)
            assert [handler.name for handler in inspector.handlers] == ["any"]
            assert not (tmp_path / "secrets.toml").exists()

    run(work())


def test_changes_asked_for_at_the_same_moment_are_all_made(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector:
            names = [f"handler-{number}" for number in range(10)]
            values = [HandlerValues(name=name, verification="none") for name in names]
            await asyncio.gather(*(perform(AddHandler(values=each), inspector) for each in values))
            assert sorted(handler.name for handler in inspector.handlers) == sorted(names)

    run(work())
