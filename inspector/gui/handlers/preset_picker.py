"""Chooses what a new handler begins with: by typing a few letters, by category, with the keys alone."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from inspector.gui.handlers.offers import BY_HAND, Offer, all_offers, fitting
from inspector.gui.handlers.texts import category_words
from inspector.gui.theme import State, muted_colour, spacing, state_colour
from inspector.gui.widgets.rows import Muted, name_inside, quiet_wheel

type Index = QModelIndex | QPersistentModelIndex

OFFER_ROLE = Qt.ItemDataRole.UserRole
_STEPS = {
    Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8,
}  # fmt: skip


class OfferModel(QAbstractListModel):
    """The offers that fit, best first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._offers: Sequence[Offer] = ()

    @property
    def offers(self) -> Sequence[Offer]:
        """What is listed, in order."""
        return self._offers

    def show_offers(self, offers: Sequence[Offer]) -> None:
        """List these instead."""
        self.beginResetModel()
        self._offers = offers
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._offers)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        offer = self._offers[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return offer.name
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{offer.name}, {self._about(offer)}"
            case Qt.ItemDataRole.ToolTipRole:
                return offer.about
            case _ if role == OFFER_ROLE:
                return offer
        return None

    def _about(self, offer: Offer) -> str:
        return self.tr("recognised in the selected delivery") if offer.recognised else offer.about


class PresetPicker(QWidget):
    """A search field over a list. Enter begins a handler with what is chosen, Escape leaves things as they were."""

    chosen = Signal(object)  # Offer
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("preset-picker")
        self._offers: Sequence[Offer] = ()
        self._recognised = ""
        self.model = OfferModel(self)
        self.field = QLineEdit(self)
        self.field.setObjectName("preset-search")
        self.field.setPlaceholderText(self.tr("Type a provider’s name"))
        self.field.setAccessibleName(self.tr("Search presets"))
        self.field.setClearButtonEnabled(True)
        self.category = QComboBox(self)
        self.category.setAccessibleName(self.tr("Category"))
        name_inside(self.category, self.tr("Category"))
        quiet_wheel(self.category)
        self.list = QListView(self)
        self.list.setObjectName("presets")
        self.list.setAccessibleName(self.tr("Presets"))
        self.list.setModel(self.model)
        self.list.setItemDelegate(OfferDelegate(self))
        self.list.setFrameShape(QListView.Shape.NoFrame)
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._none = Muted(self.tr("No preset fits. Clear the search, or begin with a type under “By hand”."), self)
        self._lay_out()
        self.field.textChanged.connect(self._search)
        self.category.currentIndexChanged.connect(self._search)
        self.list.activated.connect(self._choose_index)
        self.list.clicked.connect(self._choose_index)
        self.field.installEventFilter(self)

    def open_for(self, recognised: str = "") -> None:
        """Show everything, `recognised` (a preset's id) on top, ready to type."""
        if not self._offers:
            self._offers = all_offers()
            self._fill_categories()
        self._recognised = recognised
        self.field.clear()
        self.category.setCurrentIndex(0)
        self._search()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def recognise(self, preset_id: str) -> None:
        """Put this provider on top: it seems to have sent the selected delivery."""
        if preset_id != self._recognised:
            self._recognised = preset_id
            self._search()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys that move in the list work while the search field has the focus."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        key = Qt.Key(event.key())
        if key in _STEPS:
            row = self.list.currentIndex().row() + _STEPS[key]
            self._select(max(0, min(row, self.model.rowCount() - 1)))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose_index(self.list.currentIndex())
        else:
            return super().eventFilter(watched, event)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves, from wherever the focus is in here."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        title = QLabel(self.tr("New handler"), self)
        title.setObjectName("title")
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 1.4)
        title.setFont(font)
        leave = QPushButton(self.tr("Cancel"), self)
        leave.setObjectName("leave-picker")
        leave.setAutoDefault(False)
        leave.clicked.connect(self.left)
        top = QHBoxLayout()
        top.addWidget(title, 1)
        top.addWidget(leave)
        tools = QHBoxLayout()
        tools.setSpacing(spacing(2))
        tools.addWidget(self.field, 1)
        tools.addWidget(self.category)
        column = QVBoxLayout(self)
        column.setContentsMargins(spacing(4), spacing(4), spacing(4), spacing(2))
        column.setSpacing(spacing(3))
        column.addLayout(top)
        column.addWidget(Muted(self.tr("Who sends the webhooks? Its preset knows how it signs."), self))
        column.addLayout(tools)
        column.addWidget(self._none)
        column.addWidget(self.list, 1)
        for before, after in ((self.field, self.category), (self.category, self.list), (self.list, leave)):
            self.setTabOrder(before, after)

    def _fill_categories(self) -> None:
        self.category.blockSignals(True)  # noqa: FBT003 - Qt's signature
        self.category.addItem(self.tr("All categories"), "")
        found = {offer.category for offer in self._offers} - {BY_HAND}
        for each in (BY_HAND, *sorted(found, key=category_words)):
            self.category.addItem(category_words(each), each)
        self.category.blockSignals(False)  # noqa: FBT003

    @Slot()
    def _search(self) -> None:
        category = self.category.currentData() or ""
        self.model.show_offers(fitting(self._offers, self.field.text(), category, self._recognised))
        self._none.setVisible(not self.model.offers)
        self._select(0)

    def _select(self, row: int) -> None:
        self.list.setCurrentIndex(self.model.index(row))

    @Slot(QModelIndex)
    def _choose_index(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(index.data(OFFER_ROLE))


class OfferDelegate(QStyledItemDelegate):
    """A monogram, the name, and what it is."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002 - Qt's
        return QSize(spacing(40), QFontMetrics(option.font).lineSpacing() + spacing(4))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        offer: Offer = index.data(OFFER_ROLE)
        styled = QStyleOptionViewItem(option)
        self.initStyleOption(styled, index)
        styled.text = ""
        style = option.widget.style() if option.widget else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, styled, painter, option.widget)
        painter.save()
        self._paint(painter, styled, offer)
        painter.restore()

    def _paint(self, painter: QPainter, option: QStyleOptionViewItem, offer: Offer) -> None:
        palette, metrics = option.palette, QFontMetrics(option.font)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        text = palette.color(QPalette.ColorRole.HighlightedText if chosen else QPalette.ColorRole.Text)
        side = metrics.lineSpacing() + spacing(2)
        area = option.rect.adjusted(spacing(2), 0, -spacing(3), 0)
        tile = QRect(area.left(), area.center().y() - side // 2, side, side)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.color(QPalette.ColorRole.Base if chosen else QPalette.ColorRole.Midlight))
        painter.drawRoundedRect(tile, spacing(), spacing())
        painter.setFont(option.font)
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        painter.drawText(tile, Qt.AlignmentFlag.AlignCenter, offer.monogram)
        area.setLeft(tile.right() + spacing(3))
        about = self.tr("sent the selected delivery") if offer.recognised else offer.about
        known = state_colour(State.WON, palette) if offer.recognised and not chosen else muted_colour(palette)
        name_width = min(metrics.horizontalAdvance(offer.name) + spacing(4), area.width())
        painter.setPen(text if chosen else known)
        rest = area.adjusted(name_width, 0, 0, 0)
        if rest.width() >= min(metrics.horizontalAdvance(about), metrics.averageCharWidth() * 10):  # less says nothing
            painter.drawText(rest, _RIGHT, metrics.elidedText(about, Qt.TextElideMode.ElideRight, rest.width()))
        painter.setPen(text)
        painter.drawText(area, _LEFT, metrics.elidedText(offer.name, Qt.TextElideMode.ElideRight, area.width()))


_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
