"""What every test shares: no keyring of the user, no screen of the user, garbage collected in one thread."""

import gc
import os
from collections.abc import Iterator

import hypothesis
import pytest

# Before anything of ours or of Qt is imported: a test never asks the user's keyring, and shows no window.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# As in the program (`gui/garbage.py`): a widget that is freed in an engine's thread brings Qt down, and Python's
# own collector runs in whichever thread happens to allocate.
gc.disable()

# No test is timed: an example that takes long on a busy machine is as good as any other.
hypothesis.settings.register_profile("untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("untimed")

ENOUGH_GARBAGE = 50_000  # objects


@pytest.fixture(autouse=True)
def _garbage_is_collected_in_the_main_thread() -> Iterator[None]:
    yield
    if gc.get_count()[0] > ENOUGH_GARBAGE:
        gc.collect()
