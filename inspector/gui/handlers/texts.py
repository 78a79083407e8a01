"""What is said of handlers: words for verification types, sentences for problems and for remarks on secrets."""

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from inspector.core.handler import Handler
from inspector.core.handler_check import Problem
from inspector.core.verification.digests import digest_named
from inspector.core.verification.lint import (
    LooksLikeSignature,
    NotAsExpected,
    NotDecodable,
    NotPublicKey,
    OtherKindOfKey,
    Remark,
    SpaceAtEnd,
    TestKeyOfLiveHandler,
    TooShort,
)


def _tr(text: object) -> str:  # what QT_TRANSLATE_NOOP returns is a text, typed as an object
    return QCoreApplication.translate("Handlers", str(text))


_TYPE_WORDS = {
    "base64-hmac": QT_TRANSLATE_NOOP("Handlers", "Base64 HMAC"),
    "hmac": QT_TRANSLATE_NOOP("Handlers", "HMAC (hex)"),
    "token": QT_TRANSLATE_NOOP("Handlers", "Secret in a header"),
    "none": QT_TRANSLATE_NOOP("Handlers", "None"),
}
_TYPE_HELP = {
    "base64-hmac": QT_TRANSLATE_NOOP("Handlers", "The header carries the HMAC of the body in base64."),
    "hmac": QT_TRANSLATE_NOOP("Handlers", "The header carries the HMAC of the body in hexadecimal digits."),
    "token": QT_TRANSLATE_NOOP("Handlers", "The header carries the secret itself."),
    "none": QT_TRANSLATE_NOOP("Handlers", "Every request to its path is accepted."),
}
_CATEGORIES = {
    "by-hand": QT_TRANSLATE_NOOP("Handlers", "By hand"),
    "ai": QT_TRANSLATE_NOOP("Handlers", "AI"),
    "ci": QT_TRANSLATE_NOOP("Handlers", "Builds"),
    "cloud": QT_TRANSLATE_NOOP("Handlers", "Cloud"),
    "cms": QT_TRANSLATE_NOOP("Handlers", "Content"),
    "commerce": QT_TRANSLATE_NOOP("Handlers", "Commerce"),
    "communication": QT_TRANSLATE_NOOP("Handlers", "Communication"),
    "community": QT_TRANSLATE_NOOP("Handlers", "Community"),
    "crm": QT_TRANSLATE_NOOP("Handlers", "Customers"),
    "email": QT_TRANSLATE_NOOP("Handlers", "Mail"),
    "finance": QT_TRANSLATE_NOOP("Handlers", "Finance"),
    "generic": QT_TRANSLATE_NOOP("Handlers", "Widespread forms"),
    "health": QT_TRANSLATE_NOOP("Handlers", "Health"),
    "hosting": QT_TRANSLATE_NOOP("Handlers", "Hosting"),
    "identity": QT_TRANSLATE_NOOP("Handlers", "Identity"),
    "marketing": QT_TRANSLATE_NOOP("Handlers", "Marketing"),
    "media": QT_TRANSLATE_NOOP("Handlers", "Media"),
    "ops": QT_TRANSLATE_NOOP("Handlers", "Operations"),
    "payments": QT_TRANSLATE_NOOP("Handlers", "Payments"),
    "platform": QT_TRANSLATE_NOOP("Handlers", "Platforms"),
    "productivity": QT_TRANSLATE_NOOP("Handlers", "Productivity"),
    "queue": QT_TRANSLATE_NOOP("Handlers", "Queues"),
    "shipping": QT_TRANSLATE_NOOP("Handlers", "Shipping"),
    "source-control": QT_TRANSLATE_NOOP("Handlers", "Source control"),
    "standards": QT_TRANSLATE_NOOP("Handlers", "Standards"),
    "storage": QT_TRANSLATE_NOOP("Handlers", "Storage"),
    "support": QT_TRANSLATE_NOOP("Handlers", "Support"),
}
_PROBLEMS = {
    ("name", "empty"): QT_TRANSLATE_NOOP("Handlers", "A handler needs a name."),
    ("name", "duplicate"): QT_TRANSLATE_NOOP("Handlers", "Another handler is named “{detail}”."),
    ("name", "too-long"): QT_TRANSLATE_NOOP("Handlers", "A name has at most 200 characters."),
    ("name", "line-break"): QT_TRANSLATE_NOOP("Handlers", "A name has no line breaks or control characters."),
    ("path", "not-a-path"): QT_TRANSLATE_NOOP("Handlers", "A path pattern begins with / or * and has no query."),
    ("header", "empty"): QT_TRANSLATE_NOOP("Handlers", "Name the header that carries the signature or secret."),
    ("header", "not-a-token"): QT_TRANSLATE_NOOP(
        "Handlers", "A header’s name has letters, digits and !#$%&'*+-.^_`|~ only, no space and no colon."
    ),
    ("algorithm", "empty"): QT_TRANSLATE_NOOP("Handlers", "Choose an algorithm."),
    ("prefix", "empty"): QT_TRANSLATE_NOOP("Handlers", "The prefix is empty."),
    ("status", "not-a-status"): QT_TRANSLATE_NOOP("Handlers", "A status to answer with is 200 to 599."),
    ("headers", "no-colon"): QT_TRANSLATE_NOOP("Handlers", "Line {detail} has no colon: write “Name: value”."),
    ("headers", "not-a-token"): QT_TRANSLATE_NOOP("Handlers", "“{detail}” cannot be a header’s name."),
    ("headers", "line-break"): QT_TRANSLATE_NOOP(
        "Handlers", "The value of {detail} has a control character, or one outside of ASCII."
    ),
    ("headers", "framing"): QT_TRANSLATE_NOOP("Handlers", "{detail} is set by the listener itself."),
    ("secrets", "empty"): QT_TRANSLATE_NOOP("Handlers", "Type the secret, or remove this line."),
    ("", "unreadable"): QT_TRANSLATE_NOOP("Handlers", "This cannot be read."),
    ("content", "undefined"): QT_TRANSLATE_NOOP(
        "Handlers", "Nothing says where “{detail}” is read: add it to the named values, or write {{header:Name}}."
    ),
    ("public_url", "not-a-url"): QT_TRANSLATE_NOOP(
        "Handlers", "It begins with http:// or https:// and a host, or is the word “forwarded”."
    ),
    ("secrets", "no-label"): QT_TRANSLATE_NOOP("Handlers", "Give it a label: outcomes name it."),
}
_KINDS = {
    "stripe-api": QT_TRANSLATE_NOOP("Handlers", "an API key of Stripe"),
    "publishable": QT_TRANSLATE_NOOP("Handlers", "a publishable key, which is no secret"),
    "github-token": QT_TRANSLATE_NOOP("Handlers", "an access token of GitHub"),
    "gitlab-token": QT_TRANSLATE_NOOP("Handlers", "an access token of GitLab"),
    "slack-token": QT_TRANSLATE_NOOP("Handlers", "an access token of Slack"),
    "shopify-token": QT_TRANSLATE_NOOP("Handlers", "an access token of Shopify"),
    "aws-key-id": QT_TRANSLATE_NOOP("Handlers", "the identifier of an AWS access key"),
    "google-api": QT_TRANSLATE_NOOP("Handlers", "an API key of Google"),
    "sendgrid-api": QT_TRANSLATE_NOOP("Handlers", "an API key of SendGrid"),
    "npm-token": QT_TRANSLATE_NOOP("Handlers", "an access token of npm"),
    "ai-api": QT_TRANSLATE_NOOP("Handlers", "an API key"),
    "webhook-secret": QT_TRANSLATE_NOOP(
        "Handlers", "a secret that Standard Webhooks decodes first; here it is used as written"
    ),
    "public-key": QT_TRANSLATE_NOOP("Handlers", "a public key"),
    "private-key": QT_TRANSLATE_NOOP("Handlers", "a private key"),
    "certificate": QT_TRANSLATE_NOOP("Handlers", "a certificate"),
    "jwt": QT_TRANSLATE_NOOP("Handlers", "a JSON Web Token"),
    "url": QT_TRANSLATE_NOOP("Handlers", "an address"),
}
_ENCODINGS = {
    "base64": QT_TRANSLATE_NOOP("Handlers", "Not valid base64, which this scheme decodes."),
    "hex": QT_TRANSLATE_NOOP("Handlers", "Not valid hexadecimal digits, which this scheme decodes."),
}


def problem_text(problem: Problem) -> str:
    """What to mend."""
    text = _PROBLEMS.get((problem.field, problem.rule)) or _PROBLEMS.get(("", problem.rule))
    return _tr(text).format(detail=problem.detail) if text else problem.sentence()


def remark_text(remark: Remark) -> str:
    """What looks wrong with a secret."""
    match remark:
        case SpaceAtEnd(before=0):
            return _tr("White space at its end counts as a part of it.")
        case SpaceAtEnd(after=0):
            return _tr("White space at its beginning counts as a part of it.")
        case SpaceAtEnd():
            return _tr("White space at both ends counts as a part of it.")
        case OtherKindOfKey(prefix, kind):
            return _tr("“{prefix}” begins {kind}.").format(prefix=prefix, kind=_tr(_KINDS[kind]))
        case NotAsExpected(begins=""):
            return _tr("The secrets of this provider look otherwise.")
        case NotAsExpected(begins):
            return _tr("The secrets of this provider begin with “{begins}”.").format(begins=begins)
        case NotPublicKey():
            return _tr("This cannot be read as a public key: paste PEM, or its bytes in base64 or hexadecimal digits.")
        case NotDecodable(encoding):
            return _tr(_ENCODINGS[encoding])
        case TooShort(size, least):
            return _tr("Short enough to guess: {size} bytes; {least} or more are usual.").format(size=size, least=least)
        case TestKeyOfLiveHandler():
            return _tr("A test-mode key, in a handler that is named as the live one.")
        case LooksLikeSignature():
            return _tr("This looks like a signature or its header, not like the secret that makes it.")


def algorithm_remark(name: str) -> str:
    """What to know of an algorithm that this machine lacks; empty where it has it."""
    if not name.strip() or digest_named(name) is not None:
        return ""
    return _tr("This machine has no {name}. It can be saved; deliveries cannot be checked with it here.").format(
        name=name
    )


def path_words(handler: Handler) -> str:
    """Where a handler applies."""
    return handler.path or _tr("every path")


def type_words(type_id: str) -> str:
    """The word for a verification type."""
    return _tr(_TYPE_WORDS[type_id])


def type_help(type_id: str) -> str:
    """What a verification type does, in a sentence."""
    return _tr(_TYPE_HELP[type_id])


def category_words(category: str) -> str:
    """The word for a category of presets."""
    return _tr(_CATEGORIES[category]) if category in _CATEGORIES else category.replace("-", " ").capitalize()
