"""Settings from the three places that can say them: flags beat variables beat `settings.toml`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from inspector.settings.setting import SettingField, SettingsError
from inspector.settings.settings import SUBJECTS, Settings, every_field
from inspector.settings.toml import line_of, parsed

FILE_NAME = "settings.toml"
_WORDS = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}


def load(folder: Path, environ: Mapping[str, str] | None = None, flags: Mapping[str, object] | None = None) -> Settings:
    """The settings in force in `folder`.

    `flags` has them by subject and name (`{"listener.port": "0"}`), as text or already as a value; None means
    that the flag was not given. Variables are named as `variable_of` says. Raises SettingsError.
    """
    values = kept(folder)
    session = _from_variables(environ or {}) | _from_flags(flags or {})
    for name, value in session.items():
        subject, _, key = name.partition(".")
        values.setdefault(subject, {})[key] = value
    return Settings(**{name: kind(**values.get(name, {})) for name, kind in SUBJECTS.items()}, session=session)


def kept(folder: Path) -> dict[str, dict[str, Any]]:
    """What `settings.toml` in `folder` says, checked, by subject; nothing where there is no such file."""
    file = folder / FILE_NAME
    try:
        text = file.read_bytes().decode("utf-8-sig")  # some editors write a byte order mark
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SettingsError("not valid TOML: not UTF-8", file=file, line=line) from None
    except OSError as error:
        raise SettingsError(f"cannot be read: {error.strerror}", file=file) from error
    document = parsed(text, file)
    for subject, table in document.items():
        _check_table(subject, table, text, file)
    return document


def variable_of(subject: str, name: str) -> str:
    """The variable of a setting: WEBHOOK_INSPECTOR_PORT for the listener's, else WEBHOOK_INSPECTOR_ANSWER_STATUS."""
    return f"WEBHOOK_INSPECTOR_{'' if subject == 'listener' else subject + '_'}{name}".upper()


def _check_table(subject: str, table: object, text: str, file: Path) -> None:
    if subject not in SUBJECTS:
        known = ", ".join(f"[{name}]" for name in SUBJECTS)
        raise SettingsError(f"unknown table [{subject}]; there are {known}", file=file, line=line_of(text, subject))
    if not isinstance(table, dict):
        raise SettingsError(f"{subject} must be a table", file=file, line=line_of(text, "", subject))
    fields = {each.name: each for name, each in every_field() if name == subject}
    for key, value in table.items():
        line = line_of(text, subject, key)
        if key not in fields:
            known = ", ".join(fields)
            raise SettingsError(f"unknown key {key} in [{subject}]; there are {known}", file=file, line=line)
        if problem := fields[key].problem_with(value):
            raise SettingsError(f"{key} in [{subject}] {problem}", file=file, line=line)


def _from_variables(environ: Mapping[str, str]) -> dict[str, object]:
    found: dict[str, object] = {}
    for subject, each in every_field():
        variable = variable_of(subject, each.name)
        if text := environ.get(variable, ""):
            found[f"{subject}.{each.name}"] = _for_session(text, each, variable)
    return found


def _from_flags(flags: Mapping[str, object]) -> dict[str, object]:
    fields = {f"{subject}.{each.name}": each for subject, each in every_field()}
    return {
        name: _for_session(value, fields[name], f"--{fields[name].name.replace('_', '-')}")
        for name, value in flags.items()
        if value is not None
    }


def _for_session(value: object, each: SettingField, said_by: str) -> object:
    """`value` as its type. Raises SettingsError that names the flag or variable."""
    read = _read(value, each.type) if isinstance(value, str) else value
    if problem := each.problem_with(read, to_keep=False):
        raise SettingsError(f"{said_by} {problem}, not {value!r}")
    return read


def _read(text: str, kind: type) -> object:
    """`text` as `kind`, or as it is where it cannot be read so."""
    if kind is bool:
        return _WORDS.get(text.strip().lower(), text)
    try:
        return text if kind is str else kind(text.strip())
    except ValueError:
        return text
