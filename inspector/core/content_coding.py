"""Undo the content codings of a body (RFC 9110, 8.4), never beyond a limit. The body itself stays what it is."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

import zstandard

from inspector.core.request import Body, Headers

_CHUNK = 64 << 10
_WINDOW = 128 << 20  # bytes a zstd frame may ask us to hold; RFC 9659 asks senders for 8 MiB


@dataclass(frozen=True, slots=True)
class Decoded:
    """What came out. `cut`: there is more behind the limit. What could be read before a `problem` is kept.

    `problem` is empty, `damaged`, `truncated`, `unknown-coding` or `library-missing`, about `coding`.
    """

    data: bytes
    cut: bool = False
    problem: str = ""
    coding: str = ""


class _Damaged(Exception):
    """The coded bytes are not valid; what was read before is in `data`."""

    def __init__(self, data: bytes) -> None:
        super().__init__("damaged")
        self.data = data


def codings_of(headers: Headers) -> tuple[str, ...]:
    """The content codings in the order in which they were applied, lower case, without `identity`."""
    text = b",".join(headers.all("content-encoding")).decode("latin-1").lower()
    return tuple(name for part in text.split(",") if (name := part.strip()) and name != "identity")


def decoded(body: Body, codings: tuple[str, ...], limit: int) -> Decoded:
    """The body without `codings`, at most `limit` bytes of it after every step."""
    data: Body = body
    cut = False
    for coding in reversed(codings):
        undo = _CODINGS.get(coding)
        if undo is None:
            return Decoded(bytes(data[:limit]), cut, "unknown-coding", coding)
        try:
            data, ended = undo(data, limit + 1)
        except ModuleNotFoundError:
            return Decoded(bytes(data[:limit]), cut, "library-missing", coding)
        except _Damaged as damage:
            return Decoded(damage.data[:limit], cut, "damaged", coding)
        if len(data) > limit:
            data, cut = data[:limit], True
        elif not ended and not cut:
            return Decoded(bytes(data), cut, "truncated", coding)
    return Decoded(bytes(data), cut)


def _gzip(data: Body, limit: int) -> tuple[bytes, bool]:
    """Every member of a gzip file one after the other (RFC 1952, 2.2)."""
    out = b""
    while True:
        piece, ended, data = _inflate(data, limit - len(out), 31)
        out += piece
        # Zeros after the last member are padding; anything else there is not ours to explain.
        if not ended or len(out) >= limit or bytes(data[:2]) != b"\x1f\x8b":
            return out, ended


def _deflate(data: Body, limit: int) -> tuple[bytes, bool]:
    """`deflate` is the zlib format; some senders leave its wrapper out (RFC 9110, 8.4.1.2)."""
    try:
        out, ended, _ = _inflate(data, limit, 15)
    except _Damaged as damage:
        if damage.data:
            raise
        out, ended, _ = _inflate(data, limit, -15)
    return out, ended


def _inflate(data: Body, limit: int, wbits: int) -> tuple[bytes, bool, Body]:
    inflater = zlib.decompressobj(wbits)
    out = bytearray()
    at = 0
    try:
        while at < len(data) and len(out) < limit and not inflater.eof:
            chunk = bytes(data[at : at + _CHUNK])
            at += len(chunk)
            while chunk and len(out) < limit:
                out += inflater.decompress(chunk, limit - len(out))
                chunk = inflater.unconsumed_tail
    except zlib.error:
        raise _Damaged(bytes(out)) from None
    return bytes(out), inflater.eof, data[at - len(inflater.unused_data) :]


def _zstd(data: Body, limit: int) -> tuple[bytes, bool]:
    out = bytearray()
    try:
        with zstandard.ZstdDecompressor(max_window_size=_WINDOW).stream_reader(data, read_across_frames=True) as reader:
            while len(out) < limit and (piece := reader.read(min(_CHUNK, limit - len(out)))):
                out += piece
    except zstandard.ZstdError:
        raise _Damaged(bytes(out)) from None
    return bytes(out), True


def _brotli(data: Body, limit: int) -> tuple[bytes, bool]:
    """Brotli, where its library is installed: a plain attempt, since we do not ask for it."""
    brotli = import_module("brotli")
    inflater = brotli.Decompressor()
    out = bytearray()
    try:
        for at in range(0, len(data), _CHUNK):
            out += inflater.process(bytes(data[at : at + _CHUNK]), output_buffer_limit=limit - len(out))
            while not inflater.can_accept_more_data() and len(out) < limit:
                out += inflater.process(b"", output_buffer_limit=limit - len(out))
            if len(out) >= limit:
                break
    except brotli.error:
        raise _Damaged(bytes(out)) from None
    return bytes(out), bool(inflater.is_finished())


_CODINGS: dict[str, Callable[[Body, int], tuple[bytes, bool]]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "zstd": _zstd,
    "br": _brotli,
}
