"""Letters to press with Alt: one for each control in sight of a page, and none that a menu has."""

import re
from collections.abc import Callable, Collection, Iterator

from PySide6.QtWidgets import QAbstractButton, QLabel, QTabBar, QToolButton, QWidget

_MARK = re.compile(r"&(?=[^&])")
_ESCAPED = "\0"  # in place of "&&", which is the character itself

type _Control = tuple[str, Callable[[str], object]]
"""A text, and what puts another in its place."""


def letter_of(text: str) -> str:
    """The letter that `text` marks, in lower case; empty where it marks none."""
    found = _MARK.search(text.replace("&&", _ESCAPED))
    return "" if found is None else text.replace("&&", _ESCAPED)[found.end()].lower()


def make_distinct(page: QWidget, taken: Collection[str]) -> None:
    """Give controls of `page` that share a letter, or have one of `taken`, another of their own text.

    A translation cannot know what else is in sight, and pages are written apart from the menus. A control keeps its
    letter where it can; one without a free letter has none. Texts without a letter stay as they are.
    """
    used = {letter.lower() for letter in taken}
    crowded: list[_Control] = []
    for text, put in _controls(page):
        letter = letter_of(text)
        if not letter:
            continue
        if letter in used:
            crowded.append((text, put))
        used.add(letter)
    for text, put in crowded:
        marked = _marked(text, used)
        used.add(letter_of(marked))
        put(marked)


def _marked(text: str, used: Collection[str]) -> str:
    """`text` with another letter marked: the first of a word rather than one within; with none if all are used."""
    plain = _MARK.sub("", text.replace("&&", _ESCAPED), count=1)
    firsts = [match.start() for match in re.finditer(r"\b\w", plain)]
    for place in (*firsts, *range(len(plain))):
        if plain[place].isalnum() and plain[place].lower() not in used:
            plain = f"{plain[:place]}&{plain[place:]}"
            break
    return plain.replace(_ESCAPED, "&&")


def _controls(page: QWidget) -> Iterator[_Control]:
    for widget in page.findChildren(QWidget):
        match widget:
            case QToolButton() if widget.defaultAction() is not None:
                continue  # its text is the action's
            case QAbstractButton():
                yield widget.text(), widget.setText
            case QLabel() if widget.buddy() is not None:
                yield widget.text(), widget.setText
            case QTabBar():
                for place in range(widget.count()):
                    yield widget.tabText(place), _tab_setter(widget, place)


def _tab_setter(bar: QTabBar, place: int) -> Callable[[str], object]:
    return lambda text: bar.setTabText(place, text)
