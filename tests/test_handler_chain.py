"""The chain that was saved last is the one that counts, whatever else is going on."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from inspector.core.handler import SecretRef
from inspector.feed import Feed
from inspector.handler_chain import HandlerChain
from inspector.secret_store import MemorySecretStore, SecretUnavailable
from inspector.store import open_store
from tests.product import run
from tests.store.samples import a_handler


class LockedAtFirst(MemorySecretStore):
    """A keyring that refuses once, and then asks its owner for a password before it gives anything."""

    def __init__(self) -> None:
        super().__init__()
        self.refused = False
        self.asked, self.unlocked = asyncio.Event(), asyncio.Event()

    async def get(self, id_: str) -> str:
        if not self.refused:
            self.refused = True
            raise SecretUnavailable("keyring-locked")
        self.asked.set()
        await self.unlocked.wait()
        return await super().get(id_)


def test_a_keyring_that_is_asked_again_does_not_bring_back_the_chain_of_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inspector.handler_chain.SECRETS_RETRY_S", 0)
    judged: list[list[str]] = []

    async def work() -> None:
        keyring = LockedAtFirst()
        async with open_store(tmp_path) as store:
            chain = HandlerChain(
                store, keyring, Feed(), lambda links, _: judged.append([link.handler.name for link in links])
            )
            await chain.start()
            id_ = await chain.keep_secret("s3cret")
            await chain.change(lambda _: [replace(a_handler(), name="removed", secrets=(SecretRef(id_, "current"),))])
            await keyring.asked.wait()
            removing = asyncio.ensure_future(chain.change(lambda _: []))
            await asyncio.wait((removing,), timeout=0.2)
            keyring.unlocked.set()
            await removing
            while chain._background:
                await asyncio.gather(*chain._background)
            assert chain.handlers == ()
            await chain.stop()

    run(work())
    assert judged[-1] == []
