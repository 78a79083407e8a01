"""Random requests, odd but valid, arrive as they were sent, in whatever segments."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspector.core.request import Headers
from tests.core.random_requests import Sent, cuts, in_pieces, sent_requests
from tests.sources.listener.loopback import Notebook, Run, connected


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(sent_requests(), min_size=5, max_size=20), cuts)
def test_random_requests_arrive_as_they_were_sent(run: Run, sent: list[Sent], places: list[int]) -> None:
    async def work() -> None:
        notebook = Notebook()
        async with connected(notebook) as client:
            await client.send(*in_pieces(b"".join(each.wire for each in sent), places))
            for each in sent:
                assert (await client.answer(to_head=each.method == "HEAD")).status == 200
        for each, arrival in zip(sent, notebook.arrivals, strict=True):
            request = arrival.request
            assert (request.method, request.target, request.version) == (each.method, each.target, "1.1")
            assert (request.headers, request.body) == (Headers(each.headers), each.body)
            assert request.trailers == Headers(each.trailers)
            assert each.wire.startswith(request.head)

    run(work())
