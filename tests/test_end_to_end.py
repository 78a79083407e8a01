"""The real program in a process of its own: what senders send arrives, is judged, and comes out as it was sent."""

import base64
import gzip
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.core.random_requests import Sent, sent_requests
from tests.product import post
from tests.program import Client, add_handler, command, exported, ladder, listening, openssl, sent

with_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")
BODY = '{"action": "opened", "title": "Grüße, 世界"}'.encode()
GITHUB = ("--header", "X-Hub-Signature-256", "--prefix", "sha256=")


def hex_signature(body: bytes, secret: str) -> bytes:
    """As `openssl dgst` makes it."""
    return openssl("dgst", "-sha256", "-hmac", secret, stdin=body).split()[-1]


def base64_signature(body: bytes, secret: str) -> bytes:
    """As `openssl dgst -binary | openssl base64` makes it."""
    return openssl("base64", "-A", stdin=openssl("dgst", "-sha256", "-hmac", secret, "-binary", stdin=body))


# Signed by others


@with_openssl
def test_what_openssl_signs_is_verified_by_the_right_handler(tmp_path: Path) -> None:
    add_handler(tmp_path, "github", "hmac", *GITHUB, "--user", "octocat", secret="It's a Secret")
    add_handler(tmp_path, "shop", "base64 hmac", "--header", "Webhook-Signature", "--user", "seller", secret="shop-key")
    with listening(tmp_path) as running:
        signature = b"x-hub-signature-256: sha256=" + hex_signature(BODY, "It's a Secret")
        assert sent(running.port, post(BODY, signature)).status == 200
        signature = b"Webhook-Signature: " + base64_signature(BODY, "shop-key")
        answer = sent(running.port, post(BODY, signature))
        assert (answer.status, answer.body) == (200, b"ok")
        first, second = exported(tmp_path)
    assert ladder(first) == [("github", "won", None), ("shop", "failed", "header-missing")]
    assert ladder(second) == [("github", "failed", "header-missing"), ("shop", "won", None)]
    assert [each["user"] for each in second["outcomes"]] == ["octocat", "seller"]


@with_openssl
def test_a_wrong_secret_is_answered_403_and_the_ladder_says_which_handlers_failed_and_how(tmp_path: Path) -> None:
    add_handler(tmp_path, "github", "hmac", *GITHUB, secret="right-secret")
    add_handler(tmp_path, "elsewhere", "hmac", *GITHUB, "--path", "/other/*", secret="right-secret")
    add_handler(tmp_path, "shop", "token", "--header", "X-Token", secret="shop-token")
    with listening(tmp_path) as running:
        signature = b"X-Hub-Signature-256: sha256=" + hex_signature(BODY, "wrong-secret")
        answer = sent(running.port, post(BODY, signature))
    assert (answer.status, answer.body) == (403, b"Webhook not authorized.")
    (record,) = exported(tmp_path)
    assert record["verdict"] == "failed"
    assert ladder(record) == [
        ("github", "failed", "signature-mismatch"),
        ("elsewhere", "not-applicable", "path"),
        ("shop", "failed", "header-missing"),
    ]
    shown = command(tmp_path, "show", "1")
    assert shown.code == 0
    for word in ("github", "elsewhere", "shop", "403"):
        assert word in shown.out.decode()
    assert b"right-secret" not in shown.out + json.dumps(record).encode()


@with_openssl
def test_the_first_of_two_that_verify_wins_and_one_that_cannot_be_checked_changes_nothing(tmp_path: Path) -> None:
    add_handler(tmp_path, "first", "hmac", *GITHUB, "--status", "202", secret="shared-secret")
    add_handler(tmp_path, "between", "hmac", *GITHUB, "--algorithm", "whirlpool", secret="shared-secret")
    add_handler(tmp_path, "second", "hmac", *GITHUB, secret="shared-secret")
    with listening(tmp_path) as running:
        signature = b"X-Hub-Signature-256: sha256=" + hex_signature(BODY, "shared-secret")
        assert sent(running.port, post(BODY, signature)).status == 202
    (record,) = exported(tmp_path)
    assert ladder(record) == [
        ("first", "won", None),
        ("between", "not-checkable", "algorithm-not-available"),
        ("second", "shadowed", None),
    ]


# As it was sent


def a_request(*lines: bytes, body: bytes = b"", start: bytes = b"POST /hook HTTP/1.1", length: bool = True) -> bytes:
    """These lines as they are; Host first and Content-Length last."""
    head = [start, b"Host: localhost", *lines, *([b"Content-Length: %d" % len(body)] if length else [])]
    return b"\r\n".join(head) + b"\r\n\r\n" + body


def chunked(*pieces: bytes, trailers: bytes = b"") -> bytes:
    """A chunked body."""
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n" + trailers + b"\r\n"


EVERY_BYTE = bytes(range(256))
BROTLI_HELLO = b"\x0b\x02\x80hello\x03"
GZIPPED = gzip.compress(b"{}" * 500, mtime=0)
LONG_TARGET = b"/" + b"t" * 8191
# What is sent; what its record must hold besides the Host line.
CASES: dict[str, tuple[bytes, dict[str, Any]]] = {
    "case, order and duplicates": (
        a_request(b"X-B: 2", b"x-a:1", b"X-B: 1", b"x-A:\t1 \t", b"X-Empty:"),
        {"headers": [["X-B", "2"], ["x-a", "1"], ["X-B", "1"], ["x-A", "1"], ["X-Empty", ""], ["Content-Length", "0"]]},
    ),
    "a latin-1 value": (
        a_request(b"X-Name: Gr\xfc\xdfe \xe4\xb8\x96"),
        {"headers": [["X-Name", "Gr\xfc\xdfe \xe4\xb8\x96"], ["Content-Length", "0"]]},
    ),
    "gzip": (a_request(b"Content-Encoding: gzip", body=GZIPPED), {"body": GZIPPED}),
    "br": (a_request(b"Content-Encoding: br", body=BROTLI_HELLO), {"body": BROTLI_HELLO}),
    "chunks and trailers": (
        a_request(b"Transfer-Encoding: chunked", b"Trailer: X-Sum", length=False)
        + chunked(b"one", b"\r\n", EVERY_BYTE, trailers=b"X-Sum: 1\r\nx-sum:2\r\n"),
        {"body": b"one\r\n" + EVERY_BYTE, "trailers": [["X-Sum", "1"], ["x-sum", "2"]]},
    ),
    "an empty chunked body": (
        a_request(b"Transfer-Encoding: chunked", length=False) + chunked(),
        {"body": b"", "headers": [["Transfer-Encoding", "chunked"]]},
    ),
    "no body at all": (
        a_request(start=b"GET /nothing?a=%20b+c HTTP/1.1", length=False),
        {"method": "GET", "target": "/nothing?a=%20b+c", "headers": [], "body": b""},
    ),
    "a target of 8 KiB": (a_request(start=b"POST " + LONG_TARGET + b" HTTP/1.1"), {"target": LONG_TARGET.decode()}),
    "bytes above 7F in the target": (a_request(start=b"POST /\xff\xfe?\xc3\xbc HTTP/1.1"), {"target": "/ÿþ?Ã¼"}),
    "a method of its own": (a_request(start=b"x-Method! /hook HTTP/1.1"), {"method": "x-Method!", "target": "/hook"}),
    "a whole address as target": (
        a_request(start=b"PUT http://example.org:8080/a//b/../c HTTP/1.1"),
        {"target": "http://example.org:8080/a//b/../c"},
    ),
    "an asterisk": (a_request(start=b"OPTIONS * HTTP/1.1"), {"method": "OPTIONS", "target": "*"}),
    "HTTP 1.0": (a_request(start=b"POST /old HTTP/1.0", body=b"x"), {"http_version": "1.0", "body": b"x"}),
    "every byte": (a_request(body=EVERY_BYTE), {"body": EVERY_BYTE}),
    "a body in a file": (a_request(body=EVERY_BYTE * 2000), {"body": EVERY_BYTE * 2000}),
}


def test_every_odd_request_is_exported_as_it_was_sent_while_it_runs_and_after(tmp_path: Path) -> None:
    add_handler(tmp_path, "any", "none", "--user", "tester")
    with listening(tmp_path) as running:
        for raw, _ in CASES.values():
            assert sent(running.port, raw).status == 200
        while_it_runs = exported(tmp_path)
        assert running.stop() == 0
    after = exported(tmp_path)
    assert while_it_runs == after
    for number, (record, (name, (_, expected))) in enumerate(zip(after, CASES.items(), strict=True), 1):
        host, *headers = record["headers"]
        assert (record["id"], host) == (number, ["Host", "localhost"]), name
        found = {**record, "headers": headers, "body": base64.b64decode(record["body_base64"])}
        assert {key: found[key] for key in expected} == expected, name
        assert ("trailers" in record) == ("trailers" in expected), name
        assert (record["verdict"], ladder(record)) == ("won", [("any", "won", None)]), name
        assert record["remote"].startswith("127.0.0.1:"), name
        assert record["received_at"].endswith("Z"), name


def test_300_random_requests_are_exported_as_they_were_sent(tmp_path: Path) -> None:
    add_handler(tmp_path, "any", "none")
    requests: list[Sent] = []

    @settings(
        max_examples=300, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(sent_requests())
    def collect(request: Sent) -> None:
        requests.append(request)

    collect()
    with listening(tmp_path) as running, Client(running.port) as client:
        for number, request in enumerate(requests):
            cut = number * 7 % len(request.wire)
            client.send(request.wire[:cut], request.wire[cut:])
            assert client.answer(to_head=request.method == "HEAD").status == 200, request
    records = exported(tmp_path)
    assert len(records) >= 300
    for request, record in zip(requests, records, strict=True):
        assert (record["method"], record["target"]) == (request.method, request.target)
        assert record["headers"] == text(request.headers)
        assert base64.b64decode(record["body_base64"]) == request.body
        assert record.get("trailers", []) == text(request.trailers)


def text(lines: Any) -> list[list[str]]:
    """Header lines as JSON has them."""
    return [[name.decode("latin-1"), value.decode("latin-1")] for name, value in lines]


def test_a_good_request_before_garbage_in_one_segment_is_answered_and_kept(tmp_path: Path) -> None:
    add_handler(tmp_path, "any", "none")
    with listening(tmp_path) as running, Client(running.port) as client:
        client.send(post(b"good") + b"\x16\x03\x01 no request at all\r\n\r\n")
        assert client.answer().status == 200
        assert client.answer().status == 400
        assert client.at_end()
        kept = [record for record in exported(tmp_path) if record["verdict"] == "won"]
    assert [base64.b64decode(record["body_base64"]) for record in kept] == [b"good"]


@pytest.mark.parametrize("size", [0, 4, 400_000])
def test_a_client_that_closes_its_side_gets_its_answer(tmp_path: Path, size: int) -> None:
    with listening(tmp_path) as running, Client(running.port) as client:
        client.send(post(b"x" * size))
        client.socket.shutdown(1)
        assert client.answer().status == 403
        assert client.at_end()
        assert len(base64.b64decode(exported(tmp_path)[0]["body_base64"])) == size
