"""The white space of JSON texts, as serialisers put it."""

from collections.abc import Sequence
from dataclasses import dataclass

MAX_DEPTH = 200


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a serialiser puts white space."""

    name: str
    item: str  # after a comma
    key: str  # after a colon
    indent: str = ""
    before_colon: str = ""
    empty_array: str = ""  # between its brackets; a line feed is followed by the indent
    empty_object: str = ""
    inline_arrays: bool = False  # a blank instead of a new line


COMPACT = Layout("json-compact", ",", ":")
SPACED = Layout("json-spaced", ", ", ": ")
INDENT_2 = Layout("json-indent-2", ",", ": ", "  ")
INDENT_4 = Layout("json-indent-4", ",", ": ", "    ")
INDENT_TAB = Layout("json-indent-tab", ",", ": ", "\t")
INDENT_2_COLON = Layout("json-indent-2-spaced-colon", ",", ": ", "  ", " ")
JACKSON_PRETTY = Layout("json-jackson-pretty", ",", ": ", "  ", " ", " ", " ", inline_arrays=True)
RUBY_PRETTY = Layout("json-ruby-pretty", ",", ": ", "  ", empty_array="\n\n", empty_object="\n")
LAYOUTS = (
    COMPACT,
    SPACED,
    INDENT_2,
    INDENT_4,
    INDENT_TAB,
    Layout("json-key-spaced", ",", ": "),
    Layout("json-item-spaced", ", ", ":"),
    INDENT_2_COLON,
    JACKSON_PRETTY,
    RUBY_PRETTY,
)


def written(tokens: Sequence[str], layout: Layout) -> str:
    """The tokens with this layout's white space."""
    if not layout.indent:
        plain = {",": layout.item, ":": layout.before_colon + layout.key}
        return "".join([plain.get(piece, piece) for piece in tokens])
    out: list[str] = []
    opened: list[str] = []
    depth = 0
    last = ""
    for piece in tokens:
        if piece in ("}", "]"):
            if not opened or len(opened) > MAX_DEPTH:
                return "".join(tokens)
            depth -= not _inline(opened.pop(), layout)
            out.append(_before_end(piece, last, layout, depth))
        elif last in ("{", "[") or (last == "," and opened):
            out.append(_before_item(opened[-1], layout, depth))
        out.append(layout.before_colon + layout.key if piece == ":" else piece)
        if piece in ("{", "["):
            opened.append(piece)
            depth += not _inline(piece, layout)
        last = piece
    return "".join(out)


def _inline(bracket: str, layout: Layout) -> bool:
    return layout.inline_arrays and bracket == "["


def _before_item(bracket: str, layout: Layout, depth: int) -> str:
    return " " if _inline(bracket, layout) else "\n" + layout.indent * depth


def _before_end(piece: str, last: str, layout: Layout, depth: int) -> str:
    if last in ("{", "["):
        empty = layout.empty_array if piece == "]" else layout.empty_object
        return empty + layout.indent * depth if empty.endswith("\n") else empty
    return " " if piece == "]" and layout.inline_arrays else "\n" + layout.indent * depth
