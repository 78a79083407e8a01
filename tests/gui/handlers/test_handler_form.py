"""The form of a handler says what its fields mean while they are filled in."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QLabel, QWidget
from pytestqt.qtbot import QtBot

from inspector.core.handler import Handler, Response, SecretRef
from inspector.core.verification.digests import available_digests
from inspector.core.verification.scheme import Scheme, SignaturePlace
from inspector.core.verification.verification_type import TYPES
from inspector.gui.handlers.draft import draft_of
from inspector.gui.handlers.handler_form import HandlerForm
from inspector.gui.widgets.notice import Tone

BASE64, HEX, TOKEN, NONE = (each.scheme for each in TYPES)
GITHUB = Handler(
    "github",
    HEX,
    user="ci",
    path="/github/**",
    secrets=(SecretRef("1", "current"), SecretRef("2", "old", retired=True)),
    response=Response(202, (("X-A", "1"), ("X-B", "2")), "thanks"),
    id=4,
)


@pytest.fixture
def form(qtbot: QtBot) -> HandlerForm:
    made = HandlerForm()
    qtbot.addWidget(made)
    made.resize(700, 900)
    made.show_draft(draft_of(GITHUB), [Handler("shop", BASE64, id=1)])
    made.show()
    return made


def shown(form: HandlerForm) -> set[str]:
    return {name for name in ("algorithm", "header", "prefix", "secrets") if form.rows[name].shown}


def test_a_draft_comes_back_as_it_was(form: HandlerForm) -> None:
    assert form.draft() == draft_of(GITHUB)


def test_showing_is_no_edit(form: HandlerForm, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(form.edited):
        form.show_draft(draft_of(replace(GITHUB, name="other", id=5)), [])


@pytest.mark.parametrize(
    ("type_id", "fields"),
    [
        ("base64-hmac", {"algorithm", "header", "prefix", "secrets"}),
        ("hmac", {"algorithm", "header", "prefix", "secrets"}),
        ("token", {"header", "prefix", "secrets"}),
        ("none", set()),
    ],
)
def test_a_verification_type_shows_its_fields(form: HandlerForm, type_id: str, fields: set[str]) -> None:
    choose_type(form, type_id)
    assert shown(form) == fields
    assert form.scheme().kind == ("hmac" if "hmac" in type_id else type_id)


def test_another_type_brings_its_usual_header_but_keeps_a_typed_one(form: HandlerForm) -> None:
    choose_type(form, "base64-hmac")
    assert (form.header.text(), form.prefix.text()) == ("Webhook-Signature", "")
    form.header.setText("X-Mine")
    choose_type(form, "token")
    assert form.header.text() == "X-Mine"


def test_the_scheme_keeps_what_has_no_field(form: HandlerForm) -> None:
    form.show_draft(
        draft_of(replace(GITHUB, scheme=Scheme("hmac", "sha256", hex_upper=True, signature=SignaturePlace(name="S")))),
        [],
    )
    form.prefix.setText("v1=")
    assert form.scheme() == Scheme(
        "hmac", "sha256", hex_upper=True, signature=SignaturePlace(name="S", format="prefix", prefix="v1=")
    )


def test_every_algorithm_of_the_machine_is_offered_and_any_can_be_typed(form: HandlerForm) -> None:
    offered = [form.algorithm.itemText(place) for place in range(form.algorithm.count())]
    assert offered == list(available_digests())
    form.algorithm.setEditText("gost-1994")
    notice = form.rows["algorithm"].notice
    assert notice.text.startswith("This machine has no gost-1994.")
    assert notice.tone is Tone.REMARK
    assert form.is_ready()
    assert form.scheme().algorithm == "gost-1994"
    form.algorithm.setEditText("SHA-512/256")
    assert notice.text == ""


@pytest.mark.parametrize(
    ("path", "text", "tone"),
    [
        ("/github/push", "Matches /github/push", Tone.GOOD),
        ("/gitlab/push", "Does not match /gitlab/push", Tone.NEUTRAL),
    ],
)
def test_a_path_is_tried_while_the_pattern_is_typed(form: HandlerForm, path: str, text: str, tone: Tone) -> None:
    form.try_path(path)
    notice = form.rows["sample"].notice
    assert (notice.text, notice.tone) == (text, tone)
    form.path.setText("/**")
    assert notice.tone is Tone.GOOD
    form.path.setText("")
    assert not form.rows["sample"].shown  # every path needs no trying


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("name", "shop", "Another handler is named “shop”."),
        ("path", "github", "A path pattern begins with / or * and has no query."),
        ("path", "/a?b=c", "A path pattern begins with / or * and has no query."),
        ("header", "X Y", "A header’s name has letters, digits and !#$%&'*+-.^_`|~ only, no space and no colon."),
        ("header", "X-Y:", "A header’s name has letters, digits and !#$%&'*+-.^_`|~ only, no space and no colon."),
        ("headers", "X-A", "Line 1 has no colon: write “Name: value”."),
        ("headers", "X A: 1", "“X A” cannot be a header’s name."),
        ("headers", "Content-Length: 5", "Content-Length is set by the listener itself."),
        ("headers", "X-A: a\x0bb", "The value of X-A has a control character, or one outside of ASCII."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_while_it_is_typed(
    form: HandlerForm, field: str, value: str, text: str
) -> None:
    widget = getattr(form, field)
    (widget.setPlainText if field == "headers" else widget.setText)(value)
    notice = form.rows[field].notice
    assert (notice.text, notice.tone) == (text, Tone.PROBLEM)
    assert not form.is_ready()


@pytest.mark.parametrize("status", [0, 99, 199, 600, 999])
def test_a_status_that_is_none_is_said(form: HandlerForm, status: int) -> None:
    form.status.setValue(status)
    assert form.rows["status"].notice.text == "A status to answer with is 200 to 599."
    assert not form.is_ready()


def test_pasted_line_breaks_make_lines_and_no_values(form: HandlerForm) -> None:
    form.headers.setPlainText("X-A: 1\r\nX-Evil: 2\rX-C: 3")
    saved = form.draft().saved_with([])
    assert saved.response.headers == (("X-A", "1"), ("X-Evil", "2"), ("X-C", "3"))


@pytest.mark.parametrize(
    ("field", "text"),
    [("name", "A handler needs a name."), ("header", "Name the header that carries the signature or secret.")],
)
def test_an_empty_field_is_remarked_on_only_when_it_is_to_be_saved(form: HandlerForm, field: str, text: str) -> None:
    getattr(form, field).clear()
    assert form.rows[field].notice.text == ""
    assert not form.is_ready()
    assert form.rows[field].notice.text == text


def test_every_edit_is_told(form: HandlerForm, qtbot: QtBot) -> None:
    def edits() -> Iterator[Callable[[], object]]:
        yield lambda: form.name.setText("x")
        yield form.enabled.toggle
        yield lambda: form.status.setValue(204)
        yield lambda: form.body.setPlainText("x")
        yield lambda: form.algorithm.setEditText("sha512")
        yield form.secrets.add_empty
        yield lambda: choose_type(form, "none")

    for edit in edits():
        with qtbot.waitSignal(form.edited, timeout=1000):
            edit()


# For those who do not see it, or have no mouse


def test_every_control_has_a_name(form: HandlerForm) -> None:
    form.secrets.add_empty()
    controls = [child for child in form.findChildren(QWidget) if child.focusPolicy() is not Qt.FocusPolicy.NoFocus]
    unnamed = [
        child
        for child in controls
        if (interface := QAccessible.queryAccessibleInterface(child)) and not interface.text(QAccessible.Text.Name)
    ]
    assert controls
    assert unnamed == []


def test_mnemonics_are_all_different(form: HandlerForm) -> None:
    texts = [each.text() for each in form.findChildren(QLabel) if each.buddy()]
    texts += [each.text() for each in form.findChildren(QAbstractButton) if isinstance(each, QAbstractButton)]
    keys = [key.toString() for text in texts if not (key := QKeySequence.mnemonic(text)).isEmpty()]
    assert len(keys) > 10
    assert len(keys) == len(set(keys))
    menus = {f"Alt+{letter}" for letter in "DEVLHAO"}
    assert not menus & set(keys)


def test_the_tab_key_follows_the_reading_order(form: HandlerForm) -> None:
    form.try_path("/")
    order: list[QWidget] = []
    widget: QWidget | None = form.name
    while widget is not None and widget not in order[:1]:
        if widget.isVisible() and form.isAncestorOf(widget) and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            order.append(widget)
        widget = widget.nextInFocusChain()
    tops = [widget.mapTo(form, widget.rect().topLeft()).y() for widget in order]
    assert isinstance(order[1], QCheckBox)
    assert order[-1] is form.body
    assert tops == sorted(tops)


def choose_type(form: HandlerForm, type_id: str) -> None:
    place = form.type.findData(type_id)
    form.type.setCurrentIndex(place)
    form.type.activated.emit(place)
