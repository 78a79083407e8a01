"""What the user can set: one frozen value per subject, read from flags, variables and `settings.toml`."""

from inspector.settings.answer import AnswerSettings
from inspector.settings.folder import data_folder
from inspector.settings.listener import ListenerSettings, is_loopback
from inspector.settings.load import load
from inspector.settings.save import save
from inspector.settings.sending import SendingSettings
from inspector.settings.setting import SettingField, SettingsError, fields_of
from inspector.settings.settings import SUBJECTS, Settings
from inspector.settings.window import WindowSettings

__all__ = [
    "SUBJECTS",
    "AnswerSettings",
    "ListenerSettings",
    "SendingSettings",
    "SettingField",
    "Settings",
    "SettingsError",
    "WindowSettings",
    "data_folder",
    "fields_of",
    "is_loopback",
    "load",
    "save",
]
