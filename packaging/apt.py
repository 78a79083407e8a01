"""Debian's packages: installed quietly as root, named with the line that installs them otherwise."""

import os
import shutil
import subprocess
import sys
from collections.abc import Collection, Sequence
from importlib.util import find_spec

from environment import say


def is_here() -> bool:
    """Whether this is a system with apt."""
    return shutil.which("apt-get") is not None


def bring_venv() -> None:
    """Debian keeps what `python -m venv` needs in a package of its own."""
    if find_spec("ensurepip") is None and is_here():
        bring([f"python{sys.version_info.major}.{sys.version_info.minor}-venv"], "to make an environment")


def bring(packages: Collection[str], purpose: str) -> None:
    """Install `packages` when we are root; else, or when that fails, print the line that does it."""
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    if os.geteuid() == 0:
        say(f"Installing {' '.join(packages)} {purpose}.")
        if _quietly(["apt-get", "update"]) and _quietly(command):
            return
    say(f"Some of the system's packages are missing {purpose}. As root: apt-get update && {' '.join(command)}")


def _quietly(command: Sequence[str]) -> bool:
    environ = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if done.returncode:
        say(done.stderr.strip())
    return done.returncode == 0
