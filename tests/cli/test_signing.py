"""Requests are verified and signed from the command line, with presets, handlers and schemes of one's own."""

import io
import json
from pathlib import Path

import pytest

from inspector.core.formats.raw_http import raw_request
from tests.cli.command import Command, receive
from tests.product import github_signature, post

SECRET = "It's a Secret to Everybody"
GITHUB = (
    b"POST /hook HTTP/1.1\nHost: example.test\n"
    b"X-Hub-Signature-256: sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17\n\nHello, World!"
)
AT = ("--at", "2026-11-22T12:00:00Z")
ODD = """
kind = "hmac"
algorithm = "sha512"
encoding = "base64url"
signature = { name = "X-Odd" }
content = 'v2;{url};{timestamp};{body}'
values = { timestamp = "header:X-Time" }
secret = { decode = "hex" }
timestamp = { value = "timestamp", tolerance_s = 60 }
"""


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "key").write_text(SECRET)
    (tmp_path / "wrong").write_text("another secret altogether")
    (tmp_path / "hex").write_text("5a" * 32)
    (tmp_path / "github.http").write_bytes(GITHUB)
    (tmp_path / "odd.toml").write_text(ODD)
    (tmp_path / "placeless.toml").write_text('kind = "jwt"')
    (tmp_path / "plain.http").write_bytes(b"POST /in?a=1 HTTP/1.1\r\nHost: example.test\r\n\r\n{}")
    return tmp_path


@pytest.mark.usefixtures("files")
def test_a_right_request_is_verified_and_the_matching_secret_named(command: Command) -> None:
    keys = ("--secret-file", "wrong", "--secret-file", "key")
    result = command("verify", "--preset", "github", *keys, "--request", "github.http")
    assert (result.code, result.out, result.err) == (0, "github.http: verified with the secret 'key'\n", "")
    assert not command.folder.exists()


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (("github", "--secret-file", "wrong"), "failed: signature-mismatch (X-Hub-Signature-256)"),
        (("github:sha1", "--secret-file", "key"), "failed: header-missing (X-Hub-Signature)"),
        (("github",), "cannot be checked: secret-missing"),
        (("tiki", "--secret-file", "key", "--header", "X-Hub-Signature-256"), "failed: header-malformed"),
    ],
)
@pytest.mark.usefixtures("files")
def test_what_does_not_verify_is_said_with_its_reason(command: Command, flags: tuple[str, ...], words: str) -> None:
    result = command("verify", "--preset", *flags, "--request", "github.http")
    assert result.code == 1
    assert words in result.out
    assert SECRET not in result.out + result.err


def test_what_is_signed_verifies_at_its_time_and_grows_old(command: Command, files: Path) -> None:
    flags = ("--preset", "stripe", "--secret-file", "key")
    signed = command("sign", *flags, "--request", "plain.http", "--at", "1767225600")
    (files / "signed.http").write_bytes(signed.out.encode())
    verify = ("verify", *flags, "--request", "signed.http", "--at")
    assert command(*verify, "2026-01-01T00:05:00Z").code == 0
    late = json.loads(command(*verify, "2026-01-01T00:05:01Z", "--json").out)
    assert late["reason"] == "timestamp-expired"
    assert (late["signature_ok"], late["verified"], late["age_s"], late["tolerance_s"]) == (True, False, 301, 300)


def test_a_scheme_of_ones_own_signs_and_verifies_with_the_public_url(command: Command, files: Path) -> None:
    flags = ("--scheme", "odd.toml", "--secret-file", "hex", "--url", "https://hooks.example.test", *AT)
    signed = command("sign", *flags, "--request", "plain.http").out.encode()
    (files / "signed.http").write_bytes(signed)
    assert raw_request(signed).headers.first("x-time") == b"1795348800"
    assert command("verify", *flags, "--request", "signed.http").code == 0
    without = [flag for flag in flags if flag not in ("--url", "https://hooks.example.test")]
    assert "signature-mismatch" in command("verify", *without, "--request", "signed.http").out


def test_a_request_comes_from_standard_input(command: Command, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(GITHUB)))
    assert command("verify", "--preset", "github", "--secret-file", "key", "--request", "-").code == 0


def test_stored_deliveries_and_exported_lines_are_checked_against_their_receipt(command: Command, files: Path) -> None:
    body = b'{"a":1}'
    receive(command.folder, post(body, github_signature(body, SECRET)))
    flags = ("--preset", "github", "--secret-file", "key")
    assert command("verify", *flags, "--delivery", "1").out == "delivery 1: verified with the secret 'key'\n"
    (files / "out.jsonl").write_text(command("export").out)
    assert command("verify", *flags, "--request", "out.jsonl").out == "out.jsonl:1: verified with the secret 'key'\n"
    assert command("verify", *flags, "--delivery", "2").code == 1


@pytest.mark.usefixtures("files")
def test_a_handler_verifies_with_its_own_secrets_and_is_made_of_a_preset(command: Command) -> None:
    added = command("handlers", "add", "--name", "hub", "--preset", "github", "--secret-file", "key", "--label", "2026")
    assert (added.code, added.out) == (0, "Added 'hub' at position 1.\n")
    (listed,) = map(json.loads, command("handlers", "list", "--json").out.splitlines())
    assert (listed["preset"], listed["scheme"]["signature"]["name"]) == ("github:sha256", "X-Hub-Signature-256")
    result = command("verify", "--handler", "hub", "--request", "github.http")
    assert (result.code, result.out) == (0, "github.http: verified with the secret '2026'\n")


@pytest.mark.usefixtures("files")
def test_a_handler_is_made_of_a_scheme_of_ones_own_with_its_public_url(command: Command) -> None:
    url = ("--public-url", "https://hooks.example.test")
    assert command("handlers", "add", "--name", "odd", "--scheme", "odd.toml", "--secret-file", "hex", *url).code == 0
    (listed,) = map(json.loads, command("handlers", "list", "--json").out.splitlines())
    assert (listed["public_url"], listed["scheme"]["algorithm"]) == ("https://hooks.example.test", "sha512")
    assert command("handlers", "edit", "odd", "--public-url", "").code == 0
    exported = command("handlers", "export").out
    assert "public_url" not in exported
    assert "v2;" in exported


@pytest.mark.usefixtures("files")
def test_a_preset_whose_keys_are_fetched_asks_for_no_secret(command: Command) -> None:
    assert command("handlers", "add", "--name", "sns", "--preset", "aws-sns").code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("verify", "--preset", "nobody", "--request", "github.http"), 1, "There is no preset 'nobody'"),
        (("verify", "--preset", "github:x", "--request", "github.http"), 1, "Github has no scheme 'x'; it has sha256"),
        (("verify", "--handler", "nobody", "--request", "github.http"), 1, "There is no handler named 'nobody'"),
        (("verify", "--preset", "github"), 2, "Say what to verify"),
        (("verify", "--request", "github.http"), 2, "Say how it should be signed"),
        (("verify", "--preset", "github", "--request", "none.http"), 2, "none.http cannot be read: No such file"),
        (("verify", "--preset", "github", "--request", "key"), 2, "key: line 1: this is not a request line"),
        (("verify", "--preset", "github", "--request", "github.http", "--at", "noon"), 2, "neither ISO 8601 nor Unix"),
        (("verify", "--preset", "github", "--request", "github.http", "--parameter", "x"), 2, "is not NAME=VALUE"),
        (("verify", "--scheme", "key", "--request", "github.http"), 2, "key: "),
        (("verify", "--vectors", "key"), 2, "key: "),
        (("verify", "--preset", "strpe", "--request", "github.http"), 1, "Did you mean 'stripe'?"),
        (("verify", "--scheme", "placeless.toml", "--request", "github.http"), 2, "placeless.toml: The header's name"),
        (("sign", "--preset", "github", "--request", "plain.http"), 2, "there is no secret to sign with"),
        (("sign", "--preset", "discord", "--secret-file", "key", "--request", "plain.http"), 2, "the secret is not"),
        (("sign", "--preset", "github"), 2, "Say what to sign"),
        (("providers", "show", "nobody"), 1, "There is no preset 'nobody'"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("files")
def test_a_mistake_is_one_sentence(command: Command, arguments: tuple[str, ...], code: int, says: str) -> None:
    result = command(*arguments)
    assert result.code == code
    assert says in result.sentence
    assert not command.folder.exists()


def a_vector(**changes: object) -> dict[str, object]:
    return {
        "id": "v1",
        "provider": "github",
        "scheme": "sha256",
        "secret": SECRET,
        "request": {
            "method": "POST",
            "url": "https://hooks.example.test/in",
            "headers": [
                ["X-Hub-Signature-256", "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"]
            ],
            "body_b64": "SGVsbG8sIFdvcmxkIQ==",
        },
        "now": None,
        "expect": {"valid": True},
        "origin": "published",
        **changes,
    }


def test_a_file_of_vectors_is_answered_an_object_a_line_and_summed_up(command: Command, files: Path) -> None:
    wrong = a_vector(id="v2", secret="another", expect={"valid": False, "reason_any": ["signature-mismatch"]})
    (files / "vectors.json").write_text(json.dumps({"version": 1, "vectors": [a_vector(), wrong]}))
    result = command("verify", "--vectors", "vectors.json")
    assert [json.loads(line) for line in result.out.splitlines()] == [
        {"id": "v1", "valid": True, "reason": None, "signature_ok": True},
        {"id": "v2", "valid": False, "reason": "signature-mismatch", "signature_ok": False},
    ]
    assert (result.code, result.err) == (0, "2 of 2 as expected\n")
    assert not command.folder.exists()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"expect": {"valid": False, "reason_any": ["header-missing"]}}, None),
        ({"secrets": ["no", "neither"]}, "signature-mismatch"),
        ({"provider": "nobody"}, "preset-unknown"),
        ({"now": 1e300}, "vector-malformed"),
        ({"options": {"header": "X-Other"}}, "header-missing"),
    ],
)
def test_a_vector_that_comes_out_otherwise_is_named(
    command: Command, files: Path, changes: dict[str, object], reason: str | None
) -> None:
    (files / "vectors.json").write_text(json.dumps({"vectors": [a_vector(**changes)]}))
    result = command("verify", "--vectors", "vectors.json")
    assert json.loads(result.out)["reason"] == reason
    assert (result.code, result.err) == (1, "0 of 1 as expected; not as expected: v1\n")


def test_providers_are_listed_and_shown(command: Command) -> None:
    assert len(command("providers", "list").out.splitlines()) >= 196
    assert [json.loads(line)["id"] for line in command("providers", "list", "stripe", "--json").out.splitlines()] == [
        "stripe"
    ]
    assert command("providers", "list", "no such provider").code == 1
    shown = command("providers", "show", "stripe").out
    assert "content: {timestamp}.{body}" in shown
    assert "300 s allowed" in shown
    assert json.loads(command("providers", "show", "stripe", "--json").out)["schemes"][0]["id"] == "v1"


def test_every_provider_can_be_shown(command: Command) -> None:
    for line in command("providers", "list", "--json").out.splitlines():
        entry = json.loads(line)
        assert entry["name"] in command("providers", "show", entry["id"]).out
