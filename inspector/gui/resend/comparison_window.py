"""Two answers side by side, in a window of their own: of any two attempts, whatever delivery or target they had."""

from contextlib import aclosing

from PySide6.QtCore import QEvent, QModelIndex, QObject, QSize, Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QScrollArea,
    QSizePolicy,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inspector.core.attempt import AttemptSummary, summary_of
from inspector.gui.engine import Engine
from inspector.gui.icons import state_icon
from inspector.gui.models.compared_rows import LEFT, NAME, RIGHT, SIGN, ComparedRows, ComparedTexts
from inspector.gui.resend import comparison_texts as texts
from inspector.gui.resend.texts import state_of
from inspector.gui.tasks import Tasks
from inspector.gui.theme import State, fixed_font, spacing, state_colour
from inspector.gui.widgets.comparison import Comparison
from inspector.gui.widgets.notice import Notice, Tone
from inspector.gui.widgets.themed import follow_palette, set_icon
from inspector.store import Reader, StoreError

_OFFERED = 200
_LINES_BELOW = 4


class ComparisonWindow(QWidget):
    """Shows what is different, row by row, and the row that is chosen in full beneath."""

    def __init__(self, engine: Engine, reader: Reader, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._engine, self._reader = engine, reader
        self._tasks = Tasks(self)
        self._tasks.failed.connect(self._say_failure)
        self._masked = True
        self._filling = False
        self.setObjectName("comparison_window")
        self.setWindowTitle(self.tr("Compare Answers"))
        self._build_choice()
        self._build_table()
        self._build_bar()
        self._lay_out()
        self.resize(self._wanted_size())
        parent.window().installEventFilter(self)
        for keys, slot in (("F8", self._go_on), ("Shift+F8", self._go_back), ("Escape", self.close)):
            QShortcut(QKeySequence(keys), self).activated.connect(slot)

    def compare(self, left: int, right: int) -> None:
        """Show the answers to the attempts of these two ids, and offer others."""
        self._offer(left, right)
        self.show()
        self.raise_()
        self.activateWindow()
        self._table.setFocus(Qt.FocusReason.OtherFocusReason)
        self._compare()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        follow_palette(self, event)
        if event.type() == QEvent.Type.PaletteChange:
            self.rows.refresh()
            self._show_row(self._table.currentIndex(), QModelIndex())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Go when the main window does."""
        if event.type() == QEvent.Type.Hide and not event.spontaneous():
            self.close()
        return super().eventFilter(watched, event)

    # Building

    def _build_choice(self) -> None:
        self._choices = (QComboBox(self), QComboBox(self))
        for box, name, label in zip(
            self._choices,
            ("compare_left", "compare_right"),
            (self.tr("Left answer"), self.tr("Right answer")),
            strict=True,
        ):
            box.setObjectName(name)
            box.setAccessibleName(label)
            box.view().setAccessibleName(label)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(24)
            box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            box.currentIndexChanged.connect(self._compare)
        self._swap = QToolButton(self)
        self._swap.setObjectName("compare_swap")
        self._swap.clicked.connect(self._swap_sides)
        self._name_button(self._swap, "swap", self.tr("Swap left and right"))
        self._sum = Notice(self)
        self._sum.setObjectName("compare_sum")

    def _build_table(self) -> None:
        said = ComparedTexts(
            (self.tr("What"), self.tr("Left"), "", self.tr("Right")),
            texts.heading_text,
            texts.name_text,
            lambda row, value: texts.value_text(row, value, masked=self._masked),
            texts.sign_text,
            texts.sign_icon,
            texts.ground,
        )
        self.rows = ComparedRows(said, fixed_font(), self)
        table = self._table = QTableView(self)
        table.setObjectName("compared")
        table.setAccessibleName(self.tr("Both answers, row by row"))
        table.setModel(self.rows)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setTextElideMode(Qt.TextElideMode.ElideRight)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setCornerButtonEnabled(False)
        table.setFrameShape(QFrame.Shape.NoFrame)
        lines, columns = table.verticalHeader(), table.horizontalHeader()
        lines.hide()
        lines.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        lines.setDefaultSectionSize(self.fontMetrics().height() + spacing(2))
        columns.setHighlightSections(False)
        for column in (LEFT, RIGHT):
            columns.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        character = self.fontMetrics().averageCharWidth()
        table.setColumnWidth(NAME, character * 26)
        table.setColumnWidth(SIGN, character * 16)
        table.selectionModel().currentRowChanged.connect(self._show_row)
        self._whole = Comparison(self.tr("Left"), self.tr("Right"), self)
        self._below = QScrollArea(self)
        self._below.setWidget(self._whole)
        self._below.setWidgetResizable(True)
        self._below.setFrameShape(QFrame.Shape.NoFrame)
        self._below.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._below.setFixedHeight(self._whole.fontMetrics().height() * _LINES_BELOW + spacing(2))

    def _build_bar(self) -> None:
        self._only = QCheckBox(self.tr("&Only what differs"), self)
        self._only.setObjectName("compare_only")
        self._only.toggled.connect(self._show_only)
        self._values = QCheckBox(self.tr("Show &values"), self)
        self._values.setObjectName("compare_values")
        self._values.setToolTip(self.tr("Show tokens, cookies and signatures, which are masked otherwise"))
        self._values.toggled.connect(self._show_values)
        self._back, self._on = QToolButton(self), QToolButton(self)
        self._name_button(self._back, "up", self.tr("Difference before (Shift+F8)"))
        self._name_button(self._on, "down", self.tr("Next difference (F8)"))
        self._back.clicked.connect(self._go_back)
        self._on.clicked.connect(self._go_on)

    def _name_button(self, button: QToolButton, image: str, name: str) -> None:
        set_icon(button, image)
        button.setAutoRaise(True)
        button.setAccessibleName(name)
        button.setToolTip(name)

    def _lay_out(self) -> None:
        top, bar = QHBoxLayout(), QHBoxLayout()
        for widget, share in ((self._choices[0], 1), (self._swap, 0), (self._choices[1], 1)):
            top.addWidget(widget, share)
        bar.setSpacing(spacing(3))
        bar.addWidget(self._sum, 1)
        for button in (self._only, self._values, self._back, self._on):
            bar.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(spacing(3), spacing(3), spacing(3), spacing(3))
        column.setSpacing(spacing(2))
        column.addLayout(top)
        column.addLayout(bar)
        column.addWidget(self._table, 1)
        column.addWidget(self._below)

    def _wanted_size(self) -> QSize:
        character, line = self.fontMetrics().averageCharWidth(), self.fontMetrics().height()
        return QSize(character * 150, line * 42).boundedTo(self.screen().availableSize() * 0.9)

    # What is compared

    def _offer(self, left: int, right: int) -> None:
        """Offer the newest attempts, and these two in any case."""
        offered: dict[int, AttemptSummary] = {}
        try:
            for summary in self._reader.attempts(newest=True, limit=_OFFERED):
                offered[summary.id] = summary
            for id_ in (left, right):
                if id_ not in offered and (found := self._reader.attempt(id_)) is not None:
                    offered[id_] = summary_of(found)
        except StoreError as error:
            self._sum.say(str(error))
        self._filling = True
        try:
            for box, chosen in zip(self._choices, (left, right), strict=True):
                box.clear()
                for id_ in sorted(offered, reverse=True):
                    summary = offered[id_]
                    box.addItem(state_icon(state_of(summary.status, summary.error)), texts.choice_text(summary), id_)
                box.setCurrentIndex(box.findData(chosen))
        finally:
            self._filling = False

    @Slot()
    def _compare(self) -> None:
        left, right = (box.currentData() for box in self._choices)
        if not self._filling and left is not None and right is not None:
            self._tasks.start("compare", self._fill(left, right))

    async def _fill(self, left: int, right: int) -> None:
        self.rows.clear()
        self._sum.say(self.tr("Comparing …"), Tone.NEUTRAL)
        async with aclosing(self._engine.stream(lambda inspector: inspector.compare_answers(left, right))) as batches:
            async for rows in batches:
                self.rows.add(rows)
        if not self.rows.rows:
            self._sum.say(self.tr("One of the two is not there any more."))
            return
        differs = any(row.kind not in ("same", "fact") for row in self.rows.rows)
        self._sum.say(texts.sum_text(self.rows.rows), Tone.REMARK if differs else Tone.GOOD)
        self._select(self.rows.next_difference(-1) or 1)

    # What is looked at

    @Slot()
    def _go_on(self) -> None:
        self._select(self.rows.next_difference(self._table.currentIndex().row()))

    @Slot()
    def _go_back(self) -> None:
        self._select(self.rows.next_difference(max(0, self._table.currentIndex().row()), backward=True))

    def _select(self, row: int | None) -> None:
        if row is not None and row < self.rows.rowCount():
            self._table.setCurrentIndex(self.rows.index(row, NAME))
            self._table.selectRow(row)

    @Slot(QModelIndex, QModelIndex)
    def _show_row(self, current: QModelIndex, _previous: QModelIndex) -> None:
        row = self.rows.row_at(current.row()) if current.isValid() else None
        sides = ("", "") if row is None else (row.left, row.right)
        left, right = ("" if row is None else texts.value_text(row, side, masked=self._masked) for side in sides)
        self._whole.compare(left, right, state_colour(State.STALE, self.palette()))

    @Slot()
    def _swap_sides(self) -> None:
        left, right = (box.currentData() for box in self._choices)
        self._filling = True
        for box, id_ in zip(self._choices, (right, left), strict=True):
            box.setCurrentIndex(box.findData(id_))
        self._filling = False
        self._compare()

    @Slot(bool)
    def _show_only(self, only: bool) -> None:  # noqa: FBT001 - a slot
        self.rows.show_only_differences(only=only)
        self._select(self.rows.next_difference(-1))

    @Slot(bool)
    def _show_values(self, shown: bool) -> None:  # noqa: FBT001 - a slot
        self._masked = not shown
        self.rows.refresh()
        self._show_row(self._table.currentIndex(), QModelIndex())

    @Slot(object)
    def _say_failure(self, error: Exception) -> None:
        self._sum.say(str(error) or type(error).__name__)
