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
    assert lines[0].startswith("github.http: secret-whitespace (proved). The stored secret has a blank")
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
