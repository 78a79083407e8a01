"""The fields for what a token claims: who made it, when, and digests of the request."""

from collections.abc import Sequence

from PySide6.QtCore import QT_TRANSLATE_NOOP

from inspector.gui.handlers.lenses import flag, number, text
from inspector.gui.handlers.scheme_applies import JWT, Applies
from inspector.gui.handlers.scheme_field import SchemeField


def _claimed(part: str) -> Applies:
    """To tokens that have such a digest."""
    return lambda scheme: JWT(scheme) and bool(scheme.claims and getattr(scheme.claims, part))


def _digest(part: str, label: object) -> Sequence[SchemeField]:
    """The fields of one digest: the claim that holds it, and the rest where that is named."""
    path, there = f"claims.{part}", _claimed(part)
    return (
        SchemeField(
            part, label, text(f"{path}.claim"), JWT, usual=QT_TRANSLATE_NOOP("SchemeFields", "no such claim"),
        ),
        SchemeField(
            f"{part}_of", QT_TRANSLATE_NOOP("SchemeFields", "Is a digest of"), text(f"{path}.of"), there,
            choices=("body", "url", "request"),
        ),
        SchemeField(
            f"{part}_digest", QT_TRANSLATE_NOOP("SchemeFields", "Its algorithm"), text(f"{path}.digest"), there,
            typed=True,
        ),
        SchemeField(
            f"{part}_encoding", QT_TRANSLATE_NOOP("SchemeFields", "Its encoding"), text(f"{path}.encoding"), there,
            choices=("hex", "base64", "base64url"),
        ),
        SchemeField(
            f"{part}_optional", QT_TRANSLATE_NOOP("SchemeFields", "The claim may be missing"),
            flag(f"{path}.optional"), there, ticked=True,
        ),
        SchemeField(
            f"{part}_absent_if_empty", QT_TRANSLATE_NOOP("SchemeFields", "It may be missing where the body is empty"),
            flag(f"{path}.absent_if_empty"), there, ticked=True,
        ),
    )  # fmt: skip


CLAIM_FIELDS: Sequence[SchemeField] = (
    SchemeField("iss", QT_TRANSLATE_NOOP("SchemeFields", "Issuer (iss)"), text("claims.iss"), JWT),
    SchemeField("aud", QT_TRANSLATE_NOOP("SchemeFields", "Audience (aud)"), text("claims.aud"), JWT),
    SchemeField("email", QT_TRANSLATE_NOOP("SchemeFields", "Account (email)"), text("claims.email"), JWT),
    SchemeField(
        "exp", QT_TRANSLATE_NOOP("SchemeFields", "Check when it expires (exp)"), flag("claims.exp"), JWT, ticked=True
    ),
    SchemeField(
        "nbf", QT_TRANSLATE_NOOP("SchemeFields", "Check when it begins (nbf)"), flag("claims.nbf"), JWT, ticked=True
    ),
    SchemeField(
        "iat", QT_TRANSLATE_NOOP("SchemeFields", "It has to say when it was issued (iat)"), flag("claims.iat"), JWT,
        ticked=True,
    ),
    SchemeField(
        "leeway_s", QT_TRANSLATE_NOOP("SchemeFields", "Leeway (s)"), number("claims.leeway_s"), JWT
    ),
    SchemeField(
        "issued_at", QT_TRANSLATE_NOOP("SchemeFields", "Time of issue"), text("claims.issued_at"), JWT,
        help=QT_TRANSLATE_NOOP("SchemeFields", "The claim that says when the token was made, as iat."),
    ),
    *_digest("body_digest", QT_TRANSLATE_NOOP("SchemeFields", "Digest of the body")),
    *_digest("url_digest", QT_TRANSLATE_NOOP("SchemeFields", "Digest of the URL")),
    *_digest("request_digest", QT_TRANSLATE_NOOP("SchemeFields", "Digest of the request")),
    SchemeField(
        "url_claim", QT_TRANSLATE_NOOP("SchemeFields", "The URL itself"), text("claims.url.claim"), JWT,
        usual=QT_TRANSLATE_NOOP("SchemeFields", "no such claim"),
    ),
)  # fmt: skip
"""In reading order."""
