"""The white space of JSON texts, as serialisers put it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

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
    """The tokens with this layout's white space; without any where they are nested too deeply or do not fit."""
    gaps = _gaps("".join([token[0] for token in tokens]), layout)
    if gaps is None:
        return "".join(tokens)
    out = [""] * (2 * len(tokens))
    out[0::2], out[1::2] = gaps, tokens
    return "".join(out)


@lru_cache(maxsize=24)
def _gaps(shape: str, layout: Layout) -> Sequence[str] | None:
    """What stands before each token. It depends on the first character of each alone, so one is good for many forms."""
    gaps = [""]
    opened: list[str] = []
    depth = 0
    for last, here in pairwise(shape):
        if last in "{[":
            opened.append(last)
            depth += not _inline(last, layout)
        if here in "}]":
            if not opened or len(opened) > MAX_DEPTH:
                return None
            depth -= not _inline(opened.pop(), layout)
            gaps.append(_before_end(here, last, layout, depth))
        elif last in "{[" or (last == "," and opened):
            gaps.append(_before_item(opened[-1], last, layout, depth))
        elif here == ":":
            gaps.append(layout.before_colon)
        else:
            gaps.append(layout.key[1:] if last == ":" else "")
    return gaps


def _inline(bracket: str, layout: Layout) -> bool:
    return layout.inline_arrays and bracket == "["


def _before_item(bracket: str, last: str, layout: Layout, depth: int) -> str:
    if not layout.indent:
        return layout.item[1:] if last == "," else ""
    return " " if _inline(bracket, layout) else "\n" + layout.indent * depth


def _before_end(here: str, last: str, layout: Layout, depth: int) -> str:
    if not layout.indent:
        return ""
    if last in "{[":
        empty = layout.empty_array if here == "]" else layout.empty_object
        return empty + layout.indent * depth if empty.endswith("\n") else empty
    return " " if here == "]" and layout.inline_arrays else "\n" + layout.indent * depth
