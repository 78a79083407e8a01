"""Every part of a scheme as a field of a form, in one table."""

from collections.abc import Sequence

from PySide6.QtCore import QT_TRANSLATE_NOOP

from inspector.core.verification.scheme import Scheme
from inspector.gui.handlers.claim_fields import CLAIM_FIELDS
from inspector.gui.handlers.lenses import flag, number, text, words
from inspector.gui.handlers.place_fields import PLACE_FIELDS
from inspector.gui.handlers.scheme_applies import (
    MESSAGE_SIGNATURES,
    PLACED,
    SIGNED,
    SNS,
    digested,
    of_kinds,
    timed,
    uses_url,
)
from inspector.gui.handlers.scheme_field import SchemeField, value_of
from inspector.gui.handlers.scheme_lenses import AS_TEXT, CONTENT, VALUES, VERSIONS
from inspector.gui.handlers.secret_fields import SECRET_FIELDS


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
    *PLACE_FIELDS,
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
    *SECRET_FIELDS,
    SchemeField(
        "timestamp", QT_TRANSLATE_NOOP("SchemeFields", "Timestamp in"), text("timestamp.value"),
        of_kinds(PLACED),
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
        "time_signed", QT_TRANSLATE_NOOP("SchemeFields", "The signature covers the timestamp"),
        flag("timestamp.signed"), timed, ticked=True,
    ),
    SchemeField(
        "expires", QT_TRANSLATE_NOOP("SchemeFields", "Expires at"), text("timestamp.expires"),
        lambda scheme: timed(scheme) and MESSAGE_SIGNATURES(scheme),
        help=QT_TRANSLATE_NOOP("SchemeFields", "The parameter after which the signature has expired."),
        usual=QT_TRANSLATE_NOOP("SchemeFields", "never"),
    ),
    SchemeField(
        "select", QT_TRANSLATE_NOOP("SchemeFields", "Only with the header"), text("select.header"), of_kinds(PLACED),
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
    *CLAIM_FIELDS,
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
        "content_digest_algorithms", QT_TRANSLATE_NOOP("SchemeFields", "Digests that count"),
        words("content_digest.algorithms"), lambda scheme: scheme.content_digest is not None,
        help=QT_TRANSLATE_NOOP("SchemeFields", "With commas: sha-256, sha-512"),
    ),
    SchemeField(
        "query_digest", QT_TRANSLATE_NOOP("SchemeFields", "Digest in parameter"), text("body_digest.name"),
        of_kinds(SIGNED),
        help=QT_TRANSLATE_NOOP("SchemeFields", "A parameter of the query that has to be the body’s digest."),
        usual=QT_TRANSLATE_NOOP("SchemeFields", "there is none"),
    ),
    SchemeField(
        "query_digest_algorithm", QT_TRANSLATE_NOOP("SchemeFields", "Its algorithm"), text("body_digest.digest"),
        digested, typed=True,
    ),
    SchemeField(
        "query_digest_encoding", QT_TRANSLATE_NOOP("SchemeFields", "Its encoding"), text("body_digest.encoding"),
        digested, choices=("hex", "base64"),
    ),
    SchemeField(
        "versions", QT_TRANSLATE_NOOP("SchemeFields", "Versions"), VERSIONS, SNS,
        help=QT_TRANSLATE_NOOP("SchemeFields", "One a line: 2 = rsa-pkcs1-sha256"), lines=2, fixed=True,
    ),
    SchemeField(
        "keys_notification", QT_TRANSLATE_NOOP("SchemeFields", "Signed of a message"), words("keys_notification"), SNS,
        help=QT_TRANSLATE_NOOP("SchemeFields", "The fields in their order, with commas."),
    ),
    SchemeField(
        "keys_subscription", QT_TRANSLATE_NOOP("SchemeFields", "Of a subscription"), words("keys_subscription"), SNS,
        help=QT_TRANSLATE_NOOP("SchemeFields", "The fields in their order, with commas."),
    ),
    SchemeField(
        "as_text", QT_TRANSLATE_NOOP("SchemeFields", "The whole as text"), AS_TEXT,
        lambda _scheme: True, help=QT_TRANSLATE_NOOP("SchemeFields", "As in a file for a preset; changes all above."),
        lines=6, fixed=True,
    ),
)  # fmt: skip
"""All fields in reading order. The last one is another view of all the others."""
