"""Content codings are undone within a limit, and what is damaged is shown as far as it goes."""

import gzip
import zlib

import pytest
import zstandard

from inspector.core.content_coding import codings_of, decoded
from inspector.core.request import Headers

TEXT = b'{"id": 1, "name": "caf\xc3\xa9"}' * 50
LIMIT = 10_000


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("codings", "body"),
    [
        (("gzip",), gzip.compress(TEXT, mtime=0)),
        (("x-gzip",), gzip.compress(TEXT, mtime=0)),
        (("gzip",), gzip.compress(TEXT[:100], mtime=0) + gzip.compress(TEXT[100:], mtime=0)),
        (("gzip",), gzip.compress(TEXT, mtime=0) + b"\0" * 20),
        (("deflate",), zlib.compress(TEXT)),
        (("deflate",), raw_deflate(TEXT)),
        (("zstd",), zstandard.compress(TEXT)),
        (("deflate", "gzip"), gzip.compress(zlib.compress(TEXT), mtime=0)),
        ((), TEXT),
    ],
)
def test_a_coded_body_gives_its_content(codings: tuple[str, ...], body: bytes) -> None:
    result = decoded(memoryview(body), codings, LIMIT)
    assert (result.data, result.cut, result.problem) == (TEXT, False, "")


@pytest.mark.parametrize(("coding", "pack"), [("gzip", gzip.compress), ("zstd", zstandard.compress)])
def test_a_bomb_is_cut_at_the_limit(coding: str, pack: object) -> None:
    assert callable(pack)
    result = decoded(pack(bytes(50_000_000)), (coding,), LIMIT)
    assert (len(result.data), result.cut) == (LIMIT, True)


def test_content_of_exactly_the_limit_is_not_cut() -> None:
    result = decoded(gzip.compress(bytes(LIMIT), mtime=0), ("gzip",), LIMIT)
    assert (len(result.data), result.cut, result.problem) == (LIMIT, False, "")


@pytest.mark.parametrize("coding", ["gzip", "deflate", "zstd"])
def test_what_is_not_in_the_coding_is_damaged(coding: str) -> None:
    result = decoded(b"no such thing at all", (coding,), LIMIT)
    assert (result.problem, result.coding) == ("damaged", coding)


def test_a_cut_stream_gives_what_there_is() -> None:
    result = decoded(gzip.compress(TEXT, mtime=0)[:-12], ("gzip",), LIMIT)
    assert result.problem == "truncated"
    assert TEXT.startswith(result.data)


def test_a_coding_of_another_world_leaves_the_bytes_as_sent() -> None:
    result = decoded(b"abc", ("rot13",), LIMIT)
    assert (result.data, result.problem, result.coding) == (b"abc", "unknown-coding", "rot13")


def test_codings_are_read_from_every_line_in_order_without_identity() -> None:
    headers = Headers([(b"Content-Encoding", b"Deflate, identity"), (b"content-encoding", b" GZIP ,")])
    assert codings_of(headers) == ("deflate", "gzip")
