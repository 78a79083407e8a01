"""How a command ends: its exit code, and one sentence where it could not be done."""

from typing import Final

DONE: Final = 0
NEGATIVE: Final = 1
"""A negative answer or an unknown name."""
WRONG: Final = 2
"""A bad flag, file or value."""
CANNOT_RUN: Final = 3
"""Port taken, folder in use, no display, a failing disk."""

EXIT_CODES: Final = """exit codes:
  0  done
  1  a negative answer, or nothing of that name
  2  a bad flag, file or value; nothing was changed
  3  cannot run: port taken, folder in use, no display, failing disk"""


class Failed(Exception):
    """The command ends with `code`; the text is one sentence for the person who typed it."""

    def __init__(self, code: int, sentence: str) -> None:
        self.code = code
        super().__init__(sentence)


def failed_for(error: Exception) -> Failed | None:
    """What an error of a known kind means for a command; None for one that nobody foresaw."""
    if isinstance(error, Failed):
        return error
    # The module that raised it is loaded already.
    from inspector.core.filters import SearchError
    from inspector.instance import FolderInUse, FolderUnusable, Refused
    from inspector.secret_store import SecretStoreDamaged, SecretUnavailable
    from inspector.settings import SettingsError
    from inspector.store import StoreError

    match error:
        case SettingsError() | FolderUnusable():
            return Failed(WRONG, str(error))
        case SearchError():
            return Failed(WRONG, f"The search is not understood at character {error.position + 1}: {error.message}")
        case FolderInUse() | StoreError() | SecretStoreDamaged() | SecretUnavailable():
            return Failed(CANNOT_RUN, str(error))
        case Refused():
            return Failed({"unknown-name": NEGATIVE, "bad-value": WRONG}.get(error.kind, CANNOT_RUN), str(error))
        case OSError() if error.strerror:
            about = f"{error.filename}: " if error.filename else ""
            return Failed(CANNOT_RUN, f"{about}{error.strerror}.")
    return None
