"""Looking is safe: no payload fetches, opens, runs or freezes anything, whichever view it is shown in."""

import asyncio
import gzip
from pathlib import Path
from time import perf_counter

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QToolButton
from pytestqt.qtbot import QtBot

from inspector.core.delivery import Rung, Standing
from inspector.gui.deliveries.delivery_details import DeliveryDetails
from tests.gui.deliveries.samples import a_delivery, a_request, expected, handler_of
from tests.gui.widgets.test_image_view import a_png_that_claims

RED = "#fe0102"
LIMIT_S = 1.0

PAYLOADS: dict[str, tuple[bytes, bytes]] = {
    "markup that names a file": (b"<img src=file:///etc/passwd><h1>x</h1>", b"text/html"),
    "markup in json": (b'{"<b>k</b>": "<img src=\'file:///etc/passwd\'>"}', b"application/json"),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>', b"image/svg+xml"),
    "bidi": ('{"file": "\u202egpj.exe", "\u2066x": 1}'.encode(), b"application/json"),
    "zero bytes": (b"a\x00b" * 10_000, b"text/plain"),
    "escape sequences": (b"\x1b]0;title\x07\x1b[2J" * 1_000, b"text/plain"),
    "deep arrays": (b"[" * 100_000 + b"]" * 100_000, b"application/json"),
    "deep objects": (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, b"application/json"),
    "a long number": (b"[" + b"9" * 10_000 + b"]", b"application/json"),
    "a number beyond all": (b"[1e999999999, -1e-999999999]", b"application/json"),
    "one long line": (b"x" * 5_000_000, b"text/plain"),
    "one long string": (b'{"a": "' + b"x" * 5_000_000 + b'"}', b"application/json"),
    "one long key": (b'{"' + b"k" * 5_000_000 + b'": 1}', b"application/json"),
    "a long line of wide characters": ("表".encode() * 1_500_000, b"text/plain"),
    "combining characters": (b"a" + "\u0301".encode() * 500_000, b"text/plain"),
    "invalid utf-8": (b"\xff\xfe\x80" * 100_000, b"text/plain; charset=utf-8"),
    "invalid utf-8 in json": (b'{"a": "\xff\xc0\x80", "\xfe": 1}', b"application/json"),
    "half a surrogate pair": (b'["\\ud800", "\\udfff\\ud800"]', b"application/json"),
    "two million line ends": (b"\n" * 2_000_000, b"text/plain"),
    "two hundred thousand members": (b"[" + b",".join([b"{}"] * 200_000) + b"]", b"application/json"),
    "two hundred thousand keys": (
        b"{" + b",".join(b'"k%d":%d' % (n, n) for n in range(200_000)) + b"}",
        b"application/json",
    ),
    "the same key again and again": (b"{" + b",".join([b'"a":1'] * 20_000) + b"}", b"application/json"),
    "a codec that is none": (b"x", b"text/plain; charset=zlib_codec"),
    "utf-16 of odd length": (b"\xff\xfea\x00b", b"text/plain; charset=utf-16"),
    "a picture of many pixels": (a_png_that_claims(60_000, 60_000), b"image/png"),
    "a bitmap of nothing": (b"BM" + bytes(60), b"image/bmp"),
    "a gif that ends": (b"GIF89a\xff\xff\xff\xff", b"image/gif"),
    "nothing": (b"", b"application/json"),
    "only a byte order mark": (b"\xef\xbb\xbf", b"application/json"),
    "printf and braces": (b'{"a": "%s %n {0} {delivery.__class__}"}', b"application/json"),
}  # fmt: skip


@pytest.fixture
def details(qtbot: QtBot, window_loop: asyncio.AbstractEventLoop) -> DeliveryDetails:
    details = DeliveryDetails(expected, handler_of)
    qtbot.addWidget(details)
    details.resize(450, 600)
    with qtbot.waitExposed(details):
        details.show()
    return details


@pytest.fixture
def red_file(tmp_path: Path) -> Path:
    """A picture of one colour that nothing else in the window has: it is seen when somebody opens it."""
    file = tmp_path / "red.png"
    image = QImage(40, 40, QImage.Format.Format_RGB32)
    image.fill(QColor(RED))
    assert image.save(str(file))
    return file


async def looked_at(details: DeliveryDetails) -> float:
    """Look at every tab and every view that is offered; the longest time that the window did nothing else."""
    longest, done = 0.0, False

    async def beat() -> None:
        nonlocal longest
        while not done:
            begun = perf_counter()
            await asyncio.sleep(0)
            longest = max(longest, perf_counter() - begun)

    beating = asyncio.ensure_future(beat())
    for tab in range(4):
        details.show_tab(tab)
        await settled(details)
        views = [b for b in details.findChildren(QToolButton) if b.objectName().startswith("view_")]
        for button in [view for view in views if view.isVisible()]:
            button.click()
            await settled(details)
    done = True
    await beating
    return longest


async def settled(details: DeliveryDetails) -> None:
    """Let the window paint and its slices go on for a while; nothing red may come of it."""
    async with asyncio.timeout(10):
        for _ in range(20):
            await asyncio.sleep(0)
    image = details.grab().toImage()
    assert RED not in {
        image.pixelColor(x, y).name() for x in range(0, image.width(), 9) for y in range(0, image.height(), 9)
    }


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_payload_is_only_looked_at(
    details: DeliveryDetails, window_loop: asyncio.AbstractEventLoop, name: str
) -> None:
    body, content_type = PAYLOADS[name]
    details.show_delivery(a_delivery(a_request(memoryview(body), content_type=content_type)))
    assert window_loop.run_until_complete(looked_at(details)) < LIMIT_S


@pytest.mark.parametrize(
    "markup", [b"<img src=%s>", b'{"<img src=%s>": "<img src=%s>"}', b"<svg><image href='%s'/></svg>"]
)
def test_no_file_that_a_payload_names_is_opened(
    details: DeliveryDetails, window_loop: asyncio.AbstractEventLoop, red_file: Path, markup: bytes
) -> None:
    body = markup.replace(b"%s", red_file.as_uri().encode())
    details.show_delivery(a_delivery(a_request(body, content_type=b"text/html")))
    assert window_loop.run_until_complete(looked_at(details)) < LIMIT_S


@pytest.mark.parametrize("name", ["two million line ends", "one long line", "deep arrays"])
def test_a_compressed_payload_is_only_looked_at(
    details: DeliveryDetails, window_loop: asyncio.AbstractEventLoop, name: str
) -> None:
    body, content_type = PAYLOADS[name]
    packed = a_request(gzip.compress(body), (b"Content-Encoding", b"gzip"), content_type=content_type)
    details.show_delivery(a_delivery(packed))
    for _ in range(2):
        assert window_loop.run_until_complete(looked_at(details)) < LIMIT_S


@pytest.mark.parametrize(
    "text",
    [
        "<img src=FILE>",
        "<a href='http://127.0.0.1/'>x</a>",
        "\u202egpj.exe\x00\x1b[31m",
        "x" * 60_000,
        "&amp;&lt;{0}%s%1",
    ],
)
def test_names_values_and_answers_from_outside_are_only_text(
    details: DeliveryDetails, window_loop: asyncio.AbstractEventLoop, red_file: Path, text: str
) -> None:
    text = text.replace("FILE", red_file.as_uri())
    raw = text.encode("utf-8")
    request = a_request(b"x", (b"X-Odd", raw), (b"Content-Encoding", raw[:100]), content_type=raw)
    rung = Rung(1, text, text, Standing.FAILED, "header-missing", text, text)
    won = Rung(2, text, text, Standing.WON, secret_label=text)
    details.show_delivery(a_delivery(request, rung, won))
    assert window_loop.run_until_complete(looked_at(details)) < LIMIT_S
    assert all(len(label.text()) < 5_000 for label in details.findChildren(QLabel))
    assert all("\u202e" not in label.text() for label in details.findChildren(QLabel))
    assert all("\u202e" not in view.toPlainText() for view in details.findChildren(QPlainTextEdit))
