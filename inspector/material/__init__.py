"""Keys and certificates that providers publish: fetched by address within a limit, cached in the data folder."""

from inspector.material.fetch import Fetched, FetchFailed, fetch
from inspector.material.keys import LIMIT_S, Keys

__all__ = ["LIMIT_S", "FetchFailed", "Fetched", "Keys", "fetch"]
