"""Deliveries of every provider, many of them confirmed by the provider's own library, come out as they must."""

import pytest

from inspector import presets
from inspector.core.verification.outcome import Verified
from tests.vector_files import OWN, Vector, vectors

CANNOT_BE_CHECKED = {"generic-mtls"}


@pytest.mark.parametrize("vector", [*vectors(), *vectors(OWN)], ids=str)
def test_a_delivery_comes_out_as_its_provider_says(vector: Vector) -> None:
    outcome = vector.outcome()
    assert (outcome.reason or "verified") in vector.expected
    if vector.signature_ok:
        assert not isinstance(outcome, Verified)
        assert getattr(outcome, "signature_ok", False)


def test_every_way_of_signing_has_deliveries() -> None:
    known = {(each.provider, each.name.partition(" ")[0]) for each in vectors(OWN)}
    shipped = {(entry.id, each.id) for entry in presets.index() for each in presets.preset(entry.id).schemes}
    assert {way for way in shipped - known if way[0] not in CANNOT_BE_CHECKED} == set()
