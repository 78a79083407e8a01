"""Flags beat variables beat settings.toml, and a mistake names its place."""

from pathlib import Path

import pytest

from inspector.settings import ListenerSettings, Settings, SettingsError, load


def with_toml(folder: Path, text: str) -> Path:
    (folder / "settings.toml").write_text(text)
    return folder


def error_of(folder: Path, toml: str) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        load(with_toml(folder, toml))
    assert caught.value.file == folder / "settings.toml"
    assert "\n" not in str(caught.value)
    return caught.value


def test_a_folder_without_settings_has_the_defaults(tmp_path: Path) -> None:
    assert load(tmp_path) == Settings()
    assert load(tmp_path / "not-there") == Settings()


def test_a_flag_beats_a_variable_beats_the_file(tmp_path: Path) -> None:
    folder = with_toml(
        tmp_path, '[listener]\nport = 1\nmax_body_bytes = 10\nidle_timeout_s = 5\n[window]\ntheme = "dark"\n'
    )
    environ = {"WEBHOOK_INSPECTOR_PORT": "2", "WEBHOOK_INSPECTOR_MAX_BODY_BYTES": "20"}
    settings = load(folder, environ, {"listener.port": "3", "listener.host": None})
    assert settings.listener == ListenerSettings(port=3, max_body_bytes=20, idle_timeout_s=5)
    assert settings.window.theme == "dark"


def test_variables_of_other_subjects_carry_their_name(tmp_path: Path) -> None:
    environ = {"WEBHOOK_INSPECTOR_ANSWER_STATUS": "401", "WEBHOOK_INSPECTOR_WINDOW_THEME": "light"}
    settings = load(tmp_path, environ)
    assert (settings.answer.status, settings.window.theme) == (401, "light")


def test_an_empty_variable_counts_as_not_set(tmp_path: Path) -> None:
    assert load(tmp_path, {"WEBHOOK_INSPECTOR_PORT": ""}) == Settings()


@pytest.mark.parametrize(("text", "on"), [("off", False), ("0", False), ("No", False), ("on", True), ("TRUE", True)])
def test_a_switch_is_read_from_the_usual_words(tmp_path: Path, text: str, on: bool) -> None:
    assert load(tmp_path, {"WEBHOOK_INSPECTOR_ENABLED": text}).listener.enabled is on


@pytest.mark.parametrize(
    ("toml", "line", "column"),
    [
        ("[listener]\nport = \n", 2, 8),
        ("[listener\n", 1, 10),
        ('[answer]\nbody = "never closed', 2, 21),
        ("a" * 10, 1, 11),
    ],
)
def test_broken_toml_names_line_and_column(tmp_path: Path, toml: str, line: int, column: int) -> None:
    error = error_of(tmp_path, toml)
    assert (error.line, error.column) == (line, column)
    assert f"line {line}, column {column}" in str(error)


@pytest.mark.parametrize(
    ("toml", "line", "says"),
    [
        ("[listener]\n\nprot = 1\n", 3, "unknown key prot in [listener]"),
        ("[lisener]\nport = 1\n", 1, "unknown table [lisener]"),
        ("port = 1\n", 1, "unknown table [port]"),
        ('[window]\ntheme = "light"\n[listener]\nport = "80"\n', 4, "a whole number from 0 to 65535"),
        ("[listener]\nport = 65536\n", 2, "a whole number from 0 to 65535"),
        ("[listener]\nport = -1\n", 2, "a whole number from 0 to 65535"),
        ("[listener]\nport = true\n", 2, "a whole number"),
        ("[listener]\nidle_timeout_s = nan\n", 2, "a number from 0.1 to 3600 seconds"),
        ("[listener]\nenabled = 1\n", 2, "true or false"),
        ("[answer]\nstatus = 99\n", 2, "from 200 to 599"),
        ('[window]\ntheme = "pink"\n', 2, "one of system, light, dark"),
        ("listener.port = 70000\n", 1, "a whole number"),
        ("listener = 5\n", 1, "must be a table"),
    ],
)
def test_a_wrong_value_names_its_line_and_what_is_allowed(tmp_path: Path, toml: str, line: int, says: str) -> None:
    error = error_of(tmp_path, toml)
    assert says in str(error)
    assert error.line == line


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "localhost"])
def test_the_settings_keep_loopback_addresses(tmp_path: Path, host: str) -> None:
    assert load(with_toml(tmp_path, f'[listener]\nhost = "{host}"\n')).listener.host == host


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "example.com", "127.0.0.1.example.com", ""])
def test_the_settings_refuse_every_other_address(tmp_path: Path, host: str) -> None:
    assert "host in [listener] must" in str(error_of(tmp_path, f'[listener]\nhost = "{host}"\n'))


def test_a_flag_or_variable_may_name_any_address_for_the_session(tmp_path: Path) -> None:
    assert load(tmp_path, {"WEBHOOK_INSPECTOR_HOST": "0.0.0.0"}).listener.host == "0.0.0.0"
    assert load(tmp_path, {}, {"listener.host": "::"}).listener.host == "::"


@pytest.mark.parametrize(
    ("environ", "flags", "says"),
    [
        ({"WEBHOOK_INSPECTOR_PORT": "x"}, {}, "WEBHOOK_INSPECTOR_PORT must be a whole number"),
        ({}, {"listener.port": "99999"}, "--port must be a whole number from 0 to 65535, not '99999'"),
        ({}, {"listener.host": ""}, "--host must not be empty"),
        ({"WEBHOOK_INSPECTOR_ENABLED": "perhaps"}, {}, "WEBHOOK_INSPECTOR_ENABLED must be true or false"),
    ],
)
def test_a_wrong_flag_or_variable_is_named(
    tmp_path: Path, environ: dict[str, str], flags: dict[str, object], says: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, environ, flags)
    assert says in str(caught.value)
    assert caught.value.file is None


def test_bytes_that_are_not_utf8_name_their_line(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_bytes(b'[answer]\nbody = "\xff"\n')
    with pytest.raises(SettingsError, match="line 2: not valid TOML: not UTF-8"):
        load(tmp_path)


def test_a_file_in_the_place_of_the_folder_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(SettingsError, match="cannot be read"):
        load(tmp_path / "data")
