"""Many failures are grouped by their cause and handler, with one diagnosis for all that it holds for."""

from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

from msgspec.structs import replace as changed

from inspector.app import Inspector
from inspector.core.diagnosis.group import Gathered, GroupStep, Looked, Part
from inspector.core.diagnosis.sorting import MOST_DIAGNOSED
from inspector.core.filters import EVERYTHING, Search, parse
from inspector.core.verification.scheme import TimestampCheck
from tests.product import GITHUB, a_handler, github_signature, post, product, run, send


async def groups_of(inspector: Inspector, search: Search = EVERYTHING) -> list[Gathered]:
    """The groups, the largest first."""
    return gathered([step async for step in inspector.diagnoses.of_many(search)])


def gathered(steps: list[GroupStep]) -> list[Gathered]:
    found: dict[int, Gathered] = {}
    for step in steps:
        if isinstance(step, Part):
            found.setdefault(step.group.number, Gathered(step.group)).add(step)
    return sorted(found.values(), key=lambda group: -len(group.ids))


def told(groups: list[Gathered]) -> list[tuple[str, str, int]]:
    return [(group.group.handler, group.group.finding.cause, len(group.ids)) for group in groups]


async def fail(
    inspector: Inspector, secret: str, *, times: int = 1, body: bytes = b'{"n": %d}', sent: bytes = b""
) -> None:
    for number in range(times):
        signed = body.replace(b"%d", b"%d" % number)
        status, _, _ = await send(inspector, post(sent or signed, github_signature(signed, secret)))
        assert status == 403


def test_failures_are_grouped_by_what_mends_them(tmp_path: Path) -> None:
    async def scene() -> None:
        async with product(tmp_path) as inspector:
            await a_handler(inspector, "github", "a secret of ours")
            await a_handler(inspector, "shop", "the other secret", path="/elsewhere")
            await fail(inspector, "the other secret", times=20)
            await fail(inspector, "a secret of ours\n", times=3)
            await fail(inspector, "nobody has it", times=2)
            groups = await groups_of(inspector)
            assert told(groups) == [
                ("github", "secret-other-handler", 20),
                ("github", "secret-whitespace", 3),
                ("github", "unexplained", 2),
            ]
            assert [group.group.finding.facts.get("handler") for group in groups] == ["shop", None, None]
            assert sorted(groups[0].ids) == list(range(1, 21))
            assert groups[0].first_ns < groups[0].last_ns < groups[1].first_ns

    run(scene())


def test_of_those_that_no_change_mends_only_some_are_diagnosed_and_the_rest_is_said_to_look_alike(
    tmp_path: Path,
) -> None:
    async def scene() -> None:
        async with product(tmp_path) as inspector:
            await a_handler(inspector, "github", "a secret of ours")
            await fail(inspector, "nobody has it", times=MOST_DIAGNOSED + 4)
            (group,) = await groups_of(inspector)
            assert (len(group.ids), group.alike) == (MOST_DIAGNOSED + 4, 4)

    run(scene())


def test_a_body_that_was_changed_in_several_ways_is_one_group_a_way(tmp_path: Path) -> None:
    async def scene() -> None:
        async with product(tmp_path) as inspector:
            await a_handler(inspector, "github", "a secret of ours")
            await fail(inspector, "a secret of ours", times=3, body=b'{"a":1}', sent=b'{"a": 1}')
            await fail(inspector, "a secret of ours", body=b'{"a":1}', sent=b'{"a":1}\n')
            groups = await groups_of(inspector)
            assert told(groups) == [("github", "body-json-respaced", 3), ("github", "body-final-newline-added", 1)]

    run(scene())


def test_only_what_matches_the_search_is_looked_at_and_only_failures(tmp_path: Path) -> None:
    async def scene() -> None:
        async with product(tmp_path) as inspector:
            await a_handler(inspector, "github", "a secret of ours")
            await fail(inspector, "nobody has it", times=2)
            status, _, _ = await send(inspector, post(b"{}", github_signature(b"{}", "a secret of ours")))
            assert status == 200
            assert await groups_of(inspector, parse('body:"no such text"')) == []
            assert told(await groups_of(inspector, parse('body:"n"'))) == [("github", "unexplained", 2)]

    run(scene())


def test_where_no_handler_was_asked_that_is_the_cause(tmp_path: Path) -> None:
    async def scene() -> None:
        async with product(tmp_path) as inspector:
            await fail(inspector, "nobody has it")
            handler = await a_handler(inspector, "github", "a secret of ours", path="/elsewhere")
            await fail(inspector, "nobody has it", times=2)
            await inspector.save_handlers([replace(handler, path="")])
            await fail(inspector, "nobody has it", times=3)
            await inspector.save_handlers([])
            found = told(await groups_of(inspector))
            assert found == [("github", "handler-gone", 3), ("", "no-handler-here", 2), ("", "no-handler", 1)]

    run(scene())


def test_what_was_mended_since_is_said_to_verify(tmp_path: Path) -> None:
    async def scene() -> None:
        async with product(tmp_path) as inspector:
            handler = await a_handler(inspector, "github", "the wrong secret")
            await fail(inspector, "a secret of ours", times=2)
            ref = replace(handler.secrets[0], id=await inspector.keep_secret("a secret of ours"))
            await inspector.save_handlers([replace(handler, secrets=(ref,))])
            assert told(await groups_of(inspector)) == [("github", "verifies", 2)]

    run(scene())


def test_old_times_are_told_with_what_the_senders_clock_shows(tmp_path: Path) -> None:
    timed = changed(GITHUB, timestamp=TimestampCheck(value="json:t", unit="s", signed=True, tolerance_s=300))

    async def scene() -> None:
        async with product(tmp_path) as inspector:
            await a_handler(inspector, "github", "a secret of ours", timed)
            for _ in range(5):
                body = b'{"t": 1700000000}'
                await send(inspector, post(body, github_signature(body, "a secret of ours")))
            (group,) = await groups_of(inspector)
            facts = group.group.finding.facts
            assert group.group.finding.cause == "timestamp-expired"
            assert facts["recent_count"] == "5"
            assert int(facts["recent_steady"].replace(",", "")) > 10_000_000

    run(scene())


def test_the_work_can_be_left_at_any_time_and_asked_for_again(tmp_path: Path) -> None:
    async def scene() -> None:
        async with product(tmp_path) as inspector:
            await a_handler(inspector, "github", "a secret of ours")
            await fail(inspector, "nobody has it", times=MOST_DIAGNOSED)
            async with aclosing(inspector.diagnoses.of_many(EVERYTHING)) as steps:
                async for step in steps:
                    if isinstance(step, Looked) and step.of:
                        break
            assert told(await groups_of(inspector, parse('body:"{\\"n\\": 1"')))[0][2] == 1

    run(scene())


def test_deliveries_without_the_header_are_told_apart_by_what_they_have_instead(tmp_path: Path) -> None:
    async def scene() -> None:
        async with product(tmp_path) as inspector:
            await a_handler(inspector, "github", "a secret of ours")
            for number in range(4):
                body = b'{"n": %d}' % number
                renamed = github_signature(body, "a secret of ours").replace(b"X-Hub", b"X-Original-X-Hub")
                await send(inspector, post(body, renamed))
                await send(inspector, post(body))
            groups = await groups_of(inspector)
            assert told(groups) == [("github", "unsigned-delivery", 4), ("github", "header-renamed-by-proxy", 4)]

    run(scene())
