"""simulate sends a delivery as a provider does: to the instance that runs, or to a target."""

import asyncio
import json
import stat
import sys
from pathlib import Path

import pytest

from inspector import presets
from inspector.simulating import made_secret
from tests.cli.command import Command
from tests.product import a_handler, product
from tests.product import run as run_product
from tests.resend.targets import OK, capturing_beside
from tests.resend.test_bulk import BUSY


def a_secret(folder: Path, preset: str) -> str:
    file = folder / f"{preset}.secret"
    file.write_text(made_secret(presets.scheme(preset).scheme)[0], "utf-8")
    return str(file)


def test_a_target_gets_a_signed_delivery(command: Command, tmp_path: Path) -> None:
    secret = a_secret(tmp_path, "github")
    with capturing_beside() as target:
        words = ("github", "--event", "issues", "--secret-file", secret, "--to", f"{target.url}/in?a=1")
        result = command("simulate", *words, "--times", "2")
    assert (result.code, len(target.requests)) == (0, 2)
    assert target.requests[0].startswith(b"POST /in?a=1 HTTP/1.1\r\nHost: ")
    assert b"\r\nX-GitHub-Event: issues\r\n" in target.requests[0]
    assert [line.split()[:2] for line in result.out.splitlines()] == [["1", "200"], ["2", "200"]]
    assert result.err == "2 of 2 taken, 2 sent.\n"


def test_the_running_instance_receives_it_and_tells_the_delivery(command: Command) -> None:
    async def work() -> None:
        from inspector.commands import served

        async with product(command.folder) as inspector, served(inspector):
            await a_handler(inspector, "gh", "a secret that is long enough", presets.scheme("github").scheme)
            for words in (("--handler", "gh"), ("--handler", "gh", "--json")):
                result = await asyncio.to_thread(command, "simulate", "github", *words)
                assert result.code == 0, result.err
                assert "Signed as the handler 'gh' does." in result.err
            record = json.loads(result.out)
            assert (record["delivery"], record["status"], record["turn"], record["signed_with"]) == (2, 200, 1, "gh")
            alone = await asyncio.to_thread(command, "simulate", "github")
            assert (alone.code, "Nothing signs for GitHub" in alone.sentence) == (2, True)

    run_product(work())


def test_one_that_is_not_taken_is_tried_again_as_the_provider_does(command: Command, tmp_path: Path) -> None:
    secret = a_secret(tmp_path, "slack")
    with capturing_beside(BUSY, BUSY, OK) as target:
        words = ("--secret-file", secret, "--to", target.url, "--retries", "--speed", "10000")
        result = command("simulate", "slack", *words)
    assert (result.code, len(target.requests)) == (0, 3)
    assert "again at once" in result.out
    assert "again in 6 ms" in result.out
    assert result.err.splitlines() == ["Slack: 3 more tries: at once, 1 min, 5 min.", "1 of 1 taken, 3 sent."]
    with capturing_beside(BUSY) as target:
        once = command(
            "simulate", "stripe", "--secret-file", a_secret(tmp_path, "stripe"), "--to", target.url, "--retries"
        )
    assert (once.code, len(target.requests)) == (1, 1)
    assert "does not document its delays" in once.err


def test_a_key_pair_is_made_on_the_spot_and_its_public_key_fits_a_handler(command: Command, tmp_path: Path) -> None:
    key = tmp_path / "discord.pem"

    async def work() -> None:
        from inspector.commands import served

        async with product(command.folder) as inspector, served(inspector):
            first = await asyncio.to_thread(command, "simulate", "discord", "--make-secret", str(key))
            assert first.code == 1  # no handler verifies it yet
            assert (tmp_path / "discord.pem.pub").read_text("utf-8") in first.err
            assert f"--secret-file {key}.pub" in first.err
            adding = ("--name", "discord", "--preset", "discord", "--secret-file", f"{key}.pub")
            assert (await asyncio.to_thread(command, "handlers", "add", *adding)).code == 0
            again = await asyncio.to_thread(command, "simulate", "discord", "--secret-file", str(key))
            assert again.code == 0, again.out + again.err
            taken = await asyncio.to_thread(command, "simulate", "discord", "--make-secret", str(key))
            assert (taken.code, "is there already" in taken.sentence) == (2, True)

    run_product(work())
    assert "PRIVATE KEY" in key.read_text("utf-8")
    if sys.platform != "win32":
        assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_an_own_body_is_sent_as_it_is(command: Command, tmp_path: Path) -> None:
    (tmp_path / "body").write_bytes(b'{"mine": "\xff"}\n')
    secret, body = a_secret(tmp_path, "stripe"), str(tmp_path / "body")
    with capturing_beside() as target:
        words = ("--secret-file", secret, "--body-file", body, "--content-type", "text/x-own", "--to", target.url)
        assert command("simulate", "stripe", *words).code == 0
    assert target.requests[0].endswith(b'\r\n\r\n{"mine": "\xff"}\n')
    assert b"Content-Type: text/x-own\r\n" in target.requests[0]


def test_events_are_listed_and_one_without_a_sample_is_said(command: Command, tmp_path: Path) -> None:
    listed = command("simulate", "stripe", "--list")
    assert listed.code == 0
    assert [line.split()[0] for line in listed.out.splitlines()][:2] == ["payment_intent.succeeded", "invoice.paid"]
    assert json.loads(command("simulate", "stripe", "--list", "--json").out.splitlines()[0])["title"]
    assert command("simulate", "affirm", "--list").code == 1
    shown = command("providers", "show", "slack").out
    assert "Samples to simulate: app_mention, message" in shown
    assert "Tries again: at once, 1 min, 5 min" in shown
    with capturing_beside() as target:
        words = ("--event", "odd", "--secret-file", a_secret(tmp_path, "stripe"), "--to", target.url)
        result = command("simulate", "stripe", *words)
    assert result.err.startswith("There is no sample of 'odd': a small payload is made; there are samples of payment")
    assert b'"type":"odd"' in target.requests[0]


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["nobody"], 1, "no preset 'nobody'"),
        (["github:sha3"], 1, "no scheme 'sha3'"),
        (["github", "--to", "ftp://x"], 2, "Only http and https"),
        (["github", "--to", "http://x"], 2, "Nothing signs for GitHub"),
        (["github", "--handler", "none"], 1, "no handler named 'none'"),
        (["github", "--handler", "a", "--secret-file", "b"], 2, "not allowed with"),
        (["github", "--secret", "b"], 2, "never given on the command line"),
        (["github", "--secret-file", "/no/such/file"], 2, "cannot be read"),
        (["strava"], 2, "own listener does not run"),
        (["strava", "--times", "0"], 2, "times from 1"),
        (["strava", "--speed", "0"], 2, "speed above 0"),
        (["strava", "--make-secret", "x"], 2, "no secret"),
        (["strava", "--body-file", "/no/such/file"], 2, "cannot be read"),
        (["strava", "--parameter", "x"], 2, "NAME=VALUE"),
    ],
)
def test_what_cannot_be_simulated_is_one_sentence(command: Command, words: list[str], code: int, sentence: str) -> None:
    result = command("simulate", *words)
    assert (result.code, sentence in result.sentence) == (code, True), result.err
