"""What every test shares: no keyring of the user, no screen of the user."""

import os

# Before anything of ours or of Qt is imported: a test never asks the user's keyring, and shows no window.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
