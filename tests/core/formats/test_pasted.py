"""A text is recognised as what it is, and every form of one request is understood as the same."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.core.delivery import Answer, Delivery, Verdict
from inspector.core.formats.fields import FieldUnreadable, body_of_text, request_of_fields
from inspector.core.formats.jsonl import line
from inspector.core.formats.pasted import form_of, read_pasted
from inspector.core.formats.powershell import powershell_request
from inspector.core.formats.reading import Unreadable
from inspector.core.request import Headers, Request

BODY = '{"id":"evt_1","name":"Zoë"}'
RAW = f"POST /hook?x=1 HTTP/1.1\r\nHost: shop.test\r\nX-Signature: abc\r\nContent-Length: 28\r\n\r\n{BODY}".encode()
CURL = f"curl https://shop.test/hook?x=1 -H 'X-Signature: abc' -H 'Content-Type: application/json' -d '{BODY}'".encode()
ENTRY = {
    "startedDateTime": "2026-11-22T12:00:00.000Z",
    "request": {
        "method": "POST",
        "url": "https://shop.test/hook?x=1",
        "headers": [{"name": ":authority", "value": "shop.test"}, {"name": "X-Signature", "value": "abc"}],
        "postData": {"mimeType": "application/json", "text": BODY},
    },
}
OTHER = {"request": {"method": "GET", "url": "https://shop.test/logo", "headers": []}}
HAR = json.dumps({"log": {"entries": [OTHER, ENTRY]}}).encode()
DELIVERY = Delivery(
    Request("POST", "/hook?x=1", "1.1", Headers([(b"Host", b"shop.test"), (b"X-Signature", b"abc")]), BODY.encode()),
    "127.0.0.1:1", 1, 1_795_348_800_000_000_000, Verdict.FAILED, (), Answer(403),
)  # fmt: skip
POWERSHELL = f"""$session = New-Object Microsoft.PowerShell.Commands.WebRequestSession
Invoke-WebRequest -UseBasicParsing -Uri "https://shop.test/hook?x=1" `
-Method "POST" `
-Headers @{{
"X-Signature"="abc"
  "accept"="*/*"
}} `
-ContentType "application/json" `
-Body '{BODY}'""".encode()
TOLD = json.dumps(
    {"httpMethod": "POST", "path": "/hook", "headers": {"Host": "shop.test", "X-Signature": "abc"}, "body": BODY}
).encode()


@pytest.mark.parametrize(
    ("text", "form"),
    [
        (RAW, "raw-http"),
        (CURL, "curl"),
        (HAR, "har"),
        (line(DELIVERY), "jsonl"),
        (POWERSHELL, "powershell"),
        (TOLD, "json"),
    ],
)
def test_the_form_is_recognised_and_says_the_same_request(text: bytes, form: str) -> None:
    pasted = read_pasted(text)
    request = pasted.meant.request
    assert (pasted.form, form_of(text)) == (form, form)
    assert (request.method, request.path, request.body) == ("POST", "/hook", BODY.encode())
    assert request.headers.first("x-signature") == b"abc"
    assert request.headers.first("host") == b"shop.test"


def test_of_many_entries_the_one_that_looks_like_a_delivery_is_meant() -> None:
    pasted = read_pasted(HAR)
    assert (len(pasted.requests), pasted.likeliest) == (2, 1)
    assert pasted.meant.at == datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert pasted.meant.url == "https://shop.test/hook?x=1"
    assert pasted.meant.name == "POST https://shop.test/hook?x=1"


def test_one_entry_of_an_archive_is_enough() -> None:
    assert read_pasted(json.dumps(ENTRY).encode()).meant.request.method == "POST"


def test_a_form_without_its_bytes_is_written_anew_and_that_is_said() -> None:
    data = {"params": [{"name": "a", "value": "1 2"}]}
    entry = {"request": {"method": "POST", "url": "https://h/", "headers": [], "postData": data}}
    understood = read_pasted(json.dumps(entry).encode()).meant
    assert understood.request.body == b"a=1+2"
    assert "written anew" in str(understood.assumed[0])


def test_a_line_of_the_export_keeps_every_byte_and_its_time() -> None:
    understood = read_pasted(line(DELIVERY) + line(DELIVERY)).requests[1]
    assert understood.request.body == DELIVERY.request.body
    assert understood.at == datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "nothing yet"),
        (BODY, "the body alone"),
        ('{"log": {"entries": []}}', "no entry"),
        ('{"a": \n nonsense', "goes wrong"),
        ("hello there", "request line"),
    ],
)
def test_what_is_no_request_is_said_in_a_sentence(text: str, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        read_pasted(text.encode())


def sentence_or_request(text: bytes) -> object:
    try:
        return read_pasted(text).requests
    except Unreadable as refused:
        return str(refused.sentence)


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_whatever_is_pasted_is_understood_or_refused_with_a_sentence(text: bytes) -> None:
    assert sentence_or_request(text)


@given(st.sampled_from([RAW, CURL, HAR, POWERSHELL, TOLD]), st.integers(0, 400), st.binary(max_size=3))
def test_a_text_with_a_part_missing_never_fails_otherwise(text: bytes, place: int, other: bytes) -> None:
    assert sentence_or_request(text[:place] + other + text[place + 5 :])


def test_a_powershell_text_with_escapes_is_read() -> None:
    text = 'irm https://h/a -Method Post -Headers @{"X-A"="say `"hi`""; Y=\'it\'\'s\'} -Body "{`"a`":`n1}"'
    request = powershell_request(text).request
    assert request.body == b'{"a":\n1}'
    assert (request.headers.first("x-a"), request.headers.first("y")) == (b'say "hi"', b"it's")


# Separate fields


def test_fields_make_a_request_with_host_and_length() -> None:
    understood = request_of_fields("POST", "https://shop.test/a?b=ü", "X-A: 1\nX-B:2\n", b"abc")
    request = understood.request
    assert request.target == "/a?b=\xc3\xbc"
    assert list(request.headers) == [
        (b"Host", b"shop.test"), (b"X-A", b"1"), (b"X-B", b"2"), (b"Content-Length", b"3"),
    ]  # fmt: skip
    assert understood.url == "https://shop.test/a?b=ü"


@pytest.mark.parametrize(
    ("method", "url", "headers", "field", "line_"),
    [("PO ST", "/", "", "method", 0), ("POST", "https://a b/", "", "url", 0), ("POST", "/", "A: 1\nno", "headers", 2)],
)
def test_the_field_that_cannot_be_read_is_named(method: str, url: str, headers: str, field: str, line_: int) -> None:
    with pytest.raises(FieldUnreadable) as raised:
        request_of_fields(method, url, headers, b"")
    assert (raised.value.field, raised.value.line) == (field, line_)


@given(st.binary(max_size=50))
def test_a_body_is_read_back_from_base64_and_hexadecimal(body: bytes) -> None:
    import base64

    assert body_of_text(body.hex(" "), "hex") == body
    assert body_of_text(base64.encodebytes(body).decode(), "base64") == body
    assert body_of_text(base64.urlsafe_b64encode(body).decode().rstrip("="), "base64") == body


@pytest.mark.parametrize(("text", "kind"), [("zz", "hex"), ("a", "hex"), ("a*b", "base64")])
def test_a_body_that_is_not_what_it_is_said_to_be_is_refused(text: str, kind: str) -> None:
    with pytest.raises(FieldUnreadable):
        body_of_text(text, kind)  # type: ignore[arg-type]
