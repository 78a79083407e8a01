"""Asking which file a scenario is saved to or opened from."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from inspector.gui.scenarios.texts import tr


def ask_where_to_save(path: Path, take: Callable[[str], None], parent: QWidget) -> None:
    """`take` gets the file that is chosen; `path` is offered."""
    dialog = _dialog(tr("Save the scenario"), str(path), parent)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("toml")
    dialog.fileSelected.connect(take)
    dialog.open()


def ask_what_to_open(take: Callable[[str], None], parent: QWidget) -> None:
    """`take` gets the file that is chosen."""
    dialog = _dialog(tr("Open a scenario"), "", parent)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.fileSelected.connect(take)
    dialog.open()


def _dialog(title: str, path: str, parent: QWidget) -> QFileDialog:
    dialog = QFileDialog(parent, title, path, tr("Scenarios (*.toml)"))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return dialog
