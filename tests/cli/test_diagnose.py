"""The command line says why the signature of a request failed, of a stored delivery, a pasted one, or many."""

import json
from pathlib import Path

import pytest

from tests.cli.command import Command, receive
from tests.cli.test_signing import AT, GITHUB, SECRET
from tests.core.formats.test_diagnosis_cases import CASE, text
from tests.product import github_signature, post


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "key").write_text(SECRET)
    (tmp_path / "spaced").write_text(SECRET + " \n")
    (tmp_path / "wrong").write_text("another secret altogether")
    (tmp_path / "github.http").write_bytes(GITHUB)
    (tmp_path / "cases.json").write_bytes(text(CASE, {**CASE, "id": "a-2", "now": 1e300}))
    return tmp_path


@pytest.mark.usefixtures("files")
def test_a_pasted_request_is_explained_with_what_to_do(command: Command) -> None:
    result = command("diagnose", "--preset", "github", "--secret-file", "spaced", "--request", "github.http", *AT)
    assert (result.code, result.err) == (0, "")
    lines = result.out.splitlines()
    assert lines[0].startswith("github.http: secret-whitespace (proved). The secret is stored with something")
    assert lines[1].startswith("  What to do: Store the secret again")
    assert SECRET not in result.out


@pytest.mark.usefixtures("files")
def test_no_reason_is_told_as_such_with_how_much_was_tried(command: Command) -> None:
    result = command(
        "diagnose", "--preset", "github", "--secret-file", "wrong", "--request", "github.http", "--json", "--deep"
    )
    answer = json.loads(result.out)
    assert result.code == 1
    assert answer["findings"][0]["cause"] == "unexplained"
    assert answer["tried"] > 500
    assert set(answer["findings"][0]) >= {"cause", "confidence", "explanation", "remedy", "verified"}


@pytest.mark.usefixtures("files")
def test_a_file_of_cases_is_answered_line_by_line_and_what_cannot_be_read_is_said(command: Command) -> None:
    result = command("diagnose", "--cases", "cases.json")
    answers = [json.loads(line) for line in result.out.splitlines()]
    assert result.code == 1
    assert [answer["id"] for answer in answers] == ["a-1", "a-2"]
    assert answers[0]["findings"][0]["cause"] == "unsigned-delivery"
    assert set(answers[0]) >= {"id", "findings", "tried", "seconds"}
    assert "a-2" in answers[1]["error"]


@pytest.mark.usefixtures("files")
def test_all_cases_answered_is_done(command: Command, files: Path) -> None:
    (files / "good.json").write_bytes(text(CASE))
    assert command("diagnose", "--cases", "good.json").code == 0


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--preset", "github"), 2),
        (("--request", "github.http"), 2),
        (("--cases", "missing.json"), 2),
        (("--cases", "key"), 2),
        (("--delivery", "7"), 1),
        (("--delivery", "7", "--handler", "nobody"), 1),
        (("--preset", "nobody", "--request", "github.http"), 1),
    ],
)
def test_what_cannot_be_done_is_one_sentence(command: Command, arguments: tuple[str, ...], code: int) -> None:
    result = command("diagnose", *arguments)
    assert result.code == code
    assert result.sentence.startswith("webhook-inspector: ")


def test_a_stored_delivery_is_explained_for_the_handler_that_failed(command: Command, files: Path) -> None:
    for name, key in (("mine", "wrong"), ("theirs", "key")):
        added = command("handlers", "add", "--name", name, "--preset", "github", "--secret-file", key, "--path", "/x")
        assert added.code == 0, added.err
    command("handlers", "edit", "mine", "--path", "/")
    body = b'{"a":1}'
    receive(command.folder, post(body, github_signature(body, SECRET)))
    result = command("diagnose", "--delivery", "1", "--handler", "mine", "--json")
    finding = json.loads(result.out)["findings"][0]
    assert (finding["cause"], finding["verified"]) == ("secret-other-handler", True)
    assert "“theirs”" in finding["explanation"]
    assert SECRET not in result.out


CURL = "curl https://shop.test/hook -H '{header}: {signature}' -H 'Content-Type: application/json' -d '{body}'"


def hub_signature(body: bytes) -> str:
    return github_signature(body, SECRET).decode().partition(": ")[2]


def test_a_curl_command_is_explained_as_a_request_is(command: Command, files: Path) -> None:
    body = '{"a":1}'
    signature = hub_signature(body.encode())
    (files / "ticket.txt").write_text(CURL.format(header="X-Hub-Signature-256", signature=signature, body=body))
    result = command("diagnose", "--preset", "github", "--secret-file", "spaced", "--request", "ticket.txt", *AT)
    assert result.out.startswith("ticket.txt: secret-whitespace (proved)")
    verified = command("verify", "--preset", "github", "--secret-file", "key", "--request", "ticket.txt")
    assert verified.out == "ticket.txt: verified with the secret 'key'\n"


def test_of_an_archive_the_entry_that_looks_signed_is_taken_and_another_on_demand(
    command: Command, files: Path
) -> None:
    headers = [{"name": "X-Hub-Signature-256", "value": hub_signature(b"{}")}]
    post_entry = {"method": "POST", "url": "https://h/", "headers": headers, "postData": {"text": "{}"}}
    entries = [{"request": {"method": "GET", "url": "https://h/", "headers": []}}, {"request": post_entry}]
    (files / "all.har").write_text(json.dumps({"log": {"entries": entries}}))
    flags = ("verify", "--preset", "github", "--secret-file", "key", "--request", "all.har")
    result = command(*flags)
    assert result.out == "all.har:2: verified with the secret 'key'\n"
    assert "entry 2 of 2 is taken" in result.err
    assert "header-missing" in command(*flags, "--entry", "1").out
    assert "has no entry 3" in command(*flags, "--entry", "3").sentence


def test_the_file_that_a_command_names_can_be_given(command: Command, files: Path) -> None:
    signature = hub_signature(b"{}\n")
    (files / "ticket.txt").write_text(f"curl -H 'X-Hub-Signature-256: {signature}' --data-binary @event.json http://h/")
    (files / "event").write_bytes(b"{}\n")
    flags = ("verify", "--preset", "github", "--secret-file", "key", "--request", "ticket.txt")
    assert "choose that file" in command(*flags).err
    assert command(*flags, "--body", "event").code == 0


def test_an_old_request_is_judged_by_its_own_time_and_that_is_said(command: Command, files: Path) -> None:
    (files / "plain.http").write_bytes(b"POST / HTTP/1.1\r\nHost: h\r\n\r\n{}")
    signing = ("sign", "--preset", "stripe", "--secret-file", "key", "--request", "plain.http", "--at", "1767225600")
    (files / "old.http").write_text(command(*signing).out)
    result = command("diagnose", "--preset", "stripe", "--secret-file", "key", "--request", "old.http")
    assert result.out.startswith("old.http: verifies (proved)")
    assert "taken as received at 2026-01-01 00:00:00 UTC, as its “t” says" in result.err


def test_failures_that_match_a_search_are_grouped_by_their_cause(command: Command) -> None:
    body = b'{"n": 1}'
    receive(command.folder, *[post(body, github_signature(body, "nobody has it"))] * 3, post(body))
    result = command("diagnose", "--search", "age:<1d")
    assert result.code == 0
    assert result.out.startswith("4 failed since ")
    assert "no-handler (proved). There was no handler at all" in result.out
    (group,) = [json.loads(line) for line in command("diagnose", "--search", "age:<1d", "--json").out.splitlines()]
    assert (group["cause"], group["count"], group["ids"]) == ("no-handler", 4, [1, 2, 3, 4])
    assert command("diagnose", "--search", "method:PUT").out == "Nothing failed that matches.\n"


@pytest.mark.usefixtures("files")
def test_from_a_request_and_its_secret_the_way_of_signing_is_found_out(command: Command, files: Path) -> None:
    from tests.cli.test_signing import ODD

    (files / "odd.toml").write_text(ODD.replace('decode = "hex"', ""))
    (files / "plain.http").write_bytes(b"POST /in?a=1 HTTP/1.1\r\nHost: example.test\r\nX-Time: 1\r\n\r\n{}")
    signing = ("sign", "--scheme", "odd.toml", "--secret-file", "key", "--request", "plain.http", *AT)
    (files / "odd.http").write_text(command(*signing).out)
    result = command("diagnose", "--request", "odd.http", "--secret-file", "key")
    assert result.code == 0
    assert "covers v2;{url};{timestamp};{body}." in result.out
    toml = "\n".join(line.removeprefix("    ") for line in result.out.splitlines() if line.startswith("    "))
    (files / "found.toml").write_text(toml)
    assert command("handlers", "import", "found.toml").code == 0
    stored = ("verify", "--handler", "found", "--secret-file", "key", "--request", "odd.http", *AT)
    assert command(*stored).out == "odd.http: verified with the secret 'key'\n"
    finding = json.loads(command("diagnose", "--request", "odd.http", "--secret-file", "key", "--json").out)[
        "findings"
    ][0]
    assert (finding["cause"], finding["template"]) == ("scheme-found", "v2;{url};{timestamp};{body}")


@pytest.mark.usefixtures("files")
def test_a_request_of_a_known_provider_is_found_out_by_its_preset(command: Command) -> None:
    result = command("diagnose", "--request", "github.http", "--secret-file", "key", "--json")
    assert json.loads(result.out)["findings"][0]["preset"] == "github:sha256"
    assert SECRET not in result.out
