"""The body in the view that suits it; what was chosen stays chosen."""

import asyncio
import gzip
import hashlib
import json
from pathlib import Path

import pytest
import zstandard
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QFileDialog, QLabel, QToolButton, QTreeView
from pytestqt.qtbot import QtBot

from inspector.core.delivery import Delivery
from inspector.gui.deliveries.body_pane import BodyPane
from inspector.gui.widgets.hex_view import HexView
from inspector.gui.widgets.image_view import ImageView
from inspector.gui.widgets.text_panel import TextPanel
from tests.gui.deliveries.samples import a_delivery, a_request, until
from tests.gui.widgets.test_image_view import a_picture

EVENT = b'{"id": "evt_1", "amount": 19.90, "tags": ["a", "b"]}'


@pytest.fixture
def pane(qtbot: QtBot, window_loop: asyncio.AbstractEventLoop) -> BodyPane:
    pane = BodyPane()
    qtbot.addWidget(pane)
    pane.resize(450, 500)
    with qtbot.waitExposed(pane):
        pane.show()
    return pane


def with_body(body: bytes | memoryview, content_type: bytes = b"", coding: bytes = b"", number: int = 1) -> Delivery:
    headers = ((b"Content-Encoding", coding),) if coding else ()
    return a_delivery(a_request(body, *headers, content_type=content_type), number=number)


def offered(pane: BodyPane) -> list[str]:
    buttons = pane.findChildren(QToolButton)
    return [b.text() for b in buttons if b.objectName().startswith("view_") and b.isVisible()]


def chosen(pane: BodyPane) -> str:
    buttons = pane.findChildren(QToolButton)
    return next(b.text() for b in buttons if b.objectName().startswith("view_") and b.isChecked())


def choose(pane: BodyPane, view: str) -> None:
    button = pane.findChild(QToolButton, f"view_{view}")
    assert isinstance(button, QToolButton)
    button.click()


def shown_text(pane: BodyPane, name: str = "text_body") -> str:
    panel = pane.findChild(TextPanel, name)
    assert isinstance(panel, TextPanel)
    assert panel.isVisible()
    return panel.text()


def notice(pane: BodyPane) -> str:
    label = pane.findChild(QLabel, "body_notice")
    assert isinstance(label, QLabel)
    return label.text() if label.isVisible() else ""


def facts(pane: BodyPane) -> str:
    label = pane.findChild(QLabel, "body_facts")
    assert isinstance(label, QLabel)
    return label.text()


def pick(pane: BodyPane, name: str, text: str) -> None:
    box = pane.findChild(QComboBox, name)
    assert isinstance(box, QComboBox)
    box.setCurrentText(text)
    box.activated.emit(box.currentIndex())


@pytest.mark.parametrize(
    ("body", "content_type", "views"),
    [
        (EVENT, b"application/json", ["Tree", "Pretty", "Text", "Hex"]),
        (EVENT, b"application/vnd.api+json; charset=utf-8", ["Tree", "Pretty", "Text", "Hex"]),
        (EVENT, b"text/plain", ["Tree", "Pretty", "Text", "Hex"]),
        (b"a=1&b=2", b"application/x-www-form-urlencoded", ["Text", "Hex"]),
        (b"\x00\x01\xff", b"", ["Text", "Hex"]),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"image/svg+xml", ["Text", "Hex"]),
        (b"", b"", ["Text", "Hex"]),
    ],
)
def test_the_views_suit_the_body(pane: BodyPane, body: bytes, content_type: bytes, views: list[str]) -> None:
    pane.show_delivery(with_body(body, content_type))
    assert offered(pane) == views


@pytest.mark.parametrize(("body", "view"), [(EVENT, "Tree"), (b"plain", "Text"), (b"\x00\xff", "Hex")])
def test_the_best_view_is_shown_first(pane: BodyPane, body: bytes, view: str) -> None:
    pane.show_delivery(with_body(body))
    assert chosen(pane) == view


def test_the_chosen_view_stays_and_comes_back_where_it_suits(pane: BodyPane) -> None:
    pane.show_delivery(with_body(EVENT))
    choose(pane, "pretty")
    pane.show_delivery(with_body(b"\x00\xff", number=2))
    assert chosen(pane) == "Hex"
    pane.show_delivery(with_body(EVENT, number=3))
    assert chosen(pane) == "Pretty"


def test_a_body_is_laid_out_without_touching_its_numbers(pane: BodyPane) -> None:
    pane.show_delivery(with_body(EVENT))
    choose(pane, "pretty")
    assert shown_text(pane, "pretty_body").splitlines()[2] == '  "amount": 19.90,'


def test_what_claims_to_be_json_and_is_not_is_text_with_the_reason(pane: BodyPane) -> None:
    pane.show_delivery(with_body(b'{"a": tru}', b"application/json"))
    assert shown_text(pane) == '{"a": tru}'
    assert notice(pane).startswith("Shown as text: ")


def test_the_declared_charset_is_used_until_another_is_picked(pane: BodyPane) -> None:
    pane.show_delivery(with_body(b"caf\xe9", b"text/plain; charset=ISO-8859-1"))
    assert shown_text(pane) == "café"
    pick(pane, "encodings", "utf-8")
    assert shown_text(pane) == "caf⟨E9⟩"
    pane.show_delivery(with_body(b"na\xefve", b"text/plain; charset=ISO-8859-1", number=2))
    assert shown_text(pane) == "na⟨EF⟩ve"


@pytest.mark.parametrize("charset", [b"no-such-thing", b"zlib", b"base64", b"undefined", b"idna", b"../../x"])
def test_a_charset_that_is_none_is_read_as_utf_8(pane: BodyPane, charset: bytes) -> None:
    pane.show_delivery(with_body("é".encode(), b"text/plain; charset=" + charset))
    choose(pane, "text")
    assert shown_text(pane) == "é"


@pytest.mark.parametrize(("coding", "pack"), [(b"gzip", gzip.compress), (b"zstd", zstandard.compress)])
def test_a_coded_body_is_shown_decompressed_and_as_sent(pane: BodyPane, coding: bytes, pack: object) -> None:
    assert callable(pack)
    pane.show_delivery(with_body(pack(EVENT), b"application/json", coding))
    assert chosen(pane) == "Tree"
    assert f"{len(EVENT)} decompressed" in facts(pane)
    pick(pane, "codings", "As sent")
    assert chosen(pane) == "Hex"
    assert hashlib.sha256(pack(EVENT)).hexdigest()[:12] in facts(pane)


def test_a_bomb_is_cut_and_says_so(pane: BodyPane, window_loop: asyncio.AbstractEventLoop) -> None:
    pane.show_delivery(with_body(gzip.compress(bytes(100_000_000)), b"", b"gzip"))
    window_loop.run_until_complete(until(lambda: "cut there" in notice(pane)))
    assert "10,485,760 decompressed" in facts(pane)


@pytest.mark.parametrize(
    ("body", "coding", "said"),
    [
        (b"not gzip", b"gzip", "The gzip coding is damaged"),
        (gzip.compress(EVENT, mtime=0)[:-9], b"gzip", "ends too early"),
        (b"abc", b"rot13", "The coding rot13 is not known here"),
    ],
)
def test_a_coding_that_cannot_be_undone_says_why(pane: BodyPane, body: bytes, coding: bytes, said: str) -> None:
    pane.show_delivery(with_body(body, b"", coding))
    assert said in notice(pane)


def test_size_type_and_digest_are_told(pane: BodyPane) -> None:
    pane.show_delivery(with_body(EVENT, b"application/json"))
    digest = hashlib.sha256(EVENT).hexdigest()
    assert facts(pane) == f"{len(EVENT)} bytes · application/json · sha256 {digest[:12]}…{digest[-4:]}"


def test_a_large_body_is_hashed_in_a_thread(pane: BodyPane, window_loop: asyncio.AbstractEventLoop) -> None:
    body = memoryview(b"x" * 3_000_000)
    pane.show_delivery(with_body(body))
    digest = hashlib.sha256(body).hexdigest()
    window_loop.run_until_complete(until(lambda: digest[:12] in facts(pane)))
    assert "3,000,000 bytes" in facts(pane)


def test_the_body_is_copied_as_text_or_as_digits(pane: BodyPane) -> None:
    pane.show_delivery(with_body(b"caf\xc3\xa9"))
    pane.copy_body()
    assert QGuiApplication.clipboard().text() == "café"
    choose(pane, "hex")
    pane.copy_body()
    assert QGuiApplication.clipboard().text() == "63 61 66 c3 a9"


def test_the_body_is_saved_byte_for_byte(
    pane: BodyPane, window_loop: asyncio.AbstractEventLoop, tmp_path: Path
) -> None:
    body, file = bytes(range(256)) * 4, tmp_path / "body.bin"
    pane.show_delivery(with_body(body))
    said: list[str] = []
    pane.said.connect(said.append)
    pane.save_body()
    dialog = pane.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    dialog.fileSelected.emit(str(file))
    window_loop.run_until_complete(until(lambda: bool(said)))
    dialog.close()
    assert file.read_bytes() == body


def test_a_folder_that_refuses_is_said(pane: BodyPane, window_loop: asyncio.AbstractEventLoop, tmp_path: Path) -> None:
    pane.show_delivery(with_body(b"x"))
    pane.save_body()
    dialog = pane.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "missing" / "body.bin"))
    window_loop.run_until_complete(until(lambda: bool(notice(pane))))
    dialog.close()
    assert notice(pane).startswith("The body could not be saved: ")


def test_a_picture_is_shown_as_one(pane: BodyPane, window_loop: asyncio.AbstractEventLoop) -> None:
    pane.show_delivery(with_body(a_picture("png"), b"text/html"))
    assert chosen(pane) == "Picture"
    window_loop.run_until_complete(until(lambda: "30 × 20" in facts(pane)))
    view = pane.findChild(ImageView)
    assert isinstance(view, ImageView)
    assert view.isVisible()


def test_finding_works_in_every_view(pane: BodyPane, window_loop: asyncio.AbstractEventLoop) -> None:
    pane.show_delivery(with_body(EVENT))
    for view in ("tree", "pretty", "text", "hex"):
        choose(pane, view)
        assert window_loop.run_until_complete(pane.find_text("EVT_1", backward=False)), view
        assert not window_loop.run_until_complete(pane.find_text("missing", backward=False)), view


def test_finding_in_the_tree_goes_on_back_and_around(pane: BodyPane, window_loop: asyncio.AbstractEventLoop) -> None:
    pane.show_delivery(with_body(json.dumps({"a": {"x": "hit"}, "b": ["hit"], "c": 1}).encode()))
    tree = pane.findChild(QTreeView)
    assert isinstance(tree, QTreeView)
    found = []
    for backward in (False, False, False, True):
        assert window_loop.run_until_complete(pane.find_text("hit", backward=backward))
        found.append(tree.currentIndex().data())
    assert found == ["x", "0", "x", "0"]


def test_a_value_in_the_tree_is_copied_by_keyboard(pane: BodyPane, window_loop: asyncio.AbstractEventLoop) -> None:
    pane.show_delivery(with_body(b'{"a": "line\\nbreak"}'))
    assert window_loop.run_until_complete(pane.find_text("line", backward=False))
    tree = pane.findChild(QTreeView)
    assert isinstance(tree, QTreeView)
    next(action for action in tree.actions() if action.objectName() == "copy_json_value").trigger()
    assert QGuiApplication.clipboard().text() == "line\nbreak"


def test_the_same_delivery_again_leaves_the_view_where_it_is(pane: BodyPane) -> None:
    delivery = with_body(b"\n".join(b"line %d" % number for number in range(500)))
    pane.show_delivery(delivery)
    choose(pane, "hex")
    view = pane.findChild(HexView)
    assert isinstance(view, HexView)
    QTest.keyClick(view, Qt.Key.Key_PageDown)
    before = view.cursor_offset
    pane.show_delivery(delivery)
    assert view.cursor_offset == before > 0
