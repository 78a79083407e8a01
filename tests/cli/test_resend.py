"""resend sends deliveries to a target again, by an instance of its own or by the one that runs."""

import asyncio
import base64
import json
from pathlib import Path

import pytest

from tests.cli.command import Command, receive, receive_bodies
from tests.product import a_handler, github_signature, post, product, send
from tests.product import run as run_product
from tests.resend.targets import OK, capturing_beside

GONE = b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n"


def test_a_delivery_goes_out_again_byte_for_byte(command: Command) -> None:
    raw = post(b"\x00\xff{}", b"X-Odd:   twice  ", b"x-odd: \xe4", target=b"/hook?a=%41&b")
    receive(command.folder, raw)
    with capturing_beside() as target:
        result = command("resend", "1", "--to", target.url)
        assert (result.code, target.requests) == (0, [raw])
    assert result.out.split()[:2] == ["1", "200"]
    assert result.err.startswith("1 of 1 succeeded in ")


def test_a_url_with_a_path_takes_the_place_of_the_own_one(command: Command) -> None:
    raw = post(b"{}")
    receive(command.folder, raw)
    with capturing_beside() as target:
        command("resend", "1", "--to", f"{target.url}/other?x=1", "--host-of-target")
        host = target.url.removeprefix("http://").encode()
        expected = raw.replace(b"POST /hook ", b"POST /other?x=1 ").replace(b"localhost", host)
        assert target.requests == [expected]


def test_all_that_match_a_search_go_out_in_order(command: Command) -> None:
    receive_bodies(command.folder, [b"apple 1", b"pear", b"apple 2"])
    with capturing_beside() as target:
        result = command("resend", "--search", "body:apple", "--to", target.url, "--times", "2")
        assert [raw.partition(b"\r\n\r\n")[2] for raw in target.requests] == [b"apple 1", b"apple 2"] * 2
    assert [line.split()[0] for line in result.out.splitlines()] == ["1", "3", "1", "3"]


def test_headers_and_body_can_be_changed_and_the_length_is_right(command: Command, tmp_path: Path) -> None:
    receive(command.folder, post(b"{}", b"X-Tag: old", b"X-Gone: 1"))
    (tmp_path / "body").write_bytes(b'{"longer": true}')
    edits = ("--set-header", "x-tag: new", "--remove-header", "x-gone", "--body-file", str(tmp_path / "body"))
    with capturing_beside() as target:
        assert command("resend", "1", "--to", target.url, *edits, "--method", "PUT").code == 0
        assert target.requests == [
            b'PUT /hook HTTP/1.1\r\nHost: localhost\r\nContent-Length: 16\r\nX-Tag: new\r\n\r\n{"longer": true}'
        ]


def test_a_delivery_is_signed_anew_by_the_recipe_of_a_handler(command: Command) -> None:
    async def work() -> None:
        async with product(command.folder) as inspector:
            await a_handler(inspector, "github", "new secret")
            await send(inspector, post(b"{}", github_signature(b"{}", "old secret")))

    run_product(work())
    with capturing_beside() as target:
        assert command("resend", "1", "--to", target.url, "--sign", "github").code == 0
        assert target.requests == [post(b"{}", github_signature(b"{}", "new secret"))]


def test_one_that_the_target_does_not_take_ends_with_1_and_says_why(command: Command) -> None:
    receive_bodies(command.folder, [b"1", b"2"])
    with capturing_beside(OK, GONE) as target:
        result = command("resend", "1", "2", "--to", target.url)
    assert result.code == 1
    assert "1 of 2 succeeded" in result.err
    assert "1 x 410" in result.err
    down = command("resend", "1", "--to", target.url)
    assert down.code == 1
    assert f"Nothing listens at {target.url.removeprefix('http://')}." in down.out


def test_it_is_tried_again_as_a_provider_does_and_faster(command: Command) -> None:
    receive_bodies(command.folder, [b"1"])
    with capturing_beside(GONE, GONE, OK) as target:
        result = command("resend", "1", "--to", target.url, "--retry", "slack", "--retry-speed", "10000")
    assert result.code == 0, result.err
    assert "2 x 410, 1 x 200" in result.err


def test_show_tells_of_the_attempts(command: Command) -> None:
    receive_bodies(command.folder, [b"1"])
    with capturing_beside() as target:
        command("resend", "1", "--to", f"{target.url}/?access_token=abcdefgh", "--times", "25")
    command("resend", "1", "--to", target.url)
    text = command("show", "1").out
    assert "... 6 before these" in text
    assert text.count("  200  ") == 19
    assert "Nothing listens at" in text.splitlines()[-1]
    assert "abcdefgh" not in text


def test_limits_are_those_of_the_settings(command: Command) -> None:
    receive_bodies(command.folder, [b"1"])
    (command.folder / "settings.toml").write_text("[sending]\nmax_answer_bytes = 1024\n")
    with capturing_beside(b"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + b"x" * 2000) as target:
        result = command("resend", "1", "--to", target.url)
    assert result.code == 1
    assert "longer than 1,024 bytes" in result.out


def test_as_json_each_attempt_has_its_answer(command: Command) -> None:
    receive_bodies(command.folder, [b"1"])
    with capturing_beside() as target:
        record = json.loads(command("resend", "1", "--to", target.url, "--json").out)
    assert (record["delivery"], record["status"], record["error"], record["number"]) == (1, 200, "", 1)
    assert base64.b64decode(record["answer"]["body_base64"]) == b"ok"
    assert record["ms"]["connected"] <= record["ms"]["first_byte"] <= record["ms"]["ended"]


def test_a_running_instance_does_it_and_keeps_the_attempts(command: Command) -> None:
    async def work() -> None:
        from inspector.commands import served

        async with product(command.folder) as inspector, served(inspector):
            await send(inspector, post(b"now"))
            with capturing_beside() as target:
                result = await asyncio.to_thread(command, "resend", "1", "--to", target.url)
                assert (result.code, len(target.requests)) == (0, 1)
            own = await asyncio.to_thread(command, "resend", "1", "--to", inspector.listener_state.url)
            assert own.code == 1
            assert "own listener" in own.out

    run_product(work())


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["--to", "http://x"], 2, "Name the deliveries"),
        (["1", "--search", "a", "--to", "http://x"], 2, "Name the deliveries"),
        (["1"], 2, "--to"),
        (["1", "--to", "ftp://x"], 2, "Only http and https"),
        (["1", "--to", "http://a b"], 2, "space"),
        (["1", "--to", "http://x", "--set-header", "no colon"], 2, "Name: value"),
        (["1", "--to", "http://x", "--set-header", "A: b\r\nC: d"], 2, "one line"),
        (["1", "--to", "http://x", "--times", "0"], 2, "times"),
        (["1", "--to", "http://x", "--body-file", "/no/such/file"], 2, "cannot be read"),
        (["--search", "(", "--to", "http://x"], 2, "not understood"),
        (["1", "--to", "http://x", "--retry", "github"], 2, "GitHub does not try again"),
        (["1", "--to", "http://x", "--retry", "1s", "--attempts", "3"], 2, "not both"),
        (["1", "--to", "http://x", "--retry", "1s", "--retry-speed", "0"], 2, "above 0"),
        (["7", "--to", "http://x"], 1, "no delivery 7"),
        (["1", "--to", "http://x", "--sign", "nobody"], 1, "nobody"),
    ],
)
def test_what_cannot_be_sent_is_one_sentence_and_nothing_goes_out(
    command: Command, words: list[str], code: int, sentence: str
) -> None:
    receive_bodies(command.folder, [b"1"])
    result = command("resend", *words)
    assert (result.code, sentence in result.sentence) == (code, True), result.err


def test_redirects_are_followed_where_that_is_asked_for(command: Command) -> None:
    receive(command.folder, post(b"{}"))
    with capturing_beside() as last:
        moved = f"HTTP/1.1 307 Moved\r\nLocation: {last.url}/new\r\nContent-Length: 0\r\n\r\n".encode()
        with capturing_beside(moved) as first:
            assert command("resend", "1", "--to", first.url).code == 1
            assert last.requests == []
            result = command("resend", "1", "--to", first.url, "--follow-redirects")
            assert result.code == 0
            assert [line.split()[1] for line in result.out.splitlines()] == ["307", "200"]
            assert f"> {last.url}/new" in result.out
            assert len(last.requests) == 1


def test_the_newest_go_out_first_where_that_is_asked_for(command: Command) -> None:
    receive_bodies(command.folder, [b"1", b"2", b"3"])
    with capturing_beside() as target:
        flags = ("--newest-first", "--times", "2", "--delay", "0.01", "--jitter", "0.5")
        assert command("resend", "--search", "", "--to", target.url, *flags).code == 0
        assert [raw[-1:] for raw in target.requests] == [b"3", b"2", b"1"] * 2
    assert "jitter is from 0 to 1." in command("resend", "1", "--to", target.url, "--jitter", "2").err
