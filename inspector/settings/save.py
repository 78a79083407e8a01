"""Keep settings in `settings.toml`."""

from pathlib import Path

from inspector.atomic import write_atomically
from inspector.settings.load import FILE_NAME, kept
from inspector.settings.setting import Scalar, SettingsError
from inspector.settings.settings import Settings, every_field
from inspector.settings.toml import written

_HEADING = "# Settings of Webhook Inspector. The window rewrites this file: remarks in it are not kept.\n\n"


def save(folder: Path, settings: Settings) -> None:
    """Write what differs from the defaults, all at once or not at all.

    A value that a flag or a variable set for this session stays as the file had it, unless it was changed
    since. Raises SettingsError where a value may not be kept or the file cannot be written.
    """
    before = kept(folder)
    tables: dict[str, dict[str, Scalar]] = {}
    for subject, each in every_field():
        value: Scalar = getattr(getattr(settings, subject), each.name)
        if settings.session.get(f"{subject}.{each.name}", _UNSET) == value:
            value = before.get(subject, {}).get(each.name, each.default)
        if problem := each.problem_with(value):
            raise SettingsError(f"{each.label} {problem}")
        if value != each.default:
            tables.setdefault(subject, {})[each.name] = value
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_atomically(folder / FILE_NAME, _HEADING + written(tables))
    except OSError as error:
        raise SettingsError(f"cannot be written: {error.strerror}", file=folder / FILE_NAME) from error


_UNSET = object()
