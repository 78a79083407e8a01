"""Where a redirect leads, and what is sent there."""

import pytest

from inspector.core.attempt import Attempt, Sent, TargetAnswer
from inspector.core.redirect import NotFollowed, leads_inward, location_of, next_hop
from inspector.core.request import Headers
from inspector.core.target import target_from

URL = "https://first.example/in/hook?a=1"
HEAD = (
    b"POST /in/hook?a=1 HTTP/1.1\r\nhOST:  first.example\r\nX-Odd:   twice  \r\ncookie: id=1\r\n"
    b"Authorization: Bearer x\r\nContent-Type: a/b\r\nContent-Length: 2\r\nX-Signature: s\r\n\r\n"
)


SENT = Sent(HEAD, b"{}")


def answered(status: int, *locations: bytes, url: str = URL, sent: Sent = SENT) -> Attempt:
    headers = Headers((b"Location", location) for location in locations)
    return Attempt(1, url, sent, 0, answer=TargetAnswer(status, "", "1.1", headers))


def hop_of(attempt: Attempt) -> tuple[str, bytes, bytes]:
    hop = next_hop(attempt, target_from(attempt.target))
    assert hop is not None
    return hop.target.url, hop.sent.head, bytes(hop.sent.body)


@pytest.mark.parametrize(
    ("location", "leads_to"),
    [
        (b"/other", "https://first.example/other"),
        (b"other?b=2#part", "https://first.example/in/other?b=2#part"),
        (b"//second.example/x", "https://second.example/x"),
        (b"https://second.example:8443", "https://second.example:8443"),
        (b"?c", "https://first.example/in/hook?c"),
        ("/caf\u00e9 x".encode(), "https://first.example/caf%C3%A9%20x"),
    ],
)
def test_a_location_is_read_from_the_url_that_was_sent_to(location: bytes, leads_to: str) -> None:
    assert location_of(answered(307, location)) == leads_to


@pytest.mark.parametrize(
    "attempt",
    [answered(200, b"/x"), answered(304, b"/x"), answered(302), answered(302, b""), answered(302, b"/a", b"/b")],
)
def test_what_is_no_redirect_leads_nowhere(attempt: Attempt) -> None:
    assert next_hop(attempt, target_from(URL)) is None


@pytest.mark.parametrize("status", [307, 308])
def test_on_the_same_host_only_the_request_line_changes(status: int) -> None:
    url, head, body = hop_of(answered(status, b"/other?b"))
    assert url == "https://first.example/other?b"
    assert head == HEAD.replace(b"/in/hook?a=1", b"/other?b")
    assert body == b"{}"


def test_on_another_host_the_host_is_its_own_and_credentials_stay_behind() -> None:
    _, head, _ = hop_of(answered(307, b"https://second.example:444"))
    assert head == (
        b"POST / HTTP/1.1\r\nhOST:  second.example:444\r\nX-Odd:   twice  \r\n"
        b"Content-Type: a/b\r\nContent-Length: 2\r\nX-Signature: s\r\n\r\n"
    )


@pytest.mark.parametrize("status", [301, 302, 303])
def test_a_post_becomes_a_get_without_its_body_as_clients_have_it(status: int) -> None:
    _, head, body = hop_of(answered(status, b"/other"))
    assert head == (
        b"GET /other HTTP/1.1\r\nhOST:  first.example\r\nX-Odd:   twice  \r\ncookie: id=1\r\n"
        b"Authorization: Bearer x\r\nX-Signature: s\r\n\r\n"
    )
    assert body == b""


@pytest.mark.parametrize(("status", "method"), [(302, b"PUT"), (301, b"DELETE"), (303, b"PUT"), (303, b"HEAD")])
def test_other_methods_stay_but_for_see_other(status: int, method: bytes) -> None:
    _, head, body = hop_of(answered(status, b"/x", sent=Sent(HEAD.replace(b"POST", method), b"{}")))
    becomes = b"GET" if (status, method) == (303, b"PUT") else method
    assert head.startswith(becomes + b" /x HTTP/1.1\r\n")
    assert bool(body) == (becomes != b"GET")


@pytest.mark.parametrize(
    ("location", "error"),
    [
        (b"http://first.example/plain", "redirect-insecure"),
        (b"ftp://first.example", "redirect-malformed"),
        (b"file:///etc/passwd", "redirect-malformed"),
        (b"javascript:alert(1)", "redirect-malformed"),
        (b"https://user:word@second.example/", "redirect-malformed"),
        (b"https://second.example\t/", "redirect-malformed"),
        (b"/a\x00b", "redirect-malformed"),
        (b"https://second.example\\@first.example", "redirect-malformed"),
        (b"https://[::1", "redirect-malformed"),
        (b"https://1.2.3.4.5/", "redirect-malformed"),
    ],
)
def test_where_nobody_may_be_led_is_said_and_not_followed(location: bytes, error: str) -> None:
    with pytest.raises(NotFollowed) as no:
        next_hop(answered(307, location), target_from(URL))
    assert no.value.error == error


def test_from_http_one_may_be_led_to_both() -> None:
    plain = "http://first.example/"
    for location in (b"http://second.example", b"https://second.example"):
        assert next_hop(answered(307, location, url=plain), target_from(plain)) is not None


@pytest.mark.parametrize(
    ("came_from", "address", "inward"),
    [
        ("203.0.113.9:80", "127.0.0.1:80", False),  # a documentation range is no public address
        ("1.1.1.1:443", "127.0.0.1:8080", True),
        ("1.1.1.1:443", "10.0.0.1:80", True),
        ("[2606:4700::1]:443", "[::1]:80", True),
        ("1.1.1.1:443", "[::ffff:127.0.0.1]:80", True),
        ("1.1.1.1:443", "8.8.8.8:443", False),
        ("127.0.0.1:80", "127.0.0.1:81", False),
        ("127.0.0.1:80", "8.8.8.8:80", False),
    ],
)
def test_a_public_target_leads_nobody_inside(came_from: str, address: str, inward: bool) -> None:
    assert leads_inward(came_from, address) is inward
