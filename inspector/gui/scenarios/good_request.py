"""What a scenario is made from: a delivery that is here, or the request that its file carries."""

import msgspec
from PySide6.QtCore import QObject, Signal

from inspector.core.delivery import Delivery
from inspector.core.request import Request
from inspector.core.scenario import Scenario
from inspector.core.scenario_request import KeptRequest, kept, request_of
from inspector.gui.widgets.safe_text import as_text, marked, shortened
from inspector.store import Reader, StoreError


class GoodRequest(QObject):
    """The good request of the scenario that was read last."""

    said = Signal(str)

    def __init__(self, reader: Reader, parent: QObject) -> None:
        super().__init__(parent)
        self._reader = reader
        self._delivery: Delivery | None = None
        self._request: Request | None = None
        self._read_for: tuple[int, KeptRequest | None] = (0, None)  # what these two were read for

    @property
    def request(self) -> Request | None:
        """As it was received; None where it is neither here nor in the file."""
        return self._request

    @property
    def is_here(self) -> bool:
        """Whether it is a delivery that can be opened."""
        return self._delivery is not None

    def read_for(self, scenario: Scenario) -> None:
        """The good request, and the delivery that it is, if it is one here: the number may be another one's."""
        if self._read_for == (scenario.delivery, scenario.request):
            return
        delivery = None
        try:
            delivery = self._reader.delivery(scenario.delivery) if scenario.delivery else None
        except StoreError as error:
            self.said.emit(str(error))
        if scenario.request is not None and delivery is not None and kept(delivery.request) != scenario.request:
            delivery = None
        self._delivery, self._request = delivery, delivery.request if delivery is not None else None
        if self._request is None and scenario.request is not None:
            self._request = request_of(scenario.request)
        self._read_for = scenario.delivery, scenario.request

    def text(self, scenario: Scenario) -> str:
        """What is said of it on one line."""
        if (request := self._request) is None:
            id_ = scenario.delivery
            return self.tr("delivery {0}, which is not here").format(id_) if id_ else self.tr("no delivery")
        words = marked(shortened(as_text(f"{request.method} {request.target}"), 120))
        if self._delivery is None:
            return self.tr("the request in the file: {0}").format(words)
        return self.tr("delivery {0}: {1}").format(scenario.delivery, words)

    def put_into(self, scenario: Scenario) -> Scenario:
        """With what it is made from inside, so that the file runs anywhere."""
        if scenario.request is not None or self._delivery is None or self._delivery.id != scenario.delivery:
            return scenario
        return msgspec.structs.replace(scenario, request=kept(self._delivery.request))
