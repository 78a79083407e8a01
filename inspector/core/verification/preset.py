"""What is known of one provider: how it signs, how its deliveries are told apart, what it expects back."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from msgspec import Struct

from inspector.core.verification.scheme import Scheme

type Certainty = Literal["confirmed", "documented", "unsure"]


class _Value(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Unchangeable, and an unknown key is an error."""


class Recognition(_Value, frozen=True):
    """What gives a provider's deliveries away. `shared_with` are providers that send the same.

    `over` are providers whose headers it sends along for compatibility: it is the one that counts.
    """

    headers: tuple[str, ...] = ()  # lower case
    user_agent: str = ""  # a regular expression
    body_json: tuple[str, ...] = ()  # paths that exist in the body
    form: tuple[str, ...] = ()
    query: tuple[str, ...] = ()
    authorization: str = ""  # how that header's value begins
    content_type: str = ""
    match: dict[str, str] = {}  # header to a regular expression of its value
    shared_with: tuple[str, ...] = ()
    over: tuple[str, ...] = ()


class DeliveryPlaces(_Value, frozen=True):
    """Where a delivery tells about itself: `header:Name`, `json:path`."""

    id: str = ""
    event: str = ""
    attempt: str = ""
    sent_at: str = ""
    dedupe: str = ""  # equal for all deliveries of one event
    kind: str = ""  # what sort of message this is, besides the event
    redelivery: str = ""
    attempt_reason: str = ""


NO_RECOGNITION = Recognition()
NO_PLACES = DeliveryPlaces()


_PARAMETER = re.compile(r"(?<!\\)\{([a-z_]+)\}")


class HandshakeTrigger(_Value, frozen=True):
    """Which requests confirm a URL: all that is named is there, with one of the values where values are given.

    A value in braces is a parameter of the handler.
    """

    method: str = ""
    header: dict[str, tuple[str, ...]] = {}
    query: dict[str, tuple[str, ...]] = {}
    json: dict[str, tuple[str, ...]] = {}


class HandshakeAnswer(_Value, frozen=True):
    """What is answered: templates of parts of the request, computed names and parameters, as `{json:challenge}`.

    `json` is an object of such texts. `fetch` is an address to call, after the signature verified.
    """

    status: int = 200
    type: str = ""  # text/plain, or application/json with `json`
    headers: dict[str, str] = {}
    body: str = ""
    json: dict[str, str] = {}
    fetch: str = ""


class Computed(_Value, frozen=True):
    """A proof that the secret is known: the digest or HMAC of a content, with the key of the handler's scheme.

    `pattern` is the form of the contents that are proved with that key: one that could be a delivery must not be
    among them, or whoever asks is given the signature of a delivery of his own.
    """

    kind: Literal["hmac", "hash"]
    content: str
    pattern: str = r"[A-Za-z0-9._~+/=-]{1,256}"
    algorithm: str = "sha256"
    encoding: Literal["hex", "base64"] = "hex"


class Handshake(_Value, frozen=True):
    """One way a provider asks whether a URL is meant for it.

    `signed`: answered only where the request verifies. `otherwise` is the status where the trigger's values are
    not the right ones, or the signature is not. `secret` is where the request tells the secret of what follows.
    """

    when: HandshakeTrigger
    answer: HandshakeAnswer = HandshakeAnswer()
    computed: dict[str, Computed] = {}
    signed: bool = False
    otherwise: int = 0
    secret: str = ""
    unsure: bool = False

    @property
    def parameters(self) -> Sequence[str]:
        """What a handler has to configure so that this can be answered."""
        when, answer = self.when, self.answer
        wanted = [*when.header.values(), *when.query.values(), *when.json.values()]
        triggers = [text for texts in wanted for text in texts if text.startswith("{")]
        answers = [answer.body, *answer.headers.values(), *answer.json.values()]
        contents = [each.content for each in self.computed.values()]
        named = (name for text in (*triggers, *answers, *contents) for name in _PARAMETER.findall(text))
        return [name for name in dict.fromkeys(named) if name not in self.computed]


class Acknowledgement(_Value, frozen=True):
    """What a provider takes for an answer, and what it does without one. `basis` says how we know."""

    basis: str = ""
    success: str = "2xx"
    body: str | None = None  # the text that it wants to read
    failure: int = 0  # the status for a wrong signature; 0: as the settings say
    timeout_s: float | None = None
    retry: tuple[int, ...] | None = None  # seconds before each further try; None: not documented
    retry_note: str = ""
    no_retry: str = ""  # `Name: value` of a header in the answer that stops further tries
    duplicates: bool = True  # the same delivery can come twice


@dataclass(frozen=True, slots=True)
class PresetScheme:
    """One of the ways in which a provider signs."""

    id: str
    scheme: Scheme
    label: str = ""  # what it is for, where there are several
    unsure: str = ""  # which part is not confirmed


@dataclass(frozen=True, slots=True)
class Preset:
    """One provider. The first of `schemes` is the usual one."""

    id: str
    name: str
    category: str
    certainty: Certainty
    schemes: tuple[PresetScheme, ...]
    documentation: str = ""
    extends: str = ""  # the provider whose format it uses
    recognition: Recognition = NO_RECOGNITION
    delivery: DeliveryPlaces = NO_PLACES
    handshakes: tuple[Handshake, ...] = ()
    acknowledgement: Acknowledgement | None = None
    pitfalls: tuple[str, ...] = ()
    receiver: bool = False  # it checks deliveries, it sends none

    def scheme(self, id_: str = "") -> PresetScheme | None:
        """The scheme of that id, or the usual one; None where there is none of that id."""
        return next((each for each in self.schemes if not id_ or each.id == id_), None)

    @property
    def parameters(self) -> Mapping[str, str]:
        """What a handler configures besides secrets: the parameter's name, and what the provider calls it."""
        found: dict[str, str] = {}
        for each in self.schemes:
            if each.scheme.secret.plus:
                found[each.scheme.secret.plus] = each.scheme.secret.plus.replace("_", " ")
            for claim in ("iss", "aud", "email"):
                text = getattr(each.scheme.claims, claim, "")
                if text.startswith("<"):
                    found[claim] = text.strip("<>")
            if each.scheme.secret.type == "jwks" and not each.scheme.secret.address:
                found["jwks_url"] = "address of the keys"
        for handshake in self.handshakes:
            found |= {name: name.replace("_", " ") for name in handshake.parameters}
        return found
