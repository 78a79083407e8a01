"""How the bytes of a delivery lie in the database: coded when that makes them smaller."""

from typing import Final

import zstandard

RAW: Final = 0
ZSTD: Final = 1
"""A zstd frame (RFC 8878) that names its length. 2 is for zstd with a dictionary."""

_LEVEL: Final = 3
_WORTHWHILE: Final = 0.95
_SHORTEST: Final = 64  # below, the frame costs more than it saves


class Coder:
    """Codes and decodes; one for each thread, because it keeps its working memory."""

    def __init__(self) -> None:
        self._compress = zstandard.ZstdCompressor(level=_LEVEL).compress
        self._decompressor = zstandard.ZstdDecompressor()

    def encode(self, data: bytes) -> tuple[int, bytes]:
        """The codec that suits `data`, and its coded form."""
        if len(data) < _SHORTEST:
            return RAW, data
        coded = self._compress(data)
        return (ZSTD, coded) if len(coded) < len(data) * _WORTHWHILE else (RAW, data)

    def decode(self, codec: int, data: bytes) -> bytes:
        """What `encode` was given. Raises ValueError where `data` is damaged or of an unknown codec."""
        if codec == RAW:
            return data
        if codec != ZSTD:
            raise ValueError(f"unknown codec {codec}")
        try:
            return self._decompressor.decompress(data)
        except zstandard.ZstdError as error:
            raise ValueError(str(error)) from error
