"""Which folder holds the data."""

from collections.abc import Mapping
from pathlib import Path

DATA_VARIABLE = "WEBHOOK_INSPECTOR_DATA"


def data_folder(flag: str | None, environ: Mapping[str, str]) -> Path:
    """The folder of `--data`, else of WEBHOOK_INSPECTOR_DATA, else the one that the platform keeps for a user's data.

    It need not exist yet.
    """
    chosen = flag or environ.get(DATA_VARIABLE, "")
    if chosen:
        return Path(chosen).expanduser()
    from platformdirs import user_data_path  # 5 ms that a given folder does not cost

    return user_data_path("webhook-inspector", appauthor=False)
