"""The lines of a text of any size, found without holding them: a count of line ends for each block."""

import bisect
import codecs
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from time import perf_counter
from typing import TYPE_CHECKING

from inspector.gui.widgets.safe_text import marked

if TYPE_CHECKING:
    from inspector.gui.widgets.needle import Needle

type Buffer = bytes | memoryview

LONGEST_LINE = 10_000  # characters shown of a line
_LONGEST_BYTES = 4 * LONGEST_LINE
_BLOCK = 64 << 10
_WIDE = {"utf-16": "utf-16", "utf-16-le": "utf-16-le", "utf-16-be": "utf-16-be", "utf-32": "utf-32"}
_MARKS = "inspector.marks"


def _mark(error: UnicodeError) -> tuple[str, int]:
    """Show bytes that the encoding does not know as what they are."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(f"⟨{byte:02X}⟩" for byte in error.object[error.start : error.end]), error.end


codecs.register_error(_MARKS, _mark)


class Lines:
    """The lines of `data` read as `encoding`, by number.

    `count` and `size` grow while `index_for` is called until it says that the end is reached. Bytes that
    are not valid in the encoding show as marks such as ⟨FF⟩, what deceives as in `marked`. A line above
    LONGEST_LINE characters is cut with a mark that says so.
    """

    def __init__(self, data: Buffer, encoding: str = "utf-8") -> None:
        self.encoding = codecs.lookup(encoding).name
        self.data: Buffer = data
        self.longest = 0  # characters, roughly: of the lines seen so far
        self._starts = [0]  # line ends before each block
        self._transcoding = self._transcoder(data) if self.encoding in _WIDE else None
        self._known = 0
        self._line = lru_cache(maxsize=512)(self._read_line)
        self._ends = lru_cache(maxsize=8)(self._read_ends)

    @property
    def count(self) -> int:
        """How many lines are known; the last one may have no line end."""
        return self._starts[-1] + 1

    @property
    def complete(self) -> bool:
        """Whether the whole text has been looked through."""
        return self._transcoding is None and self._known >= len(self.data)

    def index_for(self, seconds: float) -> bool:
        """Look through more of the text, for about `seconds`. Whether the end is reached."""
        until = perf_counter() + seconds
        while not self.complete:
            if self._transcoding is not None:
                if next(self._transcoding, None) is None:
                    self._transcoding = None
            else:
                block = bytes(self.data[self._known : self._known + _BLOCK])
                self._starts.append(self._starts[-1] + block.count(b"\n"))
                self._known += len(block)
            if perf_counter() > until:
                break
        return self.complete

    def line(self, number: int) -> str:
        """Line `number` without its end, cut where it is too long. Raises IndexError beyond the known ones."""
        if not 0 <= number < self.count:
            raise IndexError(number)
        return self._line(number)

    def start(self, number: int) -> int:
        """The offset in `data` at which line `number` begins."""
        if number <= 0:
            return 0
        block = bisect.bisect_left(self._starts, number) - 1
        return block * _BLOCK + self._ends(block)[number - self._starts[block] - 1]

    def place(self, offset: int) -> tuple[int, int]:
        """The line and the column (in decoded characters) of the byte at `offset`."""
        block = min(offset // _BLOCK, len(self._starts) - 1)
        number = self._starts[block] + bytes(self.data[block * _BLOCK : offset]).count(b"\n")
        start = self.start(number)
        return number, len(self._decode(bytes(self.data[start : min(offset, start + _LONGEST_BYTES)])))

    def encode(self, text: str) -> bytes:
        """`text` as it would stand in `data`; what the encoding lacks can never be found."""
        return text.encode("utf-8" if self.encoding in _WIDE else self.encoding, "replace")

    def matches(self, needle: "Needle", start: int, *, backward: bool = False) -> Iterator[int | None]:
        """The offsets at which `needle` is found from `start` on (or before it), None where one may take a breath."""
        return self._backward(needle, start) if backward else self._forward(needle, start)

    def _forward(self, needle: "Needle", start: int) -> Iterator[int | None]:
        for at in range(start, len(self.data), _BLOCK):
            # A match may begin in this block and end in the next one.
            for found in needle.offsets(self.data[at : at + _BLOCK + needle.longest - 1]):
                yield at + found
            yield None

    def _backward(self, needle: "Needle", start: int) -> Iterator[int | None]:
        for end in range(start, 0, -_BLOCK):
            begin = max(0, end - _BLOCK)
            found = list(needle.offsets(self.data[begin : end + needle.longest - 1]))
            yield from (begin + at for at in reversed(found))
            yield None

    def _read_line(self, number: int) -> str:
        start = self.start(number)
        end = self.start(number + 1) - 1 if number + 1 < self.count else len(self.data)
        text = self._decode(bytes(self.data[start : min(end, start + _LONGEST_BYTES)]), last=True)
        if end - start > _LONGEST_BYTES or len(text) > LONGEST_LINE:
            text = f"{text[:LONGEST_LINE]} … ({end - start:,} B)"
        self.longest = max(self.longest, len(text))
        return text

    def _read_ends(self, block: int) -> Sequence[int]:
        """Where lines begin within a block, after its first one."""
        pieces = bytes(self.data[block * _BLOCK : (block + 1) * _BLOCK]).split(b"\n")
        return [end + number for number, end in enumerate(accumulate(map(len, pieces[:-1])), 1)]

    def _decode(self, piece: bytes, *, last: bool = False) -> str:
        text = piece.decode("utf-8" if self.encoding in _WIDE else self.encoding, _MARKS)
        return marked(text.removesuffix("\r") if last else text, keep="\t")

    def _transcoder(self, data: Buffer) -> Iterator[bool]:
        """In these encodings a line feed is more than one byte: go on with the same text as UTF-8."""
        decoder = codecs.getincrementaldecoder(_WIDE[self.encoding])(_MARKS)
        text = bytearray()
        for at in range(0, len(data), _BLOCK):
            text += decoder.decode(bytes(data[at : at + _BLOCK])).encode("utf-8", "replace")
            yield True
        text += decoder.decode(b"", final=True).encode("utf-8", "replace")
        self.data = bytes(text)
