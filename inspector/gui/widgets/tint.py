"""Text in another colour than the palette's."""

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QWidget


def tint(widget: QWidget, colour: QColor) -> None:
    """Write in `colour`; everything else goes on following the application's palette."""
    palette = QPalette()  # empty: only what is set here is the widget's own
    palette.setColor(widget.foregroundRole(), colour)
    widget.setPalette(palette)
