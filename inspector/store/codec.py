"""How the bytes of a delivery lie in the database: coded when that makes them smaller.

0 is as they are; 1 is a zstd frame (RFC 8878) that names its length; a higher number is one that needs the
dictionary of that number.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:  # read when the first bytes are coded: a window that shows a list does without
    import zstandard

RAW: Final = 0
ZSTD: Final = 1

_LEVEL: Final = 3
_WORTHWHILE: Final = 0.95
_SHORTEST: Final = 64  # below, the frame costs more than it saves


type _Coding = tuple[int, Callable[[bytes], bytes]]


class Encoder:
    """Codes; one for each thread, because it keeps its working memory."""

    def __init__(self) -> None:
        self._coding: _Coding | None = None

    def use(self, codec: int, dictionary: bytes) -> None:
        """Code with this dictionary from now on. Another thread than that of `encode` may call it."""
        import zstandard

        prepared = zstandard.ZstdCompressionDict(dictionary)
        prepared.precompute_compress(level=_LEVEL)
        compressor = zstandard.ZstdCompressor(level=_LEVEL, dict_data=prepared, write_dict_id=False)
        self._coding = (codec, compressor.compress)

    def encode(self, data: bytes) -> tuple[int, bytes]:
        """The codec that suits `data`, and its coded form."""
        if len(data) < _SHORTEST:
            return RAW, data
        codec, compress = self._coding or self._without_dictionary()
        coded = compress(data)
        return (codec, coded) if len(coded) < len(data) * _WORTHWHILE else (RAW, data)

    def _without_dictionary(self) -> _Coding:
        import zstandard

        self._coding = coding = (ZSTD, zstandard.ZstdCompressor(level=_LEVEL).compress)
        return coding


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
