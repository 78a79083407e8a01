"""Where the keys go once a page is chosen: to where one left it, or to the first control of it that is of use."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton, QWidget


def go_into(page: QWidget, left_at: QWidget | None) -> None:
    """Give the focus to `left_at`, to the page's focus proxy, or to its first control: the first that is in sight.

    So a page that shows its empty state in place of its list is entered at the button that begins something.
    """
    for wanted in (left_at, page.focusProxy(), _first_in(page)):
        if wanted is not None and _can_take(wanted, page):
            wanted.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return


def _first_in(page: QWidget) -> QWidget | None:
    widget = page.nextInFocusChain()
    while widget is not None and widget is not page:
        beside = isinstance(widget, QToolButton) or widget.property("readOnly")  # it serves what stands beside it
        if page.isAncestorOf(widget) and _can_take(widget, page) and not beside:
            return widget
        widget = widget.nextInFocusChain()
    return None


def _can_take(widget: QWidget, page: QWidget) -> bool:
    by_tab = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    return bool(by_tab) and widget.focusProxy() is None and widget.isEnabled() and widget.isVisibleTo(page)
