"""Form, command line and documentation read the same description of a setting."""

from inspector.settings import SUBJECTS, ListenerSettings, fields_of
from inspector.settings.folder import data_folder
from inspector.settings.load import variable_of


def test_a_setting_carries_label_help_unit_and_bounds() -> None:
    fields = {each.name: each for each in fields_of(ListenerSettings)}
    body = fields["max_body_bytes"]
    assert (body.label, body.unit, body.type, body.default) == ("Largest body", "bytes", int, 32 << 20)
    assert (body.minimum, body.maximum) == (1, 1 << 30)
    assert body.allowed == "a whole number from 1 to 1073741824 bytes"


def test_every_default_is_allowed_and_every_setting_has_its_words() -> None:
    for kind in SUBJECTS.values():
        for each in fields_of(kind):
            assert each.problem_with(each.default) == ""
            assert each.label
            assert each.help


def test_no_two_settings_share_a_variable() -> None:
    names = [variable_of(subject, each.name) for subject, kind in SUBJECTS.items() for each in fields_of(kind)]
    assert len(set(names)) == len(names)
    assert {"WEBHOOK_INSPECTOR_PORT", "WEBHOOK_INSPECTOR_HOST", "WEBHOOK_INSPECTOR_MAX_BODY_BYTES"} <= set(names)


def test_the_folder_is_the_flags_then_the_variables_then_the_platforms() -> None:
    environ = {"WEBHOOK_INSPECTOR_DATA": "/from/variable"}
    assert data_folder("/from/flag", environ).as_posix() == "/from/flag"
    assert data_folder(None, environ).as_posix() == "/from/variable"
    assert data_folder(None, {}).name == "webhook-inspector"
