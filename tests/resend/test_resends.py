"""What is under way when the program ends says that it was broken off."""

from pathlib import Path

from inspector.core.bulk import Recipe
from inspector.core.scenario import Scenario
from inspector.core.scenario_cases import Case
from inspector.core.target import target_from
from tests.product import post, product, run, send
from tests.resend.targets import capturing


def test_a_scenario_that_was_broken_off_did_not_pass(tmp_path: Path) -> None:
    async def work() -> None:
        async with product(tmp_path) as inspector, capturing() as slow:
            await send(inspector, post(b"{}"))
            slow.open_.clear()
            scenario = Scenario("all", 1, "", "", (Case("good"),))
            resends = inspector.resends
            number = resends.start_scenario(scenario, Recipe(target_from(slow.url)))
            await slow.arrived.wait()
            await resends.close()
            slow.open_.set()
            results = resends.scenario_results(number)
            assert results.ended
            assert results.problem

    run(work())
