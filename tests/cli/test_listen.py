"""`listen` receives without a window."""

import os
import signal
import socket
import stat
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from inspector.settings import ListenerSettings, Settings, load, save
from inspector.store import Reader
from tests.cli.command import Command, listening, url_of

pytestmark = pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
LIMIT_S = 30


def status_of(url: str, body: bytes = b"{}") -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(url, body, LIMIT_S) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read()


def ended(process: subprocess.Popen[str], number: int) -> tuple[int, str, str]:
    """The exit code after this signal, and what was still printed."""
    process.send_signal(number)
    out, err = process.communicate(timeout=LIMIT_S)
    return process.returncode, out, err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_ready_line_then_a_line_per_delivery_and_a_clean_end(command: Command, number: int) -> None:
    command("handlers", "add", "--name", "any", "--verification", "none")
    with listening(command.folder) as process:
        url = url_of(process)
        assert status_of(url + "hook?token=hush") == (200, b"ok")
        assert process.stdout is not None
        line = process.stdout.readline()  # while it runs: lines are flushed
        assert ended(process, number) == (0, "", "")
    for words in ("won", "200", "POST", "/hook?token=*****", "any", "2 B"):
        assert words in line
    assert command("count").out == "1\n"


def test_the_folder_that_is_made_is_its_owners_alone(command: Command) -> None:
    with listening(command.folder) as process:
        url_of(process)
        assert stat.S_IMODE(command.folder.stat().st_mode) == 0o700


def test_the_port_is_listened_on_and_told(command: Command) -> None:
    with listening(command.folder) as process:
        url = url_of(process)
        assert url.startswith("http://127.0.0.1:")
        assert url.endswith("/")
        assert not url.endswith(":0/")


def test_quiet_prints_the_ready_line_only(command: Command) -> None:
    with listening(command.folder, "--quiet") as process:
        assert status_of(url_of(process))[0] == 403
        assert ended(process, signal.SIGTERM) == (0, "", "")


def test_off_refuses_everything_and_is_not_remembered(command: Command) -> None:
    command("handlers", "add", "--name", "any", "--verification", "none")
    with listening(command.folder, "--off") as process:
        assert status_of(url_of(process)) == (403, b"Feature not enabled")
        _, out, _ = ended(process, signal.SIGTERM)
    assert "refused" in out
    assert "feature-off" in out
    assert load(command.folder).listener.enabled


def test_a_second_listen_on_the_folder_is_refused(command: Command) -> None:
    with listening(command.folder) as process:
        url = url_of(process)
        result = command("listen", "--port", "0")
        assert result.code == 3
        assert "in use by another instance" in result.err
        assert str(process.pid) in result.err
        assert status_of(url)[0] == 403


def test_a_taken_port_is_said_with_the_next_free_one(command: Command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "inspector", "--data", str(command.folder), "listen", "--port", str(port)],
            capture_output=True, text=True, timeout=LIMIT_S, check=False,
        )  # fmt: skip
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.count("\n") == 1
    assert f"Port {port} is in use" in done.stderr
    assert "is free" in done.stderr


def test_the_settings_and_variables_are_used(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    save(command.folder, Settings(listener=ListenerSettings(max_body_bytes=1000)))
    monkeypatch.setenv("WEBHOOK_INSPECTOR_ANSWER_STATUS", "418")
    with listening(command.folder) as process:
        url = url_of(process)
        assert status_of(url, b"x" * 1000)[0] == 418
        assert status_of(url, b"x" * 1001)[0] == 413


def test_a_blocked_reader_never_stops_an_answer_nor_the_end(command: Command) -> None:
    with listening(command.folder) as process:
        url = url_of(process)
        assert process.stdout is not None
        if sys.platform == "linux":
            import fcntl

            fcntl.fcntl(process.stdout, fcntl.F_SETPIPE_SZ, 4096)
        for number in range(400):  # the pipe is full after some thirty lines
            assert status_of(f"{url}{'x' * 80}{number}")[0] == 403
        process.send_signal(signal.SIGTERM)
        assert process.wait(LIMIT_S) == 0
    assert command("count").out == "400\n"


def test_a_reader_that_is_gone_never_stops_an_answer(command: Command) -> None:
    with listening(command.folder) as process:
        url = url_of(process)
        assert process.stdout is not None
        process.stdout.close()
        assert [status_of(url)[0] for _ in range(5)] == [403] * 5
        process.send_signal(signal.SIGTERM)
        assert process.wait(LIMIT_S) == 0


def test_what_was_acknowledged_survives_a_kill(command: Command, tmp_path: Path) -> None:
    with listening(command.folder, "--quiet") as process:
        url = url_of(process)
        assert [status_of(url)[0] for _ in range(20)] == [403] * 20
        process.kill()
        process.wait()
    added = command("handlers", "add", "--name", "x", "--verification", "none", "--path", "/x")
    assert added.code == 0  # the folder is free again, whatever lies in it
    with listening(command.folder, "--quiet") as process:
        assert status_of(url_of(process))[0] == 403
    reader = Reader(command.folder)
    assert list(reader.ids()) == list(range(1, 22))
    reader.close()


def test_another_address_is_listened_on_with_a_mark(command: Command) -> None:
    with listening(command.folder, "--host", "0.0.0.0") as process:
        url_of(process)
        _, _, err = ended(process, signal.SIGTERM)
    assert "other machines can reach this" in err


def test_deliveries_and_faults_never_reach_the_terminal_raw(command: Command) -> None:
    with listening(command.folder) as process:
        port = int(url_of(process).rsplit(":", 1)[1].rstrip("/"))
        with socket.create_connection(("127.0.0.1", port), LIMIT_S) as client:
            client.sendall(b"POST /\x9b31m\xad HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
            assert client.recv(100).startswith(b"HTTP/1.1 403")
        _, out, err = ended(process, signal.SIGTERM)
    assert "\\x9b31m\\xad" in out
    assert (out + err).replace("\n", "").isprintable()
