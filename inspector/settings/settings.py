"""All settings together."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from inspector.settings.answer import AnswerSettings
from inspector.settings.listener import ListenerSettings
from inspector.settings.sending import SendingSettings
from inspector.settings.setting import SettingField, fields_of
from inspector.settings.window import WindowSettings

SUBJECTS: Mapping[str, type[Any]] = {
    "listener": ListenerSettings,
    "answer": AnswerSettings,
    "sending": SendingSettings,
    "window": WindowSettings,
}
"""The subjects by the name of their table in `settings.toml`, which is also their attribute of Settings."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What is in force. `session` has what a flag or a variable said (`"listener.port": 0`), which is never saved."""

    listener: ListenerSettings = field(default_factory=ListenerSettings)
    answer: AnswerSettings = field(default_factory=AnswerSettings)
    sending: SendingSettings = field(default_factory=SendingSettings)
    window: WindowSettings = field(default_factory=WindowSettings)
    session: Mapping[str, object] = field(default_factory=dict, compare=False)


def every_field() -> Iterator[tuple[str, SettingField]]:
    """Every setting with the name of its subject."""
    for subject, kind in SUBJECTS.items():
        for each in fields_of(kind):
            yield subject, each
