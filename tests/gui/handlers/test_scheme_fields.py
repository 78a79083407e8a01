"""Every part of every preset's scheme is in a field, and comes back from it as it was."""

import pytest
from msgspec.structs import replace

from inspector import presets
from inspector.core.verification.scheme import Part, Scheme, SignaturePlace, TimestampCheck
from inspector.gui.handlers.lenses import Unreadable
from inspector.gui.handlers.scheme_field import value_of
from inspector.gui.handlers.scheme_fields import FIELDS, differing
from inspector.gui.handlers.scheme_lenses import scheme_text

FIELD = {field.name: field for field in FIELDS}
SCHEMES = {f"{preset.id}:{each.id}": each.scheme for preset in presets.presets().values() for each in preset.schemes}


@pytest.mark.parametrize("reference", sorted(SCHEMES))
def test_what_a_field_shows_of_a_preset_is_what_it_writes(reference: str) -> None:
    scheme = SCHEMES[reference]
    changed = [
        field.name
        for field in FIELDS
        if field.applies(scheme) and field.lens.write(scheme, value_of(field, scheme)) != scheme
    ]
    assert changed == []
    assert differing(scheme, scheme) == []


def test_an_odd_scheme_is_written_field_by_field() -> None:
    scheme = Scheme("hmac", "sha256", signature=SignaturePlace(name="X"))
    for name, text in (
        ("algorithm", "sha512"),
        ("encoding", "base64url"),
        ("header", "X-Odd"),
        ("content", "v2;{url};{header:T}"),
        ("decode", "hex"),
        ("timestamp", "header:T"),
        ("unit", "ms"),
        ("tolerance_s", "60"),
    ):
        scheme = FIELD[name].lens.write(scheme, text)
    assert scheme.content == (
        Part(part="text", text="v2;"), Part(part="url"), Part(part="text", text=";"), Part(part="header", name="T"),
    )  # fmt: skip
    assert scheme.timestamp == TimestampCheck("header:T", unit="ms", tolerance_s=60)
    assert scheme.secret.decode == "hex"
    assert FIELD["as_text"].lens.write(Scheme("none"), scheme_text(scheme)) == scheme


@pytest.mark.parametrize(
    ("name", "text", "position"),
    [
        ("content", "{timestamp}.{bdy", 12),
        ("content", "a}", 1),
        ("tolerance_s", "soon", -1),
        ("values", "timestamp", -1),
        ("values", "timestamp = nowhere:x", -1),
        ("as_text", "kind = ", -1),
        ("as_text", 'kind = "magic"', -1),
    ],
)
def test_what_cannot_be_read_says_why_and_where(name: str, text: str, position: int) -> None:
    with pytest.raises(Unreadable) as caught:
        FIELD[name].lens.write(Scheme("hmac", "sha256", signature=SignaturePlace(name="X")), text)
    assert caught.value.position == position


def test_what_differs_from_the_preset_is_named() -> None:
    stripe = presets.scheme("stripe").scheme
    assert stripe.timestamp is not None
    other = replace(stripe, algorithm="sha512", timestamp=replace(stripe.timestamp, tolerance_s=60))
    assert [field.name for field in differing(other, stripe)] == ["algorithm", "tolerance_s"]
