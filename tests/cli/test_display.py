"""Whether there is a display is known before Qt is imported."""

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from inspector.cli.display import has_display

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there is always one")


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="run-") as name:
        yield Path(name)


def test_a_chosen_platform_counts_as_a_display() -> None:
    assert has_display({"QT_QPA_PLATFORM": "offscreen"}, "linux")


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_there_is_always_a_display_elsewhere(platform: str) -> None:
    assert has_display({}, platform)


@pytest.mark.parametrize(
    "environ", [{}, {"DISPLAY": ""}, {"DISPLAY": "nonsense"}, {"DISPLAY": ":99999"}, {"DISPLAY": ":987"}]
)
def test_no_display_is_none(environ: dict[str, str]) -> None:
    assert not has_display(environ, "linux")


def test_a_wayland_socket_counts_while_somebody_answers_on_it(folder: Path) -> None:
    environ = {"XDG_RUNTIME_DIR": str(folder), "WAYLAND_DISPLAY": "wayland-7"}
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(folder / "wayland-7"))
        server.listen()
        assert has_display(environ, "linux")
        assert has_display({"WAYLAND_DISPLAY": str(folder / "wayland-7")}, "linux")
    assert not has_display(environ, "linux")


def test_an_x_server_over_tcp_counts_while_it_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        display = f"127.0.0.1:{server.getsockname()[1] - 6000}.0"
        assert has_display({"DISPLAY": display}, "linux")
    assert not has_display({"DISPLAY": display}, "linux")


def test_the_module_answers_by_its_exit_code_without_qt() -> None:
    environ = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    without = subprocess.run([sys.executable, "-m", "inspector.cli.display"], env=environ, check=False)
    chosen = {**environ, "QT_QPA_PLATFORM": "offscreen"}
    with_one = subprocess.run([sys.executable, "-m", "inspector.cli.display"], env=chosen, check=False)
    assert (without.returncode, with_one.returncode) == (3, 0)
