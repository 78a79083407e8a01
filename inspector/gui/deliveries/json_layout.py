"""JSON laid out with indents, piece by piece: a large text never holds the window up."""

import re
from collections.abc import Iterator, Sequence

import msgspec

from inspector.gui.models.json_tree import NotJson
from inspector.gui.widgets.lines import Buffer

AT_ONCE = 256 << 10  # bytes: about a millisecond

_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ARRAY = msgspec.json.Decoder(list[msgspec.Raw])
_BLANK = re.compile(rb"[ \t\r\n]*")


def laid_out(text: Buffer) -> Iterator[bytes]:
    """The pieces of `text` with an indent of two, keys and values as they were sent. Raises NotJson."""
    try:
        yield from _pieces(text, b"")
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise NotJson(str(error)) from None
    except RecursionError:
        raise NotJson("nested too deeply to be laid out") from None


def _pieces(raw: Buffer, indent: bytes) -> Iterator[bytes]:
    blank = _BLANK.match(raw)
    raw = memoryview(raw)[blank.end() if blank else 0 :]
    if len(raw) <= AT_ONCE or bytes(raw[:1]) not in (b"{", b"["):
        yield _formatted(raw, indent)
    elif bytes(raw[:1]) == b"[":
        yield from _array(_ARRAY.decode(raw), indent)
    else:
        yield from _object(_OBJECT.decode(raw), indent)


def _array(members: Sequence[msgspec.Raw], indent: bytes) -> Iterator[bytes]:
    """Small members go together: the call for each would cost more than the work."""
    deeper = indent + b"  "
    group: list[msgspec.Raw] = []
    size, opening = 0, b"[\n" + deeper
    for member in members:
        length = memoryview(member).nbytes
        if group and size + length > AT_ONCE:
            yield opening + _group(group, indent)
            group, size, opening = [], 0, b",\n" + deeper
        if length > AT_ONCE:
            yield opening
            yield from _pieces(memoryview(member), deeper)
            opening = b",\n" + deeper
            continue
        group.append(member)
        size += length
    if group:
        yield opening + _group(group, indent)
    yield b"\n" + indent + b"]"


def _group(members: Sequence[msgspec.Raw], indent: bytes) -> bytes:
    """The members laid out as an array of their own, without its brackets."""
    laid = _formatted(b"[" + b",".join(members) + b"]", indent)
    return laid[laid.index(b"\n") + 1 : laid.rindex(b"\n")].lstrip()


def _object(members: dict[str, msgspec.Raw], indent: bytes) -> Iterator[bytes]:
    deeper = indent + b"  "
    opening = b"{\n" + deeper
    for key, member in members.items():
        yield opening + msgspec.json.encode(key) + b": "
        yield from _pieces(memoryview(member), deeper)
        opening = b",\n" + deeper
    yield b"\n" + indent + b"}"


def _formatted(raw: Buffer, indent: bytes) -> bytes:
    """A line feed within a string is always escaped, so each one here begins a new line."""
    return msgspec.json.format(bytes(raw), indent=2).replace(b"\n", b"\n" + indent)
