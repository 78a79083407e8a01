"""What changed, told along the arrow: from the engine to whoever shows or prints it."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from inspector.core.annotation import Annotation
from inspector.core.attempt import AttemptSummary
from inspector.core.bulk import Progress
from inspector.core.delivery import Delivery, Recognised
from inspector.core.forward_rule import ForwardRule
from inspector.core.handler import Handler
from inspector.settings import Settings

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DeliveriesAdded:
    """These deliveries are stored durably; in arrival order."""

    deliveries: Sequence[Delivery]


@dataclass(frozen=True, slots=True)
class DeliveriesRemoved:
    """The deliveries of these ids are gone."""

    ids: Sequence[int]


@dataclass(frozen=True, slots=True)
class DeliveriesAnnotated:
    """People wrote this to the deliveries of these ids."""

    annotations: Mapping[int, Annotation]


@dataclass(frozen=True, slots=True)
class DeliveriesRecognised:
    """Who sent these deliveries is known by now: they were stored before it could be told."""

    recognised: Mapping[int, Recognised]


@dataclass(frozen=True, slots=True)
class AttemptsAdded:
    """These attempts to send something to a target are stored; in the order in which they ended."""

    attempts: Sequence[AttemptSummary]


@dataclass(frozen=True, slots=True)
class RunChanged:
    """A run of resends started, was paused, goes on, or has ended."""

    progress: Progress


@dataclass(frozen=True, slots=True)
class ForwardsChanged:
    """The rules that forward as they stand now, in order."""

    rules: tuple[ForwardRule, ...]


@dataclass(frozen=True, slots=True)
class ForwardQueueChanged:
    """Something entered or left the queue of what is to be forwarded, or waits otherwise; a few times a second."""


@dataclass(frozen=True, slots=True)
class HandlersChanged:
    """The chain as it stands now, in order. `count` tells which of two is newer: it grows with each change."""

    handlers: tuple[Handler, ...]
    count: int = 0


@dataclass(frozen=True, slots=True)
class ListenerState:
    """What the listener does. `problem` is one sentence when it cannot listen; `offered_port` the next free one."""

    listening: bool = False
    url: str = ""
    enabled: bool = True  # off: every request is answered 403 and refused
    problem: str = ""
    offered_port: int = 0


@dataclass(frozen=True, slots=True)
class ListenerChanged:
    """The listener started, stopped, was switched on or off, or could not start."""

    state: ListenerState


@dataclass(frozen=True, slots=True)
class SettingsChanged:
    """The settings as they stand now."""

    settings: Settings


@dataclass(frozen=True, slots=True)
class Fault:
    """Something went wrong that a person should know of; it lasts until FaultEnded names its source."""

    source: str  # "store", "listener", "secrets", "handlers", "engine"
    text: str


@dataclass(frozen=True, slots=True)
class FaultEnded:
    """What went wrong at this source has ended."""

    source: str


@dataclass(frozen=True, slots=True)
class OpenDelivery:
    """Another start of the program asks to show this delivery (0: only to come to the front)."""

    id: int


type Change = (
    DeliveriesAdded
    | DeliveriesRemoved
    | DeliveriesAnnotated
    | DeliveriesRecognised
    | AttemptsAdded
    | RunChanged
    | ForwardsChanged
    | ForwardQueueChanged
    | HandlersChanged
    | ListenerChanged
    | SettingsChanged
    | Fault
    | FaultEnded
    | OpenDelivery
)


class Feed:
    """Tells every subscriber each change, in the engine's thread and in order."""

    def __init__(self) -> None:
        self._subscribers: list[Callable[[Change], None]] = []

    def subscribe(self, callback: Callable[[Change], None]) -> Callable[[], None]:
        """Call `callback` with every change from now on; what is returned ends that."""
        self._subscribers.append(callback)

        def unsubscribe() -> None:
            if callback in self._subscribers:
                self._subscribers.remove(callback)

        return unsubscribe

    def publish(self, change: Change) -> None:
        """Tell every subscriber; one that fails is logged and costs the others nothing."""
        for callback in tuple(self._subscribers):
            try:
                callback(change)
            except Exception:
                logger.exception("a subscriber failed on %s", type(change).__name__)
