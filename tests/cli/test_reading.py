"""list, show, count and export read what is stored, beside a running instance too."""

import asyncio
import base64
import json
from pathlib import Path

import pytest

from inspector.core.annotation import Annotation
from inspector.core.handler import Handler
from inspector.core.verification.scheme import Scheme, SignaturePlace
from inspector.settings import ListenerSettings, Settings
from tests.cli.command import Command, receive, receive_bodies
from tests.product import a_handler, post, product, send
from tests.product import run as run_product

TOKEN = Scheme("token", signature=SignaturePlace(name="X-Company-Proof"))


def test_an_empty_folder_has_nothing_and_stays_as_it_is(command: Command) -> None:
    assert [command(*words).out for words in (["list"], ["export"], ["export", "--format", "jsonl"])] == ["", "", ""]
    assert command("count").out == "0\n"
    assert not command.folder.exists()


def test_deliveries_are_listed_a_line_each_newest_first(command: Command) -> None:
    receive(command.folder, post(b"one", target=b"/1"), post(b"three", target=b"/2"))
    second, first = command("list").out.splitlines()
    assert first.split()[0] == "1"
    assert second.split()[0] == "2"
    for words in ("failed", "403", "POST", "/2", "5 B", "127.0.0.1:"):
        assert words in second


def test_a_list_is_limited_and_searched(command: Command) -> None:
    receive_bodies(command.folder, [b"apple"] * 60 + [b"pear"])
    assert len(command("list").out.splitlines()) == 50
    assert [line.split()[0] for line in command("list", "--limit", "2").out.splitlines()] == ["61", "60"]
    assert [line.split()[0] for line in command("list", "--search", "body:pear").out.splitlines()] == ["61"]
    assert command("list", "--limit", "0").out == ""


def test_a_list_as_json_is_an_object_a_line(command: Command) -> None:
    receive_bodies(command.folder, [b"{}"])
    record = json.loads(command("list", "--json").out)
    assert (record["id"], record["verdict"], record["target"], record["body_size"]) == (1, "failed", "/hook", 2)
    assert record["received_at"].endswith("Z")


def test_a_count_is_one_integer_without_the_refused_ones(command: Command) -> None:
    receive_bodies(command.folder, [b"apple", b"pear", b"pear"])

    async def refused() -> None:
        async with product(command.folder, Settings(listener=ListenerSettings(enabled=False))) as inspector:
            await send(inspector, post(b"pear"))

    run_product(refused())
    assert command("count").out == "3\n"
    assert command("count", "--search", "body:pear").out == "2\n"
    assert command("count", "--search", "body:apple or body:pear").out == "3\n"


def test_an_export_is_lossless_and_oldest_first(command: Command) -> None:
    receive(
        command.folder,
        post(bytes(range(256)), b"X-Twice:  1", b"x-twice: \xe4", target=b"/\xff?q=%41"),
        post(b"second"),
    )
    first, second = map(json.loads, command("export", "--format", "jsonl").out.splitlines())
    assert base64.b64decode(first["body_base64"]) == bytes(range(256))
    assert first["headers"][-2:] == [["X-Twice", "1"], ["x-twice", "ä"]]
    assert (first["id"], first["target"], first["http_version"]) == (1, "/ÿ?q=%41", "1.1")
    assert base64.b64decode(second["body_base64"]) == b"second"


def test_an_export_can_be_written_to_a_file_and_searched(command: Command, tmp_path: Path) -> None:
    receive_bodies(command.folder, [b"apple", b"pear"])
    result = command("export", "--search", "body:pear", "--output", str(tmp_path / "out.jsonl"))
    assert (result.code, result.out) == (0, "")
    assert [json.loads(line)["id"] for line in (tmp_path / "out.jsonl").read_text().splitlines()] == [2]
    assert command("export", "--output", str(tmp_path / "no" / "folder")).code == 2


def test_reading_works_beside_a_running_instance(command: Command) -> None:
    async def work() -> None:
        async with product(command.folder) as inspector:
            await send(inspector, post(b"now"))
            assert (await asyncio.to_thread(command, "count")).out == "1\n"
            assert (await asyncio.to_thread(command, "export")).out.count("\n") == 1

    run_product(work())


def test_a_delivery_is_shown_with_its_answer_and_ladder(command: Command) -> None:
    async def work() -> None:
        async with product(command.folder) as inspector:
            await a_handler(inspector, "github", "right")
            handlers = (*inspector.handlers, Handler("any", Scheme("none"), user="tester"))
            await inspector.save_handlers(handlers)
            await send(inspector, post(b'{"a": 1}', b"X-Hub-Signature-256: sha256=" + b"0" * 64))

    run_product(work())
    text = command("show", "1").out
    for words in ("POST /hook HTTP/1.1", '{"a": 1}', "Answer 200", "signature-mismatch", "any", "as tester"):
        assert words in text
    record = json.loads(command("show", "1", "--json").out)
    assert [rung["outcome"] for rung in record["outcomes"]] == ["failed", "won"]


def test_who_sent_it_and_what_was_written_to_it_is_printed(command: Command) -> None:
    async def work() -> None:
        async with product(command.folder) as inspector:
            await inspector.recognising()
            body = b'{"id":"evt_1","type":"invoice.paid"}'
            await send(inspector, post(body, b"Stripe-Signature: t=1,v1=0"))
            await inspector.annotate({1: Annotation("ask Ann", ("refund",))})

    run_product(work())
    known = {
        "provider": "stripe",
        "event": "invoice.paid",
        "provider_delivery_id": "evt_1",
        "tags": ["refund"],
        "note": "ask Ann",
    }
    for words in (("list", "--json"), ("show", "1", "--json"), ("export",)):
        record = json.loads(command(*words).out)
        assert {key: record[key] for key in known} == known
    text = command("show", "1").out
    for line in ("From stripe  invoice.paid  evt_1", "Tags refund", "Note ask Ann"):
        assert line in text.splitlines()
    assert command("count", "--search", "provider:stripe event:invoice.* tag:refund note:ann").out == "1\n"


CREDENTIALS = [
    b"Authorization: Bearer abcdefgh",
    b"Cookie: sid=abcdefgh",
    b"X-Api-Key: abcdefgh",
    b"X-Csrf-Token: abcdefgh",
]


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_credentials_are_masked_until_they_are_asked_for(command: Command, form: tuple[str, ...]) -> None:
    async def work() -> None:
        async with product(command.folder) as inspector:
            await a_handler(inspector, "proof", "abcdefgh", TOKEN)
            lines = (*CREDENTIALS, b"X-Company-Proof: abcdefgh", b"X-Plain: plain")
            await send(inspector, post(b"", *lines, target=b"/?access_token=abcdefgh&page=2"))

    run_product(work())
    hidden, shown = command("show", "1", *form).out, command("show", "1", "--reveal", *form).out
    assert "abcdefgh" not in hidden
    assert "plain" in hidden
    assert "page=2" in hidden
    assert shown.count("abcdefgh") == 6
    assert "abcdefgh" not in command("list", *form).out
    assert "abcdefgh" in command("list", "--reveal", *form).out


HOSTILE = "\x1b[31m \x07 \x9b2J \u202e \u200b \u2028".encode()


def test_no_control_character_of_a_payload_reaches_the_terminal(command: Command) -> None:
    receive(command.folder, post(HOSTILE, b"X-Evil: \x9b2J\x85 \xad", target=b"/\x9b31m"))
    for words in (("show", "1"), ("show", "1", "--reveal"), ("list",), ("list", "--json"), ("show", "1", "--json")):
        text = command(*words).out
        assert text.replace("\n", "").isprintable(), words
    assert "\\x1b[31m" in command("show", "1").out


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "(no body)"),
        ("grün\tfein\r\nzwei".encode(), "grün\tfein\nzwei\n"),
        (b"\xff\x00binary", "00000000  ff 00 62 69 6e 61 72 79"),
        (b"a" * 70_000, "... 4,464 bytes more"),
        (b"a" * 65_535 + "ü".encode() * 10, "bytes more"),
    ],
)
def test_a_body_is_shown_as_text_or_as_bytes(command: Command, body: bytes, words: str) -> None:
    receive_bodies(command.folder, [body])
    assert words in command("show", "1").out
