"""How a body is looked at: view, encoding, decompressed or as sent; and what can be done with it."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QComboBox, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from inspector.gui.deliveries.body_content import ENCODINGS, BodyKind, BodyView
from inspector.gui.icons import icon
from inspector.gui.theme import spacing
from inspector.gui.widgets.safe_text import marked


class BodyBar(QWidget):
    """Remembers what was chosen, and falls back where that does not suit the body shown now."""

    view_chosen = Signal()
    encoding_chosen = Signal()
    decoding_chosen = Signal()
    copy_wanted = Signal()
    save_wanted = Signal()
    find_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind = BodyKind("", "utf-8", (BodyView.HEX,))
        self._preferred: list[BodyView] = []  # the last choice first
        self._view = BodyView.HEX
        self._build_views()
        first = QHBoxLayout()
        first.setSpacing(spacing())
        for button in self._view_buttons.values():
            first.addWidget(button)
        first.addStretch(1)
        self._commands = [
            self._command("search", self.tr("Find in body (Ctrl+F)"), "find_in_body"),
            self._command("copy", self.tr("Copy body"), "copy_body"),
            self._command("download", self.tr("Save body to a file"), "save_body"),
        ]
        for button, wanted in zip(self._commands, (self.find_wanted, self.copy_wanted, self.save_wanted), strict=True):
            button.clicked.connect(wanted)
            first.addWidget(button)
        self._build_choices()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(spacing())
        column.addLayout(first)
        column.addWidget(self._choices)

    @property
    def view(self) -> BodyView:
        """The view to show."""
        return self._view

    @property
    def encoding(self) -> str:
        """The encoding that was picked; empty: as the body says."""
        return str(self._encodings.currentData() or "")

    @property
    def wants_decoded(self) -> bool:
        """Whether content codings are to be undone."""
        return bool(self._codings.currentData())

    def offer_views(self, kind: BodyKind) -> None:
        """Offer what suits this body; the user's last choice among it, else the best one."""
        self._kind = kind
        for view, button in self._view_buttons.items():
            button.setVisible(view in kind.views)
        self._encodings.setItemText(0, self.tr("Automatic ({encoding})").format(encoding=marked(kind.encoding)))
        wanted = [view for view in self._preferred if view in kind.views]
        self._set_view(wanted[0] if wanted else kind.views[0])

    def offer_codings(self, codings: tuple[str, ...]) -> None:
        """Offer both forms where the body has content codings."""
        self._coded = bool(codings)
        self._codings.setVisible(self._coded)
        if codings:
            self._codings.setItemText(0, self.tr("{codings} undone").format(codings=marked(", ".join(codings)[:60])))
        self._show_choices()

    def tint(self) -> None:
        """The palette has changed."""
        for button in self._commands:
            button.setIcon(icon(str(button.property("icon_name"))))

    def _build_views(self) -> None:
        self._view_buttons: dict[BodyView, QToolButton] = {}
        self._group = QButtonGroup(self)
        names = {
            BodyView.TREE: self.tr("Tree"),
            BodyView.PRETTY: self.tr("Pretty"),
            BodyView.IMAGE: self.tr("Picture"),
            BodyView.TEXT: self.tr("Text"),
            BodyView.HEX: self.tr("Hex"),
        }
        for view, name in names.items():
            button = QToolButton(self)
            button.setText(name)
            button.setCheckable(True)
            button.setAutoRaise(True)
            button.setObjectName(f"view_{view}")
            button.setAccessibleName(self.tr("Show the body as: {view}").format(view=name))
            self._group.addButton(button)
            self._view_buttons[view] = button
        self._group.buttonClicked.connect(self._choose_view)

    def _build_choices(self) -> None:
        self._choices = QWidget(self)
        self._codings, self._encodings = QComboBox(self._choices), QComboBox(self._choices)
        self._codings.setObjectName("codings")
        self._codings.setAccessibleName(self.tr("Content coding"))
        self._codings.addItem(self.tr("Decompressed"), "decoded")
        self._codings.addItem(self.tr("As sent"), "")
        self._coded = False
        self._encodings.setObjectName("encodings")
        self._encodings.setAccessibleName(self.tr("Encoding"))
        self._encodings.addItem(self.tr("Automatic"), "")
        for name in ENCODINGS:
            self._encodings.addItem(name, name)
        label = QLabel(self.tr("&Encoding"), self._choices)
        label.setBuddy(self._encodings)
        self._encoding_label = label
        row = QHBoxLayout(self._choices)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(spacing(2))
        for widget in (self._codings, label, self._encodings):
            row.addWidget(widget)
        row.addStretch(1)
        self._encodings.activated.connect(self._choose_encoding)
        self._codings.activated.connect(self._choose_coding)
        self._choices.hide()

    def _command(self, name: str, text: str, object_name: str) -> QToolButton:
        button = QToolButton(self)
        button.setAutoRaise(True)
        button.setObjectName(object_name)
        button.setProperty("icon_name", name)
        button.setIcon(icon(name))
        button.setAccessibleName(text)
        button.setToolTip(text)
        return button

    def _set_view(self, view: BodyView) -> None:
        self._view = view
        self._view_buttons[view].setChecked(True)
        self._show_choices()

    def _show_choices(self) -> None:
        text = self._view is BodyView.TEXT
        self._encodings.setVisible(text)
        self._encoding_label.setVisible(text)
        self._choices.setVisible(text or self._coded)

    @Slot(object)
    def _choose_view(self, button: QToolButton) -> None:
        view = next(view for view, own in self._view_buttons.items() if own is button)
        self._preferred = [view, *(other for other in self._preferred if other is not view)]
        self._set_view(view)
        self.view_chosen.emit()

    @Slot()
    def _choose_encoding(self) -> None:
        self.encoding_chosen.emit()

    @Slot()
    def _choose_coding(self) -> None:
        self.decoding_chosen.emit()
