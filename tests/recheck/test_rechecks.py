"""Deliveries checked again by the handlers of today, in processes of their own; what is stored stays as it is."""

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from inspector import presets
from inspector.app import Inspector
from inspector.core.delivery import Standing, Verdict
from inspector.core.filters import EVERYTHING, Search, parse
from inspector.core.handler import Handler
from inspector.core.rejudged import Recount, Turn
from tests.material.test_keys import Server, Tls, serving, trusted
from tests.product import a_handler, delivery_in, github_signature, post, product, run, send

__all__ = ["trusted"]  # the fixture

BODY = b'{"order": 7}'
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def signed(secret: str) -> bytes:
    return post(BODY, github_signature(BODY, secret))


async def recount(inspector: Inspector, what: Sequence[int] | Search = EVERYTHING) -> Recount:
    whole = Recount()
    async with aclosing(inspector.rechecks.many(what)) as parts:
        async for part in parts:
            whole.merge(part.recount)
    assert whole.counted == part.of
    return whole


def counts(found: Mapping[Any, Sequence[int]]) -> dict[Any, list[int]]:
    return {key: sorted(ids) for key, ids in found.items()}


def with_keys(server: Server) -> Handler:
    """A handler whose keys are a set at the server's address."""
    key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key())) | {"kid": "a", "alg": "RS256"}
    body = json.dumps({"keys": [key]}).encode()
    server.answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(body), body)
    preset = presets.scheme("kinde")
    return Handler("kinde", preset.scheme, parameters={"jwks_url": server.url}, preset=f"kinde:{preset.id}")


def a_token() -> bytes:
    claims = {"iat": int(time.time()), "exp": int(time.time()) + 300, "type": "user.created"}
    return jwt.encode(claims, KEY, "RS256", headers={"kid": "a"}).encode()


def test_many_are_checked_and_each_count_knows_its_deliveries(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector:
            await a_handler(inspector, "github", "old")
            await inspector.enable(on=False)
            await send(inspector, signed("new"))
            await inspector.enable(on=True)
            for secret in ("old", "old", "new", "none"):
                await send(inspector, signed(secret))
            await inspector.save_handlers(())
            await a_handler(inspector, "other", "old", path="/nowhere")
            await a_handler(inspector, "github", "new")
            whole = await recount(inspector)
            assert counts(whole.verdicts) == {Verdict.REFUSED: [1], Verdict.WON: [4], Verdict.FAILED: [2, 3, 5]}
            assert counts(whole.turns) == {Turn.WINS: [4], Turn.FAILS: [2, 3]}
            some = await recount(inspector, [3, 4])
            assert counts(some.verdicts) == {Verdict.WON: [4], Verdict.FAILED: [3]}
            assert counts((await recount(inspector, parse("verdict:won"))).verdicts) == {Verdict.FAILED: [2, 3]}
            assert (await recount(inspector, [])).counted == 0

    run(work())
    kept = delivery_in(tmp_path, 2)
    assert kept is not None
    assert (kept.verdict, kept.ladder[0].standing) == (Verdict.WON, Standing.WON)


def test_a_handshake_is_one_again(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector:
            strava = presets.preset("strava")
            handler = Handler("strava", strava.schemes[0].scheme, preset=f"strava:{strava.schemes[0].id}")
            raw = b"GET /?hub.mode=subscribe&hub.challenge=c HTTP/1.1\r\nHost: localhost\r\n\r\n"
            await send(inspector, raw)
            await inspector.save_handlers((handler,))
            await send(inspector, raw)
            whole = await recount(inspector)
            assert counts(whole.verdicts) == {Verdict.HANDSHAKE: [1, 2]}
            assert counts(whole.turns) == {Turn.HANDSHAKE: [1]}
            delivery = delivery_in(tmp_path, 1)
            assert delivery is not None
            assert (await inspector.check_again(delivery)).ladder[0].standing is Standing.ANSWERED

    run(work())


def test_keys_that_were_fetched_are_used_again_and_missing_ones_are_fetched(tmp_path: Path, trusted: Tls) -> None:
    async def work() -> None:
        async with serving(trusted[0]) as server, product(tmp_path) as inspector:
            inspector._keys._tls = trusted[1]
            handler = with_keys(server)
            assert (await send(inspector, post(a_token(), b"Content-Type: application/jwt")))[0] == 403
            await inspector.save_handlers((handler,))
            stored = delivery_in(tmp_path, 1)
            assert stored is not None
            today = await inspector.check_again(stored)
            assert (today.verdict, len(server.asked)) == (Verdict.WON, 1)
            assert counts((await recount(inspector)).turns) == {Turn.WINS: [1]}
            assert (await inspector.check_again(stored)).verdict is Verdict.WON
            assert len(server.asked) == 1
            other = server.url + "2"
            assert await inspector.rechecks.material([server.url, other], fetch=False) == {
                server.url: inspector._keys._entries[server.url].text
            }
            assert len(server.asked) == 1
            await inspector.save_handlers((replace(handler, parameters={"jwks_url": other}),))
            assert counts((await recount(inspector)).verdicts) == {Verdict.WON: [1]}
            assert len(server.asked) == 2

    run(work())


def test_a_check_that_is_left_ends_with_its_processes(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector:
            await a_handler(inspector, "github", "old")
            for _ in range(3):
                await send(inspector, signed("old"))
            async with aclosing(inspector.rechecks.many(EVERYTHING)) as parts:
                async for part in parts:
                    assert part.of == 3
                    break
            names = [task.get_name() for task in asyncio.all_tasks() if "judge" in repr(task.get_coro())]
            assert not names
            assert (await recount(inspector)).counted == 3

    run(work())
