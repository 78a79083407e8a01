"""The chain of handlers, and its revisions."""

import asyncio
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from inspector.core.handler import Handler, Response, SecretRef
from inspector.store import Reader, StoreError, open_store
from tests.store.samples import a_handler


def saved(folder: Path, *handlers: Handler) -> tuple[Handler, ...]:
    """The chain as it comes back when it is saved."""

    async def run() -> tuple[Handler, ...]:
        async with open_store(folder) as store:
            return await store.save_handlers(handlers)

    return asyncio.run(run())


def kept(folder: Path) -> tuple[Handler, ...]:
    with closing(Reader(folder)) as reader:
        return reader.handlers()


def test_a_chain_is_kept_in_its_order_with_ids_and_revisions(tmp_path: Path) -> None:
    chain = saved(tmp_path, a_handler("a"), a_handler("b"))
    assert [(handler.name, handler.id, handler.revision) for handler in chain] == [("a", 1, 1), ("b", 2, 2)]
    assert kept(tmp_path) == chain
    assert saved(tmp_path, chain[1], chain[0]) == (chain[1], chain[0]) == kept(tmp_path)


def test_only_changed_values_make_a_revision(tmp_path: Path) -> None:
    first, second = saved(tmp_path, a_handler("a"), a_handler("b"))
    changed = replace(second, user="eve", response=Response(201), secrets=(SecretRef("s1", "live"),))
    after = saved(tmp_path, first, changed)
    assert after == (first, replace(changed, revision=3))
    with closing(Reader(tmp_path)) as reader:
        assert reader.handler_revision(2) == second  # what an old outcome was checked with
        assert reader.handler_revision(3) == after[1]
        assert reader.handler_revision(4) is None


def test_a_removed_handler_comes_back_under_its_id(tmp_path: Path) -> None:
    first, second = saved(tmp_path, a_handler("a"), a_handler("b"))
    assert saved(tmp_path, second) == (second,)
    assert saved(tmp_path, first, second) == (first, second)
    assert saved(tmp_path, a_handler("c"))[0].id == 3


def test_an_id_that_was_never_given_out_changes_nothing(tmp_path: Path) -> None:
    chain = saved(tmp_path, a_handler("a"))
    with pytest.raises(StoreError):
        saved(tmp_path, a_handler("b"), a_handler("c", id=77))
    assert kept(tmp_path) == chain


def test_handlers_are_there_for_the_engine_too(tmp_path: Path) -> None:
    async def run() -> None:
        async with open_store(tmp_path) as store:
            assert await store.handlers() == ()
            chain = await store.save_handlers([a_handler("a")])
            assert await store.handlers() == chain

    asyncio.run(run())
