"""The list shows the chain in its order and keeps the selection by the handler, not by the row."""

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from inspector.core.handler import Handler
from inspector.core.verification.scheme import Scheme, SignaturePlace
from inspector.core.verification.verification_type import TYPES
from inspector.gui.handlers.handler_list import Entry, HandlerList, HandlerListModel
from inspector.gui.theme import spacing

BASE64, HEX, TOKEN, NONE = (each.scheme for each in TYPES)


def an_entry(id_: int, name: str = "", scheme: Scheme = NONE, *, unsaved: bool = False, **values: object) -> Entry:
    return Entry(id_, Handler(name, scheme, id=id_, **values), unsaved)  # type: ignore[arg-type]


@pytest.fixture
def handlers(qtbot: QtBot) -> HandlerList:
    made = HandlerList(HandlerListModel())
    qtbot.addWidget(made)
    made.show()
    return made


def model_of(handlers: HandlerList) -> HandlerListModel:
    model = handlers.model()
    assert isinstance(model, HandlerListModel)
    return model


def test_it_is_a_model_that_qt_accepts(qtmodeltester: ModelTester) -> None:
    model = HandlerListModel()
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    model.show_entries([an_entry(1, "a"), an_entry(2, "b", HEX), an_entry(-1, unsaved=True)])
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]


def test_only_handlers_of_the_chain_can_be_dragged() -> None:
    model = HandlerListModel()
    model.show_entries([an_entry(1, "a"), an_entry(-1, unsaved=True)])
    draggable = [bool(model.flags(model.index(row)) & Qt.ItemFlag.ItemIsDragEnabled) for row in range(2)]
    assert draggable == [True, False]
    assert model.flags(QModelIndex()) & Qt.ItemFlag.ItemIsDropEnabled


@pytest.mark.parametrize(
    ("entry", "spoken"),
    [
        (
            an_entry(1, "github", HEX, path="/gh"),
            "1: github, enabled, HMAC (hex), sha256, X-Hub-Signature-256, /gh",
        ),
        (
            an_entry(1, "shop", BASE64, enabled=False),
            "1: shop, disabled, Base64 HMAC, sha256, Webhook-Signature, every path",
        ),
        (an_entry(-1, "", TOKEN, unsaved=True), "1: New handler, not saved, Secret in a header, X-Token, every path"),
        (an_entry(1, "any"), "1: any, enabled, Verifies everything, every path"),
        (
            an_entry(1, "odd", Scheme("hmac", "gost", signature=SignaturePlace(name="S"))),
            "1: odd, enabled, HMAC (hex), gost (not on this machine), S, every path",
        ),
        (an_entry(1, "jwt", Scheme("jwt")), "1: jwt, enabled, JSON Web Token, every path"),
    ],
)
def test_a_line_says_in_words_what_it_shows(entry: Entry, spoken: str) -> None:
    model = HandlerListModel()
    model.show_entries([entry])
    assert model.index(0).data(Qt.ItemDataRole.AccessibleTextRole) == spoken


def test_the_selection_stays_with_the_handler_when_it_moves(handlers: HandlerList) -> None:
    model = model_of(handlers)
    model.show_entries([an_entry(1, "a"), an_entry(2, "b"), an_entry(3, "c")])
    handlers.choose(2)
    model.show_entries([an_entry(2, "b"), an_entry(1, "a"), an_entry(3, "c")])
    assert handlers.current_id == 2
    assert handlers.currentIndex().row() == 0


def test_where_the_selected_one_is_gone_its_neighbour_is_selected(handlers: HandlerList, qtbot: QtBot) -> None:
    model = model_of(handlers)
    model.show_entries([an_entry(1, "a"), an_entry(2, "b"), an_entry(3, "c")])
    handlers.choose(2)
    with qtbot.waitSignal(handlers.chosen) as told:
        model.show_entries([an_entry(1, "a"), an_entry(3, "c")])
    assert told.args == [3]
    with qtbot.waitSignal(handlers.chosen) as told:
        model.show_entries([an_entry(1, "a")])
    assert told.args == [1]
    with qtbot.waitSignal(handlers.chosen) as told:
        model.show_entries([])
    assert told.args == [0]


def test_what_only_changed_is_painted_anew_and_not_listed_anew(handlers: HandlerList, qtbot: QtBot) -> None:
    model = model_of(handlers)
    model.show_entries([an_entry(1, "a"), an_entry(2, "b")])
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.dataChanged) as changed:
        model.show_entries([an_entry(1, "a"), an_entry(2, "b", unsaved=True)])
    assert changed.args is not None
    assert changed.args[0].row() == 1


def test_long_names_are_elided_and_leave_the_margin_free(handlers: HandlerList) -> None:
    def margin() -> list[QColor]:
        QApplication.processEvents()
        shot = handlers.viewport().grab().toImage()
        return [shot.pixelColor(shot.width() - x, y) for x in range(1, spacing()) for y in range(shot.height())]

    handlers.resize(260, 100)
    model_of(handlers).show_entries([an_entry(1, "n")])
    short = margin()
    model_of(handlers).show_entries([an_entry(1, "n" * 200, HEX, path="/" + "p" * 200, user="u" * 200)])
    assert margin() == short
