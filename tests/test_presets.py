"""The presets that are shipped: all can be read, the picker's index is cheap, unknown names are said."""

import re

import pytest

from inspector import presets
from inspector.core.verification.digests import digest_named
from inspector.presets import PresetUnknown
from inspector.resources_folder import resource_path

SHIPPED = [entry.id for entry in presets.index()]


def test_the_index_has_every_file_by_name() -> None:
    files = {path.stem for path in resource_path("providers").iterdir()}
    assert {entry.id for entry in presets.index()} == files
    names = [entry.name.casefold() for entry in presets.index()]
    assert names == sorted(names)
    assert len(files) >= 196


@pytest.mark.parametrize("id_", SHIPPED)
def test_a_shipped_preset_can_be_read_and_used(id_: str) -> None:
    preset = presets.preset(id_)
    entry = next(entry for entry in presets.index() if entry.id == id_)
    assert (preset.name, preset.category) == (entry.name, entry.category)
    assert len({each.id for each in preset.schemes}) == len(preset.schemes)
    for each in preset.schemes:
        assert each.id
        assert each.scheme.undefined_value is None
        if each.scheme.kind in ("hmac", "hash"):
            assert each.scheme.algorithm == "from-prefix" or digest_named(each.scheme.algorithm)
    for pattern in (preset.recognition.user_agent, *preset.recognition.match.values()):
        assert re.compile(pattern)
    assert set(preset.recognition.shared_with) <= set(SHIPPED)


def test_a_scheme_is_named_by_provider_and_id() -> None:
    assert presets.scheme("github").id == "sha256"
    assert presets.scheme("github:sha1").scheme.algorithm == "sha1"


@pytest.mark.parametrize("reference", ["nobody", "", "../settings", "github:sha512", "a\0b"])
def test_an_unknown_name_is_said(reference: str) -> None:
    with pytest.raises(PresetUnknown, match=r"there is no preset|github has no scheme"):
        presets.scheme(reference)


def test_mediawikis_sender_is_a_preset() -> None:
    signature = presets.scheme("mediawiki-webhooks").scheme.signature
    assert signature is not None
    assert (signature.name, signature.prefix) == ("X-Hub-Signature", "sha1=")
