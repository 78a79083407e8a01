"""Where a simulated delivery goes: to the own listener until another target is typed."""

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QWidget

from inspector.gui.widgets.rows import name_inside, quiet_wheel


def dress(box: QComboBox, name: str, spoken: str, *, editable: bool = False) -> None:
    """Make `box` one of this page's: as narrow as it must be, and still while one scrolls past."""
    box.setObjectName(name)
    box.setEditable(editable)
    box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(16)
    box.setAccessibleName(spoken)
    name_inside(box, spoken)
    quiet_wheel(box)
    if editable and (edit := box.lineEdit()) is not None:
        edit.setMaxLength(8192)
        box.setCompleter(None)  # type: ignore[arg-type]  # None is none


class TargetChoice(QComboBox):
    """A URL, or one of those that were used. What stands for the own listener follows it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.own_url = ""  # of the own listener; empty where it does not run
        self._path = ""
        dress(self, "simulator-target", self.tr("Target"), editable=True)

    @property
    def is_own(self) -> bool:
        """Whether it is the own listener."""
        text, origin = self.currentText(), self.own_url.rstrip("/")
        return bool(origin) and (text == origin or text.startswith(f"{origin}/"))

    def use_own_url(self, url: str) -> None:
        """The own listener is here now."""
        was_own = self.is_own
        self.own_url = url
        if was_own or not self.currentText():
            self._write_own()

    def use_path(self, path: str) -> None:
        """What is sent to the own listener goes to this path; empty: nothing is sent yet."""
        self._path = path

    def begin(self) -> None:
        """Begin with the own listener, unless another target is typed."""
        if self.is_own or not self.currentText():
            self._write_own()

    def follow_path(self) -> None:
        """The path may be another one now."""
        if self.is_own:
            self._write_own()

    def offer(self, urls: Sequence[str]) -> None:
        """Offer targets that were used, the last one first, besides the own listener."""
        typed = self.currentText()
        self.blockSignals(True)  # noqa: FBT003 - Qt's signature
        self.clear()
        own = self._own()
        self.addItems([*([own] if own else []), *urls])
        self.setEditText(typed)
        self.blockSignals(False)  # noqa: FBT003

    def missing(self) -> str:
        """What to type where nothing is typed."""
        if not self.own_url:
            return self.tr("The own listener does not run: type where to send it.")
        return self.tr("Type where to send it.")

    def _own(self) -> str:
        return self.own_url.rstrip("/") + self._path if self.own_url and self._path else ""

    def _write_own(self) -> None:
        own = self._own()
        if self.currentText() != own:
            if self.count() and self.own_url and self.itemText(0).startswith(self.own_url):
                self.setItemText(0, own)
            self.setEditText(own)
