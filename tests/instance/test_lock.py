"""One process holds a data folder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from inspector.instance import FolderInUse, FolderUnusable, hold

HOLDER = """
import sys, pathlib
from inspector.instance import hold
with hold(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    with hold(tmp_path / "a" / "b"):
        assert (tmp_path / "a" / "b").is_dir()


def test_a_second_instance_is_told_who_holds_the_folder(tmp_path: Path) -> None:
    with hold(tmp_path), pytest.raises(FolderInUse) as caught, hold(tmp_path):
        pass
    assert caught.value.pid == os.getpid()
    assert str(os.getpid()) in str(caught.value)


def test_a_folder_that_was_let_go_can_be_held_again(tmp_path: Path) -> None:
    for _ in range(3):
        with hold(tmp_path):
            assert (tmp_path / "lock").read_text().strip() == str(os.getpid())


def test_two_names_of_one_folder_are_one_folder(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with hold(tmp_path / "real"), pytest.raises(FolderInUse), hold(tmp_path / "link"):
        pass


def test_a_killed_holder_leaves_the_folder_free(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(FolderInUse) as caught, hold(tmp_path):
            pass
        holder.kill()
        holder.wait()
    assert caught.value.pid == holder.pid
    with hold(tmp_path):
        assert (tmp_path / "lock").read_text().strip() == str(os.getpid())


def test_a_file_in_the_place_of_the_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(FolderUnusable, match="cannot be used"), hold(tmp_path / "data"):
        pass
