"""The command line in this process, and as a process of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from inspector.cli.main import run
from tests.product import post, product, send
from tests.product import run as run_product


@dataclass
class Windows:
    """Notes which windows would have been opened."""

    opened: list[tuple[Path, Mapping[str, object], int | None]] = field(default_factory=list)

    def open(self, folder: Path, flags: Mapping[str, object], open_id: int | None) -> int:
        self.opened.append((folder, flags, open_id))
        return 0


@dataclass(frozen=True)
class Result:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """What went wrong: one line, and nothing else was printed."""
        assert self.out == ""
        assert self.err.endswith("\n")
        assert self.err.count("\n") == 1, self.err
        return self.err.strip()


class Command:
    """`webhook-inspector --data FOLDER ...`."""

    def __init__(self, folder: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.windows = Windows()
        self._capture = capture

    def __call__(self, *arguments: str) -> Result:
        self._capture.readouterr()
        try:
            code = run(["--data", str(self.folder), *arguments], self.windows.open)
        except SystemExit as end:  # --help and --version
            code = int(end.code or 0)
        captured = self._capture.readouterr()
        return Result(code, captured.out, captured.err)


@contextmanager
def listening(folder: Path, *arguments: str, stdout: int = subprocess.PIPE) -> Iterator[subprocess.Popen[str]]:
    """`listen` as a process of its own, ended by SIGKILL at the latest."""
    with subprocess.Popen(
        [sys.executable, "-m", "inspector", "--data", str(folder), "listen", "--port", "0", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONWARNINGS": "error"},
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def url_of(process: subprocess.Popen[str]) -> str:
    """The URL of the ready line."""
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("Listening on http://"), line + (process.stderr.read() if process.stderr else "")
    return line.split()[2]


def receive(folder: Path, *requests: bytes) -> None:
    """Receive and store these raw requests, without a process of its own."""

    async def work() -> None:
        async with product(folder) as inspector:
            for request in requests:
                await send(inspector, request)

    run_product(work())


def receive_bodies(folder: Path, bodies: Sequence[bytes]) -> None:
    """Receive a POST of each body."""
    receive(folder, *(post(body) for body in bodies))
