"""The URL as the sender called it: from the handler, or from a proxy that is believed by name."""

import pytest

from inspector.core.request import Headers, Request
from inspector.core.verification.public_url import sender_url


def url_of(public_url: str, *headers: tuple[bytes, bytes], target: str = "/in?a=1") -> str:
    lines = Headers([(b"Host", b"127.0.0.1:8080"), *headers])
    return sender_url(Request("POST", target, "1.1", lines), public_url)


@pytest.mark.parametrize(
    ("public_url", "target", "url"),
    [
        ("", "/in?a=1", ""),
        ("https://hooks.example.test", "/in?a=1", "https://hooks.example.test/in?a=1"),
        ("https://hooks.example.test/", "/in?a=1", "https://hooks.example.test/in?a=1"),
        ("https://hooks.example.test:8443", "/", "https://hooks.example.test:8443/"),
        ("https://hooks.example.test/twilio/sms", "/in?a=1", "https://hooks.example.test/twilio/sms?a=1"),
        ("https://hooks.example.test/twilio/sms", "/in", "https://hooks.example.test/twilio/sms"),
        ("https://hooks.example.test/sms?x=2", "/in?a=1", "https://hooks.example.test/sms?x=2"),
        ("https://hooks.example.test", "http://other.test/in?a=1", "https://hooks.example.test/in?a=1"),
    ],
)
def test_origin_path_or_whole_url_stand_for_what_the_request_does_not_tell(
    public_url: str, target: str, url: str
) -> None:
    assert url_of(public_url, target=target) == url


@pytest.mark.parametrize(
    ("headers", "url"),
    [
        ([], "http://127.0.0.1:8080/in?a=1"),
        ([(b"X-Forwarded-Proto", b"https"), (b"X-Forwarded-Host", b"a.test")], "https://a.test/in?a=1"),
        ([(b"X-Forwarded-Proto", b"https, http"), (b"X-Forwarded-Host", b"a.test, b.test")], "https://a.test/in?a=1"),
        ([(b"Forwarded", b'for=1.2.3.4;proto=https;host="c.test:444", for=x')], "https://c.test:444/in?a=1"),
        (
            [(b"X-Forwarded-Proto", b"https"), (b"X-Forwarded-Host", b"a.test"), (b"X-Forwarded-Port", b"8443")],
            "https://a.test:8443/in?a=1",
        ),
    ],
)
def test_a_proxys_headers_are_believed_where_the_handler_says_so(headers: list[tuple[bytes, bytes]], url: str) -> None:
    assert url_of("forwarded", *headers) == url


def test_a_proxys_headers_are_not_believed_by_themselves() -> None:
    assert url_of("", (b"X-Forwarded-Host", b"evil.test")) == ""
