"""What settings.toml keeps."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from inspector.settings import AnswerSettings, ListenerSettings, Settings, SettingsError, WindowSettings, load, save


def kept_in(folder: Path) -> dict[str, object]:
    return tomllib.loads((folder / "settings.toml").read_text())


def test_only_what_differs_from_the_defaults_is_kept(tmp_path: Path) -> None:
    save(tmp_path, Settings(listener=ListenerSettings(port=9000), window=WindowSettings(theme="dark")))
    assert kept_in(tmp_path) == {"listener": {"port": 9000}, "window": {"theme": "dark"}}


def test_what_is_saved_is_what_is_loaded(tmp_path: Path) -> None:
    changed = Settings(
        listener=ListenerSettings(host="::1", port=0, enabled=False, max_body_bytes=1, idle_timeout_s=0.5),
        answer=AnswerSettings(status=401, body='no "entry"\\\n\x00\x7f\U0001f600'),
        window=WindowSettings(theme="light"),
    )
    save(tmp_path / "new" / "folder", changed)
    assert load(tmp_path / "new" / "folder") == changed


def test_what_a_flag_said_is_not_saved(tmp_path: Path) -> None:
    save(tmp_path, Settings(listener=ListenerSettings(port=9000)))
    session = load(tmp_path, {"WEBHOOK_INSPECTOR_HOST": "0.0.0.0"}, {"listener.port": 1234})
    save(tmp_path, replace(session, window=WindowSettings(theme="dark")))
    assert kept_in(tmp_path) == {"listener": {"port": 9000}, "window": {"theme": "dark"}}


def test_what_is_changed_during_such_a_session_is_saved(tmp_path: Path) -> None:
    session = load(tmp_path, {}, {"listener.port": 1234})
    save(tmp_path, replace(session, listener=replace(session.listener, port=5678)))
    assert load(tmp_path).listener.port == 5678


def test_an_address_that_is_not_loopback_is_not_kept(tmp_path: Path) -> None:
    save(tmp_path, Settings(listener=ListenerSettings(port=9000)))
    with pytest.raises(SettingsError, match="loopback"):
        save(tmp_path, Settings(listener=ListenerSettings(host="0.0.0.0")))
    assert kept_in(tmp_path) == {"listener": {"port": 9000}}


def test_a_broken_file_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("[listener\nport = 9")
    with pytest.raises(SettingsError):
        save(tmp_path, Settings(listener=ListenerSettings(port=9000)))
    assert (tmp_path / "settings.toml").read_text() == "[listener\nport = 9"


def test_no_other_file_stays_behind(tmp_path: Path) -> None:
    save(tmp_path, Settings())
    assert [each.name for each in tmp_path.iterdir()] == ["settings.toml"]
