"""Deliveries of 66 providers, most of them confirmed by the provider's own library, come out as they must."""

import pytest

from inspector.core.verification.outcome import Verified
from tests.vector_files import Vector, vectors


@pytest.mark.parametrize("vector", vectors(), ids=str)
def test_a_delivery_comes_out_as_its_provider_says(vector: Vector) -> None:
    outcome = vector.outcome()
    assert (outcome.reason or "verified") in vector.expected
    if vector.signature_ok:
        assert not isinstance(outcome, Verified)
        assert getattr(outcome, "signature_ok", False)
