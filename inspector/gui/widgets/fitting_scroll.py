"""A scroll area that is as tall as what it holds where there is room, and scrolls where there is not."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Slot
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QSizePolicy, QWidget


class FittingScroll(QScrollArea):
    """Holds one widget, always as wide as itself; it can be made as low as `lowest`."""

    def __init__(self, widget: QWidget, lowest: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._held, self._lowest = widget, lowest
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.setWidget(widget)
        self.setWidgetResizable(True)
        widget.installEventFilter(self)
        application = QApplication.instance()
        assert isinstance(application, QApplication)  # noqa: S101 - there is no widget without it
        application.focusChanged.connect(self._follow_focus)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ask for other room when what is held does."""
        if event.type() == QEvent.Type.LayoutRequest and watched is self._held:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    @Slot(QWidget, QWidget)
    def _follow_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Bring what is typed into in sight, however one came there."""
        if now is not None and self._held.isAncestorOf(now):
            self.ensureWidgetVisible(now)

    def sizeHint(self) -> QSize:
        held = self._held.sizeHint()
        width = self._held.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()
        return QSize(max(held.width(), width), self._height_for(self.viewport().width(), held.height()))

    def minimumSizeHint(self) -> QSize:
        width = self._held.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()
        return QSize(width, min(self._lowest, self.sizeHint().height()))

    def _height_for(self, width: int, hinted: int) -> int:
        """Lines that are broken take more height than the hint knows of."""
        layout = self._held.layout()
        if layout is not None and layout.hasHeightForWidth() and width > 0:
            return layout.totalHeightForWidth(width)
        return hinted
