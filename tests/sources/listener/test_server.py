"""Where the listener listens, what it says when it cannot, and how it stops."""

import asyncio
import errno
import socket

import pytest

from inspector.settings.listener import ListenerSettings
from inspector.sources.listener import Listener, ListenError, PortTaken, listening
from tests.sources.listener.loopback import Notebook, Run, a_client, a_client_of, a_request


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


def test_port_0_lets_the_system_choose(run: Run) -> None:
    async def work() -> None:
        async with listening(ListenerSettings(port=0), Notebook()) as listener:
            assert listener.port > 0
            assert listener.url == f"http://127.0.0.1:{listener.port}/"

    run(work())


def test_an_ipv6_address_is_in_brackets_in_the_url() -> None:
    assert Listener("::1", 8080).url == "http://[::1]:8080/"


@pytest.mark.skipif(not has_ipv6(), reason="no IPv6 here")
@pytest.mark.parametrize("host", ["::1", "[::1]"])
def test_an_ipv6_sender_is_in_brackets(run: Run, host: str) -> None:
    async def work() -> None:
        notebook = Notebook()
        async with listening(ListenerSettings(host=host, port=0), notebook) as listener, a_client(listener) as client:
            await client.send(a_request())
            await client.answer()
            assert notebook.arrivals[0].remote == client.address
        assert notebook.arrivals[0].remote.startswith("[::1]:")

    run(work())


def test_localhost_is_one_port_on_all_its_addresses(run: Run) -> None:
    async def work() -> None:
        async with listening(ListenerSettings(host="localhost", port=0), Notebook()) as listener:
            found = await asyncio.get_running_loop().getaddrinfo("localhost", listener.port, type=socket.SOCK_STREAM)
            for address in {address[0] for *_, address in found if address[0] != "::1" or has_ipv6()}:
                async with a_client(Listener(str(address), listener.port)) as client:
                    await client.send(a_request())
                    assert (await client.answer()).status == 200

    run(work())


def test_a_taken_port_is_told_with_the_next_free_one(run: Run) -> None:
    async def work() -> None:
        async with listening(ListenerSettings(port=0), Notebook()) as first:
            with pytest.raises(PortTaken) as taken:
                async with listening(ListenerSettings(port=first.port), Notebook()):
                    pass
            assert taken.value.port == first.port
            assert f"Port {first.port} is in use" in str(taken.value)
            async with listening(ListenerSettings(port=taken.value.next_free), Notebook()) as second:
                assert second.port == taken.value.next_free

    run(work())


@pytest.mark.parametrize(
    ("host", "sentence"),
    [
        ("192.0.2.1", "The address 192.0.2.1 does not belong to this machine."),
        ("no such host", "The address 'no such host' cannot be resolved."),
        ("a" * 300, f"The address {'a' * 300!r} cannot be resolved."),
    ],
)
def test_an_address_that_cannot_be_used_is_told_in_one_sentence(run: Run, host: str, sentence: str) -> None:
    async def work() -> None:
        with pytest.raises(ListenError) as error:
            async with listening(ListenerSettings(host=host, port=0), Notebook()):
                pass
        assert str(error.value) == sentence

    run(work())


def test_the_port_is_free_again_at_once(run: Run) -> None:
    async def work() -> None:
        port = 0
        for _ in range(5):
            async with listening(ListenerSettings(port=port), Notebook()) as listener, a_client(listener) as client:
                port = listener.port
                await client.send(a_request())
                assert (await client.answer()).status == 200

    run(work())


def test_stopping_answers_what_is_under_way(run: Run) -> None:
    async def work() -> None:
        notebook = Notebook()
        notebook.open_.clear()
        async with asyncio.TaskGroup() as group, a_client_of(notebook) as (client, stop):
            await client.send(a_request(body=b"last"))
            await notebook.begun.wait()
            stopping = group.create_task(stop())
            await asyncio.sleep(0)
            notebook.open_.set()
            answer = await client.answer()
            assert (answer.status, answer.headers["connection"]) == (200, "close")
            assert await client.rest() == b""
            await stopping
        assert len(notebook.arrivals) == 1

    run(work())


@pytest.mark.parametrize("before", [b"", a_request()])
def test_stopping_closes_idle_connections_at_once(run: Run, before: bytes) -> None:
    async def work() -> None:
        async with a_client_of(Notebook()) as (client, stop):
            if before:
                await client.send(before)
                await client.answer()
            await stop()
            assert await client.rest() == b""

    run(work())


def test_stopping_within_a_request_asks_for_it_again_later(run: Run) -> None:
    async def work() -> None:
        async with a_client_of(Notebook()) as (client, stop):
            await client.send(a_request(b"Expect: 100-continue", b"Content-Length: 5"))
            assert (await client.answer()).status == 100
            await stop()
            answer = await client.answer()
            assert (answer.status, answer.headers["retry-after"]) == (503, "5")
            assert await client.rest() == b""

    run(work())


def test_nobody_is_taken_after_the_stop(run: Run) -> None:
    async def work() -> None:
        async with listening(ListenerSettings(port=0), Notebook()) as listener:
            pass
        with pytest.raises(OSError) as error:
            await asyncio.open_connection(listener.host, listener.port)
        assert error.value.errno == errno.ECONNREFUSED

    run(work())
