"""The first tab says what became of a delivery, and where every handler stands."""

import asyncio

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from inspector.core.delivery import Answer, Delivery, Recognised, Refusal, Rung, Standing, Verdict
from inspector.gui.deliveries.verdict_pane import VerdictPane, duration_text
from inspector.gui.widgets.comparison import Comparison
from tests.gui.deliveries.samples import MISMATCH, SIGNED, a_delivery, a_request, expected, handler_of, until

WON = Rung(2, "github", "bob", Standing.WON, secret_label="current")
SHADOWED = Rung(3, "any", "", Standing.SHADOWED)
OTHER_PATH = Rung(4, "other", "", Standing.NOT_APPLICABLE, "path", detail="/other/**")
DISABLED = Rung(5, "off", "", Standing.NOT_APPLICABLE, "disabled", would_verify=True)
NO_ALGORITHM = Rung(6, "odd", "", Standing.NOT_CHECKABLE, "algorithm-not-available", detail="whirlpool")


@pytest.fixture
def pane(qtbot: QtBot, window_loop: asyncio.AbstractEventLoop) -> VerdictPane:
    pane = VerdictPane(expected, handler_of)
    qtbot.addWidget(pane)
    pane.resize(450, 700)
    with qtbot.waitExposed(pane):
        pane.show()
    return pane


def texts(pane: QWidget, name: str) -> list[str]:
    return [label.text() for label in pane.findChildren(QLabel, name) if label.isVisible()]


def disclosure(pane: QWidget) -> QPushButton:
    return next(button for button in pane.findChildren(QPushButton, "show_expected") if button.isVisible())


def test_every_handler_stands_in_order_with_its_word_and_its_reason(pane: VerdictPane) -> None:
    pane.show_delivery(a_delivery(None, MISMATCH, WON, SHADOWED, OTHER_PATH, DISABLED, NO_ALGORITHM))
    assert texts(pane, "standing") == [
        "failed",
        "won",
        "would also verify",
        "does not apply",
        "does not apply",
        "cannot be checked",
    ]
    assert texts(pane, "reason") == [
        "The signature in X-Signature is not the one that any of the handler's secrets gives for this body.",
        "The first handler that verified it; its answer was sent.",
        "It verifies this delivery too, but a handler before it won.",
        "It answers other paths: /other/**.",
        "It is disabled; enabled, it would verify this delivery.",
        "The algorithm whirlpool is not available on this machine.",
    ]


@pytest.mark.parametrize(
    ("delivery", "headline", "figures", "explained"),
    [
        (a_delivery(None, MISMATCH), "No handler verified", "403 · 2.1 ms", []),
        (
            a_delivery(None, WON),
            "Won by github",
            "200 · 2.1 ms",
            ["Acting user bob, verified with the secret current."],
        ),
        (
            a_delivery(None, verdict=Verdict.REFUSED, refusal=Refusal("feature-off"), answer=Answer(403)),
            "Refused",
            "403 · 2.1 ms",
            ["Refused, because receiving was switched off. No handler saw it."],
        ),
        (a_delivery(None, MISMATCH, answered_ns=0), "No handler verified", "403 · answer not known to have left", []),
    ],
)
def test_the_headline_says_the_whole(
    pane: VerdictPane, delivery: Delivery, headline: str, figures: str, explained: list[str]
) -> None:
    pane.show_delivery(delivery)
    assert texts(pane, "headline") == [headline]
    assert texts(pane, "figures") == [figures]
    assert texts(pane, "explained") == explained


def test_without_any_handler_the_next_step_is_offered(pane: VerdictPane, qtbot: QtBot) -> None:
    pane.show_delivery(a_delivery())
    assert texts(pane, "headline") == ["No handler is configured"]
    add = pane.findChild(QPushButton, "add_handler")
    assert isinstance(add, QPushButton)
    with qtbot.waitSignal(pane.new_handler_wanted):
        add.click()


def test_a_handler_opens_by_keyboard(pane: VerdictPane, qtbot: QtBot) -> None:
    pane.show_delivery(a_delivery(None, MISMATCH, WON))
    link = pane.findChildren(QAbstractButton, "open_handler")[1]
    assert link.accessibleName() == "Open handler github"
    assert link.focusPolicy() & Qt.FocusPolicy.TabFocus
    with qtbot.waitSignal(pane.handler_wanted) as wanted:
        QTest.keyClick(link, Qt.Key.Key_Space)
    assert wanted.args == [WON]


def test_the_expected_signature_is_hidden_until_it_is_asked_for(
    pane: VerdictPane, window_loop: asyncio.AbstractEventLoop
) -> None:
    pane.show_delivery(a_delivery(a_request(b"body", SIGNED), MISMATCH))
    comparison = pane.findChild(Comparison)
    assert isinstance(comparison, Comparison)
    assert not comparison.isVisible()
    disclosure(pane).click()
    window_loop.run_until_complete(until(comparison.isVisible))
    value = window_loop.run_until_complete(expected(a_delivery(a_request(b"body", SIGNED)), MISMATCH))
    assert value is not None
    assert comparison.accessibleDescription() == f"received: {'00' * 32}; expected: {value.decode()}"
    assert texts(pane, "difference")[0].startswith("The first difference is at character ")


def test_the_expected_signature_can_be_copied(pane: VerdictPane, window_loop: asyncio.AbstractEventLoop) -> None:
    delivery = a_delivery(a_request(b"body", SIGNED), MISMATCH)
    pane.show_delivery(delivery)
    disclosure(pane).click()
    copy = pane.findChild(QPushButton, "copy_expected")
    assert isinstance(copy, QPushButton)
    window_loop.run_until_complete(until(copy.isVisible))
    copy.click()
    value = window_loop.run_until_complete(expected(delivery, MISMATCH))
    assert value is not None
    assert QGuiApplication.clipboard().text() == value.decode()


def test_the_next_delivery_hides_what_was_disclosed(pane: VerdictPane, window_loop: asyncio.AbstractEventLoop) -> None:
    pane.show_delivery(a_delivery(a_request(b"body", SIGNED), MISMATCH))
    disclosure(pane).click()
    comparison = pane.findChild(Comparison)
    assert isinstance(comparison, Comparison)
    window_loop.run_until_complete(until(comparison.isVisible))
    pane.show_delivery(a_delivery(a_request(b"other", SIGNED), MISMATCH, number=2))
    assert not comparison.isVisible()


def test_what_cannot_be_computed_says_why(qtbot: QtBot, window_loop: asyncio.AbstractEventLoop) -> None:
    async def nothing(delivery: Delivery, rung: Rung) -> bytes | None:
        return None

    pane = VerdictPane(nothing, handler_of)
    qtbot.addWidget(pane)
    pane.show()
    pane.show_delivery(a_delivery(a_request(b"body", SIGNED), MISMATCH))
    disclosure(pane).click()
    window_loop.run_until_complete(until(lambda: "cannot be computed" in "".join(texts(pane, "difference"))))
    assert not any(comparison.isVisible() for comparison in pane.findChildren(Comparison))


def test_an_engine_that_fails_is_said_beside_the_handler(qtbot: QtBot, window_loop: asyncio.AbstractEventLoop) -> None:
    async def failing(delivery: Delivery, rung: Rung) -> bytes | None:
        raise RuntimeError("the engine is not running")

    pane = VerdictPane(failing, handler_of)
    qtbot.addWidget(pane)
    pane.show()
    pane.show_delivery(a_delivery(a_request(b"body", SIGNED), MISMATCH))
    disclosure(pane).click()
    window_loop.run_until_complete(until(lambda: "engine is not running" in "".join(texts(pane, "difference"))))
    assert texts(pane, "difference") == ["The expected signature cannot be computed: the engine is not running"]


def test_only_what_was_checked_by_hmac_has_an_expected_signature(pane: VerdictPane) -> None:
    pane.show_delivery(a_delivery(None, WON, OTHER_PATH, replace(MISMATCH, reason="path"), NO_ALGORITHM))
    assert not any(button.isVisible() for button in pane.findChildren(QPushButton, "show_expected"))


def test_a_long_ladder_is_built_in_parts(pane: VerdictPane) -> None:
    pane.show_delivery(a_delivery(None, *(replace(MISMATCH, handler=f"h{number}") for number in range(120))))
    assert len(texts(pane, "standing")) == 50
    more = next(button for button in pane.findChildren(QPushButton) if "70" in button.text())
    more.click()
    assert len(texts(pane, "standing")) == 100


def test_names_from_outside_are_plain_text_with_marks(pane: VerdictPane) -> None:
    pane.show_delivery(
        a_delivery(None, replace(WON, handler="<img src=file:///x>\u202e"), answer=Answer(200, (), b"<b>ok</b>\x00"))
    )
    assert texts(pane, "headline") == ["Won by <img src=file:///x>‹RLO›"]
    assert texts(pane, "answer_body")[0].startswith("<b>ok</b>")
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in pane.findChildren(QLabel) if label.text())


@pytest.mark.parametrize(("ns", "text"), [(800_000, "0.8 ms"), (2_100_000, "2.1 ms"), (2_140_000_000, "2.1 s")])
def test_a_time_is_told_in_its_unit(ns: int, text: str) -> None:
    assert duration_text(ns) == text


def test_who_sent_it_is_named_as_far_as_it_is_known(pane: VerdictPane) -> None:
    known = replace(a_delivery(None, WON), recognised=Recognised("stripe", "invoice.paid", "evt_1", 3))
    pane.show_delivery(known)
    assert texts(pane, "origin") == ["Stripe · invoice.paid · evt_1 · attempt 3"]
    pane.show_delivery(replace(known, recognised=Recognised("no-such-provider")))
    assert texts(pane, "origin") == ["no-such-provider"]
    pane.show_delivery(a_delivery(None, WON))
    assert texts(pane, "origin") == []


def test_a_handshake_says_which_handler_answered_it(pane: VerdictPane) -> None:
    answered = Rung(2, "meta", "bob", Standing.ANSWERED)
    pane.show_delivery(a_delivery(None, answered, verdict=Verdict.HANDSHAKE, answer=Answer(200, (), b"c1")))
    assert texts(pane, "headline") == ["Handshake answered by meta"]
    assert texts(pane, "standing") == ["handshake answered"]
    assert texts(pane, "reason") == ["It answered its provider's handshake."]


def test_the_secret_that_a_handshake_brought_is_offered(pane: VerdictPane) -> None:
    answered = Rung(2, "asana", "", Standing.ANSWERED)
    request = a_request(b"", (b"X-Hook-Secret", b"b537207f20cbfa02"))
    delivery = a_delivery(request, answered, verdict=Verdict.HANDSHAKE, answer=Answer(200), number=7)
    pane.show_delivery(replace(delivery, recognised=Recognised("asana")))
    taken: list[int] = []
    pane.secret_taken.connect(taken.append)
    button = pane.findChild(QPushButton, "take_secret")
    assert isinstance(button, QPushButton)
    assert button.isVisible()
    button.click()
    assert (taken, button.isEnabled()) == ([7], False)
    pane.show_delivery(a_delivery(None, WON))
    assert not button.isVisible()
