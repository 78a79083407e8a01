"""Pictures from outside: known formats only, their size checked before anything is decoded."""

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from inspector.gui.widgets.lines import Buffer

MOST_PIXELS = 64_000_000
_LARGEST_SHOWN = 2_048  # pixels of an edge; larger pictures are made smaller while they are read
_SIGNATURES = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpeg"), (b"GIF8", "gif"), (b"BM", "bmp"))


class NotAnImage(ValueError):
    """It cannot be shown as a picture; the message is `too-large` or `damaged`."""


def image_format(start: bytes) -> str:
    """The format that the first bytes of a file name; empty for all that are not shown (SVG among them)."""
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return "webp"
    if start[:2] == b"BM" and start[6:10] != b"\0\0\0\0":
        return ""  # two letters are no proof: the reserved fields of a bitmap are zero
    return next((name for signature, name in _SIGNATURES if start.startswith(signature)), "")


def read_image(data: Buffer) -> tuple[QImage, QSize]:
    """The picture, not larger than it can be shown, and its real size. May run in any thread. Raises NotAnImage."""
    buffer = QBuffer()
    buffer.setData(QByteArray(bytes(data)))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(image_format(bytes(data[:16])).encode()))
    reader.setAutoDetectImageFormat(False)
    reader.setDecideFormatFromContent(False)
    size = reader.size()
    if not size.isValid() or size.isEmpty():
        raise NotAnImage("damaged")
    if size.width() * size.height() > MOST_PIXELS:
        raise NotAnImage("too-large")
    if max(size.width(), size.height()) > _LARGEST_SHOWN:
        reader.setScaledSize(size.scaled(_LARGEST_SHOWN, _LARGEST_SHOWN, Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    if image.isNull():
        raise NotAnImage("damaged")
    return image, size


class ImageView(QWidget):
    """Shows a picture, made smaller where it does not fit, never larger."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()

    def show_image(self, image: QImage) -> None:
        """Show `image`; a null one shows nothing."""
        self._image = image
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        if self._image.isNull():
            return
        size = self._image.size()
        if size.width() > self.width() or size.height() > self.height():
            size.scale(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        left, top = (self.width() - size.width()) / 2, (self.height() - size.height()) / 2
        painter.drawImage(QRectF(left, top, size.width(), size.height()), self._image)
