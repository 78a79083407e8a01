"""The next start looks as the window was left."""

from pathlib import Path

import pytest

from inspector.gui.window_state import FILE_NAME, WindowState, load_state, save_state


def test_a_first_start_looks_as_new(tmp_path: Path) -> None:
    assert load_state(tmp_path) == WindowState()


def test_what_was_kept_comes_back(tmp_path: Path) -> None:
    state = WindowState(geometry=b"\x00\xff", choice="failed", search='body:"ü"', hidden_columns=("sender",))
    save_state(tmp_path, state)
    assert load_state(tmp_path) == state


@pytest.mark.parametrize("text", ["", "{", "[]", '{"geometry": 3}', '{"geometry": "not base64!"}'])
def test_a_damaged_file_costs_only_the_looks(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE_NAME).write_text(text)
    assert load_state(tmp_path) == WindowState()


def test_a_folder_that_refuses_costs_only_the_looks(tmp_path: Path) -> None:
    save_state(tmp_path / "missing", WindowState())
    assert not (tmp_path / "missing").exists()
