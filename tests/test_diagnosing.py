"""The running product says why a stored delivery failed, from another process."""

import multiprocessing
from collections.abc import AsyncIterator
from contextlib import aclosing, closing
from dataclasses import replace
from pathlib import Path

from inspector.app import Inspector
from inspector.core.delivery import Delivery
from inspector.core.diagnosis.finding import Finding, Finished, Step
from inspector.core.handler import SecretRef
from inspector.store import Reader
from tests.product import a_handler, github_signature, post, product, run, send

BODY = b'{"zen": "Design for failure.", "number": 1}'


async def failed_delivery(inspector: Inspector, raw: bytes) -> Delivery:
    status, _, _ = await send(inspector, raw)
    assert status == 403
    with closing(Reader(inspector.folder)) as reader:
        delivery = reader.delivery(reader.newest_id())
    assert delivery is not None
    return delivery


async def all_of(steps: AsyncIterator[Step]) -> list[Step]:
    return [step async for step in steps]


def test_the_secret_of_another_handler_is_found_by_its_name(tmp_path: Path) -> None:
    async def scene() -> None:
        async with product(tmp_path) as inspector:
            asked = await a_handler(inspector, "github", "one secret of ours")
            await a_handler(inspector, "shop", "the other secret", path="/elsewhere")
            delivery = await failed_delivery(inspector, post(BODY, github_signature(BODY, "the other secret")))
            steps = await all_of(inspector.diagnose(delivery, asked.id))
            finding = next(step for step in steps if isinstance(step, Finding))
            assert (finding.cause, finding.verified) == ("secret-other-handler", True)
            assert finding.facts["handler"] == "shop"
            assert isinstance(steps[-1], Finished)
            assert "the other secret" not in repr(steps)

    run(scene())


def test_an_older_secret_of_the_handler_is_found(tmp_path: Path) -> None:
    async def scene() -> None:
        async with product(tmp_path) as inspector:
            handler = await a_handler(inspector, "github", "the new secret")
            older = SecretRef(await inspector.keep_secret("the old secret"), "2025", retired=True)
            await inspector.save_handlers([replace(handler, secrets=(*handler.secrets, older))])
            delivery = await failed_delivery(inspector, post(BODY, github_signature(BODY, "the old secret")))
            steps = await all_of(inspector.diagnose(delivery, handler.id))
            assert [step.cause for step in steps if isinstance(step, Finding)] == ["secret-rotated-old"]

    run(scene())


def test_nothing_is_said_of_a_handler_that_is_gone(tmp_path: Path) -> None:
    async def scene() -> None:
        async with product(tmp_path) as inspector:
            handler = await a_handler(inspector, "github", "a secret")
            delivery = await failed_delivery(inspector, post(BODY))
            await inspector.save_handlers([])
            assert await all_of(inspector.diagnose(delivery, handler.id)) == []

    run(scene())


def test_a_deep_search_can_be_left_and_no_process_outlives_the_product(tmp_path: Path) -> None:
    before = set(multiprocessing.active_children())

    async def scene() -> None:
        async with product(tmp_path) as inspector:
            handler = await a_handler(inspector, "github", "a secret")
            delivery = await failed_delivery(inspector, post(BODY * 200, github_signature(BODY, "unknown")))
            async with aclosing(inspector.diagnose(delivery, handler.id, deep=True)) as steps:
                assert not isinstance(await anext(steps), Finished)
            assert len(set(multiprocessing.active_children()) - before) == 1
        assert set(multiprocessing.active_children()) <= before

    run(scene())
