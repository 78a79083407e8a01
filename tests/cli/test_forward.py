"""forward sends deliveries on as they come, by itself or by the instance that runs."""

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.cli.command import Command, listening, url_of
from tests.resend.targets import Capture, capturing_beside


@contextmanager
def forwarding(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """`forward` as a process of its own, ended by SIGKILL at the latest."""
    with subprocess.Popen(
        [sys.executable, "-m", "inspector", "--data", str(folder), "forward", "--port", "0", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONWARNINGS": "error"},
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def post_to(url: str, body: bytes) -> None:
    with suppress(urllib.error.HTTPError):  # nothing verifies it, and it is kept all the same
        urllib.request.urlopen(urllib.request.Request(url, body), timeout=10).close()


def bodies(target: Capture) -> list[bytes]:
    return [raw.partition(b"\r\n\r\n")[2] for raw in target.requests]


def test_it_listens_and_sends_on_what_the_search_selects(tmp_path: Path) -> None:
    with capturing_beside() as target, forwarding(tmp_path, "--search", "body:apple", "--to", target.url) as process:
        url = url_of(process)
        for body in (b"apple 1", b"pear", b"apple 2"):
            post_to(url, body)
        assert process.stdout is not None
        lines = [process.stdout.readline().split()[:2] for _ in range(2)]
        assert sorted(lines) == [["1", "200"], ["3", "200"]]
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
        assert sorted(bodies(target)) == [b"apple 1", b"apple 2"]


def test_where_an_instance_runs_that_one_forwards_until_it_is_interrupted(tmp_path: Path) -> None:
    with capturing_beside() as target, listening(tmp_path) as instance:
        url = url_of(instance)
        with forwarding(tmp_path, "--to", f"{target.url}/other") as process:
            assert process.stdout is not None
            while process.poll() is None and not target.requests:  # until the rule is there
                post_to(url, b"1")
            line = process.stdout.readline()
            assert line.split()[1] == "200"
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0
        count = len(target.requests)
        post_to(url, b"later")
        assert b"later" not in bodies(target)
        assert len(target.requests) == count
        assert target.requests[0].startswith(b"POST /other HTTP/1.1\r\n")


def test_what_could_not_be_delivered_is_told_at_the_end(tmp_path: Path) -> None:
    with capturing_beside() as target:
        pass
    with forwarding(tmp_path, "--to", target.url) as process:
        post_to(url_of(process), b"1")
        assert process.stdout is not None
        assert "Nothing listens at" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
        assert process.stderr is not None
        assert process.stderr.read() == "1 wait in the queue, 0 were given up.\n"


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["--to", "nowhere"], 2, "no URL"),
        (["--to", "http://x", "--search", "("], 2, "not understood"),
        (["--to", "http://x", "--sign", "nobody"], 1, "nobody"),
        ([], 2, "--to"),
    ],
)
def test_what_cannot_be_forwarded_is_one_sentence(command: Command, words: list[str], code: int, sentence: str) -> None:
    result = command("forward", *words)
    assert (result.code, sentence in result.sentence) == (code, True), result.err
