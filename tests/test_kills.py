"""What was acknowledged is kept: the listener is killed in the middle of a burst, again and again."""

import base64
import signal
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest

from tests.product import post
from tests.program import Client, Listening, add_handler, exported, listening

CONNECTIONS, KILLS = 32, 5
LARGE_BYTES = 300 * 1024  # above the size from which a body has a file of its own
UP_AGAIN_LIMIT_S = 15  # 2 s are wanted; the machine may be busy
KILLED_AFTER = (20, 150, 400, 900, 1500)  # answers in this burst

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")


def body_of(name: str) -> bytes:
    """A small body or a large one, told by its name alone, with the name in it."""
    random = Random(name)
    size = LARGE_BYTES + random.randrange(1000) if random.random() < 0.1 else random.randrange(2000)
    return name.encode() + b"\n" + random.randbytes(size)


@dataclass
class Burst:
    """Many connections that send one request after the other until the listener is gone."""

    running: Listening
    number: int
    acknowledged: dict[str, int] = field(default_factory=dict)  # name to status
    sent: set[str] = field(default_factory=set)
    failed: list[int] = field(default_factory=list)  # statuses that promise nothing
    _enough: threading.Event = field(default_factory=threading.Event)

    def until_killed(self, answers: int) -> None:
        """Send until `answers` came, and kill the listener while more are on their way."""
        senders = [threading.Thread(target=self._send, args=(sender, answers)) for sender in range(CONNECTIONS)]
        for sender in senders:
            sender.start()
        assert self._enough.wait(30), "too few answers"
        self.running.process.kill()
        for sender in senders:
            sender.join(30)
        assert self.running.process.wait(30) == -signal.SIGKILL

    def _send(self, sender: int, answers: int) -> None:
        try:
            with Client(self.running.port) as client:
                for turn in range(100_000):
                    name = f"{self.number}-{sender}-{turn}"
                    self.sent.add(name)
                    client.send(post(body_of(name), target=b"/odd" if turn % 3 else b"/hook"))
                    status = client.answer().status
                    if status in (200, 403):
                        self.acknowledged[name] = status
                    else:
                        self.failed.append(status)
                    if len(self.acknowledged) >= answers:
                        self._enough.set()
        except OSError:  # killed
            return


def test_five_kills_in_bursts_on_32_connections_lose_nothing_acknowledged(tmp_path: Path) -> None:
    add_handler(tmp_path, "hook", "none", "--path", "/hook")
    bursts: list[Burst] = []
    for number, answers in enumerate(KILLED_AFTER[:KILLS]):
        with listening(tmp_path, "--quiet") as running:
            told(f"up after {running.started_s:.2f} s with {sum(len(each.acknowledged) for each in bursts)} kept")
            assert running.started_s < UP_AGAIN_LIMIT_S
            bursts.append(Burst(running, number))
            bursts[-1].until_killed(answers)
    with listening(tmp_path, "--quiet") as running:
        told(f"up after {running.started_s:.2f} s")
        assert running.started_s < UP_AGAIN_LIMIT_S
        check_kept(tmp_path, bursts)
        files = sum(1 for _ in (tmp_path / "bodies").iterdir())
        assert running.stop() == 0
    large = sum(len(body_of(name)) > LARGE_BYTES for burst in bursts for name in burst.acknowledged)
    told(f"{sum(len(each.acknowledged) for each in bursts)} acknowledged, {large} of them large, in {files} files")
    assert large


def told(figures: str) -> None:
    """Shown by `pytest -s`."""
    print(figures)  # noqa: T201


def check_kept(folder: Path, bursts: list[Burst]) -> None:
    """Every acknowledged delivery is stored once, as it was answered, its body whole; and nothing is half there."""
    acknowledged = {name: status for burst in bursts for name, status in burst.acknowledged.items()}
    sent = set().union(*(burst.sent for burst in bursts))
    kept: dict[str, int] = {}
    ids = []
    for record in exported(folder):
        body = base64.b64decode(record["body_base64"])
        name = body.partition(b"\n")[0].decode()
        assert body == body_of(name)
        assert name not in kept, "stored twice"
        kept[name] = 200 if record["verdict"] == "won" else 403
        ids.append(record["id"])
    assert [burst.failed for burst in bursts] == [[]] * len(bursts)
    assert {name: kept.get(name) for name in acknowledged} == acknowledged
    assert set(kept) <= sent
    assert ids == sorted(set(ids))
