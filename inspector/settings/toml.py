"""Reading a TOML file with the place of each mistake, and writing the flat tables that we keep."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from inspector.core.formats.toml import pairs
from inspector.settings.setting import Scalar, SettingsError


def parsed(text: str, file: Path) -> dict[str, Any]:
    """The document in `text`. Raises SettingsError with line and column where it is not TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problem, line, column = _place_in(str(error), text)
        raise SettingsError(f"not valid TOML: {problem}", file=file, line=line, column=column) from None
    except RecursionError:
        raise SettingsError("not valid TOML: nested too deeply", file=file, line=1, column=1) from None


def line_of(text: str, table: str, key: str = "") -> int:
    """The line (from 1) on which `key` of `[table]`, or the table itself, is written; 0 where that cannot be told."""
    inside = not table
    for number, line in enumerate(text.splitlines(), 1):
        if heading := re.match(r"\s*\[+\s*([^\]]*?)\s*\]", line):
            inside = heading[1] == table
            if inside and not key:
                return number
            continue
        # Before any heading the table may be written as `listener.port = 1` or `listener = {port = 1}`.
        wanted = key if inside else table
        if wanted and re.match(rf"""\s*["']?{re.escape(wanted)}["']?\s*[=.]""", line):
            return number
    return 0


def written(tables: Mapping[str, Mapping[str, Scalar]]) -> str:
    """TOML text of flat tables; empty ones are left out."""
    return "\n".join(f"[{name}]\n{pairs(table)}" for name, table in tables.items() if table)


def _place_in(message: str, text: str) -> tuple[str, int, int]:
    """tomllib's message taken apart: what is wrong, line, column."""
    if found := re.fullmatch(r"(.*) \(at line (\d+), column (\d+)\)", message, re.S):
        return _lower_first(found[1]), int(found[2]), int(found[3])
    problem = message.removesuffix(" (at end of document)")
    lines = text.split("\n")
    return _lower_first(problem), len(lines), len(lines[-1]) + 1


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
