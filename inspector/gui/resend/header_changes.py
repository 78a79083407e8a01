"""Changes of headers as a person types them: a line sets a header, or leaves it out."""

import re

from inspector.gui.resend.texts import tr

type Lines = tuple[tuple[bytes, bytes], ...]

_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


class ChangesMalformed(ValueError):
    """A line is no header; the message is one sentence. `line` counts from 0."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(sentence)
        self.line = line


def parsed_changes(text: str) -> tuple[Lines, tuple[bytes, ...]]:
    """What is set and what is left out. `-Name` leaves out, every other line sets. Raises ChangesMalformed."""
    setting: list[tuple[bytes, bytes]] = []
    leaving_out: list[bytes] = []
    for number, line in enumerate(text.split("\n")):
        if not line.strip():
            continue
        if line.startswith("-") and ":" not in line:
            leaving_out.append(_name(line[1:].strip(), number))
        else:
            setting.append(parsed_line(line, number))
    return tuple(setting), tuple(leaving_out)


def parsed_line(line: str, number: int) -> tuple[bytes, bytes]:
    """The header of one line, `Name: value`. Raises ChangesMalformed, without the value."""
    name, colon, value = line.partition(":")
    if not colon:
        raise ChangesMalformed(number, tr("Line {0} is no header: type Name: value.").format(number + 1))
    key = _name(name, number)
    if _CONTROL.search(value):
        raise ChangesMalformed(number, tr("Line {0}: the value has a control character in it.").format(number + 1))
    try:
        return key, value.strip(" \t").encode("latin-1")
    except UnicodeEncodeError:
        raise ChangesMalformed(
            number,
            tr("Line {0}: the value has a letter that no header can carry (beyond latin-1).").format(number + 1),
        ) from None


def _name(text: str, number: int) -> bytes:
    if not _TOKEN.fullmatch(text):
        raise ChangesMalformed(number, tr("Line {0}: this cannot be a header's name.").format(number + 1))
    return text.encode("ascii")
