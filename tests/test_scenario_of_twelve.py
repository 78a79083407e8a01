"""A scenario of twelve cases against a real receiver: it shows the two bugs that are in it, and none in a sound one."""

import asyncio
from pathlib import Path
from xml.etree import ElementTree

import pytest

from inspector import presets
from inspector.core.scenario import Scenario, scenario_toml
from inspector.core.scenario_cases import Case
from tests.cli.command import Command
from tests.cli.conftest import command
from tests.product import a_handler, post, product, send
from tests.product import run as run_product
from tests.resend.stripe_receiver import BUGS, PAYLOAD, SECRET, TWELVE, receiver, sound, stripe_header, with_two_bugs

__all__ = ["command"]


def a_good_delivery(folder: Path) -> None:
    async def work() -> None:
        async with product(folder) as inspector:
            await a_handler(inspector, "stripe", SECRET, presets.scheme("stripe").scheme)
            raw = post(PAYLOAD, stripe_header(), b"Content-Type: application/json", target=b"/webhooks/stripe")
            status, *_ = await send(inspector, raw)
            assert status == 200

    run_product(work())


def a_file(folder: Path, target: str = "") -> Path:
    file = folder / "stripe.toml"
    cases = tuple(Case(kind) for kind in TWELVE)
    file.write_text(scenario_toml(Scenario("stripe", 1, "stripe", target, cases)), encoding="utf-8")
    return file


def test_both_bugs_of_a_real_receiver_are_shown_and_nothing_else(command: Command, tmp_path: Path) -> None:
    a_good_delivery(command.folder)
    report = tmp_path / "report.xml"
    with receiver(with_two_bugs) as url:
        result = command("scenario", "run", str(a_file(tmp_path)), "--target", url, "--junit", str(report))
    assert result.code == 1
    lines = result.out.splitlines()
    assert len(lines) == 12
    assert [line for line in lines if not line.startswith("ok ")] == [
        "DIFFERS  reserialised            expected 4xx, was 200",
        "DIFFERS  stale                   expected 4xx, was 200",
    ]
    assert "10 of 12 as expected, 2 differ, 0 cannot be made." in result.err
    suite = ElementTree.parse(report).getroot()
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("12", "2", "0")
    assert tuple(case.get("name") for case in suite if case.find("failure") is not None) == BUGS


def test_a_sound_receiver_with_the_same_library_shows_none(command: Command, tmp_path: Path) -> None:
    a_good_delivery(command.folder)
    with receiver(sound) as url:
        result = command("scenario", "run", str(a_file(tmp_path, url)))
    assert (result.code, "12 of 12 as expected, 0 differ, 0 cannot be made." in result.err) == (0, True), result.out


@pytest.mark.parametrize("check", [sound, with_two_bugs])
def test_both_receivers_take_what_stripe_sends(check: object, tmp_path: Path) -> None:
    with receiver(check) as url:  # type: ignore[arg-type]

        async def work() -> None:
            host, _, port = url.split("/")[2].partition(":")
            reader, writer = await asyncio.open_connection(host, int(port))
            writer.write(post(PAYLOAD, stripe_header(), target=b"/webhooks/stripe"))
            assert (await reader.readline()).startswith(b"HTTP/1.1 200 ")
            writer.close()

        run_product(work())
