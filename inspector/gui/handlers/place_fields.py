"""The fields for how a signature is computed and where it stands."""

from collections.abc import Sequence

from PySide6.QtCore import QT_TRANSLATE_NOOP

from inspector.gui.handlers.lenses import flag, number, text, words
from inspector.gui.handlers.scheme_applies import (
    COMPUTING,
    HEADER,
    PLACED,
    PROVIDERS_OWN,
    SETTLED,
    SIGNED,
    in_format,
    in_named_place,
    in_place,
    of_kinds,
)
from inspector.gui.handlers.scheme_field import SchemeField
from inspector.gui.handlers.scheme_lenses import FORMAT, OTHER_SEPS, PLACE_NAME, PREFIX

PLACE_FIELDS: Sequence[SchemeField] = (
    SchemeField(
        "plugin", QT_TRANSLATE_NOOP("SchemeFields", "The provider’s own way"), text("plugin"), of_kinds(PROVIDERS_OWN),
        choices=(
            "contentful-canonical", "paypal-cert", "plivo-v3", "ebay-signature", "paddle-classic", "ms-hmac-auth",
        ),
    ),
    SchemeField(
        "algorithm", QT_TRANSLATE_NOOP("SchemeFields", "Algori&thm"), text("algorithm"), of_kinds(COMPUTING),
        typed=True, simple=True, rare=PROVIDERS_OWN,
    ),
    SchemeField(
        "encoding", QT_TRANSLATE_NOOP("SchemeFields", "Encoding"), text("encoding"), of_kinds(COMPUTING),
        help=QT_TRANSLATE_NOOP("SchemeFields", "How the bytes of the signature are written."),
        choices=("hex", "base64", "base64url", "base64-of-hex", "base64-of-base64"),
    ),
    SchemeField(
        "hex_upper", QT_TRANSLATE_NOOP("SchemeFields", "Upper-case digits"), flag("hex_upper"),
        lambda scheme: scheme.kind in SIGNED and scheme.encoding == "hex", ticked=True,
    ),
    SchemeField(
        "place", QT_TRANSLATE_NOOP("SchemeFields", "Found in"), text("signature.place"), of_kinds(PLACED),
        choices=("header", "query", "form", "json", "json-or-form", "body", "numbered-headers"),
    ),
    SchemeField(
        "header", QT_TRANSLATE_NOOP("SchemeFields", "Heade&r"), PLACE_NAME,
        in_named_place, simple=True, rare=SETTLED,
    ),
    SchemeField(
        "also", QT_TRANSLATE_NOOP("SchemeFields", "Or in"), words("signature.also"), HEADER,
        help=QT_TRANSLATE_NOOP("SchemeFields", "Other headers with the same content, with commas."),
        usual=QT_TRANSLATE_NOOP("SchemeFields", "no other header"),
    ),
    SchemeField(
        "repeated", QT_TRANSLATE_NOOP("SchemeFields", "May come several times"), flag("signature.repeated"),
        in_place("header"), help=QT_TRANSLATE_NOOP("SchemeFields", "One line of the header for each key."), ticked=True,
    ),
    SchemeField(
        "configurable", QT_TRANSLATE_NOOP("SchemeFields", "Its name is chosen at the sender"),
        flag("signature.configurable"), in_named_place, ticked=True,
    ),
    SchemeField(
        "max", QT_TRANSLATE_NOOP("SchemeFields", "Highest number"), number("signature.max"),
        in_place("numbered-headers"),
    ),
    SchemeField(
        "format", QT_TRANSLATE_NOOP("SchemeFields", "Format"), FORMAT, of_kinds(PLACED),
        choices=("raw", "kv", "list", "positional", "slash", "algorithm-prefix", "base64-json", "hmac-sha256-params"),
    ),
    SchemeField(
        "prefix", QT_TRANSLATE_NOOP("SchemeFields", "Prefi&x"), PREFIX,
        in_format("raw", "prefix"), help=QT_TRANSLATE_NOOP("SchemeFields", "Stands before the signature and is cut."),
        fixed=True, simple=True, rare=SETTLED,
        usual=QT_TRANSLATE_NOOP("SchemeFields", "none"),
    ),
    SchemeField(
        "key", QT_TRANSLATE_NOOP("SchemeFields", "Key of the signature"), text("signature.key"),
        in_format("kv", "base64-json", "hmac-sha256-params"),
        help=QT_TRANSLATE_NOOP("SchemeFields", "In “t=1,v1=ab” that is v1; * takes all."), fixed=True,
    ),
    SchemeField(
        "item_sep", QT_TRANSLATE_NOOP("SchemeFields", "Between items"), text("signature.item_sep"),
        in_format("kv", "list", "positional", "slash"), fixed=True,
    ),
    SchemeField(
        "other_seps", QT_TRANSLATE_NOOP("SchemeFields", "Or between them"), OTHER_SEPS,
        in_format("kv", "list", "positional", "slash"), fixed=True,
        help=QT_TRANSLATE_NOOP("SchemeFields", "Each in quotes, with commas: \" \", \";\""),
        usual=QT_TRANSLATE_NOOP("SchemeFields", "nothing else"),
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
)  # fmt: skip
"""In reading order."""
