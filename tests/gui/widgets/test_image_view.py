"""Only pictures of known formats and of a sensible size are decoded."""

import struct
import zlib

import pytest
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from inspector.gui.widgets.image_view import ImageView, NotAnImage, image_format, read_image


def a_picture(kind: str, width: int = 30, height: int = 20) -> bytes:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(0xFF8800)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(buffer, kind)  # type: ignore[call-overload]  # the stubs ask for bytes, Qt for text
    return bytes(buffer.data().data())


def a_png_that_claims(width: int, height: int) -> bytes:
    def chunk(content: bytes) -> bytes:
        return struct.pack(">I", len(content) - 4) + content + struct.pack(">I", zlib.crc32(content))

    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(header) + chunk(b"IDAT" + zlib.compress(bytes(1000)))


@pytest.mark.parametrize("kind", ["png", "jpeg", "bmp"])
def test_a_picture_is_read_by_its_first_bytes(qapp: object, kind: str) -> None:
    data = a_picture(kind)
    assert image_format(data) == kind
    image, size = read_image(memoryview(data))
    assert (image.width(), size.height()) == (30, 20)


@pytest.mark.parametrize("data", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"BMW is a car", b"%PDF-1.4", b""])
def test_what_is_no_known_picture_has_no_format(data: bytes) -> None:
    assert image_format(data) == ""


def test_a_picture_of_too_many_pixels_is_never_decoded(qapp: object) -> None:
    with pytest.raises(NotAnImage, match="too-large"):
        read_image(a_png_that_claims(60_000, 60_000))


def test_a_damaged_picture_is_said_to_be_damaged(qapp: object) -> None:
    with pytest.raises(NotAnImage, match="damaged"):
        read_image(b"\x89PNG\r\n\x1a\n garbage")


def test_a_large_picture_is_made_smaller_while_it_is_read(qapp: object) -> None:
    image, size = read_image(a_picture("png", 4_096, 16))
    assert (size.width(), image.width()) == (4_096, 2_048)


def test_a_picture_is_shown(qtbot: QtBot) -> None:
    view = ImageView()
    qtbot.addWidget(view)
    view.resize(60, 60)
    view.show_image(read_image(a_picture("png"))[0])
    assert view.grab().toImage().pixelColor(30, 30).name() == "#ff8800"
