"""Every part of a scheme as a field of a form, in one table."""

from collections.abc import Sequence

from PySide6.QtCore import QT_TRANSLATE_NOOP

from inspector.core.verification.scheme import Scheme
from inspector.gui.handlers.lenses import flag, number, text, words
from inspector.gui.handlers.scheme_applies import (
    ANY,
    CARRIED,
    HEADER,
    JWT,
    KEYS,
    MESSAGE_SIGNATURES,
    SHARED,
    SIGNED,
    in_format,
    in_named_place,
    in_place,
    of_kinds,
    timed,
    uses_url,
)
from inspector.gui.handlers.scheme_field import SchemeField, value_of
from inspector.gui.handlers.scheme_lenses import AS_TEXT, CONTENT, FORMAT, PLACE_NAME, PREFIX, VALUES


def differing(scheme: Scheme, preset: Scheme) -> Sequence[SchemeField]:
    """The fields in which `scheme` is not as `preset`, as far as they apply to either."""
    return [
        field
        for field in FIELDS
        if field.name != "as_text"
        and (field.applies(scheme) or field.applies(preset))
        and value_of(field, scheme) != value_of(field, preset)
    ]


FIELDS: Sequence[SchemeField] = (
    SchemeField(
        "algorithm", QT_TRANSLATE_NOOP("SchemeFields", "Algori&thm"), text("algorithm"), of_kinds(SIGNED),
        typed=True, simple=True,
    ),
    SchemeField(
        "encoding", QT_TRANSLATE_NOOP("SchemeFields", "Encoding"), text("encoding"), of_kinds(SIGNED),
        help=QT_TRANSLATE_NOOP("SchemeFields", "How the bytes of the signature are written."),
        choices=("hex", "base64", "base64url", "base64-of-hex", "base64-of-base64"),
    ),
    SchemeField(
        "hex_upper", QT_TRANSLATE_NOOP("SchemeFields", "Upper-case digits"), flag("hex_upper"),
        lambda scheme: scheme.kind in SIGNED and scheme.encoding == "hex", ticked=True,
    ),
    SchemeField(
        "place", QT_TRANSLATE_NOOP("SchemeFields", "Found in"), text("signature.place"), of_kinds(CARRIED),
        choices=("header", "query", "form", "json", "json-or-form", "body", "numbered-headers"),
    ),
    SchemeField(
        "header", QT_TRANSLATE_NOOP("SchemeFields", "Heade&r"), PLACE_NAME,
        in_named_place, simple=True,
    ),
    SchemeField(
        "also", QT_TRANSLATE_NOOP("SchemeFields", "Or in"), words("signature.also"), HEADER,
        help=QT_TRANSLATE_NOOP("SchemeFields", "Other headers with the same content, with commas."),
        usual=QT_TRANSLATE_NOOP("SchemeFields", "no other header"),
    ),
    SchemeField(
        "max", QT_TRANSLATE_NOOP("SchemeFields", "Highest number"), number("signature.max"),
        in_place("numbered-headers"),
    ),
    SchemeField(
        "format", QT_TRANSLATE_NOOP("SchemeFields", "Format"), FORMAT, of_kinds(CARRIED),
        choices=("raw", "kv", "list", "positional", "slash", "algorithm-prefix", "base64-json", "hmac-sha256-params"),
    ),
    SchemeField(
        "prefix", QT_TRANSLATE_NOOP("SchemeFields", "Prefi&x"), PREFIX,
        in_format("raw", "prefix"), help=QT_TRANSLATE_NOOP("SchemeFields", "Stands before the signature and is cut."),
        fixed=True, simple=True, usual=QT_TRANSLATE_NOOP("SchemeFields", "none"),
    ),
    SchemeField(
        "key", QT_TRANSLATE_NOOP("SchemeFields", "Key of the signature"), text("signature.key"), in_format("kv"),
        help=QT_TRANSLATE_NOOP("SchemeFields", "In “t=1,v1=ab” that is v1; * takes all."), fixed=True,
    ),
    SchemeField(
        "item_sep", QT_TRANSLATE_NOOP("SchemeFields", "Between items"), text("signature.item_sep"),
        in_format("kv", "list", "positional", "slash"), fixed=True,
    ),
    SchemeField(
        "kv_sep", QT_TRANSLATE_NOOP("SchemeFields", "Between key and value"), text("signature.kv_sep"), in_format("kv"),
        fixed=True,
    ),
    SchemeField(
        "sep", QT_TRANSLATE_NOOP("SchemeFields", "After the digest"), text("signature.sep"),
        in_format("algorithm-prefix"), fixed=True,
    ),
    SchemeField(
        "fields", QT_TRANSLATE_NOOP("SchemeFields", "Parts of an item"), words("signature.fields"), in_format("slash"),
    ),
    SchemeField(
        "trim", QT_TRANSLATE_NOOP("SchemeFields", "Drop white space around items"), flag("signature.trim"),
        in_format("kv", "list", "positional", "slash"), ticked=True,
    ),
    SchemeField(
        "content", QT_TRANSLATE_NOOP("SchemeFields", "Si&gned content"), CONTENT, of_kinds(SIGNED),
        help=QT_TRANSLATE_NOOP("SchemeFields", "Parts in braces, all else as it is: {header:X-Time}.{body}"),
        lines=2, fixed=True,
    ),
    SchemeField(
        "values", QT_TRANSLATE_NOOP("SchemeFields", "Named values"), VALUES, of_kinds(SIGNED),
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
        "secret_type", QT_TRANSLATE_NOOP("SchemeFields", "Kind of secret"), text("secret.type"), ANY,
        choices=(
            "shared", "public-key", "jwks", "user-password", "public-key-by-kid", "jwk-by-kid", "certificate-url",
            "client-certificate", "shared-or-public",
        ),
    ),
    SchemeField(
        "strip_prefix", QT_TRANSLATE_NOOP("SchemeFields", "Cut from the secret"), text("secret.strip_prefix"), SHARED,
        help=QT_TRANSLATE_NOOP("SchemeFields", "A prefix that is no part of the key, as whsec_."), fixed=True,
        usual=QT_TRANSLATE_NOOP("SchemeFields", "nothing"),
    ),
    SchemeField(
        "strip_prefix_alt", QT_TRANSLATE_NOOP("SchemeFields", "Or cut"), words("secret.strip_prefix_alt"), SHARED,
        fixed=True, usual=QT_TRANSLATE_NOOP("SchemeFields", "no other prefix"),
    ),
    SchemeField(
        "decode", QT_TRANSLATE_NOOP("SchemeFields", "Secret is"), text("secret.decode"), SHARED,
        choices=("utf8", "base64", "hex"),
    ),
    SchemeField(
        "normalize", QT_TRANSLATE_NOOP("SchemeFields", "Normalised"), text("secret.normalize"), SHARED,
        choices=("", "NFKD"),
    ),
    SchemeField(
        "append", QT_TRANSLATE_NOOP("SchemeFields", "Added to the key"), text("secret.append"), SHARED, fixed=True,
        usual=QT_TRANSLATE_NOOP("SchemeFields", "nothing"),
    ),
    SchemeField(
        "derive", QT_TRANSLATE_NOOP("SchemeFields", "Key is"), text("secret.derive"), SHARED,
        choices=("", "sha1", "sha256"),
    ),
    SchemeField(
        "key_format", QT_TRANSLATE_NOOP("SchemeFields", "Key is written as"), text("secret.format"), KEYS,
        choices=("", "pem", "spki-pem", "der-base64", "raw-hex", "raw-base64"),
    ),
    SchemeField(
        "key_by", QT_TRANSLATE_NOOP("SchemeFields", "Key named by"), text("secret.by"), KEYS,
        help=QT_TRANSLATE_NOOP("SchemeFields", "The header or parameter with the key’s identifier."),
        usual=QT_TRANSLATE_NOOP("SchemeFields", "there is one key"),
    ),
    SchemeField(
        "pattern", QT_TRANSLATE_NOOP("SchemeFields", "Secret looks like"), text("secret.pattern"), SHARED, fixed=True,
        help=QT_TRANSLATE_NOOP("SchemeFields", "A regular expression, for remarks while one is typed."),
        usual=QT_TRANSLATE_NOOP("SchemeFields", "anything"),
    ),
    SchemeField(
        "timestamp", QT_TRANSLATE_NOOP("SchemeFields", "Timestamp in"), text("timestamp.value"),
        of_kinds(CARRIED | {"plugin", "http-message-signatures"}),
        help=QT_TRANSLATE_NOOP("SchemeFields", "A named value, or header:Name, json:path, claim:name."),
        usual=QT_TRANSLATE_NOOP("SchemeFields", "no timestamp is checked"),
    ),
    SchemeField(
        "unit", QT_TRANSLATE_NOOP("SchemeFields", "Written in"), text("timestamp.unit"), timed,
        choices=("s", "ms", "iso8601", "rfc1123", "auto"),
    ),
    SchemeField(
        "tolerance_s", QT_TRANSLATE_NOOP("SchemeFields", "Tolerance (s)"),
        number("timestamp.tolerance_s", unlimited=True), timed,
        help=QT_TRANSLATE_NOOP("SchemeFields", "How far it may be from the time of receipt."),
        usual=QT_TRANSLATE_NOOP("SchemeFields", "any age"),
    ),
    SchemeField(
        "future_checked", QT_TRANSLATE_NOOP("SchemeFields", "Refuse timestamps from the future too"),
        flag("timestamp.future_checked"), timed, ticked=True,
    ),
    SchemeField(
        "select", QT_TRANSLATE_NOOP("SchemeFields", "Only with the header"), text("select.header"), of_kinds(CARRIED),
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
    SchemeField("iss", QT_TRANSLATE_NOOP("SchemeFields", "Issuer (iss)"), text("claims.iss"), JWT),
    SchemeField("aud", QT_TRANSLATE_NOOP("SchemeFields", "Audience (aud)"), text("claims.aud"), JWT),
    SchemeField(
        "exp", QT_TRANSLATE_NOOP("SchemeFields", "Check when it expires (exp)"), flag("claims.exp"), JWT, ticked=True
    ),
    SchemeField(
        "nbf", QT_TRANSLATE_NOOP("SchemeFields", "Check when it begins (nbf)"), flag("claims.nbf"), JWT, ticked=True
    ),
    SchemeField(
        "leeway_s", QT_TRANSLATE_NOOP("SchemeFields", "Leeway (s)"), number("claims.leeway_s"), JWT
    ),
    SchemeField("input", QT_TRANSLATE_NOOP("SchemeFields", "Header of the input"), text("input"), MESSAGE_SIGNATURES),
    SchemeField(
        "required_components", QT_TRANSLATE_NOOP("SchemeFields", "Has to cover"), words("required_components"),
        MESSAGE_SIGNATURES,
    ),
    SchemeField(
        "content_digest", QT_TRANSLATE_NOOP("SchemeFields", "Header of the digest"), text("content_digest.header"),
        MESSAGE_SIGNATURES,
    ),
    SchemeField(
        "as_text", QT_TRANSLATE_NOOP("SchemeFields", "The whole as text"), AS_TEXT,
        lambda _scheme: True, help=QT_TRANSLATE_NOOP("SchemeFields", "As in a file for a preset; changes all above."),
        lines=6, fixed=True,
    ),
)  # fmt: skip
"""All fields in reading order. The last one is another view of all the others."""
