"""What may be chosen in the fields of a scheme, in words."""

from collections.abc import Mapping

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication


def choice_words(field: str, choice: str) -> str:
    """The word for a choice of the field of that name; what has none is a word of the field's own."""
    return QCoreApplication.translate("SchemeFields", str(_CHOICES.get((field, choice)) or choice))


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
