"""How the bytes of a delivery lie in the database: coded when that makes them smaller.

0 is as they are; 1 is a zstd frame (RFC 8878) that names its length; a higher number is one that needs the
dictionary of that number.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:  # read when the first bytes are coded: a window that shows a list does without
    import zstandard

RAW: Final = 0
ZSTD: Final = 1

_LEVEL: Final = 3
_WORTHWHILE: Final = 0.95
_SHORTEST: Final = 64  # below, the frame costs more than it saves
_FEW: Final = 4  # to set up the coding of many at once costs as much as three of them


class _Coding(NamedTuple):
    codec: int
    compressor: "zstandard.ZstdCompressor"


class Encoder:
    """Codes; one for each thread, because it keeps its working memory."""

    def __init__(self) -> None:
        self._coding: _Coding | None = None

    def use(self, codec: int, dictionary: bytes) -> None:
        """Code with this dictionary from now on. Another thread than that of `encode` may call it."""
        import zstandard

        prepared = zstandard.ZstdCompressionDict(dictionary)
        prepared.precompute_compress(level=_LEVEL)
        self._coding = _Coding(codec, zstandard.ZstdCompressor(level=_LEVEL, dict_data=prepared, write_dict_id=False))

    def encode(self, data: bytes) -> tuple[int, bytes]:
        """The codec that suits `data`, and its coded form."""
        if len(data) < _SHORTEST:
            return RAW, data
        codec, compressor = self._coding or self._without_dictionary()
        coded = compressor.compress(data)
        return (codec, coded) if len(coded) < len(data) * _WORTHWHILE else (RAW, data)

    def encode_all(self, datas: Sequence[bytes]) -> Sequence[tuple[int, bytes]]:
        """As `encode`, for each of `datas`.

        All are coded without the interpreter's lock, which is given up and waited for once and not once for each.
        """
        worthwhile: list[bytes | bytearray | memoryview] = [data for data in datas if len(data) >= _SHORTEST]
        if len(worthwhile) < _FEW:
            return [self.encode(data) for data in datas]
        codec, compressor = self._coding or self._without_dictionary()
        coded = iter(compressor.multi_compress_to_buffer(worthwhile, threads=1))
        return [_smaller(codec, data, next(coded)) if len(data) >= _SHORTEST else (RAW, data) for data in datas]

    def _without_dictionary(self) -> _Coding:
        import zstandard

        self._coding = coding = _Coding(ZSTD, zstandard.ZstdCompressor(level=_LEVEL))
        return coding


def _smaller(codec: int, data: bytes, coded: "zstandard.BufferSegment") -> tuple[int, bytes]:
    return (codec, coded.tobytes()) if len(coded) < len(data) * _WORTHWHILE else (RAW, data)


class Decoder:
    """Decodes; one for each thread."""

    def __init__(self, dictionary: Callable[[int], bytes]) -> None:
        """`dictionary` finds one by its number; what it raises, `decode` raises."""
        self._dictionary = dictionary
        self._decompressors: dict[int, zstandard.ZstdDecompressor] = {}

    def decode(self, codec: int, data: bytes) -> bytes:
        """What `encode` was given. Raises ValueError where `data` is damaged or its codec unknown."""
        if codec == RAW:
            return data
        import zstandard

        decompressor = self._decompressors.get(codec)
        if decompressor is None:
            prepared = None if codec == ZSTD else zstandard.ZstdCompressionDict(self._dictionary(codec))
            decompressor = self._decompressors[codec] = zstandard.ZstdDecompressor(dict_data=prepared)
        try:
            return decompressor.decompress(data)
        except zstandard.ZstdError as error:
            raise ValueError(str(error)) from error
