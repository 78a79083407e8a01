"""Every part of a scheme as a field of a form: its label, where it applies, what may be chosen, how it is read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec.structs import replace
from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from inspector.core.formats.toml import pairs
from inspector.core.verification.preset_file import PresetError, read_scheme
from inspector.core.verification.scheme import BODY, Scheme, Source
from inspector.core.verification.template import TemplateError, parse, written
from inspector.gui.handlers.lenses import Lens, Unreadable, flag, number, text, words

_CONTEXT = "SchemeFields"
COMPUTED = frozenset({"hmac", "hash"})
SIGNED = COMPUTED | {"asymmetric"}
CARRIED = SIGNED | {"token", "bearer", "jwt"}


@dataclass(frozen=True, slots=True)
class SchemeField:
    """One field. `name` is what problems call it; the first of `choices` is the usual one.

    `simple` ones are seen at once where there is no preset, the others under "More".
    """

    name: str
    label: object
    lens: Lens
    applies: Callable[[Scheme], bool]
    help: object = ""
    choices: Sequence[str] = ()
    ticked: bool = False
    lines: int = 1
    fixed: bool = False  # written in the fixed font
    typed: bool = False  # something else than the choices may be typed
    simple: bool = False
    usual: object = ""  # what it means when it is empty

    @property
    def label_text(self) -> str:
        """The label for a person, with its mnemonic."""
        return _tr(self.label)


def value_of(field: SchemeField, scheme: Scheme) -> str:
    """What stands in the field for `scheme`."""
    return field.lens.read(scheme)


def choice_words(field: SchemeField, choice: str) -> str:
    """The word for a choice."""
    return _tr(_CHOICES.get((field.name, choice)) or _CHOICES.get(("", choice)) or choice)


def help_text(field: SchemeField) -> str:
    """What helps to fill it in."""
    return _tr(field.help) if field.help else ""


def usual_text(field: SchemeField) -> str:
    """What it means when it is empty."""
    return _tr(field.usual) if field.usual else ""


def unreadable_text(error: Unreadable) -> str:
    """Why a field cannot be read."""
    if str(error) == "whole-number":
        return _tr(QT_TRANSLATE_NOOP("SchemeFields", "A whole number is wanted."))
    return str(error)[:1].upper() + str(error)[1:] + "."


def differing(scheme: Scheme, preset: Scheme) -> Sequence[SchemeField]:
    """The fields in which `scheme` is not as `preset`, as far as they apply to either."""
    return [
        field
        for field in FIELDS
        if field.name != "as_text"
        and (field.applies(scheme) or field.applies(preset))
        and value_of(field, scheme) != value_of(field, preset)
    ]


def scheme_text(scheme: Scheme) -> str:
    """`scheme` as in a file for presets."""
    table = msgspec.to_builtins(scheme)
    if scheme.content != (BODY,):
        table["content"] = written(scheme.content)
    if scheme.values:
        table["values"] = {name: source_text(source) for name, source in scheme.values.items()}
    return pairs(table)


def source_text(source: Source) -> str:
    """Where a value is read, as it is written: `signature:t`."""
    name = source.name or source.key or source.path or source.of
    return f"{source.place}:{name}" if name or source.place != "query-sorted" else source.place


# Lenses of their own


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
    table: dict[str, str] = {}
    for line in value.splitlines():
        name, equals, where = line.partition("=")
        if line.strip() and not (equals and name.strip()):
            raise Unreadable(f"“{line.strip()}”: write “name = header:Name”")
        if line.strip():
            table[name.strip()] = where.strip()
    found = _read_scheme(pairs({"kind": scheme.kind, "values": table}))
    return replace(scheme, values=found.values)


def _write_text(_scheme: Scheme, value: str) -> Scheme:
    return _read_scheme(value)


def _read_scheme(toml: str) -> Scheme:
    try:
        return read_scheme(toml, "")
    except PresetError as error:
        raise Unreadable(str(error).removeprefix(": ")) from None


# Where fields apply


def _kinds(kinds: frozenset[str]) -> Callable[[Scheme], bool]:
    return lambda scheme: scheme.kind in kinds


def _format(*formats: str, kinds: frozenset[str] = CARRIED) -> Callable[[Scheme], bool]:
    return lambda scheme: scheme.kind in kinds and scheme.signature is not None and scheme.signature.format in formats


def _place(*places: str) -> Callable[[Scheme], bool]:
    return lambda scheme: scheme.kind in CARRIED and scheme.signature is not None and scheme.signature.place in places


def _secret(*types: str) -> Callable[[Scheme], bool]:
    return lambda scheme: scheme.kind in CARRIED | {"plugin"} and scheme.secret.type in types


def _timed(scheme: Scheme) -> bool:
    return scheme.timestamp is not None and scheme.kind != "none"


def _named_place(scheme: Scheme) -> bool:
    return scheme.kind in CARRIED and scheme.signature is not None and scheme.signature.place != "body"


_HEADER = _place("header", "numbered-headers")
_SHARED = _secret("shared", "shared-or-public")
_KEYS = _secret(
    "public-key", "shared-or-public", "public-key-by-kid", "jwk-by-kid", "jwks", "certificate-url", "client-certificate"
)
_ANY = _kinds(CARRIED | {"plugin"})
_HMS = _kinds(frozenset({"http-message-signatures"}))
_JWT = _kinds(frozenset({"jwt"}))


FIELDS: Sequence[SchemeField] = (
    SchemeField(
        "algorithm", QT_TRANSLATE_NOOP("SchemeFields", "&Algorithm"), text("algorithm"), _kinds(SIGNED),
        typed=True, simple=True,
    ),
    SchemeField(
        "encoding", QT_TRANSLATE_NOOP("SchemeFields", "Encoding"), text("encoding"), _kinds(SIGNED),
        help=QT_TRANSLATE_NOOP("SchemeFields", "How the bytes of the signature are written."),
        choices=("hex", "base64", "base64url", "base64-of-hex", "base64-of-base64"),
    ),
    SchemeField(
        "hex_upper", QT_TRANSLATE_NOOP("SchemeFields", "Upper-case digits"), flag("hex_upper"),
        lambda scheme: scheme.kind in SIGNED and scheme.encoding == "hex", ticked=True,
    ),
    SchemeField(
        "place", QT_TRANSLATE_NOOP("SchemeFields", "Found in"), text("signature.place"), _kinds(CARRIED),
        choices=("header", "query", "form", "json", "json-or-form", "body", "numbered-headers"),
    ),
    SchemeField(
        "header", QT_TRANSLATE_NOOP("SchemeFields", "Heade&r"), Lens(_read_place_name, _write_place_name),
        _named_place, simple=True,
    ),
    SchemeField(
        "also", QT_TRANSLATE_NOOP("SchemeFields", "Or in"), words("signature.also"), _HEADER,
        help=QT_TRANSLATE_NOOP("SchemeFields", "Other headers with the same content, with commas."),
        usual=QT_TRANSLATE_NOOP("SchemeFields", "no other header"),
    ),
    SchemeField(
        "max", QT_TRANSLATE_NOOP("SchemeFields", "Highest number"), number("signature.max"), _place("numbered-headers"),
    ),
    SchemeField(
        "format", QT_TRANSLATE_NOOP("SchemeFields", "Format"), Lens(_read_format, _write_format), _kinds(CARRIED),
        choices=("raw", "kv", "list", "positional", "slash", "algorithm-prefix", "base64-json", "hmac-sha256-params"),
    ),
    SchemeField(
        "prefix", QT_TRANSLATE_NOOP("SchemeFields", "Prefi&x"), Lens(text("signature.prefix").read, _write_prefix),
        _format("raw", "prefix"), help=QT_TRANSLATE_NOOP("SchemeFields", "Stands before the signature and is cut."),
        fixed=True, simple=True, usual=QT_TRANSLATE_NOOP("SchemeFields", "none"),
    ),
    SchemeField(
        "key", QT_TRANSLATE_NOOP("SchemeFields", "Key of the signature"), text("signature.key"), _format("kv"),
        help=QT_TRANSLATE_NOOP("SchemeFields", "In “t=1,v1=ab” that is v1; * takes all."), fixed=True,
    ),
    SchemeField(
        "item_sep", QT_TRANSLATE_NOOP("SchemeFields", "Between items"), text("signature.item_sep"),
        _format("kv", "list", "positional", "slash"), fixed=True,
    ),
    SchemeField(
        "kv_sep", QT_TRANSLATE_NOOP("SchemeFields", "Between key and value"), text("signature.kv_sep"), _format("kv"),
        fixed=True,
    ),
    SchemeField(
        "sep", QT_TRANSLATE_NOOP("SchemeFields", "After the digest"), text("signature.sep"),
        _format("algorithm-prefix"), fixed=True,
    ),
    SchemeField(
        "fields", QT_TRANSLATE_NOOP("SchemeFields", "Parts of an item"), words("signature.fields"), _format("slash"),
    ),
    SchemeField(
        "trim", QT_TRANSLATE_NOOP("SchemeFields", "Drop white space around items"), flag("signature.trim"),
        _format("kv", "list", "positional", "slash"), ticked=True,
    ),
    SchemeField(
        "content", QT_TRANSLATE_NOOP("SchemeFields", "Si&gned content"), Lens(
            lambda scheme: written(scheme.content), _write_content
        ), _kinds(SIGNED),
        help=QT_TRANSLATE_NOOP("SchemeFields", "Parts in braces, all else as it is: {header:X-Time}.{body}"),
        lines=2, fixed=True,
    ),
    SchemeField(
        "values", QT_TRANSLATE_NOOP("SchemeFields", "Named values"), Lens(_read_values, _write_values), _kinds(SIGNED),
        help=QT_TRANSLATE_NOOP("SchemeFields", "One a line, for the content: timestamp = header:X-Timestamp"),
        lines=2, fixed=True,
    ),
    SchemeField(
        "url_variants", QT_TRANSLATE_NOOP("SchemeFields", "Forms of the URL"), words("url_variants"),
        lambda scheme: scheme.kind in SIGNED and uses_url(scheme),
        help=QT_TRANSLATE_NOOP("SchemeFields", "Each is tried: as-is, add-default-port, remove-port."),
        usual=QT_TRANSLATE_NOOP("SchemeFields", "as it is"),
    ),
    SchemeField(
        "secret_type", QT_TRANSLATE_NOOP("SchemeFields", "Kind of secret"), text("secret.type"), _ANY,
        choices=(
            "shared", "public-key", "jwks", "user-password", "public-key-by-kid", "jwk-by-kid", "certificate-url",
            "client-certificate", "shared-or-public",
        ),
    ),
    SchemeField(
        "strip_prefix", QT_TRANSLATE_NOOP("SchemeFields", "Cut from the secret"), text("secret.strip_prefix"), _SHARED,
        help=QT_TRANSLATE_NOOP("SchemeFields", "A prefix that is no part of the key, as whsec_."), fixed=True,
        usual=QT_TRANSLATE_NOOP("SchemeFields", "nothing"),
    ),
    SchemeField(
        "strip_prefix_alt", QT_TRANSLATE_NOOP("SchemeFields", "Or cut"), words("secret.strip_prefix_alt"), _SHARED,
        fixed=True, usual=QT_TRANSLATE_NOOP("SchemeFields", "no other prefix"),
    ),
    SchemeField(
        "decode", QT_TRANSLATE_NOOP("SchemeFields", "Secret is"), text("secret.decode"), _SHARED,
        choices=("utf8", "base64", "hex"),
    ),
    SchemeField(
        "normalize", QT_TRANSLATE_NOOP("SchemeFields", "Normalised"), text("secret.normalize"), _SHARED,
        choices=("", "NFKD"),
    ),
    SchemeField(
        "append", QT_TRANSLATE_NOOP("SchemeFields", "Added to the key"), text("secret.append"), _SHARED, fixed=True,
        usual=QT_TRANSLATE_NOOP("SchemeFields", "nothing"),
    ),
    SchemeField(
        "derive", QT_TRANSLATE_NOOP("SchemeFields", "Key is"), text("secret.derive"), _SHARED,
        choices=("", "sha1", "sha256"),
    ),
    SchemeField(
        "key_format", QT_TRANSLATE_NOOP("SchemeFields", "Key is written as"), text("secret.format"), _KEYS,
        choices=("", "pem", "spki-pem", "der-base64", "raw-hex", "raw-base64"),
    ),
    SchemeField(
        "key_by", QT_TRANSLATE_NOOP("SchemeFields", "Key named by"), text("secret.by"), _KEYS,
        help=QT_TRANSLATE_NOOP("SchemeFields", "The header or parameter with the key’s identifier."),
        usual=QT_TRANSLATE_NOOP("SchemeFields", "there is one key"),
    ),
    SchemeField(
        "pattern", QT_TRANSLATE_NOOP("SchemeFields", "Secret looks like"), text("secret.pattern"), _SHARED, fixed=True,
        help=QT_TRANSLATE_NOOP("SchemeFields", "A regular expression, for remarks while one is typed."),
        usual=QT_TRANSLATE_NOOP("SchemeFields", "anything"),
    ),
    SchemeField(
        "timestamp", QT_TRANSLATE_NOOP("SchemeFields", "Timestamp in"), text("timestamp.value"),
        _kinds(CARRIED | {"plugin", "http-message-signatures"}),
        help=QT_TRANSLATE_NOOP("SchemeFields", "A named value, or header:Name, json:path, claim:name."),
        usual=QT_TRANSLATE_NOOP("SchemeFields", "no timestamp is checked"),
    ),
    SchemeField(
        "unit", QT_TRANSLATE_NOOP("SchemeFields", "Written in"), text("timestamp.unit"), _timed,
        choices=("s", "ms", "iso8601", "rfc1123", "auto"),
    ),
    SchemeField(
        "tolerance_s", QT_TRANSLATE_NOOP("SchemeFields", "&Tolerance, in seconds"),
        number("timestamp.tolerance_s", unlimited=True), _timed,
        help=QT_TRANSLATE_NOOP("SchemeFields", "How far it may be from the time of receipt."),
        usual=QT_TRANSLATE_NOOP("SchemeFields", "any age"),
    ),
    SchemeField(
        "future_checked", QT_TRANSLATE_NOOP("SchemeFields", "Refuse timestamps from the future too"),
        flag("timestamp.future_checked"), _timed, ticked=True,
    ),
    SchemeField(
        "select", QT_TRANSLATE_NOOP("SchemeFields", "Only with the header"), text("select.header"), _kinds(CARRIED),
        usual=QT_TRANSLATE_NOOP("SchemeFields", "for every request"),
    ),
    SchemeField(
        "select_contains", QT_TRANSLATE_NOOP("SchemeFields", "That contains"), text("select.contains"),
        lambda scheme: scheme.select is not None, usual=QT_TRANSLATE_NOOP("SchemeFields", "anything"),
    ),
    SchemeField(
        "select_equals", QT_TRANSLATE_NOOP("SchemeFields", "That equals"), text("select.equals"),
        lambda scheme: scheme.select is not None, usual=QT_TRANSLATE_NOOP("SchemeFields", "anything"),
    ),
    SchemeField(
        "algorithms", QT_TRANSLATE_NOOP("SchemeFields", "Accepted algorithms"), words("algorithms"),
        lambda scheme: scheme.kind in ("jwt", "http-message-signatures") or scheme.algorithm == "from-prefix",
        simple=True,
    ),
    SchemeField("iss", QT_TRANSLATE_NOOP("SchemeFields", "Issuer (iss)"), text("claims.iss"), _JWT),
    SchemeField("aud", QT_TRANSLATE_NOOP("SchemeFields", "Audience (aud)"), text("claims.aud"), _JWT),
    SchemeField(
        "exp", QT_TRANSLATE_NOOP("SchemeFields", "Check when it expires (exp)"), flag("claims.exp"), _JWT, ticked=True
    ),
    SchemeField(
        "nbf", QT_TRANSLATE_NOOP("SchemeFields", "Check when it begins (nbf)"), flag("claims.nbf"), _JWT, ticked=True
    ),
    SchemeField(
        "leeway_s", QT_TRANSLATE_NOOP("SchemeFields", "Leeway, in seconds"), number("claims.leeway_s"), _JWT
    ),
    SchemeField("input", QT_TRANSLATE_NOOP("SchemeFields", "Header of the input"), text("input"), _HMS),
    SchemeField(
        "required_components", QT_TRANSLATE_NOOP("SchemeFields", "Has to cover"), words("required_components"), _HMS
    ),
    SchemeField(
        "content_digest", QT_TRANSLATE_NOOP("SchemeFields", "Header of the digest"), text("content_digest.header"), _HMS
    ),
    SchemeField(
        "as_text", QT_TRANSLATE_NOOP("SchemeFields", "The whole as text"), Lens(scheme_text, _write_text),
        lambda _scheme: True, help=QT_TRANSLATE_NOOP("SchemeFields", "As in a file for a preset; changes all above."),
        lines=6, fixed=True,
    ),
)  # fmt: skip
"""All fields in reading order. The last one is another view of all the others."""


def uses_url(scheme: Scheme) -> bool:
    """Whether the signed content has the URL in it, as the sender called it."""
    return any(part.part == "url" or (part.source and part.source.part == "url") for part in scheme.content)


_CHOICES: Mapping[tuple[str, str], object] = {
    ("encoding", "hex"): QT_TRANSLATE_NOOP("SchemeFields", "hexadecimal digits"),
    ("encoding", "base64-of-hex"): QT_TRANSLATE_NOOP("SchemeFields", "base64 of the hexadecimal digits"),
    ("encoding", "base64-of-base64"): QT_TRANSLATE_NOOP("SchemeFields", "base64 twice"),
    ("place", "header"): QT_TRANSLATE_NOOP("SchemeFields", "a header"),
    ("place", "query"): QT_TRANSLATE_NOOP("SchemeFields", "a parameter of the query"),
    ("place", "form"): QT_TRANSLATE_NOOP("SchemeFields", "a field of the form"),
    ("place", "json"): QT_TRANSLATE_NOOP("SchemeFields", "a field of the JSON body"),
    ("place", "json-or-form"): QT_TRANSLATE_NOOP("SchemeFields", "a field of the JSON body or form"),
    ("place", "body"): QT_TRANSLATE_NOOP("SchemeFields", "the body itself"),
    ("place", "numbered-headers"): QT_TRANSLATE_NOOP("SchemeFields", "numbered headers, with {n}"),
    ("format", "raw"): QT_TRANSLATE_NOOP("SchemeFields", "the signature alone"),
    ("format", "kv"): QT_TRANSLATE_NOOP("SchemeFields", "keys and values: t=1,v1=ab"),
    ("format", "list"): QT_TRANSLATE_NOOP("SchemeFields", "several signatures"),
    ("format", "positional"): QT_TRANSLATE_NOOP("SchemeFields", "one item, then signatures"),
    ("format", "slash"): QT_TRANSLATE_NOOP("SchemeFields", "parts with slashes"),
    ("format", "algorithm-prefix"): QT_TRANSLATE_NOOP("SchemeFields", "digest and signature: sha256=ab"),
    ("secret_type", "shared"): QT_TRANSLATE_NOOP("SchemeFields", "shared with the sender"),
    ("secret_type", "public-key"): QT_TRANSLATE_NOOP("SchemeFields", "the sender’s public key"),
    ("secret_type", "jwks"): QT_TRANSLATE_NOOP("SchemeFields", "a set of keys (JWKS)"),
    ("secret_type", "user-password"): QT_TRANSLATE_NOOP("SchemeFields", "user:password"),
    ("secret_type", "public-key-by-kid"): QT_TRANSLATE_NOOP("SchemeFields", "public keys by their identifier"),
    ("secret_type", "jwk-by-kid"): QT_TRANSLATE_NOOP("SchemeFields", "JWKs by their identifier"),
    ("secret_type", "certificate-url"): QT_TRANSLATE_NOOP("SchemeFields", "a certificate by its address"),
    ("secret_type", "client-certificate"): QT_TRANSLATE_NOOP("SchemeFields", "the client’s certificate"),
    ("secret_type", "shared-or-public"): QT_TRANSLATE_NOOP("SchemeFields", "shared, or a public key"),
    ("decode", "utf8"): QT_TRANSLATE_NOOP("SchemeFields", "used as written"),
    ("decode", "base64"): QT_TRANSLATE_NOOP("SchemeFields", "base64, decoded first"),
    ("decode", "hex"): QT_TRANSLATE_NOOP("SchemeFields", "hexadecimal, decoded first"),
    ("normalize", ""): QT_TRANSLATE_NOOP("SchemeFields", "no"),
    ("derive", ""): QT_TRANSLATE_NOOP("SchemeFields", "the secret itself"),
    ("derive", "sha1"): QT_TRANSLATE_NOOP("SchemeFields", "the SHA-1 of the secret"),
    ("derive", "sha256"): QT_TRANSLATE_NOOP("SchemeFields", "the SHA-256 of the secret"),
    ("key_format", ""): QT_TRANSLATE_NOOP("SchemeFields", "whatever it looks like"),
    ("key_format", "pem"): QT_TRANSLATE_NOOP("SchemeFields", "PEM"),
    ("key_format", "spki-pem"): QT_TRANSLATE_NOOP("SchemeFields", "PEM, public key"),
    ("key_format", "der-base64"): QT_TRANSLATE_NOOP("SchemeFields", "DER in base64"),
    ("key_format", "raw-hex"): QT_TRANSLATE_NOOP("SchemeFields", "bytes in hexadecimal"),
    ("key_format", "raw-base64"): QT_TRANSLATE_NOOP("SchemeFields", "bytes in base64"),
    ("unit", "s"): QT_TRANSLATE_NOOP("SchemeFields", "seconds since 1970"),
    ("unit", "ms"): QT_TRANSLATE_NOOP("SchemeFields", "milliseconds since 1970"),
    ("unit", "iso8601"): QT_TRANSLATE_NOOP("SchemeFields", "ISO 8601"),
    ("unit", "rfc1123"): QT_TRANSLATE_NOOP("SchemeFields", "the form of the Date header"),
    ("unit", "auto"): QT_TRANSLATE_NOOP("SchemeFields", "seconds, or milliseconds with 13 digits"),
}


def _tr(words_: object) -> str:
    return QCoreApplication.translate(_CONTEXT, str(words_))
