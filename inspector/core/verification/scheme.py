"""How a sender signs, as data: where the signature is, what it covers, how the secret becomes the key.

Every form that the catalogue of providers knows has its place here, so that a provider is a value and
never code. The same structs are read from and written to TOML and JSON (`msgspec`), which reports an
unknown key or a wrong word with its place.
"""

from functools import cached_property
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

type Kind = Literal[
    "hmac", "hash", "asymmetric", "token", "bearer", "basic", "jwt", "http-message-signatures",
    "sns", "plugin", "mtls", "none",
]  # fmt: skip
type Encoding = Literal["hex", "base64", "base64url", "base64-of-hex", "base64-of-base64"]
type Plugin = Literal[
    "", "contentful-canonical", "paypal-cert", "plivo-v3", "ebay-signature", "paddle-classic", "ms-hmac-auth"
]


class _Value(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What all parts of a scheme have in common: unchangeable, and an unknown key is an error.

    Those with `dict=True` remember what follows from them, because every delivery asks for it.
    """


class SignaturePlace(_Value, frozen=True, dict=True):
    """Where the signature stands in the request, and how its text is split.

    `format`: `raw` is the whole value; `prefix` requires `prefix` and removes it; `kv` splits at `item_sep`,
    each item at its first `kv_sep`, and takes those under `key` (`*`: all); `positional` has the first
    item as value `0` and signatures in the others; `list` is signatures only; `slash` has `fields`
    in order; `algorithm-prefix` is `<digest>=<signature>`; the last two are read by plugins only.
    """

    place: Literal["header", "query", "form", "json", "json-or-form", "body", "numbered-headers"] = "header"
    name: str = ""  # of the header (case-insensitive), query parameter or form field
    path: str = ""  # into the JSON body, dots between steps; `*` is every item of a list, and all have to be right
    format: Literal[
        "raw", "prefix", "kv", "positional", "list", "slash", "algorithm-prefix", "base64-json", "hmac-sha256-params"
    ] = "raw"
    prefix: str = ""
    item_sep: str = ","
    kv_sep: str = "="
    key: str = ""
    sep: str = "="  # algorithm-prefix: between digest and signature
    fields: tuple[str, ...] = ()
    max: int = 0  # numbered-headers: the highest number
    trim: bool = False  # white space around each item is dropped
    also: tuple[str, ...] = ()  # other headers with the same content, or with another key's signature
    repeated: bool = False  # the header may come several times, once for each key
    other_seps: tuple[str, ...] = ()  # what may stand for `item_sep` as well
    configurable: bool = False  # the name is the user's choice

    @cached_property
    def prefix_bytes(self) -> bytes:
        """The prefix as it is sent."""
        return self.prefix.encode()


class Source(_Value, frozen=True):
    """A named value that the signed content uses, and where it is read from."""

    place: Literal["header", "signature", "json", "form", "query", "query-sorted", "json-string-of"]
    name: str = ""
    key: str = ""  # signature: the key or position
    path: str = ""  # json
    of: str = ""  # json-string-of: "body" or a value


class Part(_Value, frozen=True):
    """One piece of the signed content; the pieces are joined without a separator.

    `optional` writes `prefix`, the source and `suffix`, or nothing at all where the source is absent.
    """

    part: Literal[
        "text", "body", "value", "header", "query", "form", "json", "method", "url",
        "form-sorted", "body-digest", "secret", "optional",
    ]  # fmt: skip
    text: str = ""
    name: str = ""
    path: str = ""
    component: Literal["", "no-query", "path-query"] = ""
    digest: str = ""
    encoding: Literal["", "raw", "hex", "base64"] = ""
    lowercase: bool = False
    prefix: str = ""
    suffix: str = ""
    source: "Part | None" = None


BODY = Part(part="body")


class SecretReading(_Value, frozen=True, dict=True):
    """How the text that a user stores becomes the key: strip, decode, normalise, append, derive, in this order."""

    type: Literal[
        "shared", "public-key", "user-password", "jwks", "public-key-by-kid", "jwk-by-kid", "certificate-url",
        "client-certificate", "shared-or-public",
    ] = "shared"  # fmt: skip
    strip_prefix: str = ""
    strip_prefix_alt: tuple[str, ...] = ()
    decode: Literal["utf8", "base64", "hex"] = "utf8"
    normalize: Literal["", "NFKD"] = ""
    append: str = ""
    derive: Literal["", "sha1", "sha256"] = ""
    pattern: str = ""  # what the stored text looks like
    format: Literal["", "raw-hex", "raw-base64", "der-base64", "pem", "spki-pem"] = ""
    by: str = ""  # the header or parameter that names the key
    header: str = ""  # the header that holds the certificate's address
    path: str = ""  # the JSON field that holds it
    host_pattern: str = ""  # which hosts that address may name
    plus: str = ""  # the parameter that has to be configured besides
    address: str = ""  # where an edge fetches the keys

    @cached_property
    def is_plain(self) -> bool:
        """Whether the key is the text itself."""
        changed = self.strip_prefix or self.strip_prefix_alt or self.normalize or self.append or self.derive
        return self.decode == "utf8" and not changed


class TimestampCheck(_Value, frozen=True):
    """Where the sender's time is, in which unit, and how far it may be from the time of receipt."""

    value: str  # the name of a value, `json:path`, `claim:x`, `header:x`, or a signature parameter
    unit: Literal["s", "ms", "iso8601", "rfc1123", "auto"] = "s"
    signed: bool = True
    tolerance_s: int | None = None  # None: not limited
    future_checked: bool = True
    expires: str = ""  # RFC 9421: the parameter after which the signature has expired


class Select(_Value, frozen=True):
    """This scheme applies only to requests whose header is there, equals or contains something."""

    header: str
    equals: str = ""
    contains: str = ""


class ClaimDigest(_Value, frozen=True):
    """A claim that holds a digest of a part of the request."""

    claim: str
    digest: str = "sha256"
    encoding: Literal["hex", "base64", "base64url"] = "hex"
    of: Literal["body", "url", "request"] = "body"
    optional: bool = False
    absent_if_empty: bool = False  # the claim may be missing where the body is empty


class ClaimUrl(_Value, frozen=True):
    """A claim that holds the URL itself."""

    claim: str


class Claims(_Value, frozen=True):
    """What a JWT must claim. A text in angle brackets stands for a parameter that the handler configures."""

    iss: str = ""
    aud: str = ""
    email: str = ""
    exp: bool = False
    nbf: bool = False
    iat: bool = False
    leeway_s: int = 0
    issued_at: str = ""
    body_digest: ClaimDigest | None = None
    url_digest: ClaimDigest | None = None
    request_digest: ClaimDigest | None = None
    url: ClaimUrl | None = None


class ContentDigest(_Value, frozen=True):
    """RFC 9530: the header with the body's digest, and the algorithms that count."""

    header: str = "Content-Digest"
    algorithms: tuple[str, ...] = ("sha-256", "sha-512")


class BodyDigest(_Value, frozen=True):
    """A parameter that must equal the body's digest."""

    place: Literal["query"] = "query"
    name: str = ""
    digest: str = "sha256"
    encoding: Literal["hex", "base64"] = "hex"


class Scheme(_Value, frozen=True, dict=True):
    """How one sender signs. `content` is the signed content: its parts are joined without separators."""

    kind: Kind
    algorithm: str = ""  # of hmac and hash: the digest; of the others: the signature algorithm
    encoding: Encoding = "hex"
    hex_upper: bool = False  # hex digits are written in upper case
    signature: SignaturePlace | None = None
    values: dict[str, Source] = {}
    content: tuple[Part, ...] = (BODY,)
    secret: SecretReading = SecretReading()
    timestamp: TimestampCheck | None = None
    select: Select | None = None
    algorithms: tuple[str, ...] = ()  # accepted ones, where the request names its own
    versions: dict[str, str] = {}  # SNS: SignatureVersion to algorithm
    url_variants: tuple[Literal["as-is", "add-default-port", "remove-port"], ...] = ()
    body_digest: BodyDigest | None = None
    claims: Claims | None = None
    content_digest: ContentDigest | None = None
    input: str = ""  # RFC 9421: the header of the signature's input
    required_components: tuple[str, ...] = ()
    keys_notification: tuple[str, ...] = ()
    keys_subscription: tuple[str, ...] = ()
    plugin: Plugin = ""

    @cached_property
    def covers_body_alone(self) -> bool:
        """Whether the signed content is the body and nothing else."""
        return len(self.content) == 1 and self.content[0].part == "body"

    @cached_property
    def uses_secret(self) -> bool:
        """Whether the content itself has the secret in it, so that it differs from one secret to the next."""
        return any(part.part == "secret" or (part.source and part.source.part == "secret") for part in self.content)

    @cached_property
    def undefined_value(self) -> str | None:
        """A value that the content uses and the scheme does not say where to read; None when all is well."""
        for part in self.content:
            inner = part.source if part.part == "optional" and part.source is not None else part
            if inner.part == "value" and inner.name not in self.values:
                return inner.name
        return None


def carried_by(scheme: Scheme, name: str) -> Scheme:
    """`scheme` with its signature in the header, parameter or field of that name."""
    place = scheme.signature
    if place is None:
        return scheme
    if place.place in ("json", "json-or-form"):
        return replace(scheme, signature=replace(place, path=name))
    return replace(scheme, signature=replace(place, name=name))
