"""Headers and body as text to edit, and back: what was not touched comes back byte for byte."""

from collections.abc import Iterable

from inspector.core.request import Body, Headers
from inspector.gui.models.header_table import CREDENTIAL_NAME
from inspector.gui.resend.header_changes import ChangesMalformed, parsed_line
from inspector.gui.resend.texts import tr

LARGEST_TEXT = 64 << 10
MASK = "••••••••"

LineMalformed = ChangesMalformed


class HeaderText:
    """The headers of one request as lines; the values of credentials can be masked, and a mask reads as its value."""

    def __init__(self, headers: Headers) -> None:
        self._headers = headers

    def text(self, *, masked: bool) -> str:
        """One line for each header, in order."""
        return "\n".join(_shown(name, value, masked=masked) for name, value in self._headers)

    def read(self, text: str) -> Headers:
        """The headers that were typed. Raises LineMalformed."""
        return Headers(self._lines(text))

    def converted(self, text: str, *, masked: bool) -> str:
        """`text` with its credentials masked, or shown; lines that are no headers stay as they are."""
        try:
            lines = list(self._lines(text))
        except LineMalformed:
            return text
        return "\n".join(_shown(name, value, masked=masked and (name, value) in self._headers) for name, value in lines)

    def _lines(self, text: str) -> Iterable[tuple[bytes, bytes]]:
        kept: dict[str, list[tuple[bytes, bytes]]] = {}
        for masked in (True, False):
            for name, value in self._headers:
                kept.setdefault(_shown(name, value, masked=masked), []).append((name, value))
        for number, line in enumerate(text.split("\n")):
            if same := kept.get(line):
                yield same.pop(0) if len(same) > 1 else same[0]
            elif line.strip():
                if MASK in line:
                    text = tr("Line {0}: this mask stands for no value: show the values.")
                    raise LineMalformed(number, text.format(number + 1))
                yield parsed_line(line, number)


def body_text(body: Body) -> str | None:
    """The body as text to edit, its lines parted by LF; None where it would not come back as it was."""
    if len(body) > LARGEST_TEXT:
        return None
    try:
        text = bytes(body).decode()
    except UnicodeDecodeError:
        return None
    if any(character in text for character in "\0\u2028\u2029\ufdd0\ufdd1\ufffc"):
        return None
    plain = text.replace("\r\n", "\n")
    if "\r" in plain or ("\r\n" in text and plain.count("\n") != text.count("\r\n")):
        return None
    return plain


def body_of(typed: str, received: Body) -> bytes:
    """What was typed as bytes, with the line ends of the body as received."""
    text = typed.replace("\n", "\r\n") if b"\r\n" in bytes(received) else typed
    return text.encode("utf-8", "surrogatepass")


def changed_lines(before: str, after: str) -> range:
    """The lines of `after` between what both begin and end with."""
    old, new = before.split("\n"), after.split("\n")
    most = min(len(old), len(new))
    head = next((row for row in range(most) if old[row] != new[row]), most)
    tail = next((row for row in range(most - head) if old[-1 - row] != new[-1 - row]), most - head)
    return range(head, len(new) - tail)


def _shown(name: bytes, value: bytes, *, masked: bool) -> str:
    text = MASK if masked and value and CREDENTIAL_NAME.search(name) else value.decode("latin-1")
    return f"{name.decode('latin-1')}: {text}"
