"""No part of a scheme is without a row of its own in the form."""

from collections.abc import Iterator
from itertools import product
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest
from msgspec import NODEFAULT, Struct, structs

from inspector import presets
from inspector.core.verification.scheme import Encoding, Kind, Part, Plugin, Scheme, Source
from inspector.core.verification.template import parse
from inspector.gui.handlers.kinds import STARTS
from inspector.gui.handlers.lenses import Unreadable
from inspector.gui.handlers.scheme_field import SchemeField, value_of
from inspector.gui.handlers.scheme_fields import FIELDS
from inspector.gui.handlers.scheme_lenses import scheme_text

WORDS = {Kind: Kind.__value__, Encoding: Encoding.__value__, Plugin: Plugin.__value__}
ROWS = [field for field in FIELDS if field.name != "as_text"]
TEMPLATES = {"values", "content"}  # their structs are written as text in one row
BY_THE_TYPE = {"kind"}
PRESETS = {f"{preset.id}:{each.id}": each.scheme for preset in presets.presets().values() for each in preset.schemes}


def type_of(hint: Any) -> Any:
    """The type without its alias and without None."""
    hint = WORDS.get(hint, hint)
    if get_origin(hint) is UnionType:
        (hint,) = (each for each in get_args(hint) if each is not NoneType)
    return hint


def is_struct(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, Struct)


def whole(struct: type[Struct]) -> Any:
    """One with every part that it can have."""
    hints = get_type_hints(struct)
    made: dict[str, Any] = {}
    for field in structs.fields(struct):
        hint = type_of(hints[field.name])
        if is_struct(hint):
            made[field.name] = whole(hint)
        elif field.default is NODEFAULT and field.default_factory is NODEFAULT:
            made[field.name] = "hmac" if field.name == "kind" else "x"
    return struct(**made)


def leaves(struct: type[Struct], above: str = "") -> Iterator[tuple[str, Any]]:
    """The path and type of every part that has a choice."""
    for name, written in get_type_hints(struct).items():
        hint = type_of(written)
        if name in TEMPLATES | BY_THE_TYPE and not above:
            continue
        if is_struct(hint):
            yield from leaves(hint, f"{above}{name}.")
        elif get_origin(hint) is not Literal or len(get_args(hint)) > 1:
            yield f"{above}{name}", hint


def others(hint: Any, value: Any) -> list[Any]:
    """Values of that type that are not `value`."""
    if get_origin(hint) is Literal:
        return [each for each in get_args(hint) if each != value and each]
    if get_origin(hint) is tuple:
        inner = get_args(hint)[0]
        return [(others(inner, None)[0],)]
    if get_origin(hint) is dict:
        return [{"1": "other"}]
    plain: dict[Any, list[Any]] = {bool: [not value], int: [41], str: ["other"]}
    return plain[hint]


def with_part(part: Any, path: str, value: Any) -> Any:
    name, _, rest = path.partition(".")
    return structs.replace(part, **{name: with_part(getattr(part, name), rest, value) if rest else value})


def part_at(part: Any, path: str) -> Any:
    for name in path.split("."):
        part = getattr(part, name)
    return part


def wholes() -> list[Scheme]:
    made: Scheme = whole(Scheme)
    return [made, with_part(made, "signature.place", "json")]


def written_in(field: SchemeField, path: str, hint: Any, base: Scheme) -> bool:
    """Whether the row shows each other value of that part, and makes it of its text."""
    for value in others(hint, part_at(base, path)):
        wanted = with_part(base, path, value)
        if value_of(field, wanted) == value_of(field, base):
            return False
        try:
            if part_at(field.lens.write(base, value_of(field, wanted)), path) != value:
                return False
        except Unreadable:
            return False
    return True


def schemes_of_all_sorts() -> Iterator[Scheme]:
    """One of each kind with each place, format and type of secret."""
    base: Scheme = whole(Scheme)
    paths = ("kind", "signature.place", "signature.format", "secret.type")
    hints = [Kind.__value__, *(dict(leaves(Scheme))[path] for path in paths[1:])]
    for words in product(*(get_args(hint) for hint in hints)):
        scheme = base
        for path, word in zip(paths, words, strict=True):
            scheme = with_part(scheme, path, word)
        yield scheme


@pytest.fixture(scope="module")
def reachable() -> set[str]:
    """The rows that apply to some scheme."""
    found: set[str] = set()
    samples = [*PRESETS.values(), *STARTS.values(), parse_url_scheme()]
    for scheme in (*samples, *schemes_of_all_sorts()):
        found |= {field.name for field in ROWS if field.name not in found and field.applies(scheme)}
    return found


def parse_url_scheme() -> Scheme:
    return structs.replace(STARTS["hmac-encoded"], content=parse("{url}"))


@pytest.mark.parametrize(("path", "hint"), list(leaves(Scheme)))
def test_every_part_of_a_scheme_has_a_row_that_shows_and_writes_it(path: str, hint: Any, reachable: set[str]) -> None:
    if path == "signature.format":  # the row of the prefix has that one
        hint = Literal["kv", "positional", "list", "slash", "algorithm-prefix", "base64-json", "hmac-sha256-params"]
    rows = [field.name for field in ROWS if any(written_in(field, path, hint, base) for base in wholes())]
    assert rows, path
    assert set(rows) & reachable, f"the row {rows} is never in sight"


def test_every_row_is_in_sight_for_some_scheme(reachable: set[str]) -> None:
    assert [field.name for field in ROWS if field.name not in reachable] == []


@pytest.mark.parametrize("reference", sorted(PRESETS))
def test_the_rows_in_sight_make_a_preset_of_a_bare_scheme(reference: str) -> None:
    wanted = PRESETS[reference]
    bare = Scheme(wanted.kind)
    if wanted.signature:
        bare = structs.replace(bare, signature=type(wanted.signature)())
    for _ in range(2):  # what stands further down brings others above into sight
        for field in ROWS:
            if field.applies(wanted):
                bare = field.lens.write(bare, value_of(field, wanted))
    assert bare == wanted, scheme_text(bare)


def test_every_piece_of_a_template_is_written_in_its_row() -> None:
    row = next(field for field in FIELDS if field.name == "content")
    text = (
        "v1:{body}{value:body}{header:X-A}{query:id|lower}{form:f}{json:a.b}{method}{url:path-query}{form-sorted}"
        "{body-digest:sha256:base64}{secret}{?id:{query:id};}"
    )
    parts = row.lens.write(Scheme("hmac"), text).content
    assert value_of(row, Scheme("hmac", content=parts)) == text
    bare = Part(part="text")
    shown = {name for part in parts for name in Part.__struct_fields__ if getattr(part, name) != getattr(bare, name)}
    assert shown | {"part"} == set(Part.__struct_fields__)
    assert {part.part for part in parts} == set(get_args(get_type_hints(Part)["part"]))


def test_every_place_of_a_named_value_is_written_in_its_row() -> None:
    row = next(field for field in FIELDS if field.name == "values")
    for place in get_args(get_type_hints(Source)["place"]):
        text = "a = query-sorted" if place == "query-sorted" else f"a = {place}:x"
        scheme = row.lens.write(Scheme("hmac"), text)
        assert scheme.values["a"].place == place
        assert value_of(row, scheme) == text


@pytest.mark.parametrize(
    ("text", "separators"),
    [('" "', (" ",)), ('" ", ";"', (" ", ";")), ("; |", (";", "|")), ("", ()), ('", "', (", ",))],
)
def test_separators_are_in_quotes_because_a_space_is_one(text: str, separators: tuple[str, ...]) -> None:
    row = next(field for field in FIELDS if field.name == "other_seps")
    scheme = row.lens.write(STARTS["hash"], text)
    assert scheme.signature is not None
    assert scheme.signature.other_seps == separators
    assert row.lens.write(STARTS["hash"], value_of(row, scheme)) == scheme


def test_a_separator_with_an_open_quote_is_not_read() -> None:
    row = next(field for field in FIELDS if field.name == "other_seps")
    with pytest.raises(Unreadable, match="quotes"):
        row.lens.write(STARTS["hash"], '" ", "')
