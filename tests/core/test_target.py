"""What can be sent to, and what kind of address it is, however it is spelled."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.core.target import AddressKind, Target, TargetMalformed, address_in, kind_of, names_metadata, target_from


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("http://localhost:3000", Target("http", "localhost", 3000)),
        ("http://localhost:3000/", Target("http", "localhost", 3000)),
        (" https://Example.COM/a/b?c=d#part ", Target("https", "example.com", 443, "/a/b", "?c=d")),
        ("HTTP://127.0.0.1/?x", Target("http", "127.0.0.1", 80, "/", "?x")),
        ("https://[::1]:8443/x", Target("https", "::1", 8443, "/x")),
        ("http://[fe80::1%25eth0]/", Target("http", "fe80::1%eth0", 80)),
        ("http://bücher.example/ä", Target("http", "xn--bcher-kva.example", 80, "/%C3%A4")),
        ("http://a_b.example?q", Target("http", "a_b.example", 80, "", "?q")),
        ("http://host:/x%41/../y", Target("http", "host", 80, "/x%41/../y")),
    ],
)
def test_a_url_is_taken_apart_and_its_path_left_as_it_is(text: str, target: Target) -> None:
    assert target_from(text) == target


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "url"),
        ("localhost:3000", "url"),
        ("//host/x", "url"),
        ("ftp://host/", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("javascript://x", "scheme"),
        ("http:///x", "host"),
        ("http://user:secret@host/", "credentials"),
        ("http://host\r\nX: y/", "control"),
        ("http://host/a b", "control"),
        ("http://host/\x00", "control"),
        ("http://host/\t", "control"),
        ("http://host/\u2028", "control"),
        ("http://ho%73t/", "host"),
        ("http://a..b/", "host"),
        ("http://-a/", "host"),
        ("http://1.2.3.4.5/", "host"),
        ("http://256.1.1.1/", "host"),
        ("http://0x100000000/", "host"),
        ("http://[::1/", "host"),
        ("http://[1.2.3.4]/", "host"),
        ("http://[::1%25a b]/", "control"),
        ("http://host:0/", "port"),
        ("http://host:65536/", "port"),
        ("http://host:8o/", "port"),
        ("http://host:-1/", "port"),
        ("http://host/a\\b", "backslash"),
        ("http://good.example\\@evil.example/", "credentials"),
    ],
)
def test_what_is_no_plain_url_is_refused_and_the_sentence_has_no_credentials(text: str, reason: str) -> None:
    with pytest.raises(TargetMalformed) as refused:
        target_from(text)
    assert refused.value.reason == reason
    assert str(refused.value).endswith(".")
    assert "secret" not in str(refused.value)


def test_the_usual_port_is_left_out_of_the_host() -> None:
    assert target_from("https://x:443/").authority == "x"
    assert target_from("https://x:80/").authority == "x:80"
    assert target_from("http://[::1]:80/").authority == "[::1]"


METADATA = "169.254.169.254"


@pytest.mark.parametrize(
    "spelled",
    [
        "2852039166",
        "0251.0376.0251.0376",
        "0xa9fea9fe",
        "0xA9.254.0xa9fe",
        "169.16689662",
        METADATA,
        "169.254.43518",
        "①⑥⑨.254.169.254",
    ],
)
def test_every_spelling_of_an_address_is_that_address(spelled: str) -> None:
    host = target_from(f"http://{spelled}/").host
    assert address_in(host) == ip_address(METADATA)


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("127.0.0.1", AddressKind.LOOPBACK),
        ("127.9.9.9", AddressKind.LOOPBACK),
        ("0.0.0.0", AddressKind.LOOPBACK),
        ("::1", AddressKind.LOOPBACK),
        ("::", AddressKind.LOOPBACK),
        ("::ffff:127.0.0.1", AddressKind.LOOPBACK),
        ("10.1.2.3", AddressKind.PRIVATE),
        ("192.168.0.1", AddressKind.PRIVATE),
        ("fd12::1", AddressKind.PRIVATE),
        ("100.64.0.1", AddressKind.PRIVATE),
        ("169.254.0.7", AddressKind.LINK_LOCAL),
        ("fe80::1%eth0", AddressKind.LINK_LOCAL),
        (METADATA, AddressKind.METADATA),
        (f"::ffff:{METADATA}", AddressKind.METADATA),
        (f"64:ff9b::{METADATA}", AddressKind.METADATA),
        (f"::{METADATA}", AddressKind.METADATA),
        ("2002:a9fe:a9fe::1", AddressKind.METADATA),
        ("fd00:ec2::254", AddressKind.METADATA),
        ("100.100.100.200", AddressKind.METADATA),
        ("224.0.0.1", AddressKind.NO_HOST),
        ("255.255.255.255", AddressKind.NO_HOST),
        ("ff02::1", AddressKind.NO_HOST),
        ("8.8.8.8", AddressKind.PUBLIC),
        ("2606:4700::1111", AddressKind.PUBLIC),
    ],
)
def test_an_address_is_of_the_kind_that_it_leads_to(address: str, kind: AddressKind) -> None:
    assert kind_of(ip_address(address)) is kind


def test_the_names_of_metadata_services_are_known() -> None:
    assert names_metadata("Metadata.Google.Internal.")
    assert not names_metadata("google.internal")


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_target_or_refused(text: str) -> None:
    try:
        target = target_from(f"http://{text}")
    except TargetMalformed:
        return
    assert target.url.isascii()
    assert not any(ord(c) < 33 or c == "\x7f" for c in target.url)
    assert target_from(target.url) == target


@given(st.integers(0, 2**32 - 1), st.sampled_from(["{}", "0x{:x}", "0{:o}"]))
def test_a_number_is_an_address_as_a_resolver_reads_it(number: int, form: str) -> None:
    assert address_in(form.format(number)) == ip_address(number)
