"""A store of an earlier form is brought up to date, whoever opens it first."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from inspector.core.delivery import Recognised
from inspector.store import Reader, sqlite
from inspector.store.migrations import MIGRATIONS
from tests.store.samples import a_delivery
from tests.store.test_store import kept, stored


@pytest.fixture
def first_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a store in its first form, with one delivery."""
    with monkeypatch.context() as earlier:
        earlier.setattr(sqlite, "MIGRATIONS", {1: MIGRATIONS[1]})
        sqlite.open_writer(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / "store.db")) as connection:
        connection.executescript(
            "INSERT INTO ladder VALUES (1, '', '[]'); INSERT INTO answer VALUES (1, '{\"status\":200}');"
            "INSERT INTO arriving (id, received_ns, took_ns, verdict, status, size, method, path, query, remote,"
            " ladder, answer, codec, head, trailers, refused, data) VALUES"
            " (1, 5, 2, 1, 200, 0, 'GET', '/', '', 'r', 1, 1, 0, 18, 0, 0, "
            "CAST('GET / HTTP/1.1' || x'0d0a0d0a' AS BLOB));"
        )
    return tmp_path


def test_a_reader_finds_what_is_in_it(first_form: Path) -> None:
    with closing(Reader(first_form)) as reader:
        (delivery,) = reader.deliveries()
        assert (delivery.id, delivery.request.method, delivery.recognised) == (1, "GET", None)
        assert reader.page([1])[0].status == 200


def test_a_store_adds_to_it(first_form: Path) -> None:
    new = a_delivery(recognised=Recognised("stripe", "invoice.paid", "evt_1", 2))
    assert stored(first_form, [new]) == [2]
    assert kept(first_form)[1] == replace(new, id=2)
