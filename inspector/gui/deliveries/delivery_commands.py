"""What is done with the deliveries that are selected: written to, copied, checked and sent again."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from inspector.core.annotation import Annotation
from inspector.core.filters import Search
from inspector.gui.deliveries.annotating import Annotating
from inspector.gui.deliveries.live_list import LiveList
from inspector.gui.main_window import MainWindow
from inspector.gui.verbs import Verbs

if TYPE_CHECKING:  # imported when something is checked or sent again
    from inspector.gui.deliveries.again_panel import AgainPanel
    from inspector.gui.resend.resends_pane import ResendsPane


class DeliveryCommands(QObject):
    """Connects the commands on deliveries with the list, the details and the verbs."""

    recounted_wanted = Signal(object, str)  # Sequence[int], what they are: list these, which were checked again

    def __init__(self, window: MainWindow, live: LiveList, verbs: Verbs) -> None:
        super().__init__(window)
        self._actions, self._messages = window.actions_by_name, window.messages
        self._list, self._stack = window.panes.deliveries, window.panes.stack
        self._live, self._verbs = live, verbs
        self._window = window
        self._again: AgainPanel | None = None
        details = self._details = window.panes.details
        details.written.connect(self._write)
        details.secret_taken.connect(self._take_secret)
        for name, slot in (
            ("copy_path", self._copy_path),
            ("copy_id", self._copy_id),
            ("check_again", self._check_again),
            ("check_all_again", self._check_all_again),
            ("delete", live.delete_selected),
            ("resend", self._resend),
            ("resend_to", self._resend_to),
            ("compare_answers", self._compare_answers),
        ):
            self._actions[name].triggered.connect(slot)

    def make_resends(self, parent: QWidget) -> "ResendsPane":
        """The tab that sends again what is selected, or all that is listed."""
        from inspector.gui.resend.resends_pane import ResendsPane

        return ResendsPane(self._verbs.engine, self._verbs.reader, self._selection, parent)

    def _selection(self, what: str) -> Sequence[int] | Search:
        if what == "selected":
            return sorted(self._list.view.selected_ids())
        model = self._list.model
        # A search would find what was deleted here, and what was not picked.
        by_id = bool(self._live.deletions.hidden) or self._live.lists_these
        return sorted(model.ids_between(0, model.rowCount() - 1)) if by_id else self._live.listed

    @Slot(object, object)
    def _write(self, id_: int, annotation: Annotation) -> None:
        delivery = self._live.delivery(id_)
        if delivery is not None:
            self._stack.push(Annotating(self._verbs.annotate, id_, delivery.annotation, annotation))

    @Slot(object)
    def _take_secret(self, id_: int) -> None:
        async def take() -> None:
            name = await self._verbs.engine.call(lambda inspector: inspector.take_secret(id_))
            self._messages.say(self.tr("The secret is one of {0} now.").format(name))

        self._verbs.start("take a secret", take())

    @Slot()
    def _copy_path(self) -> None:
        if (delivery := self._details.delivery) is not None:
            QGuiApplication.clipboard().setText(delivery.request.target)

    @Slot()
    def _copy_id(self) -> None:
        if (id_ := self._list.current_id) is not None:
            QGuiApplication.clipboard().setText(str(id_))

    @Slot()
    def _check_again(self) -> None:
        """One delivery is checked beside its stored outcome, several are counted."""
        if len(self._list.view.selected_ids()) > 1:
            self._again_panel().check(self._selection("selected"))
        else:
            self._details.check_again()

    @Slot()
    def _check_all_again(self) -> None:
        self._again_panel().check(self._selection("listed"))

    def _again_panel(self) -> "AgainPanel":
        if self._again is None:
            from inspector.gui.deliveries.again_panel import AgainPanel

            self._again = AgainPanel(self._verbs.engine, self._window)
            self._again.ids_wanted.connect(self.recounted_wanted)
            self._again.left.connect(self._list.view.setFocus)
            self._window.add_below_list(self._again)
            self._again.order_after(self._list.view)
        return self._again

    @Slot()
    def _resend(self) -> None:
        if (pane := self._shown_resends()) is not None:
            pane.resend()

    @Slot()
    def _resend_to(self) -> None:
        if (pane := self._shown_resends()) is not None:
            pane.go_to_form()

    @Slot()
    def _compare_answers(self) -> None:
        if (pane := self._shown_resends()) is not None:
            pane.compare()

    def _shown_resends(self) -> "ResendsPane | None":
        self._actions["details"].setChecked(True)
        pane = self._details.show_resends()
        if pane is None:
            self._messages.say(self.tr("Select a delivery to send it again."))
        return pane
