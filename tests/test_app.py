"""The whole product without a window: what a sender is answered, what is kept, what can be asked."""

import asyncio
import socket
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from inspector.app import HandlerRejected, TestDeliveryFailed, running
from inspector.core.delivery import Standing, Verdict
from inspector.core.handler import Handler, Response, SecretRef
from inspector.core.verification.scheme import Scheme, SignaturePlace
from inspector.feed import Change, DeliveriesAdded, Fault, FaultEnded, HandlersChanged, ListenerChanged
from inspector.instance import FolderInUse
from inspector.settings import Settings
from inspector.store import Reader
from tests.product import (
    GITHUB,
    a_handler,
    any_port,
    delivery_in,
    files_with,
    github_signature,
    post,
    product,
    run,
    send,
)

ANYTHING = Scheme("none")


def test_a_signed_delivery_is_answered_ok_and_kept_with_its_winner(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector:
            await a_handler(inspector, "github", "It's a Secret")
            body = b'{"zen":"Design for failure."}'
            status, _, answer = await send(inspector, post(body, github_signature(body, "It's a Secret")))
            assert (status, answer) == (200, b"ok")
        kept = delivery_in(tmp_path, 1)
        assert kept is not None
        assert kept.verdict is Verdict.WON
        assert bytes(kept.request.body) == body
        winner = kept.winner
        assert winner is not None
        assert (winner.handler, winner.user, winner.secret_label) == ("github", "github-user", "current")

    run(work())


def test_a_delivery_that_no_handler_verifies_is_answered_403_and_its_ladder_says_why(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector:
            await a_handler(inspector, "github", "right")
            await a_handler(inspector, "elsewhere", "right", path="/other/*")
            body = b"{}"
            status, headers, answer = await send(inspector, post(body, github_signature(body, "wrong")))
            assert (status, answer) == (403, b"Webhook not authorized.")
            assert "right" not in str(headers)
        kept = delivery_in(tmp_path, 1)
        assert kept is not None
        assert kept.verdict is Verdict.FAILED
        assert [(r.handler, r.standing, r.reason) for r in kept.ladder] == [
            ("github", Standing.FAILED, "signature-mismatch"),
            ("elsewhere", Standing.NOT_APPLICABLE, "path"),
        ]

    run(work())


def test_the_first_that_verifies_wins_and_a_broken_one_between_changes_nothing(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector:
            await a_handler(inspector, "first", "shared", response=Response(202, (("X-Answered-By", "first"),), "one"))
            await a_handler(inspector, "broken", "shared", replace_algorithm("whirlpool-9"))
            await a_handler(inspector, "second", "shared")
            status, headers, answer = await send(inspector, post(b"x", github_signature(b"x", "shared")))
            assert (status, headers["x-answered-by"], answer) == (202, "first", b"one")
        kept = delivery_in(tmp_path, 1)
        assert kept is not None
        assert [(r.handler, r.standing, r.reason) for r in kept.ladder] == [
            ("first", Standing.WON, None),
            ("broken", Standing.NOT_CHECKABLE, "algorithm-not-available"),
            ("second", Standing.SHADOWED, None),
        ]

    run(work())


def replace_algorithm(name: str) -> Scheme:
    return Scheme("hmac", algorithm=name, signature=GITHUB.signature)


def test_switched_off_everything_is_refused_and_still_kept(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector:
            await a_handler(inspector, "github", "s")
            await inspector.enable(on=False)
            status, _, answer = await send(inspector, post(b"{}", github_signature(b"{}", "s")))
            assert (status, answer) == (403, b"Feature not enabled")
            await inspector.enable(on=True)
            assert (await send(inspector, post(b"{}", github_signature(b"{}", "s"))))[0] == 200
        kept = delivery_in(tmp_path, 1)
        assert kept is not None
        assert kept.verdict is Verdict.REFUSED
        assert kept.refusal is not None
        assert kept.refusal.reason == "feature-off"

    run(work())


def test_a_saved_handler_judges_the_next_delivery_without_a_restart(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector:
            assert (await send(inspector, post(b"1")))[0] == 403
            await inspector.save_handlers([Handler("any", ANYTHING, user="tester")])
            assert (await send(inspector, post(b"2")))[0] == 200

    run(work())


def test_an_old_outcome_still_says_what_was_checked_after_the_handler_changed(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector:
            before = await a_handler(inspector, "github", "s")
            await send(inspector, post(b"{}"))
            token = Scheme("token", signature=SignaturePlace(name="X-Token"))
            await inspector.save_handlers([replace(before, scheme=token)])
        kept = delivery_in(tmp_path, 1)
        assert kept is not None
        with closing(Reader(tmp_path)) as reader:
            checked = reader.handler_revision(kept.ladder[0].revision)
        assert checked is not None
        assert checked.scheme == GITHUB

    run(work())


def test_a_body_above_the_limit_of_memory_is_verified_and_kept_whole(tmp_path: Path) -> None:
    body = bytes(range(256)) * 8192  # 2 MiB

    async def work() -> None:
        async with product(tmp_path) as inspector:
            await a_handler(inspector, "github", "s")
            assert (await send(inspector, post(body, github_signature(body, "s"))))[0] == 200
        kept = delivery_in(tmp_path, 1)
        assert kept is not None
        assert bytes(kept.request.body) == body

    run(work())


@pytest.mark.parametrize("name", ["", "  ", "two\nlines"])
def test_a_handler_without_a_usable_name_is_rejected_and_nothing_changes(tmp_path: Path, name: str) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector:
            kept = await inspector.save_handlers([Handler("any", ANYTHING)])
            with pytest.raises(HandlerRejected):
                await inspector.save_handlers([*kept, Handler(name, ANYTHING)])
            assert inspector.handlers == kept

    run(work())


def test_two_handlers_of_one_name_are_rejected(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector:
            with pytest.raises(HandlerRejected, match="'any'"):
                await inspector.save_handlers([Handler("any", ANYTHING), Handler("any", ANYTHING)])

    run(work())


def test_a_taken_port_is_told_with_the_next_free_one_and_the_rest_works(tmp_path: Path) -> None:
    async def work() -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            settings = any_port()
            settings = replace(settings, listener=replace(settings.listener, port=port))
            async with running(tmp_path, settings) as inspector:
                state = inspector.listener_state
                assert not state.listening
                assert str(port) in state.problem
                assert state.offered_port not in (0, port)
                await inspector.start_listening(state.offered_port)
                assert inspector.listener_state.listening
                assert (await send(inspector, post(b"")))[0] == 403

    run(work())


def test_a_folder_has_one_instance_at_a_time(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path):
            with pytest.raises(FolderInUse):
                async with running(tmp_path, Settings()):
                    pass
        async with product(tmp_path) as again:
            assert (await send(again, post(b"")))[0] == 403

    run(work())


def test_a_test_delivery_comes_through_the_socket_and_is_won_by_its_handler(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector:
            handler = await a_handler(inspector, "github", "s", path="/github/*")
            sent = await inspector.send_test_delivery(handler.id)
        kept = delivery_in(tmp_path, sent)
        assert kept is not None
        assert kept.verdict is Verdict.WON
        assert kept.request.path == "/github/test"

    run(work())


def test_a_test_delivery_without_a_listener_says_so(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector:
            handler = await a_handler(inspector, "github", "s")
            await inspector.stop_listening()
            with pytest.raises(TestDeliveryFailed, match="listener"):
                await inspector.send_test_delivery(handler.id)

    run(work())


def test_the_expected_signature_is_what_the_sender_should_have_sent(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector:
            await a_handler(inspector, "github", "right")
            await send(inspector, post(b"{}", github_signature(b"{}", "wrong")))
            kept = delivery_in(tmp_path, 1)
            assert kept is not None
            expected = await inspector.expected_signature(kept, kept.ladder[0])
            assert expected is not None
            assert github_signature(b"{}", "right").endswith(expected)

    run(work())


def test_a_secret_that_no_handler_uses_is_forgotten_at_the_end_and_not_before(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector:
            handler = await a_handler(inspector, "github", "s3cr3t-value")
            await inspector.save_handlers([])
            assert await inspector.secret(handler.secrets[0].id) == "s3cr3t-value"  # an undo may want it back
        assert files_with(tmp_path, b"s3cr3t-value") == []

    run(work())


def test_a_configured_secret_is_in_no_file_but_the_secret_store(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector:
            await a_handler(inspector, "github", "s3cr3t-value")
            await send(inspector, post(b"{}", github_signature(b"{}", "s3cr3t-value")))
            await send(inspector, post(b"{}", github_signature(b"{}", "other")))
            assert files_with(tmp_path, b"s3cr3t-value") == ["secrets.toml"]

    run(work())


def test_whoever_follows_the_feed_hears_of_each_delivery_in_order(tmp_path: Path) -> None:
    heard: list[Change] = []

    async def work() -> None:
        async with product(tmp_path) as inspector:
            inspector.feed.subscribe(heard.append)
            await inspector.save_handlers([Handler("any", ANYTHING)])
            await asyncio.gather(*(send(inspector, post(b"%d" % n)) for n in range(20)))
            await inspector.delete([3, 4])
            await inspector.stop_listening()

    run(work())
    ids = [d.id for change in heard if isinstance(change, DeliveriesAdded) for d in change.deliveries]
    assert ids == list(range(1, 21))
    assert any(isinstance(change, HandlersChanged) for change in heard)
    assert any(isinstance(change, ListenerChanged) and not change.state.listening for change in heard)
    with closing(Reader(tmp_path)) as reader:
        assert list(reader.ids()) == [n for n in range(1, 21) if n not in (3, 4)]


def test_a_secret_that_has_gone_makes_the_handler_uncheckable_not_wrong(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector:
            await inspector.save_handlers([Handler("lost", GITHUB, secrets=(SecretRef("no-such-id", "current"),))])
            await send(inspector, post(b"{}", github_signature(b"{}", "s")))
        kept = delivery_in(tmp_path, 1)
        assert kept is not None
        assert (kept.ladder[0].standing, kept.ladder[0].reason) == (Standing.NOT_CHECKABLE, "secret-missing")

    run(work())


@pytest.mark.parametrize("size", [300 << 10, 3 << 20])  # into its file in one go, and as it comes
def test_what_cannot_be_stored_gets_503_and_a_fault_that_ends_by_itself(tmp_path: Path, size: int) -> None:
    heard: list[Change] = []

    async def work() -> None:
        async with product(tmp_path) as inspector:
            inspector.feed.subscribe(heard.append)
            await inspector.save_handlers([Handler("any", ANYTHING)])
            bodies = tmp_path / "bodies"
            large = b"x" * size
            held = hide(bodies)
            status, headers, _ = await send(inspector, post(large))
            assert (status, headers["retry-after"]) == (503, "5")
            held.unlink()
            bodies.mkdir()
            assert (await send(inspector, post(large)))[0] == 200

    run(work())
    assert [change.source for change in heard if isinstance(change, Fault)] == ["store"]
    assert heard.index(FaultEnded("store")) > next(n for n, change in enumerate(heard) if isinstance(change, Fault))


def hide(folder: Path) -> Path:
    """Put a file in the place of `folder`, so that nothing can be written there."""
    for file in folder.iterdir() if folder.exists() else ():
        file.unlink()
    if folder.exists():
        folder.rmdir()
    folder.write_bytes(b"")
    return folder
