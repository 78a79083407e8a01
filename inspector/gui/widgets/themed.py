"""Icons that keep to the palette when it changes."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QWidget

from inspector.gui.icons import icon

_NAME = "icon_name"


def set_icon(target: QAction | QAbstractButton, name: str) -> None:
    """Give `target` the icon `name`; `follow_palette` of a widget around it paints it anew."""
    target.setProperty(_NAME, name)
    target.setIcon(icon(name))


def follow_palette(widget: QWidget, event: QEvent) -> None:
    """For `changeEvent`: where the palette changed, give all icons within `widget` its colours."""
    if event.type() != QEvent.Type.PaletteChange:
        return
    for child in widget.findChildren(QObject):
        if isinstance(child, QAction | QAbstractButton) and (name := child.property(_NAME)):
            child.setIcon(icon(name))
