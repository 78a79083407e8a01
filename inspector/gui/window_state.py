"""How the window was left: a small file in the data folder, so that the next start looks the same."""

import logging
from dataclasses import dataclass
from pathlib import Path

import msgspec

from inspector.atomic import write_atomically

logger = logging.getLogger(__name__)

FILE_NAME = "window.json"


@dataclass(frozen=True, slots=True)
class WindowState:
    """Geometry and the states of splitters and columns as Qt gives them; what was listed and searched for."""

    geometry: bytes = b""
    columns: bytes = b""
    hidden_columns: tuple[str, ...] = ()
    outer: bytes = b""
    inner: bytes = b""
    choice: str = ""
    search: str = ""
    sidebar: bool = True
    details: bool = True
    relative_times: bool = False


def load_state(folder: Path) -> WindowState:
    """The state kept in `folder`; the first one where there is none, or none that can be read."""
    try:
        return msgspec.json.decode((folder / FILE_NAME).read_bytes(), type=WindowState)
    except FileNotFoundError:
        return WindowState()
    except (OSError, msgspec.DecodeError) as error:
        logger.warning("the window starts as new: %s cannot be read: %s", FILE_NAME, error)
        return WindowState()


def save_state(folder: Path, state: WindowState) -> None:
    """Keep `state` in `folder`. A disk that refuses costs no more than the looks of the next start."""
    try:
        write_atomically(folder / FILE_NAME, msgspec.json.encode(state).decode())
    except OSError as error:
        logger.warning("the state of the window is not kept: %s", error)
