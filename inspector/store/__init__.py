"""Deliveries and handlers in one folder: written by one `Store`, read by any number of `Reader`s."""

from inspector.store.bodies import SpooledBody
from inspector.store.reader import Reader
from inspector.store.sqlite import StoreError
from inspector.store.store import Store, open_store

__all__ = ["Reader", "SpooledBody", "Store", "StoreError", "open_store"]
