"""A JSON text as a tree, one level read at a time: what is not opened is never decoded."""

import json
import re
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import msgspec
from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QColor

from inspector.gui.widgets.lines import Buffer
from inspector.gui.widgets.needle import Needle
from inspector.gui.widgets.safe_text import marked, shortened

type Index = QModelIndex | QPersistentModelIndex

BUCKET = 1_000
"""So many members are shown under one node; more are grouped by as many."""

_LONGEST_VALUE = 200
_LARGEST_FOR_DOUBLES = 256 << 10  # bytes of an object that is looked through for keys written twice
_LARGEST_AT_ONCE = 256 << 10  # bytes searched in one go
_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ARRAY = msgspec.json.Decoder(list[msgspec.Raw])
_ROOT = msgspec.json.Decoder(msgspec.Raw)
_BLANK = re.compile(rb"[ \t\r\n]+")
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}:,]|[^\s"\[\]{}:,]+', re.DOTALL)


class NotJson(ValueError):
    """The text is not JSON, or nested deeper than can be read; the message says which, for a person."""


class Kind(StrEnum):
    """What a node is."""

    OBJECT = "object"
    ARRAY = "array"
    BUCKET = "bucket"
    STRING = "string"
    NUMBER = "number"
    WORD = "word"  # true, false, null


@dataclass(slots=True)
class _Node:
    number: int
    parent: "_Node | None"
    row: int
    key: str | int | None
    kind: Kind
    raw: Buffer
    members: "Sequence[tuple[str | int, Buffer]] | None" = None  # of a bucket: its part
    children: "list[_Node] | None" = None


class JsonTree(QAbstractItemModel):
    """The tree of one JSON text, given as bytes. Numbers stay the text that was sent, of whatever length.

    Columns: key, value. Objects and arrays are read when they are opened, and a key that was written twice
    shows twice. `colours` gives the colour for a kind of value.
    """

    def __init__(self, colours: Mapping[str, QColor], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._brushes = {kind: QBrush(colour) for kind, colour in colours.items()}
        self._nodes: list[_Node] = []

    def read(self, text: Buffer) -> None:
        """Show `text`. Raises NotJson, and is empty then."""
        self.beginResetModel()
        self._nodes = []
        try:
            self._nodes = [_root(text)]
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise NotJson(str(error)) from None
        except RecursionError:
            raise NotJson(self.tr("nested too deeply to be shown as a tree")) from None
        finally:
            self.endResetModel()

    def clear(self) -> None:
        """Show nothing."""
        self.beginResetModel()
        self._nodes = []
        self.endResetModel()

    def set_colours(self, colours: Mapping[str, QColor]) -> None:
        """Other colours, for what is shown too."""
        self._brushes = {kind: QBrush(colour) for kind, colour in colours.items()}
        if self._nodes:
            self.dataChanged.emit(self.index(0, 0), self.index(0, 1), [Qt.ItemDataRole.ForegroundRole])

    def value_text(self, index: Index) -> str:
        """The node's own text as it was sent, but strings without their quotes and escapes."""
        node = self._node(index)
        return _string(node.raw) if node.kind is Kind.STRING else bytes(node.raw).decode("utf-8", "replace")

    def key_text(self, index: Index) -> str:
        """The node's key, or its number in its array; empty at the top."""
        key = self._node(index).key
        return "" if key is None else str(key)

    def path(self, index: Index) -> str:
        """The way to the node as a JSONPath: `$.items[3]['odd name']` (RFC 9535)."""
        steps: list[str] = []
        node: _Node | None = self._node(index)
        while node is not None:
            if node.kind is not Kind.BUCKET and node.key is not None:
                steps.append(_step(node.key))
            node = node.parent
        return "$" + "".join(reversed(steps))

    def matches(self, needle: Needle) -> Iterator[QModelIndex | None]:
        """Every node whose key or value has `needle`, top to bottom; None where one may take a breath.

        What does not contain it is never opened.
        """
        waiting = self._nodes[:1]
        while waiting:
            node = waiting.pop()
            yield None
            own = not self._has_members(node) and needle.is_in(node.raw)
            if own or _key_matches(node, needle):
                yield self._index_of(node)
            if not self._has_members(node):
                continue
            members = self._members_of(node)
            # A long list goes by its groups, each of which is looked through when its turn comes.
            if len(members) > BUCKET or (yield from _looked_through(members, needle)):
                self.fetchMore(self._index_of(node))
                waiting.extend(reversed(node.children or ()))

    # What Qt asks

    def index(self, row: int, column: int, parent: Index = QModelIndex()) -> QModelIndex:  # noqa: B008
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        if not parent.isValid():
            return self.createIndex(0, column, 0)
        children = self._node(parent).children or []
        return self.createIndex(row, column, children[row].number)

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override]
        node = self._node(index).parent if index.isValid() else None
        return QModelIndex() if node is None else self._index_of(node)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        if not parent.isValid():
            return 1 if self._nodes else 0
        return 0 if parent.column() else len(self._node(parent).children or ())

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: ARG002, B008
        return 2

    def hasChildren(self, parent: Index = QModelIndex()) -> bool:  # noqa: B008
        if not parent.isValid():
            return bool(self._nodes)
        return not parent.column() and self._has_members(self._node(parent))

    def canFetchMore(self, parent: Index) -> bool:
        return self.hasChildren(parent) and parent.isValid() and self._node(parent).children is None

    def fetchMore(self, parent: Index) -> None:
        if not self.canFetchMore(parent):
            return
        node = self._node(parent)
        children = list(self._children(node, self._members_of(node)))
        self.beginInsertRows(parent, 0, len(children) - 1)
        node.children = children
        self._nodes.extend(children)
        self.endInsertRows()

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return (self.tr("Key"), self.tr("Value"))[section]
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        node = self._node(index)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._value(node) if index.column() else self._key(node)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{self._key(node)}: {self._value(node)}"
            case Qt.ItemDataRole.ForegroundRole:
                return self._brushes.get(node.kind if index.column() else "key")
        return None

    # Nodes

    def _node(self, index: Index) -> _Node:
        return self._nodes[index.internalId()]

    def _index_of(self, node: _Node) -> QModelIndex:
        return self.createIndex(node.row, 0, node.number)

    def _has_members(self, node: _Node) -> bool:
        if node.kind is Kind.BUCKET:
            return True
        return node.kind in (Kind.OBJECT, Kind.ARRAY) and bytes(node.raw[1:64]).lstrip()[:1] not in (b"]", b"}")

    def _members_of(self, node: _Node) -> Sequence[tuple[str | int, Buffer]]:
        return node.members if node.members is not None else _members(node)

    def _children(self, node: _Node, members: Sequence[tuple[str | int, Buffer]]) -> Iterator[_Node]:
        first = len(self._nodes)
        if len(members) <= BUCKET:
            for row, (key, raw) in enumerate(members):
                yield _Node(first + row, node, row, key, _kind(raw), raw)
            return
        size = BUCKET
        while len(members) > size * BUCKET:
            size *= BUCKET
        for row, start in enumerate(range(0, len(members), size)):
            part = _Part(members, start, min(start + size, len(members)))
            name = f"[{start:,} … {start + len(part) - 1:,}]"
            yield _Node(first + row, node, row, name, Kind.BUCKET, node.raw, part)

    def _key(self, node: _Node) -> str:
        if node.key is None:
            return "$"
        return str(node.key) if isinstance(node.key, int) else shortened(marked(node.key[:100_000]), _LONGEST_VALUE)

    def _value(self, node: _Node) -> str:
        match node.kind:
            case Kind.STRING:
                return '"' + shortened(marked(_shown_string(node.raw)), _LONGEST_VALUE) + '"'
            case Kind.BUCKET:
                return ""
            case Kind.OBJECT | Kind.ARRAY:
                return self._preview(node)
        return shortened(bytes(node.raw).decode("utf-8", "replace"), _LONGEST_VALUE)

    def _preview(self, node: _Node) -> str:
        """How many members, once it was opened; before that the beginning of its text."""
        members = node.children
        if members is not None and (not members or members[0].kind is not Kind.BUCKET):
            return f"{{ {len(members):,} }}" if node.kind is Kind.OBJECT else f"[ {len(members):,} ]"
        start = marked(_BLANK.sub(b" ", bytes(node.raw[:240])).decode("utf-8", "replace"))
        return start if len(node.raw) <= 80 else start[:80] + "…"


class _Part(Sequence[Any]):
    """A run of a long list of members, without a copy."""

    def __init__(self, members: Sequence[Any], start: int, stop: int) -> None:
        self._members, self._range = members, range(start, stop)

    def __len__(self) -> int:
        return len(self._range)

    def __getitem__(self, at: Any) -> Any:
        return self._members[self._range[at]]


class _Array(Sequence[Any]):
    """The members of an array as pairs of number and raw text, made when asked for."""

    def __init__(self, raws: Sequence[msgspec.Raw]) -> None:
        self._raws = raws

    def __len__(self) -> int:
        return len(self._raws)

    def __getitem__(self, at: Any) -> Any:
        return at, memoryview(self._raws[at])


def _root(text: Buffer) -> _Node:
    """The top, with its members read: that looks through the whole text, so nothing below it can be broken."""
    blank = _BLANK.match(text)
    start = blank.end() if blank else 0
    raw = memoryview(text)[start:]
    node = _Node(0, None, 0, None, _kind(raw), raw)
    if node.kind in (Kind.OBJECT, Kind.ARRAY):
        node.members = _members(node)
    else:
        node.raw = _scalar(raw)
    return node


def _scalar(raw: Buffer) -> Buffer:
    try:
        return memoryview(_ROOT.decode(raw))
    except (UnicodeDecodeError, msgspec.DecodeError):
        if not _is_lenient_json(raw):
            raise
        return bytes(raw).rstrip(b" \t\r\n")


def _kind(raw: Buffer) -> Kind:
    match bytes(raw[:1]):
        case b"{":
            return Kind.OBJECT
        case b"[":
            return Kind.ARRAY
        case b'"':
            return Kind.STRING
        case b"t" | b"f" | b"n":
            return Kind.WORD
    return Kind.NUMBER


def _members(node: _Node) -> Sequence[tuple[str | int, Buffer]]:
    try:
        if node.kind is Kind.ARRAY:
            return _Array(_ARRAY.decode(node.raw))
        found = _OBJECT.decode(node.raw)
    except (UnicodeDecodeError, msgspec.DecodeError):
        if not _is_lenient_json(node.raw):
            raise
        return _scanned(bytes(node.raw))
    if len(node.raw) <= _LARGEST_FOR_DOUBLES and _may_have_doubles(node.raw, found):
        return _scanned(bytes(node.raw))
    return [(key, memoryview(raw)) for key, raw in found.items()]


def _key_matches(node: _Node, needle: Needle) -> bool:
    return node.kind is not Kind.BUCKET and _matches(node.key, b"", needle)


def _looked_through(members: Sequence[tuple[str | int, Buffer]], needle: Needle) -> Generator[None, None, bool]:
    """Whether one of `members` may have it; takes a breath each time that enough of them were searched."""
    searched = 0
    for key, raw in members:
        if _matches(key, raw, needle):
            return True
        searched += len(raw)
        if searched > _LARGEST_AT_ONCE:
            searched = 0
            yield None
    return False


def _matches(key: str | int | None, raw: Buffer, needle: Needle) -> bool:
    """Whether the key or the text has it; a large text may have it, it is read when its turn comes."""
    if isinstance(key, str) and needle.is_in(key.encode("utf-8", "surrogatepass")):
        return True
    return len(raw) > _LARGEST_AT_ONCE or needle.is_in(raw)


def _may_have_doubles(raw: Buffer, found: Mapping[str, msgspec.Raw]) -> bool:
    """Whether the members account for less than the text: some key came twice, or was written with escapes."""
    compact: Callable[[Buffer], bytes] = lambda text: msgspec.json.format(bytes(text), indent=-1)  # noqa: E731
    told = sum(len(key.encode()) + 4 + len(compact(memoryview(value))) for key, value in found.items())
    return told + 1 != len(compact(raw))


def _is_lenient_json(raw: Buffer) -> bool:
    """Whether it is JSON but for halves of surrogate pairs and bytes that are not UTF-8, which senders do write."""
    if len(raw) > _LARGEST_FOR_DOUBLES:
        return False
    try:
        json.loads(bytes(raw).decode("utf-8", "replace"), parse_int=str, parse_float=str, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return False
    return True


def _refuse(word: str) -> None:
    """NaN and Infinity are no JSON."""
    raise ValueError(word)


def _scanned(text: bytes) -> list[tuple[str | int, Buffer]]:
    """The members read token by token: slower, and it keeps every key that was written."""
    view = memoryview(text)
    members: list[tuple[str | int, Buffer]] = []
    array = text[:1] == b"["
    depth, key, value, after_colon = 0, "", -1, array
    for token in _TOKEN.finditer(text):
        first, at = text[token.start()], token.start()
        if depth == 1:
            if first in b",}]":
                if value >= 0:
                    members.append((len(members) if array else key, view[value : _end_before(text, at)]))
                value, after_colon = -1, array
            elif first in b":":
                after_colon = True
            elif after_colon:
                value, after_colon = at, False
            else:
                key = _string(token.group())
        depth += (first in b"{[") - (first in b"}]")
    return members


def _end_before(text: bytes, at: int) -> int:
    while text[at - 1] in b" \t\r\n":
        at -= 1
    return at


def _string(raw: Buffer) -> str:
    """A JSON string's characters. Half a surrogate pair stays one, and bytes that are no UTF-8 are replaced."""
    text = bytes(raw).decode("utf-8", "replace")
    try:
        return str(json.loads(text, strict=False))
    except ValueError:
        return text[1:-1]


def _shown_string(raw: Buffer) -> str:
    """Enough of a string to show its two ends; a string of megabytes is not decoded for that."""
    if len(raw) <= 20_000:
        return _string(raw)
    return bytes(raw[1:400]).decode("utf-8", "replace") + " … " + bytes(raw[-400:-1]).decode("utf-8", "replace")


def _step(key: str | int) -> str:
    if isinstance(key, int):
        return f"[{key}]"
    if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", key):
        return f".{key}"
    return "['" + key.replace("\\", "\\\\").replace("'", "\\'") + "']"
