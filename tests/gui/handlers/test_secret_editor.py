"""Secrets are masked until asked for, and remarked on while they are typed."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from inspector.core.handler import SecretRef
from inspector.core.verification.verification_type import TYPES
from inspector.gui.handlers.draft import DraftSecret
from inspector.gui.handlers.secret_editor import SecretEditor

KEPT = DraftSecret("current", SecretRef("1", "current"))
SECRET = "It's a Secret to Everybody"


@pytest.fixture
def editor(qtbot: QtBot) -> SecretEditor:
    made = SecretEditor()
    qtbot.addWidget(made)
    made.show()
    return made


def type_into(line: QLineEdit, text: str) -> None:
    line.setText(text)
    line.textEdited.emit(text)


def test_what_is_shown_comes_back(editor: SecretEditor) -> None:
    secrets = (KEPT, DraftSecret("new", value=SECRET), DraftSecret("old", SecretRef("2", "old"), retired=True))
    editor.fill(secrets)
    assert editor.secrets() == secrets


def test_nothing_is_readable_until_it_is_asked_for(editor: SecretEditor) -> None:
    editor.fill([KEPT, DraftSecret("new", value=SECRET)])
    assert [row.value.echoMode() for row in editor.rows] == [QLineEdit.EchoMode.Password] * 2
    assert [row.value.displayText() for row in editor.rows] == ["●" * 12, "●" * len(SECRET)]


def test_a_typed_secret_can_be_looked_at_and_hidden_again(editor: SecretEditor) -> None:
    editor.add_empty()
    (row,) = editor.rows
    type_into(row.value, SECRET)
    row.reveal.click()
    assert row.value.displayText() == SECRET
    row.reveal.click()
    assert row.value.displayText() == "●" * len(SECRET)
    assert editor.secrets() == (DraftSecret("secret", value=SECRET),)


def test_to_reveal_a_kept_secret_its_value_is_asked_for_once(editor: SecretEditor, qtbot: QtBot) -> None:
    editor.fill([KEPT])
    (row,) = editor.rows
    with qtbot.waitSignal(editor.reveal_requested) as asked:
        row.reveal.click()
    assert asked.args == ["1"]
    assert row.value.displayText() == "●" * 12
    editor.show_value("1", SECRET)
    assert row.value.displayText() == SECRET
    row.reveal.click()
    with qtbot.assertNotEmitted(editor.reveal_requested):
        row.reveal.click()


def test_a_value_that_comes_after_it_was_hidden_again_is_not_shown(editor: SecretEditor) -> None:
    editor.fill([KEPT])
    (row,) = editor.rows
    row.reveal.click()
    row.reveal.click()
    editor.show_value("1", SECRET)
    assert row.value.displayText() == "●" * 12


def test_remarks_follow_what_is_typed(editor: SecretEditor) -> None:
    editor.add_empty()
    (row,) = editor.rows
    type_into(row.value, "sk_test_4eC39HqLyjWDarjtT1zdp7dc ")
    editor.remark(TYPES[1].scheme, "shop-live")
    assert [notice.text for notice in row._notices if notice.isVisible()] == [
        "White space at its end counts as a part of it.",
        "“sk_test_” begins an API key of Stripe.",
        "A test-mode key, in a handler that is named as the live one.",
    ]
    type_into(row.value, SECRET)
    editor.remark(TYPES[1].scheme, "shop-live")
    assert [notice.text for notice in row._notices if notice.isVisible()] == []


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b"secret", "secret"),
        (b"secret\n", "secret"),
        (b"secret\r\n", "secret"),
        (b"secret\n\n", "secret\n"),
        (b" secret ", " secret "),
        (b"secret\r", "secret\r"),
        ("schlüssel\n".encode(), "schlüssel"),
    ],
)
def test_one_final_line_break_of_a_file_is_cut_and_nothing_else(
    editor: SecretEditor, tmp_path: Path, data: bytes, value: str
) -> None:
    (tmp_path / "secret").write_bytes(data)
    editor.add_file(str(tmp_path / "secret"))
    assert editor.secrets()[0].value == value


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xff\xfe", "The file is no text in UTF-8."),
        (b"", "The file is empty, or too large for a secret."),
        (b"\n", "The file is empty, or too large for a secret."),
        (b"x" * 70_000, "The file is empty, or too large for a secret."),
        (None, "The file cannot be read: No such file or directory."),
    ],
)
def test_a_file_that_has_no_secret_says_why(
    editor: SecretEditor, tmp_path: Path, data: bytes | None, text: str
) -> None:
    if data is not None:
        (tmp_path / "secret").write_bytes(data)
    editor.add_file(str(tmp_path / "secret"))
    assert editor.secrets() == ()
    assert editor._problem.text == text


def test_the_file_dialog_does_not_block(editor: SecretEditor, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "secret").write_text(SECRET)
    editor.load.click()
    dialog = editor.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "secret"))
    assert editor.secrets()[0].value == SECRET
    with qtbot.waitSignal(dialog.destroyed):
        dialog.close()


def test_labels_of_new_secrets_differ(editor: SecretEditor) -> None:
    for _ in range(3):
        editor.add_empty()
    assert [secret.label for secret in editor.secrets()] == ["secret", "secret 2", "secret 3"]


def test_a_removed_secret_is_gone_and_the_focus_stays_near(editor: SecretEditor, qtbot: QtBot) -> None:
    editor.fill([KEPT, DraftSecret("other", SecretRef("2", "other"))])
    with qtbot.waitSignal(editor.changed):
        editor.rows[0].remove.click()
    assert [secret.label for secret in editor.secrets()] == ["other"]
    editor.rows[0].remove.click()
    assert editor.secrets() == ()
    assert editor._none.isVisible()
