"""Which parts of a line of laid out JSON are keys, strings, numbers and words."""

import re
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextCharFormat, QTextDocument

type Span = tuple[int, int, str]  # start, length, kind
type Colours = Mapping[str, QColor]  # by kind: key, string, number, word

_TOKEN = re.compile(
    r'(?P<key>"(?:[^"\\]|\\.)*")(?=\s*:)|(?P<string>"(?:[^"\\]|\\.)*"?)'
    r"|(?P<number>-?\d[\d.eE+-]*)|(?P<word>\b(?:true|false|null)\b)"
)


def json_spans(line: str) -> Sequence[Span]:
    """The tokens of `line` that have a colour. Strings of JSON never go over a line's end."""
    return [(found.start(), found.end() - found.start(), found.lastgroup or "") for found in _TOKEN.finditer(line)]


class SpanHighlighter(QSyntaxHighlighter):
    """Colours the blocks of a small document by the spans of each line; no function, no colours."""

    def __init__(self, document: QTextDocument, colours: Colours) -> None:
        super().__init__(document)
        self._spans: Callable[[str], Sequence[Span]] | None = None
        self._formats: dict[str, QTextCharFormat] = {}
        self._set_formats(colours)

    def set_spans(self, spans: Callable[[str], Sequence[Span]] | None) -> None:
        """What is set as text from now on is coloured by `spans`."""
        self._spans = spans

    def set_colours(self, colours: Colours) -> None:
        """Other colours, for the text that is there too."""
        self._set_formats(colours)
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        if self._spans is not None:
            for start, length, kind in self._spans(text):
                self.setFormat(start, length, self._formats[kind])

    def _set_formats(self, colours: Colours) -> None:
        for kind, colour in colours.items():
            self._formats[kind] = QTextCharFormat()
            self._formats[kind].setForeground(colour)
