"""One instance per data folder: the lock that says so, and the channel to the one that runs."""

from inspector.instance.channel import Answerer, ChannelClosed, Refused, ask, serving
from inspector.instance.lock import FolderError, FolderInUse, FolderUnusable, hold

__all__ = [
    "Answerer",
    "ChannelClosed",
    "FolderError",
    "FolderInUse",
    "FolderUnusable",
    "Refused",
    "ask",
    "hold",
    "serving",
]
