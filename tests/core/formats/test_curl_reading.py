"""A cURL command is read as the request that it sends; what it does not say is named."""

import shutil
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.core.formats.curl import curl_command
from inspector.core.formats.curl_reading import curl_requests
from inspector.core.formats.reading import Understood, Unreadable
from inspector.core.request import Headers, Request
from tests.core.formats.test_curl import sent_by
from tests.core.random_requests import VISIBLE, bytes_of, tokens, values


def read(text: str, **files: bytes) -> Understood:
    return curl_requests(text, files)[0]


def lines_of(understood: Understood) -> dict[str, str]:
    return {name.decode(): value.decode("latin-1") for name, value in understood.request.headers}


COMMANDS = [
    "curl -X POST ADDRESS/hook -H 'Content-Type: application/json' -d '{\"a\":1}'",
    "curl ADDRESS -d a=1 -d 'b=two words' --data-urlencode 'c=a&b=ü' --data-urlencode '=x y' --data-urlencode 'x y'",
    "curl -sSLXPUT -H'X-A: 1' -H'X-B;' -d@- ADDRESS/p/../q?x=1#gone </dev/null",
    "curl --json '{\"a\":' --json '1}' ADDRESS/json",
    "curl -G ADDRESS/search?q=1 -d a=b --data-urlencode 'n=x y'",
    "curl -I ADDRESS/head",
    "curl -u me:pass -A 'agent 1' -e http://from/ -b 'k=v; l=w' --compressed ADDRESS",
    "curl ADDRESS -H 'User-Agent:' -H 'Accept:' -H 'Content-Type:' -d x -H 'x-lower: Y' -H 'X-2: 1' -H 'X-2: 2'",
    "curl ADDRESS --data-binary $'a\\x00b\\r\\nc' -H 'Content-Type: application/octet-stream' -o /dev/null -m 5",
    "curl --request=PATCH --url ADDRESS/u --data-raw '@not-a-file' --header 'Host: other.test'",
]


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("bash")), reason="needs a shell and cURL")
@pytest.mark.parametrize("command", [each for each in COMMANDS if "\\x00" not in each and "-I " not in each])
def test_it_is_the_request_that_curl_itself_sends(command: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        command = command.replace("ADDRESS", f"http://127.0.0.1:{server.getsockname()[1]}").replace("--request=", "-X")
        head, _, body = sent_by(command.replace("/p/../q", "/q"), server).partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    sent = [tuple(line.split(b": ", 1)) if b": " in line else (line.rstrip(b":; "), b"") for line in lines]
    request = read(command.replace("/p/../q", "/q")).request
    assert f"{request.method} {request.target} HTTP/1.1".encode() == first
    assert request.body == body
    its_own = {b"user-agent", b"accept", b"accept-encoding"}
    ours = sorted((name.lower(), value) for name, value in request.headers)
    for name, value in sorted((name.lower(), value) for name, value in sent):
        assert (name, value) in ours or name in its_own, name
    assert {name for name, _ in ours} <= {name.lower() for name, _ in sent}


@given(
    tokens.filter(lambda method: method not in (b"HEAD", b"GET")),
    bytes_of(VISIBLE.replace(b"#", b""), most=15),
    st.lists(st.tuples(tokens, values), max_size=4),
    st.binary(max_size=60),
)
def test_what_is_written_as_a_command_is_read_back(
    method: bytes, path: bytes, headers: list[tuple[bytes, bytes]], body: bytes
) -> None:
    made_by_curl = (b"host", b"content-length", b"transfer-encoding", b"connection", b"content-type")
    kept = [(name, value) for name, value in headers if name.lower() not in made_by_curl]
    lines = [(b"Host", b"shop.test"), (b"Content-Type", b"text/plain"), *kept]
    request = Request(method.decode(), "/" + path.decode("latin-1").rstrip("?"), "1.1", Headers(lines), body)
    again = read(curl_command(request).text).request
    assert (again.method, again.target, again.body) == (request.method, request.target, body)
    assert [line for line in again.headers if line[0].lower() != b"content-length"] == lines


def test_a_file_that_is_not_in_the_text_is_asked_for() -> None:
    command = "curl https://shop.test/hook -H 'X: 1' --data-binary @body.json"
    assert read(command).wanted_file == "body.json"
    assert read(command).request.body == b""
    assert "choose that file" in str(read(command).assumed[-1])
    given_it = curl_requests(command, {"body.json": b"{}\n"})[0]
    assert (given_it.request.body, given_it.wanted_file, given_it.assumed) == (b"{}\n", "", ())


def test_line_breaks_of_a_file_are_lost_with_data_and_kept_with_data_binary() -> None:
    files = {"f": b"a\r\nb\n"}
    assert curl_requests("curl h -d @f", files)[0].request.body == b"ab"
    assert curl_requests("curl h --data-binary @f", files)[0].request.body == b"a\r\nb\n"


def test_the_address_is_known_as_the_sender_called_it() -> None:
    understood = read("curl https://Shop.test:443/a?b=c -d x")
    assert understood.url == "https://Shop.test/a?b=c"
    assert lines_of(understood)["Host"] == "Shop.test"


def test_a_user_in_the_address_is_sent_as_basic() -> None:
    assert lines_of(read("curl https://u:p%40@h/"))["Authorization"] == "Basic dTpwQA=="


def test_several_commands_are_several_requests() -> None:
    found = curl_requests("curl http://h/1\ncurl http://h/2 -d x; curl http://h/3")
    assert [each.request.target for each in found] == ["/1", "/2", "/3"]


def test_a_prompt_before_the_command_and_curly_quotes_are_overlooked() -> None:
    understood = read("me@host:~$ curl -d “a b” https://h/x")
    assert understood.request.body == b"a b"
    assert "curly" in str(understood.assumed[0])


@pytest.mark.parametrize(
    "text",
    [
        'curl "https://h/x?a=1&b=2" ^\r\n  -H "X-A: 1" ^\r\n  --data-raw "{\\"a\\":1}"',
        'curl ^"https://h/x?a=1^&b=2^" ^\n -H ^"X-A: 1^" ^\n --data-raw ^"^{^\\^"a^\\^":1^}^"',
        "curl.exe 'https://h/x?a=1&b=2' `\r\n  -H 'X-A: 1' `\r\n  --data-raw '{\"a\":1}'",
        "curl 'https://h/x?a=1&b=2' \\\n  -H 'X-A: 1' \\\n  --data-raw '{\"a\":1}'",
    ],
)
def test_every_shell_says_the_same_request(text: str) -> None:
    understood = read(text)
    assert (understood.request.method, understood.url) == ("POST", "https://h/x?a=1&b=2")
    assert understood.request.body == b'{"a":1}'
    assert lines_of(understood)["X-A"] == "1"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("curl -F a=b https://h/", "raw HTTP"),
        ("curl -d x", "no address"),
        ("curl -H nocolon https://h/", "colon"),
        ("curl 'https://h/", "not closed"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(text: str, says: str) -> None:
    with pytest.raises(Unreadable, match=says) as raised:
        curl_requests(text)
    assert raised.value.line == 1


def test_a_secret_that_the_shell_would_fill_in_is_remarked_on() -> None:
    (remark,) = read('curl https://h/ -H "X-Signature: $SIG"').assumed
    assert "$SIG" in str(remark)
