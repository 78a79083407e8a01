"""Text in another colour than the palette's."""

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QWidget


def tint(widget: QWidget, colour: QColor) -> None:
    """Write in `colour`; everything else goes on following the application's palette."""
    role = widget.foregroundRole()
    palette = QPalette()  # empty: only what is set here is the widget's own
    palette.setColor(role, colour)
    widget.setPalette(palette)
    # Kept: else the role follows the ground on which an ancestor stands later, and the colour is lost. It comes last,
    # because it sends a change of the palette too, and whoever answers that by tinting again must find it done.
    widget.setForegroundRole(role)
