"""Fields are read out of whatever body they come in."""

import pytest

from inspector.core.request import Headers, Request
from inspector.core.verification.multipart import MAX_PARTS
from inspector.core.verification.reading import Reading
from inspector.core.verification.signed_content import path_and_query, url_variant

MULTIPART = b"multipart/form-data; boundary=xyz"


def reading(body: bytes, kind: bytes = b"application/json") -> Reading:
    return Reading(Request("POST", "/", "1.1", Headers([(b"Content-Type", kind)]), body))


def parts(*fields: tuple[bytes, bytes]) -> bytes:
    """A multipart body of these fields: what stands in the head behind `form-data`, and the content."""
    written = [
        b"--xyz\r\nContent-Disposition: form-data" + head + b"\r\n\r\n" + content + b"\r\n" for head, content in fields
    ]
    return b"".join(written) + b"--xyz--\r\n"


def test_a_form_in_parts_is_read_as_any_form_is() -> None:
    body = parts((b'; name="a"', b"1\r\n2"), (b'; filename="f"; name="file"\r\nX: y', b"\x00\xff"), (b"", b"unnamed"))
    assert reading(body, MULTIPART).form() == ((b"a", b"1\r\n2"), (b"file", b"\x00\xff"))
    assert reading(body, b'Multipart/Form-Data; boundary="xyz"').form_field("a") == b"1\r\n2"


@pytest.mark.parametrize("kind", [b"multipart/form-data", b"multipart/form-data; boundary=", b"multipart/mixed"])
def test_a_form_without_a_boundary_has_no_fields(kind: bytes) -> None:
    assert not reading(parts((b'; name="a"', b"1")), kind).form()


def test_a_form_of_endless_parts_is_read_up_to_a_limit() -> None:
    body = parts(*[(b"; name=a", b"1")] * (MAX_PARTS * 3))
    assert len(reading(body, MULTIPART).form()) == MAX_PARTS - 1


@pytest.mark.parametrize("name", ["payload", "json"])
def test_json_in_a_field_of_a_form_is_the_deliverys_json(name: str) -> None:
    document = b'{"event":{"n":[1,2.50]}}'
    urlencoded = f"{name}=%7B%22event%22%3A%7B%22n%22%3A%5B1%2C2.50%5D%7D%7D&x=1".encode()
    in_parts = parts((f"; name={name}".encode(), document))
    for found in (reading(urlencoded, b"application/x-www-form-urlencoded"), reading(in_parts, MULTIPART)):
        assert found.json("event.n.1") == b"2.50"
    assert reading(document, b"application/x-www-form-urlencoded").json("event.n.0") == b"1"
    assert reading(b'{"payload":"{}"}').json("payload") == b"{}"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.test/a/b?c=d", "/a/b?c=d"),
        ("https://example.test", "/"),
        ("https://example.test?c=/d", "/?c=/d"),
        ("https://example.test/?", "/?"),
        ("/a?b=c://d/e", "/a?b=c://d/e"),
    ],
)
def test_path_and_query_are_what_is_behind_the_authority(url: str, expected: str) -> None:
    assert path_and_query(url) == expected


@pytest.mark.parametrize(
    ("url", "with_port", "without"),
    [
        ("https://s/s?q=http://s", "https://s:443/s?q=http://s", "https://s/s?q=http://s"),
        ("http://http/http", "http://http:80/http", "http://http/http"),
        ("HTTPS://u:p@h/", "HTTPS://u:p@h:443/", "HTTPS://u:p@h/"),
        ("https://[::1]/a", "https://[::1]:443/a", "https://[::1]/a"),
        ("https://[::1]:8443/a", "https://[::1]:8443/a", "https://[::1]/a"),
        ("https://h:443?x", "https://h:443?x", "https://h?x"),
    ],
)
def test_the_port_of_a_url_is_written_out_or_left_out(url: str, with_port: str, without: str) -> None:
    assert url_variant(url, "add-default-port") == with_port
    assert url_variant(url, "remove-port") == without
    assert url_variant(url, "as-is") == url
