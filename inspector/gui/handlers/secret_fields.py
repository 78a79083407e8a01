"""The fields for how the stored secret becomes the key, and where keys come from."""

from collections.abc import Sequence

from PySide6.QtCore import QT_TRANSLATE_NOOP

from inspector.gui.handlers.lenses import text, words
from inspector.gui.handlers.scheme_applies import ANY, CERTIFICATE, FETCHED, KEYS, SHARED
from inspector.gui.handlers.scheme_field import SchemeField

SECRET_FIELDS: Sequence[SchemeField] = (
    SchemeField(
        "secret_type", QT_TRANSLATE_NOOP("SchemeFields", "Kind of secret"), text("secret.type"), ANY,
        choices=(
            "shared", "public-key", "jwks", "user-password", "public-key-by-kid", "jwk-by-kid", "certificate-url",
            "client-certificate", "shared-or-public",
        ),
    ),
    SchemeField(
        "strip_prefix", QT_TRANSLATE_NOOP("SchemeFields", "Cut from the secret"), text("secret.strip_prefix"), ANY,
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
        "key_address", QT_TRANSLATE_NOOP("SchemeFields", "Keys are at"), text("secret.address"), FETCHED, fixed=True,
        help=QT_TRANSLATE_NOOP("SchemeFields", "The address that the keys are fetched from."),
        usual=QT_TRANSLATE_NOOP("SchemeFields", "they are given by hand"),
    ),
    SchemeField(
        "key_header", QT_TRANSLATE_NOOP("SchemeFields", "Address in header"), text("secret.header"), CERTIFICATE,
        help=QT_TRANSLATE_NOOP("SchemeFields", "The header with the certificate’s address."),
        usual=QT_TRANSLATE_NOOP("SchemeFields", "no header"),
    ),
    SchemeField(
        "key_path", QT_TRANSLATE_NOOP("SchemeFields", "Address in field"), text("secret.path"), CERTIFICATE,
        help=QT_TRANSLATE_NOOP("SchemeFields", "The field of the JSON body with the certificate’s address."),
        usual=QT_TRANSLATE_NOOP("SchemeFields", "no field"),
    ),
    SchemeField(
        "host_pattern", QT_TRANSLATE_NOOP("SchemeFields", "Allowed hosts"), text("secret.host_pattern"), FETCHED,
        help=QT_TRANSLATE_NOOP("SchemeFields", "A regular expression for the hosts that the address may name."),
        fixed=True, usual=QT_TRANSLATE_NOOP("SchemeFields", "none"),
    ),
    SchemeField(
        "plus", QT_TRANSLATE_NOOP("SchemeFields", "Asked for besides"), text("secret.plus"), ANY, fixed=True,
        help=QT_TRANSLATE_NOOP("SchemeFields", "A parameter that the handler has to have, as webhook_id."),
        usual=QT_TRANSLATE_NOOP("SchemeFields", "nothing"),
    ),
    SchemeField(
        "pattern", QT_TRANSLATE_NOOP("SchemeFields", "Secret looks like"), text("secret.pattern"), ANY, fixed=True,
        help=QT_TRANSLATE_NOOP("SchemeFields", "A regular expression, for remarks while one is typed."),
        usual=QT_TRANSLATE_NOOP("SchemeFields", "anything"),
    ),
)  # fmt: skip
"""In reading order."""
