"""Questions reach the running instance, and nobody else's do."""

import asyncio
import os
import socket
import stat
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from inspector.instance import Answerer, ChannelClosed, Refused, ask, serving
from inspector.instance.channel import LONGEST_LINE

pytestmark = pytest.mark.skipif(os.name == "nt", reason="a named pipe there")


@pytest.fixture(autouse=True)
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    # A socket's path must be short, which those of tmp_path are not.
    with tempfile.TemporaryDirectory(prefix="run-") as name:
        monkeypatch.setenv("XDG_RUNTIME_DIR", name)
        yield Path(name)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


async def echo(line: bytes) -> object:
    return msgspec.json.decode(line)


def asked_of[T](data: Path, answer: Answerer, work: Callable[[], T]) -> T:
    """What `work` gives in a thread while `answer` serves."""

    async def serve() -> T:
        async with serving(data, answer):
            return await asyncio.to_thread(work)

    return asyncio.run(serve())


def socket_in(runtime: Path) -> Path:
    (found,) = (runtime / "webhook-inspector").iterdir()
    return found


def test_a_question_is_answered(data: Path) -> None:
    question = {"verb": "x", "text": "line\nbreak", "bytes": [1, 2]}
    assert asked_of(data, echo, lambda: ask(data, question)) == question


def test_many_ask_at_once(data: Path) -> None:
    async def serve() -> list[object]:
        async with serving(data, echo):
            answers: list[object] = await asyncio.gather(*(asyncio.to_thread(ask, data, n) for n in range(40)))
            return answers

    assert asyncio.run(serve()) == list(range(40))


def test_uvloops_loop_serves_as_well(data: Path) -> None:
    uvloop = pytest.importorskip("uvloop")

    async def serve() -> object:
        async with serving(data, echo):
            return await asyncio.to_thread(ask, data, "hello")

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        assert runner.run(serve()) == "hello"


def test_a_refusal_comes_out_as_one(data: Path) -> None:
    async def refuse(line: bytes) -> object:
        raise Refused("There is no handler named 'x'.", "unknown-name")

    with pytest.raises(Refused, match="no handler") as caught:
        asked_of(data, refuse, lambda: ask(data, {}))
    assert caught.value.kind == "unknown-name"


def test_a_failure_says_nothing_of_its_cause(data: Path) -> None:
    async def fail(line: bytes) -> object:
        raise RuntimeError("hush-hush")

    with pytest.raises(Refused) as caught:
        asked_of(data, fail, lambda: ask(data, {}))
    assert caught.value.kind == "fault"
    assert "hush" not in str(caught.value)


def test_nobody_answers_for_a_folder_where_nothing_runs(data: Path) -> None:
    with pytest.raises(ChannelClosed):
        ask(data, {})


def test_nothing_stays_behind(data: Path, runtime: Path) -> None:
    asked_of(data, echo, lambda: None)
    assert list(data.iterdir()) == []
    assert list((runtime / "webhook-inspector").iterdir()) == []


def test_the_socket_of_a_killed_instance_is_replaced(data: Path, runtime: Path) -> None:
    address = Path(asked_of(data, echo, (data / "channel").read_text))
    assert address.parent.parent == runtime
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(address))
    (data / "channel").write_text(str(address))
    with pytest.raises(ChannelClosed):
        ask(data, {})
    assert asked_of(data, echo, lambda: ask(data, 1)) == 1


def test_only_the_user_can_open_the_socket(data: Path, runtime: Path) -> None:
    def rights() -> list[int]:
        found = socket_in(runtime)
        return [stat.S_IMODE(path.stat().st_mode) for path in (found, found.parent, data / "channel")]

    assert asked_of(data, echo, rights) == [0o600, 0o700, 0o600]


def test_a_runtime_folder_that_others_can_enter_is_not_used(data: Path, runtime: Path) -> None:
    (runtime / "webhook-inspector").mkdir()
    (runtime / "webhook-inspector").chmod(0o755)
    assert asked_of(data, echo, lambda: Path((data / "channel").read_text()).parent.parent) != runtime
    assert list((runtime / "webhook-inspector").iterdir()) == []


def test_a_client_with_another_environment_finds_the_instance(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def without_runtime_folder() -> object:
        monkeypatch.delenv("XDG_RUNTIME_DIR")
        return ask(data, "hello")

    assert asked_of(data, echo, without_runtime_folder) == "hello"


def test_a_question_without_end_is_cut_off_and_the_next_is_answered(data: Path) -> None:
    def too_much() -> object:
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(10)
            client.connect((data / "channel").read_text())
            try:
                client.sendall(b"x" * (2 * LONGEST_LINE + 10))
                assert client.recv(1) == b""
            except (BrokenPipeError, ConnectionResetError):
                pass
        return ask(data, "still there")

    assert asked_of(data, echo, too_much) == "still there"


def test_a_runtime_folder_with_too_long_a_path_is_not_used(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ("x" * 100)).mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / ("x" * 100)))
    assert asked_of(data, echo, lambda: ask(data, "hello")) == "hello"


def test_a_start_without_a_free_descriptor_is_answered_later(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import resource

    from inspector.instance import unix_socket

    monkeypatch.setattr(unix_socket, "PAUSE_S", 0.01)
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(10)

    async def use_up_the_descriptors() -> bytes:
        async with serving(data, echo):
            address = (data / "channel").read_text()
            resource.setrlimit(resource.RLIMIT_NOFILE, (3, limits[1]))
            try:
                client.connect(address)
                await asyncio.sleep(0.05)  # the listener has looked and found no descriptor
            finally:
                resource.setrlimit(resource.RLIMIT_NOFILE, limits)
            client.sendall(b"1\n")
            return await asyncio.to_thread(client.recv, 100)

    with client:
        assert asyncio.run(use_up_the_descriptors()) == b'{"ok":1}\n'


def test_a_silent_client_does_not_keep_the_instance_from_ending(data: Path) -> None:
    client = socket.socket(socket.AF_UNIX)
    with client:
        asked_of(data, echo, lambda: client.connect((data / "channel").read_text()))
        client.settimeout(5)
        assert client.recv(1) == b""


def test_a_folder_without_a_place_for_the_channel_still_runs(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (data / "channel").mkdir()  # cannot be replaced by a file
    assert asked_of(data, echo, lambda: "ran") == "ran"
