"""What a new handler begins as: a verification type, a preset, or what a delivery looks like."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from inspector import presets
from inspector.core.delivery import Delivery
from inspector.core.handler import Handler
from inspector.core.verification.verification_type import TYPES, type_named
from inspector.gui.handlers.from_delivery import guessed_scheme, preset_handler, recognised
from inspector.gui.handlers.handler_actions import TESTER


def of_type(type_id: str, names: Sequence[str]) -> Handler:
    """A handler of that verification type, named as none of `names`."""
    kind = type_named(type_id) or TYPES[0]
    return Handler(_free_name(_tr("handler"), names), kind.scheme)


def from_preset(preset_id: str, names: Sequence[str], delivery: Delivery | None = None) -> Handler:
    """One that verifies as that preset says, fitted to `delivery` where there is one."""
    preset = presets.preset(preset_id)
    return preset_handler(preset, _free_name(preset.id, names), delivery.request if delivery else None)


def from_delivery(delivery: Delivery, names: Sequence[str]) -> Handler | None:
    """One for deliveries like this one: by its sender's preset, else by its headers; None where nothing tells."""
    if preset_id := recognised(delivery):
        return from_preset(preset_id, names, delivery)
    scheme = guessed_scheme(delivery.request)
    return None if scheme is None else Handler(_free_name(_tr("handler"), names), scheme, path=delivery.request.path)


def answering_everything(names: Sequence[str]) -> Handler:
    """One that accepts every request."""
    none = type_named("none") or TYPES[-1]
    return Handler(_free_name(_tr("any"), names), none.scheme, user=TESTER)


def _free_name(word: str, names: Sequence[str]) -> str:
    numbered = (f"{word}-{number}" for number in range(2, len(names) + 3))
    return next(name for name in (word, *numbered) if name not in names)


def _tr(text: str) -> str:
    return QCoreApplication.translate("NewHandler", text)
