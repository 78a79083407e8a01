"""The program as its users run it: processes of their own, and a client that sends bytes as they are."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

LIMIT_S = 30
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("WEBHOOK_INSPECTOR_")},
    "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
    "PYTHONWARNINGS": "error",
    "PYTHONUTF8": "1",
}


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: bytes
    err: str


def command(folder: Path, *arguments: str, stdin: bytes = b"") -> Ended:
    """`webhook-inspector --data FOLDER ...` to its end."""
    done = subprocess.run(
        [sys.executable, "-m", "inspector", "--data", str(folder), *arguments],
        input=stdin, capture_output=True, timeout=LIMIT_S, env=ENVIRONMENT, check=False,
    )  # fmt: skip
    return Ended(done.returncode, done.stdout, done.stderr.decode())


def add_handler(folder: Path, name: str, verification: str, *arguments: str, secret: str = "") -> None:
    """`handlers add`, the secret on standard input."""
    if secret:
        arguments = (*arguments, "--secret-file", "-")
    added = command(
        folder, "handlers", "add", "--name", name, "--verification", verification, *arguments, stdin=secret.encode()
    )
    assert added.code == 0, added.err


def exported(folder: Path) -> list[dict[str, Any]]:
    """Every record of `export --format jsonl`."""
    done = command(folder, "export", "--format", "jsonl")
    assert (done.code, done.err) == (0, "")
    return [json.loads(line) for line in done.out.splitlines()]


@dataclass
class Listening:
    """`listen` in a process of its own."""

    process: "subprocess.Popen[bytes]"
    port: int
    started_s: float  # until the ready line

    def stop(self, number: int = signal.SIGTERM) -> int:
        """The exit code after this signal."""
        self.process.send_signal(number)
        return self.process.wait(LIMIT_S)


@contextmanager
def listening(folder: Path, *arguments: str) -> Iterator[Listening]:
    """`listen` on a free port until the end of the block; whoever does not stop it has it killed."""
    start = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "-m", "inspector", "--data", str(folder), "listen", "--port", "0", *arguments],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT,
    ) as process:  # fmt: skip
        try:
            assert process.stdout is not None
            assert process.stderr is not None
            ready = process.stdout.readline().decode()
            assert ready.startswith("Listening on http://127.0.0.1:"), ready + process.stderr.read().decode()
            yield Listening(process, int(ready.split(":")[2].split("/")[0]), time.monotonic() - start)
        finally:
            process.kill()


@dataclass(frozen=True)
class Answer:
    """What a client was answered; header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


class Client:
    """One connection to a listener."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), LIMIT_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._file: BinaryIO = self.socket.makefile("rb")

    def send(self, *segments: bytes) -> None:
        """Send each as a segment of its own."""
        for segment in segments:
            self.socket.sendall(segment)

    def answer(self, *, to_head: bool = False) -> Answer:
        """The next answer. Raises ConnectionError where the listener is gone."""
        start = self._file.readline()
        if not start.endswith(b"\n"):
            raise ConnectionError("closed without an answer")
        headers = {}
        while (line := self._file.readline()) not in (b"\r\n", b""):
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        length = 0 if to_head else int(headers.get("content-length", 0))
        body = self._file.read(length)
        if line == b"" or len(body) < length:
            raise ConnectionError("closed within an answer")
        return Answer(int(start.split()[1]), headers, body)

    def at_end(self) -> bool:
        """Whether the listener has closed the connection and sent nothing more."""
        return self._file.read() == b""

    def close(self) -> None:
        self._file.close()
        self.socket.close()

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def sent(port: int, *segments: bytes) -> Answer:
    """The answer to one request on a connection of its own."""
    with Client(port) as client:
        client.send(*segments)
        return client.answer()


def openssl(*arguments: str, stdin: bytes) -> bytes:
    """What openssl makes of `stdin`."""
    return subprocess.run(["openssl", *arguments], input=stdin, check=True, capture_output=True).stdout


def ladder(record: dict[str, Any]) -> Sequence[tuple[str, str, str | None]]:
    """Handler, outcome and reason of each rung of an exported record."""
    return [(each["handler"], each["outcome"], each["reason"]) for each in record["outcomes"]]
