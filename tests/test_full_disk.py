"""A disk that is full or refuses, for real: 503, nothing lost that was there, and all well when its cause has ended."""

import base64
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.product import post
from tests.program import Answer, Client, Listening, add_handler, command, exported, listening, sent

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.getuid() != 0, reason="needs a disk of its own, so root on Linux"
)
LARGE = os.urandom(3 << 20)  # into its file as it comes
MEDIUM = os.urandom(400_000)  # into a file in one go
SMALL = os.urandom(3_000)  # into the database


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 8 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)], check=False)
    if mounted.returncode:
        pytest.skip("cannot mount a disk here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Fill the disk of `folder` to its last byte with a file."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (1 << 16, 1):
            try:
                while file.write(bytes(size)):
                    pass
            except OSError:
                continue
    return filler


def remount(folder: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", str(folder)], check=True)


def assert_refused(answer: Answer) -> None:
    """The sender is told to come again, and not why."""
    assert (answer.status, answer.headers["retry-after"]) == (503, "5")
    assert b"could not be stored" in answer.body


def fault_of(running: Listening) -> bytes:
    """The next line on standard error."""
    assert running.process.stderr is not None
    return running.process.stderr.readline()


def kept(folder: Path) -> list[bytes]:
    return [base64.b64decode(record["body_base64"]) for record in exported(folder)]


@pytest.mark.parametrize("body", [LARGE, MEDIUM, SMALL], ids=["large", "medium", "small"])
def test_what_a_full_disk_cannot_keep_gets_503_until_there_is_room(disk: Path, body: bytes) -> None:
    data = disk / "data"
    add_handler(data, "any", "none")
    with listening(data, "--quiet") as running, Client(running.port) as client:
        client.send(post(b"before"))
        assert client.answer().status == 200
        filler = fill(disk)
        assert_refused(answered_when_full(running, body))
        assert fault_of(running).startswith(b"store: ")
        assert kept(data)[0] == b"before"
        filler.unlink()
        answer = sent(running.port, post(body))
        assert answer.status == 200
        assert fault_of(running) == b"store: works again\n"
        client.send(post(b"after"))
        assert client.answer().status == 200
        assert running.stop() == 0
    assert kept(data)[0] == b"before"
    assert kept(data)[-2:] == [body, b"after"]
    named = len([each for each in kept(data) if len(each) > 256 * 1024])
    assert len(list((data / "bodies").glob("*.body"))) == named


def answered_when_full(running: Listening, body: bytes) -> Answer:
    """The first answer that is not 200: the log may have a little room left from before."""
    for _ in range(2_000):
        answer = sent(running.port, post(body))
        if answer.status != 200:
            return answer
    raise AssertionError("the disk is not full")


def test_a_read_only_disk_is_read_and_not_listened_on(disk: Path) -> None:
    data = disk / "data"
    add_handler(data, "any", "none")
    with listening(data, "--quiet") as running:
        assert sent(running.port, post(MEDIUM)).status == 200
        assert running.stop() == 0
    remount(disk, "ro")
    assert command(data, "count").out == b"1\n"
    assert kept(data) == [MEDIUM]
    refused = command(data, "listen", "--port", "0")
    assert (refused.code, refused.out) == (2, b"")
    assert "Read-only file system" in refused.err
    assert refused.err.count("\n") == 1
    remount(disk, "rw")
    with listening(data, "--quiet") as running:
        assert sent(running.port, post(SMALL)).status == 200
    assert kept(data) == [MEDIUM, SMALL]
