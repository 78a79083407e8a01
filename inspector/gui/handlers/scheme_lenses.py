"""The parts of a scheme that need a lens of their own, and the text of a whole scheme."""

import re
from typing import Any

import msgspec
from msgspec.structs import replace

from inspector.core.formats.toml import pairs
from inspector.core.verification.preset_file import PresetError, read_scheme
from inspector.core.verification.scheme import BODY, Scheme, Source
from inspector.core.verification.template import TemplateError, parse, written
from inspector.gui.handlers.lenses import Lens, Unreadable, text


def scheme_text(scheme: Scheme) -> str:
    """`scheme` as in a file for presets."""
    table = {name: part for name, part in msgspec.to_builtins(scheme).items() if name not in ("content", "values")}
    if scheme.content != (BODY,):
        table["content"] = written(scheme.content)
    if scheme.values:
        table["values"] = {name: source_text(source) for name, source in scheme.values.items()}
    return pairs(table)


def source_text(source: Source) -> str:
    """Where a value is read, as it is written: `signature:t`."""
    name = source.name or source.key or source.path or source.of
    return f"{source.place}:{name}" if name or source.place != "query-sorted" else source.place


def _read_place_name(scheme: Scheme) -> str:
    place = scheme.signature
    if place is None:
        return ""
    return place.path if place.place in ("json", "json-or-form") else place.name


def _write_place_name(scheme: Scheme, value: str) -> Scheme:
    if scheme.signature is None:
        return scheme
    by_path = scheme.signature.place in ("json", "json-or-form")
    value = value.strip()
    return replace(scheme, signature=replace(scheme.signature, **{"path" if by_path else "name": value}))


def _read_format(scheme: Scheme) -> str:
    form = scheme.signature.format if scheme.signature else "raw"
    return "raw" if form == "prefix" else form


def _write_format(scheme: Scheme, value: str) -> Scheme:
    if scheme.signature is None or value == _read_format(scheme):
        return scheme
    form: Any = value
    return replace(scheme, signature=replace(scheme.signature, format=form))


def _write_prefix(scheme: Scheme, value: str) -> Scheme:
    if scheme.signature is None:
        return scheme
    return replace(scheme, signature=replace(scheme.signature, prefix=value, format="prefix" if value else "raw"))


def _write_content(scheme: Scheme, value: str) -> Scheme:
    try:
        return replace(scheme, content=parse(value))
    except TemplateError as error:
        raise Unreadable(str(error), error.position) from None


def _read_values(scheme: Scheme) -> str:
    return "\n".join(f"{name} = {source_text(source)}" for name, source in scheme.values.items())


def _write_values(scheme: Scheme, value: str) -> Scheme:
    table = _named(value, "name = header:Name")
    found = _read_scheme(pairs({"kind": scheme.kind, "values": table}))
    return replace(scheme, values=found.values)


def _named(text: str, as_in: str) -> dict[str, str]:
    """What is named in `text`, one a line. Raises Unreadable, with `as_in` for how it is written."""
    table: dict[str, str] = {}
    for line in text.splitlines():
        name, equals, what = line.partition("=")
        if line.strip() and not (equals and name.strip()):
            raise Unreadable(f"“{line.strip()}”: write “{as_in}”")
        if line.strip():
            table[name.strip()] = what.strip()
    return table


def _read_versions(scheme: Scheme) -> str:
    return "\n".join(f"{version} = {algorithm}" for version, algorithm in scheme.versions.items())


def _write_versions(scheme: Scheme, value: str) -> Scheme:
    return replace(scheme, versions=_named(value, "2 = rsa-pkcs1-sha256"))


def _read_other_seps(scheme: Scheme) -> str:
    return ", ".join(f'"{each}"' for each in scheme.signature.other_seps) if scheme.signature else ""


def _write_other_seps(scheme: Scheme, value: str) -> Scheme:
    if scheme.signature is None:
        return scheme
    value = value.strip()
    found = tuple(re.findall(r'"([^"]+)"', value) if '"' in value else value.split())
    if '"' in value and not re.fullmatch(r'"[^"]+"(\s*,?\s*"[^"]+")*', value):
        raise Unreadable('each one stands in quotes: " ", ";"')
    return replace(scheme, signature=replace(scheme.signature, other_seps=found))


def _write_text(_scheme: Scheme, value: str) -> Scheme:
    return _read_scheme(value)


def _read_scheme(toml: str) -> Scheme:
    try:
        return read_scheme(toml, "")
    except PresetError as error:
        raise Unreadable(str(error).removeprefix(": ")) from None


PLACE_NAME = Lens(_read_place_name, _write_place_name)
"""The name of the header or parameter, or the path of the field, by where the signature is."""

FORMAT = Lens(_read_format, _write_format)
"""A prefix is no format of its own: it is the signature alone, behind its prefix."""

PREFIX = Lens(text("signature.prefix").read, _write_prefix)
CONTENT = Lens(lambda scheme: written(scheme.content), _write_content)
VERSIONS = Lens(_read_versions, _write_versions)
OTHER_SEPS = Lens(_read_other_seps, _write_other_seps)
"""In quotes, because white space is one of them. Without quotes each word is one."""

VALUES = Lens(_read_values, _write_values)
AS_TEXT = Lens(scheme_text, _write_text)
"""The whole scheme."""
