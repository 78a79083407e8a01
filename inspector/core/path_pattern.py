"""Path patterns: `*` is anything within a segment, `**` anything across segments, all else stands for itself."""

import re
from collections import defaultdict
from collections.abc import Callable
from functools import lru_cache


@lru_cache(maxsize=1024)
def matcher(pattern: str) -> Callable[[str], bool]:
    """Says of a raw path whether `pattern` matches it, in time that grows with its length only."""
    pieces = _pieces(pattern)
    stars = [piece for piece in pieces if piece in ("*", "**")]
    if len(stars) > 1:
        return _automaton(pieces)
    wild = {"**": ".*", "*": "[^/]*"}
    expression = re.compile("".join(wild.get(piece) or re.escape(piece) for piece in pieces), re.DOTALL)
    return lambda path: expression.fullmatch(path) is not None


def _pieces(pattern: str) -> list[str]:
    """Stars and the literal texts between them; three stars in a row mean no more than two."""
    return [piece if set(piece) != {"*"} else piece[:2] for piece in re.split(r"(\*+)", pattern) if piece]


def _automaton(pieces: list[str]) -> Callable[[str], bool]:
    """All places in the pattern that a path can have reached, kept as the bits of one integer.

    A regular expression tries one way after the other: with two stars a path of 64 KiB, which any sender
    can choose, would hold up every answer for seconds.
    """
    literal: defaultdict[str, int] = defaultdict(int)
    star = across = 0
    bit = 1
    for piece in pieces:
        if piece == "*":
            star |= bit
        elif piece == "**":
            across |= bit
        else:
            for character in piece:
                literal[character] |= bit
                bit <<= 1
            continue
        bit <<= 1
    step, end, any_star = dict(literal), bit, star | across

    def matches(path: str) -> bool:
        reached = 1 | (any_star & 1) << 1
        for character in path:
            stay = across if character == "/" else any_star
            reached = (reached & step.get(character, 0)) << 1 | reached & stay
            if not reached:
                return False
            reached |= (reached & any_star) << 1
        return bool(reached & end)

    return matches
