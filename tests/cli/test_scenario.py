"""scenario tries out a receiver, finds its bugs, and ends with 1 for them."""

import asyncio
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from xml.etree import ElementTree

import pytest

from inspector.store import Reader
from tests.cli.command import Command, receive_bodies
from tests.product import a_handler, github_signature, post, product, send
from tests.product import run as run_product
from tests.resend.targets import DEADLINE_S, talking

SECRET = "It's a Secret"

type Judge = Callable[[dict[bytes, bytes], bytes], bool]


def right(headers: dict[bytes, bytes], body: bytes) -> bool:
    """What a sound receiver does."""
    lower = {name.lower(): value for name, value in headers.items()}
    return verified(lower.get(b"x-hub-signature-256", b""), body)


def with_two_bugs(headers: dict[bytes, bytes], body: bytes) -> bool:
    """It knows the header in one case only, and signs what it parsed instead of what it received."""
    signature = headers.get(b"X-Hub-Signature-256", b"")
    try:
        body = json.dumps(json.loads(body)).encode()
    except ValueError:
        return False
    return verified(signature, body)


def verified(signature: bytes, body: bytes) -> bool:
    expected = b"sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest().encode()
    return hmac.compare_digest(signature, expected)


@contextmanager
def receiver(judge: Judge) -> Iterator[str]:
    """A small receiver that takes what `judge` takes, on a loop in a thread of its own."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            try:
                first, *lines = (await reader.readuntil(b"\r\n\r\n"))[:-4].split(b"\r\n")
            except asyncio.IncompleteReadError:
                return
            assert first
            pairs = [(name, value.strip()) for name, _, value in (line.partition(b":") for line in lines)]
            headers = dict(reversed(pairs))  # of a doubled one the first counts
            body = await reader.readexactly(int(headers[b"Content-Length"]))
            status = b"200 OK" if judge(headers, body) else b"401 No"
            writer.write(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\n\r\n")

    ready, stop = threading.Event(), threading.Event()
    urls: list[str] = []

    async def serve() -> None:
        async with talking(talk) as url:
            urls.append(url)
            ready.set()
            while not stop.is_set():  # noqa: ASYNC110 - the test's thread sets it
                await asyncio.sleep(0.01)

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    ready.wait(DEADLINE_S)
    try:
        yield urls[0]
    finally:
        stop.set()
        thread.join()


def one_delivery(command: Command) -> None:
    async def work() -> None:
        async with product(command.folder) as inspector:
            await a_handler(inspector, "github", SECRET)
            body = b'{"n": 1, "text": "a b"}'
            await send(inspector, post(body, github_signature(body, SECRET)))

    run_product(work())


def a_file(command: Command, folder: Path) -> str:
    made = command("scenario", "new", "1", "--sign", "github")
    assert made.code == 0
    file = folder / "receiver.toml"
    file.write_text(made.out.replace("bytes_per_s = 200.0", "bytes_per_s = 5000.0"))
    return str(file)


def test_a_sound_receiver_passes_every_case(command: Command, tmp_path: Path) -> None:
    one_delivery(command)
    with receiver(right) as url:
        result = command("scenario", "run", a_file(command, tmp_path), "--target", url)
    assert result.code == 0, result.out
    assert "13 of 16 as expected, 0 differ, 3 cannot be made." in result.err
    assert "DIFFERS" not in result.out


def test_the_bugs_of_a_receiver_are_shown_and_nothing_else(command: Command, tmp_path: Path) -> None:
    one_delivery(command)
    report = tmp_path / "report.xml"
    with receiver(with_two_bugs) as url:
        file = a_file(command, tmp_path)
        result = command("scenario", "run", file, "--target", url, "--junit", str(report))
        as_json = command("scenario", "run", file, "--target", url, "--json")
    assert result.code == 1
    differing = [line.split("  ")[1].strip() for line in result.out.splitlines() if line.startswith("DIFFERS")]
    assert differing == ["reserialised", "recased header"]
    assert "expected 4xx, was 200" in result.out
    suite = ElementTree.parse(report).getroot()
    assert [case.get("name") for case in suite if case.find("failure") is not None] == differing
    records = [json.loads(line) for line in as_json.out.splitlines()]
    assert [record["name"] for record in records if record.get("differing")] == differing


def test_a_file_may_name_its_receiver_and_leave_cases_out(command: Command, tmp_path: Path) -> None:
    one_delivery(command)
    with receiver(with_two_bugs) as url:
        file = tmp_path / "s.toml"
        bugs = "[[case]]\nkind = 'reserialised'\nenabled = false\n[[case]]\nkind = 'good'\nexpect = ['200']"
        file.write_text(f"delivery = 1\nsign = 'github'\ntarget = '{url}/hook'\n{bugs}")
        result = command("scenario", "run", str(file))
    assert result.out.splitlines() == ["ok       good                    expected 200, was 200"]


def test_a_file_runs_where_its_delivery_is_not(
    command: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one_delivery(command)
    file = tmp_path / "portable.toml"
    file.write_text(command("scenario", "new", "1").out)
    elsewhere = Command(tmp_path / "elsewhere", capsys)
    with receiver(right) as url:
        result = elsewhere("scenario", "run", str(file), "--target", url)
        assert "ok       good " in result.out, result.err
        assert "ok       flipped byte " in result.out
        by_number = tmp_path / "by-number.toml"
        by_number.write_text(command("scenario", "new", "1", "--by-number").out)
        assert "There is no delivery 1." in elsewhere("scenario", "run", str(by_number), "--target", url).sentence
        assert "There is no delivery 9." in (
            command("scenario", "run", str(file), "--target", url, "--delivery", "9").sentence
        )


def test_a_file_from_elsewhere_is_not_mistaken_for_the_delivery_of_its_number(
    command: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one_delivery(command)
    file = tmp_path / "portable.toml"
    file.write_text(command("scenario", "new", "1").out)
    elsewhere = Command(tmp_path / "elsewhere", capsys)
    receive_bodies(elsewhere.folder, [b"another"])
    with receiver(right) as url:
        assert elsewhere("scenario", "run", str(file), "--target", url).out.startswith("ok       good ")
        command("scenario", "run", str(file), "--target", url)
    assert attempts_of(elsewhere, 1) == 0
    assert attempts_of(command, 1) > 0


def attempts_of(command: Command, delivery: int) -> int:
    with closing(Reader(command.folder)) as reader:
        return len(reader.attempts(delivery=delivery))


def test_a_running_instance_runs_it(command: Command, tmp_path: Path) -> None:
    from inspector.commands import served

    one_delivery(command)
    file = a_file(command, tmp_path)

    async def work() -> None:
        async with product(command.folder) as inspector, served(inspector):
            with receiver(right) as url:
                result = await asyncio.to_thread(command, "scenario", "run", file, "--target", url)
            assert result.code == 0, result.out

    run_product(work())


@pytest.mark.parametrize(
    ("text", "words", "code", "sentence"),
    [
        ("[[case]]\nkind = 'odd'", ["--target", "http://x"], 2, "unknown kind"),
        ("[[case]]\nkind = 'good'", ["--target", "x"], 2, "no URL"),
        ("[[case]]\nkind = 'good'", ["--target", "http://x"], 1, "no delivery 0"),
        ("delivery = 1\nsign = 'nobody'\n[[case]]\nkind = 'good'", ["--target", "http://x"], 1, "nobody"),
        ("delivery = 1\n[[case]]\nkind = 'good'", [], 2, "--target"),
    ],
)
def test_a_scenario_that_cannot_run_is_one_sentence(
    command: Command, tmp_path: Path, text: str, words: list[str], code: int, sentence: str
) -> None:
    receive_bodies(command.folder, [b"1"])
    file = tmp_path / "s.toml"
    file.write_text(text)
    result = command("scenario", "run", str(file), *words)
    assert (result.code, sentence in result.sentence) == (code, True), result.err
