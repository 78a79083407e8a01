"""The text of a provider's file as a preset: every mistake is named with file, key and what is allowed."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct, inspect
from msgspec.structs import replace

from inspector.core.verification.preset import (
    NO_PLACES,
    NO_RECOGNITION,
    Acknowledgement,
    Certainty,
    DeliveryPlaces,
    Handshake,
    Preset,
    PresetScheme,
    Recognition,
)
from inspector.core.verification.scheme import BODY, Part, Scheme, Source
from inspector.core.verification.template import TemplateError, parse

SOURCES = ("header", "signature", "json", "form", "query", "query-sorted", "json-string-of")
_WITHOUT_NAME = ("query-sorted",)

type TextOf = Callable[[str], str]
"""The text of another provider's file, by its id. Raises KeyError where there is none."""

type _Table = dict[str, Any]


class PresetError(ValueError):
    """A provider's file that cannot be read; the message names file, key and what is allowed."""


class _Mistake(ValueError):
    """What is wrong, and under which key."""

    def __init__(self, key: str, problem: str) -> None:
        super().__init__(f"{key}: {problem}" if key else problem)


class _File(Struct, forbid_unknown_fields=True):
    """A file as it is written, before its schemes are read."""

    name: str
    category: str
    certainty: Certainty
    documentation: str = ""
    extends: str = ""
    receiver: bool = False
    pitfalls: tuple[str, ...] = ()
    recognition: Recognition | None = None
    delivery: DeliveryPlaces | None = None
    acknowledgement: Acknowledgement | None = None
    handshakes: tuple[Handshake, ...] = ()
    schemes: tuple[_Table, ...] = ()


def read_preset(id_: str, text: str, text_of: TextOf) -> Preset:
    """The preset that `text` describes. Raises PresetError.

    With `extends`, what the file does not say itself is as the other provider has it: its usual scheme, its
    recognition, its places. A scheme with `like` is the named one of another file with some keys changed.
    """
    try:
        return _read(id_, text, text_of, depth=0)
    except _Mistake as mistake:
        raise PresetError(f"{id_}.toml: {mistake}") from None


def read_scheme(text: str, name: str) -> Scheme:
    """The scheme of a user's own TOML file: the keys of a `[[schemes]]` table. Raises PresetError naming the file."""
    try:
        return _scheme(_parsed(text), "", _no_other, depth=0).scheme
    except _Mistake as mistake:
        raise PresetError(f"{name}: {mistake}") from None


def _no_other(id_: str) -> str:
    raise KeyError(id_)


def _read(id_: str, text: str, text_of: TextOf, depth: int) -> Preset:
    file: _File = _converted(_parsed(text), _File, "")
    schemes = tuple(_scheme(table, f"schemes[{i}]", text_of, depth) for i, table in enumerate(file.schemes))
    recognition, delivery = file.recognition or NO_RECOGNITION, file.delivery or NO_PLACES
    if file.extends:
        other = _other(file.extends, "extends", text_of, depth)
        schemes = schemes or other.schemes[:1]
        delivery = file.delivery or other.delivery
        recognition = file.recognition or replace(other.recognition, shared_with=(other.id, *recognition.shared_with))
    if not schemes:
        raise _Mistake("schemes", "there has to be one")
    return Preset(
        id=id_,
        name=file.name,
        category=file.category,
        certainty=file.certainty,
        schemes=schemes,
        documentation=file.documentation,
        extends=file.extends,
        recognition=recognition,
        delivery=delivery,
        handshakes=file.handshakes,
        acknowledgement=file.acknowledgement,
        pitfalls=file.pitfalls,
        receiver=file.receiver,
    )


def _parsed(text: str) -> _Table:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise _Mistake("", str(error)) from None


def _other(id_: str, key: str, text_of: TextOf, depth: int) -> Preset:
    if depth > 3:
        raise _Mistake(key, "providers refer to each other in a circle")
    try:
        text = text_of(id_)
    except KeyError:
        raise _Mistake(key, f"there is no provider {id_!r}") from None
    return _read(id_, text, text_of, depth + 1)


def _scheme(table: _Table, key: str, text_of: TextOf, depth: int) -> PresetScheme:
    table = dict(table)
    about = {name: str(table.pop(name, "")) for name in ("id", "label", "unsure")}
    if like := table.pop("like", ""):
        table = _merged(_plain(_like(like, _under(key, "like"), text_of, depth)), table)
    texts = {name: table.pop(name) for name in ("content", "values") if name in table}
    scheme: Scheme = _converted(table, Scheme, key)
    values = _values(texts.get("values", {}), _under(key, "values"))
    content: tuple[Part, ...] = (BODY,)
    if "content" in texts:
        try:
            content = parse(str(texts["content"]), values)
        except TemplateError as error:
            raise _Mistake(_under(key, "content"), str(error)) from None
    return PresetScheme(about["id"], replace(scheme, content=content, values=values), about["label"], about["unsure"])


def _like(reference: str, key: str, text_of: TextOf, depth: int) -> _Table:
    """The table of another file's scheme, as it is written there."""
    provider, _, wanted = str(reference).partition(":")
    if depth > 3:
        raise _Mistake(key, "schemes refer to each other in a circle")
    try:
        tables = _parsed(text_of(provider)).get("schemes", [])
    except KeyError:
        raise _Mistake(key, f"there is no provider {provider!r}") from None
    for table in tables:
        if table.get("id", "") == wanted or not wanted:
            other = table.get("like", "")
            return _merged(_like(other, key, text_of, depth + 1), table) if other else table
    raise _Mistake(key, f"{provider} has no scheme {wanted!r}")


def _plain(table: _Table) -> _Table:
    return {name: value for name, value in table.items() if name not in ("id", "label", "unsure", "like")}


def _merged(below: _Table, above: _Table) -> _Table:
    """Both tables; what `above` says counts, a table in it as a whole."""
    return {**_plain(below), **above}


def _values(table: object, key: str) -> dict[str, Source]:
    if not isinstance(table, Mapping):
        raise _Mistake(key, "a table is expected")
    return {name: _source(str(text), _under(key, name)) for name, text in table.items()}


def _source(text: str, key: str) -> Source:
    place, colon, name = text.partition(":")
    if place not in SOURCES or (not colon and place not in _WITHOUT_NAME):
        allowed = (each if each in _WITHOUT_NAME else f"{each}:NAME" for each in SOURCES)
        raise _Mistake(key, f"unknown source {text!r}; allowed: {', '.join(allowed)}")
    kind: Any = place
    match place:
        case "signature":
            return Source(place=kind, key=name)
        case "json":
            return Source(place=kind, path=name)
        case "json-string-of":
            return Source(place=kind, of=name)
    return Source(place=kind, name=name)


def _converted(table: object, type_: Any, key: str) -> Any:
    try:
        return msgspec.convert(table, type_)
    except msgspec.ValidationError as error:
        for where, problem in _problems(table, inspect.type_info(type_), key):
            raise _Mistake(where, problem) from None
        problem, _, place = str(error).partition(" - at `$")
        where = f"{key}{place.rstrip('`')}".lstrip(".")
        if (missing := _MISSING.search(problem)) is not None:
            raise _Mistake(_under(where, missing[1]), "it has to be there") from None
        raise _Mistake(where, _said(problem)) from None


_MISSING = re.compile(r"missing required field `(\w+)`")
_EXPECTED = re.compile(r"Expected `([a-z]+)[^`]*`, got `([a-z]+)`")
_WORDS = {
    "int": "a whole number", "float": "a number", "str": "a text", "bool": "true or false", "array": "a list",
    "object": "a table",
}  # fmt: skip


def _said(problem: str) -> str:
    """What the library says of a value of the wrong type, in words."""
    found = _EXPECTED.search(problem)
    if found is None or found[1] not in _WORDS:
        return problem
    return f"{_WORDS[found[1]]} is wanted, not {_WORDS.get(found[2], found[2])}"


def _problems(value: object, type_: inspect.Type, key: str) -> Iterator[tuple[str, str]]:
    """Unknown keys and words, each with what is allowed: the library names neither."""
    match type_:
        case inspect.UnionType(types=types):
            for each in types:
                yield from _problems(value, each, key)
        case inspect.StructType(fields=fields) if isinstance(value, Mapping):
            known = {field.encode_name: field.type for field in fields}
            for name, item in value.items():
                if name in known:
                    yield from _problems(item, known[name], _under(key, name))
                else:
                    yield _under(key, name), f"unknown key; allowed: {', '.join(known)}"
        case inspect.DictType(value_type=inner) if isinstance(value, Mapping):
            for name, item in value.items():
                yield from _problems(item, inner, _under(key, name))
        case inspect.VarTupleType(item_type=inner) if isinstance(value, list):
            for number, item in enumerate(value):
                yield from _problems(item, inner, f"{key}[{number}]")
        case inspect.LiteralType(values=allowed) if value not in allowed:
            yield key, f"{value!r} is not known; allowed: {', '.join(str(each) for each in allowed if each)}"


def _under(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name
