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
    empty: str = ""  # within an empty array


COMPACT = Layout("json-compact", ",", ":")
SPACED = Layout("json-spaced", ", ", ": ")
INDENT_2 = Layout("json-indent-2", ",", ": ", "  ")
INDENT_4 = Layout("json-indent-4", ",", ": ", "    ")
INDENT_TAB = Layout("json-indent-tab", ",", ": ", "\t")
INDENT_2_COLON = Layout("json-indent-2-spaced-colon", ",", ": ", "  ", " ")  # Jackson's pretty printer
RUBY_PRETTY = Layout("json-ruby-pretty", ",", ": ", "  ", empty="\n")
LAYOUTS = (
    COMPACT,
    SPACED,
    INDENT_2,
    INDENT_4,
    INDENT_TAB,
    Layout("json-key-spaced", ",", ": "),
    Layout("json-item-spaced", ", ", ":"),
    INDENT_2_COLON,
    RUBY_PRETTY,
)


def written(tokens: Sequence[str], layout: Layout) -> str:
    """The tokens with this layout's white space."""
    if not layout.indent:
        plain = {",": layout.item, ":": layout.before_colon + layout.key}
        return "".join([plain.get(piece, piece) for piece in tokens])
    out: list[str] = []
    depth = 0
    last = ""
    for piece in tokens:
        if piece in ("}", "]"):
            depth -= 1
            if last not in ("{", "["):
                out.append("\n" + layout.indent * depth)
            elif last == "[" and layout.empty:
                out.append(layout.empty + "\n" + layout.indent * depth)
        elif last in ("{", "[", ","):
            out.append("\n" + layout.indent * depth)
        out.append(layout.before_colon + layout.key if piece == ":" else piece)
        depth += piece in ("{", "[")
        last = piece
        if depth > MAX_DEPTH or depth < 0:
            return "".join(tokens)
    return "".join(out)
