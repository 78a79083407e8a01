"""What is simulated, and what is edited and signed anew, is accepted by services with the providers' own libraries."""

from dataclasses import replace
from pathlib import Path

import pytest

from inspector import presets
from inspector.core.bulk import Recipe
from inspector.core.resending import Edits
from inspector.core.target import target_from
from inspector.core.verification.secret import Secret
from inspector.samples import sample_book
from inspector.simulating import Simulation, made_secret
from tests.product import a_handler, delivery_in, product
from tests.resend.targets import run
from tests.simulating.receivers import (
    Accepts,
    a_service,
    by_pynacl,
    by_slack_sdk,
    by_standardwebhooks,
    by_stripe,
    by_svix,
    by_twilio,
)

LIBRARIES: dict[str, Accepts] = {
    "stripe": by_stripe,
    "standard-webhooks": by_standardwebhooks,
    "svix": by_svix,
    "slack": by_slack_sdk,
    "twilio": by_twilio,
    "discord": by_pynacl,
}
SAMPLES = [(preset, sample.event) for preset in LIBRARIES for sample in sample_book(preset).samples]


@pytest.mark.parametrize(("preset", "event"), SAMPLES)
def test_every_sample_is_accepted_and_with_another_secret_refused(tmp_path: Path, preset: str, event: str) -> None:
    signs, checks = made_secret(presets.scheme(preset).scheme)
    other = made_secret(presets.scheme(preset).scheme)[0]

    async def work() -> None:
        async with product(tmp_path) as inspector, a_service(LIBRARIES[preset], checks) as service:
            target = target_from(f"{service.url}/hooks?shop=1")
            genuine = Simulation(preset, event, secret=Secret("s", signs), target=target, times=3)
            tries = [each async for each in inspector.simulator.run(genuine)]
            assert [each.attempt.status for each in tries] == [200] * 3, service.bodies
            forged = replace(genuine, secret=Secret("s", other), times=1)
            tries = [each async for each in inspector.simulator.run(forged)]
            assert [each.attempt.status for each in tries] == [401]
            assert service.verdicts == [True, True, True, False]
            assert len(set(service.bodies[:3])) == 3, "each delivery has an identity of its own"

    run(work())


@pytest.mark.parametrize("preset", [each for each in LIBRARIES if each != "discord"])
def test_a_delivery_is_resent_edited_and_signed_anew(tmp_path: Path, preset: str) -> None:
    scheme = presets.scheme(preset).scheme
    secret, _ = made_secret(scheme)

    async def work() -> None:
        async with product(tmp_path) as inspector, a_service(LIBRARIES[preset], secret) as service:
            await a_handler(inspector, "provider", secret, scheme, preset=f"{preset}:{presets.scheme(preset).id}")
            [received] = [each async for each in inspector.simulator.run(Simulation(preset))]
            assert received.attempt.status == 200
            delivery = delivery_in(tmp_path, received.delivery)
            assert delivery is not None
            body = bytes(delivery.request.body)
            changed = body.replace(b"Hello", b"Bye").replace(b"4200", b"99").replace(b"this thing", b"that thing")
            assert changed != body
            recipe = Recipe(target_from(service.url), Edits(body=changed))
            assert (await inspector.resends.send(received.delivery, recipe)).status == 401
            anew = await inspector.resends.send(received.delivery, replace(recipe, sign_with="provider"))
            if preset == "twilio":  # it signs the URL, and the Host is as it was received
                edits = replace(recipe.edits, host_of_target=True)
                anew = await inspector.resends.send(
                    received.delivery, replace(recipe, sign_with="provider", edits=edits)
                )
            assert anew.status == 200
            assert service.verdicts[-1]
            assert service.bodies[-1] == changed

    run(work())
