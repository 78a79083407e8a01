"""Findings in words for a person: what happened, what to do next and who, and a text for the sender.

Sentences are templates in tables, so that a front end can translate them by template; `{fact}` is filled from the
facts of the finding, and a variant is taken when all of its facts are known. No text has a secret in it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inspector.core.diagnosis.finding import Finding

_FACT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Template:
    """A sentence for one cause, with the facts to fill in."""

    text: str
    facts: Mapping[str, str]

    def __str__(self) -> str:
        return _FACT.sub(lambda match: self.facts.get(match[1], "?"), self.text)


def explanation(finding: Finding) -> Template:
    """What happened, in one sentence."""
    return _chosen(_TEXTS.get(finding.cause, _UNKNOWN)[0], finding)


def remedy(finding: Finding) -> Template:
    """What to do next, and who."""
    return _chosen(_TEXTS.get(finding.cause, _UNKNOWN)[1], finding)


def for_sender(finding: Finding) -> Template:
    """A short text for a ticket: what was expected, what came, what to change."""
    return _chosen(_FOR_SENDER.get(finding.cause, _FOR_SENDER[finding.remedy.side]), finding)


def templates() -> Sequence[str]:
    """Every sentence there is, for whoever translates them."""
    pairs = [side for pair in (*_TEXTS.values(), _UNKNOWN) for side in pair]
    return tuple(dict.fromkeys(text for variants in (*pairs, *_FOR_SENDER.values()) for text in variants))


def _chosen(variants: Sequence[str], finding: Finding) -> Template:
    for text in variants:
        if all(name in finding.facts for name in _FACT.findall(text)):
            return Template(text, finding.facts)
    return Template(variants[-1], finding.facts)


type _Variants = tuple[str, ...]

_UNKNOWN: tuple[_Variants, _Variants] = (
    ("The delivery was signed otherwise than the handler expects.",),
    ("Compare the handler's settings with the sender's documentation.",),
)

_RAW_BODY = (
    "Check the signature over the bytes as they arrive, before anything parses the body; look for a body parser or "
    "middleware in front of the check."
)

_TEXTS: Mapping[str, tuple[_Variants, _Variants]] = {
    "verifies": (
        ("The delivery is signed as this handler expects.",),
        ("Nothing is to be changed; if a service refuses it, look at how that service checks.",),
    ),
    "scheme-found": (
        (
            "This delivery is signed as “{provider}” signs, with the secret of the handler “{handler}”.",
            "This delivery is signed as “{provider}” signs.",
            (
                "How it is signed was found: the signature stands in “{header}”, is made with {digest}, written in "
                "{encoding}, and covers {template}; the secret is that of the handler “{handler}”."
            ),
            (
                "How it is signed was found: the signature stands in “{header}”, is made with {digest}, written in "
                "{encoding}, and covers {template}."
            ),
            "How it is signed was found: the signature stands in “{header}”.",
        ),
        ("Make a handler from this: it will recognise deliveries like this one.",),
    ),
    "secret-shown": (
        (
            "The sender signs nothing: it shows the secret of the handler “{handler}” itself, in “{header}”.",
            "The sender signs nothing: it shows the secret itself, in “{header}”.",
        ),
        ("Make a handler from this that compares the secret.",),
    ),
    "no-signature-found": (
        (
            (
                "Nothing in this request looks like a signature: no header, parameter or field has the form of one. "
                "It may have been left out when the request was copied."
            ),
        ),
        ("Ask for the whole request with all its headers, or whether signing is switched on for this address.",),
    ),
    "not-learned": (
        (
            (
                "How it is signed was not found: {tried} ways of computing “{where}” were tried, and none gives it "
                "with this secret."
            ),
            "How it is signed was not found.",
        ),
        (
            (
                "Compare the secret with the one that the sender shows, copying it anew. If it is right, choose the "
                "sender in the list, or ask the sender which bytes are signed and how."
            ),
        ),
    ),
    "unexplained": (
        (
            "No reason was found: {tried} possible explanations were tried and none of them fits.",
            "No reason was found.",
        ),
        (
            (
                "Compare the secret with the one that the sender shows, copying it anew. If it is right, "
                "ask the sender for the exact bytes that were signed."
            ),
        ),
    ),
    "secret-other-handler": (
        (
            "The delivery was signed with the secret of the handler “{handler}”, not with this handler's.",
            "The delivery was signed with another secret that is stored here.",
        ),
        (
            "Use the secret of “{handler}” here, or send these deliveries to the address of “{handler}”.",
            "Use that secret in this handler.",
        ),
    ),
    "secret-test-live-mixed": (
        (
            "Test mode and live mode are mixed up: the delivery was signed with the secret of “{handler}”.",
            "Test mode and live mode are mixed up: the delivery was signed with the secret of the other mode.",
        ),
        (
            "Use the secret of “{handler}” for these deliveries, or switch the sender to the other mode.",
            "Use the secret of the other mode.",
        ),
    ),
    "secret-rotated-old": (
        ("The sender still signs with an older secret that was replaced here.",),
        (("Add the older secret to this handler until the sender has changed, or have the sender take the new one."),),
    ),
    "secret-whitespace": (
        (
            (
                "The stored secret has a blank, a line break or a quotation mark at one of its ends that "
                "does not belong to it."
            ),
        ),
        ("Store the secret again without it; the proposed change does that.",),
    ),
    "secret-url-encoded": (
        (("The stored secret is written with percent signs, as in an address, and the sender uses the plain text."),),
        ("Store the secret in plain text.",),
    ),
    "secret-needs-base64-decode": (
        (
            (
                "The secret is written in base64, and the sender uses the bytes that it stands for; the "
                "handler uses the text."
            ),
        ),
        ("Set the handler to decode the secret from base64 before it is used.",),
    ),
    "secret-needs-hex-decode": (
        (("The secret is written in hexadecimal, and the sender uses the bytes that it stands for, not the text."),),
        ("Set the handler to decode the secret from hexadecimal before it is used.",),
    ),
    "secret-must-be-raw": (
        (("The sender uses the text of the secret just as it is written; the handler decodes or shortens it first."),),
        ("Set the handler to use the secret as plain text.",),
    ),
    "secret-must-be-base64": (
        ("The sender signs with the base64 text of the secret, and here the secret itself is stored.",),
        ("Store the base64 text, as the sender shows it.",),
    ),
    "secret-prefix-kept": (
        ("The beginning of the secret, up to the underscore, only names its kind, and the handler keeps it.",),
        ("Set the handler to cut that beginning off before the secret is used.",),
    ),
    "secret-prefix-lost": (
        ("The secret is stored without its beginning, which belongs to it.",),
        ("Store the whole secret as the sender shows it.",),
    ),
    "secret-derivation-missing": (
        (
            ("The sender does not sign with the secret itself but with something computed from it ({derivation})."),
            "The sender does not sign with the secret itself but with something computed from it.",
        ),
        ("Set the handler to compute the key from the secret in the same way.",),
    ),
    "secret-user-password-swapped": (
        ("User name and password are stored in the wrong order.",),
        ("Store them as user:password.",),
    ),
    "secret-key-format": (
        (
            "The key is stored in another form ({form}) than the handler reads.",
            "The key is stored in another form.",
        ),
        ("Set the handler to read the key in that form.",),
    ),
    "secret-other-kind": (
        (
            "The stored secret begins with “{prefix}”, as a key of another kind does.",
            "The stored secret looks like a key of another kind.",
        ),
        ("Copy the signing secret for webhooks from the sender's settings.",),
    ),
    "secret-malformed": (
        (
            "The stored secret is not valid {encoding}, which the handler wants.",
            "The stored secret cannot be read.",
        ),
        ("Copy the secret anew and whole.",),
    ),
    "encoding-hex-vs-base64": (
        (
            "The signature arrives written in {encoding}; the handler expects {configured_encoding}.",
            "The signature is written in another way than the handler expects.",
        ),
        (
            "Set the handler's encoding to {encoding}.",
            "Change the encoding in the handler.",
        ),
    ),
    "encoding-base64url": (
        (
            (
                "The signature arrives in {encoding}; the handler expects {configured_encoding}, which "
                "differs in some signs."
            ),
            "The signature is written with the other base64 alphabet.",
        ),
        (
            "Set the handler's encoding to {encoding}.",
            "Change the encoding in the handler.",
        ),
    ),
    "encoding-double": (
        ("The signature was encoded twice: the text that arrives has to be decoded two times.",),
        (
            "Have the sender encode the signature once; until then set the handler's encoding to {encoding}.",
            "Have the sender encode the signature once.",
        ),
    ),
    "encoding-uppercase-hex": (
        (("The signature is right, but its letters are written in the other case, upper or lower, than is expected."),),
        ("Compare the signature without regard to upper and lower case.",),
    ),
    "signature-encoding": (
        ("The signature looks like {encoding}, and the handler expects {configured_encoding}.",),
        ("Compare the handler's encoding with the sender's documentation.",),
    ),
    "signature-length": (
        (
            (
                "The signature has {length} bytes; {configured_digest} gives {expected_length}. That "
                "length is usual for {digest}."
            ),
            "The signature has {length} bytes; {configured_digest} gives {expected_length}.",
        ),
        ("Compare the handler's algorithm with the sender's documentation.",),
    ),
    "digest-wrong": (
        (
            "The sender computes the signature with {digest}; the handler uses {configured_digest}.",
            "The sender computes the signature with another algorithm than the handler.",
        ),
        (
            "Set the handler's algorithm to {digest}.",
            "Change the algorithm in the handler.",
        ),
    ),
    "kind-hash-vs-hmac": (
        (
            (
                "Sender and handler put secret and text together in different ways: one as a keyed hash "
                "(HMAC), the other as a plain hash."
            ),
        ),
        ("Change the handler's verification type as proposed.",),
    ),
    "kind-wrong": (
        (
            "The secret is shown in another way than the handler expects: as {kind}.",
            "The secret is shown in another way.",
        ),
        ("Change the handler's verification type as proposed.",),
    ),
    "prefix-missing": (
        (
            ("The handler expects “{configured_prefix}” before the signature, and the header has no such beginning."),
            "The handler expects a beginning before the signature that the header does not have.",
        ),
        ("Take the prefix out of the handler's settings, or change it to the one that is sent.",),
    ),
    "prefix-extra": (
        (
            ("The header has “{prefix}” before the signature, and the handler takes it for a part of the signature."),
            "The header has a beginning that the handler takes for a part of the signature.",
        ),
        (
            "Set the handler to cut “{prefix}” off.",
            "Set the handler to cut that beginning off.",
        ),
    ),
    "signature-list-not-split": (
        (
            "The header “{header}” has several parts, and the handler takes all of it for one signature.",
            "The header has several parts, and the handler takes all of it for one signature.",
        ),
        ("Set the handler to split the header and to try each signature in it.",),
    ),
    "header-wrong-name": (
        (
            "The signature arrives in the header “{header}”; the handler looks for it in “{configured_header}”.",
            "The signature arrives in another header than the handler looks at.",
        ),
        (
            "Set the handler's header to “{header}”.",
            "Change the name of the header in the handler.",
        ),
    ),
    "header-renamed-by-proxy": (
        (
            "Something between sender and receiver renamed the header “{configured_header}” to “{header}”.",
            "Something between sender and receiver renamed the signature's header.",
        ),
        (
            "Have the proxy or gateway pass the header on unchanged, or set the handler's header to “{header}”.",
            "Have the proxy or gateway pass the header on unchanged.",
        ),
    ),
    "header-case-sensitive": (
        (
            (
                "The header came as “{header}”, and the service looks for exactly “{configured_header}”, "
                "letter case and all."
            ),
            "The header came in another letter case than the service looks for.",
        ),
        ("Look headers up without regard to upper and lower case: they have none.",),
    ),
    "header-duplicate-joined": (
        (
            "The header “{header}” came twice, or a proxy joined two of it to one with a comma.",
            "A header came twice, or a proxy joined two of it to one with a comma.",
        ),
        ("Find what adds the header a second time between sender and receiver, and have it stop.",),
    ),
    "value-elsewhere": (
        (
            "A value that is signed along stands in “{where}”, and the handler looks elsewhere.",
            "A value that is signed along stands elsewhere than the handler looks.",
        ),
        (
            "Set the handler to read it from “{where}”.",
            "Change the place in the handler.",
        ),
    ),
    "unsigned-delivery": (
        (
            "The delivery has no signature at all: “{configured_header}” is not there, nor anything like it.",
            "The delivery has no signature at all.",
        ),
        ("Ask the sender to switch signing on for this address, usually by entering a secret there.",),
    ),
    "wrong-provider": (
        (
            "This is a delivery of “{provider}”, and the handler expects another sender.",
            "This is a delivery of another sender than the handler expects.",
        ),
        (
            "Make a handler for “{provider}”, or correct the address that this sender calls.",
            "Correct the address that this sender calls.",
        ),
    ),
    "scheme-version-mismatch": (
        (
            "The sender signs in another of its ways (“{scheme}”) than the handler is set to.",
            "The sender signs in another of its ways than the handler is set to.",
        ),
        ("Set the handler to that way of signing, or change the version in the sender's settings.",),
    ),
    "claim-mismatch": (
        (
            "The token is signed rightly, but says something else under “{claim}” than the handler expects.",
            "The token is signed rightly, but says something else than the handler expects.",
        ),
        (
            "Compare “{claim}” in the handler with the sender's settings.",
            "Compare the handler with the sender's settings.",
        ),
    ),
    "body-json-respaced": (
        (
            (
                "The body was parsed and written again on its way: its content is the same, blanks and "
                "line breaks differ."
            ),
        ),
        (_RAW_BODY,),
    ),
    "body-json-keys-reordered": (
        (
            (
                "The body was parsed and written again on its way: its fields are in another order than "
                "when it was signed."
            ),
        ),
        (_RAW_BODY,),
    ),
    "body-unicode-escapes": (
        (
            (
                "The body was written again on its way: special letters are spelled otherwise (é or "
                "\\u00e9) than when it was signed."
            ),
        ),
        (_RAW_BODY,),
    ),
    "body-slash-escapes": (
        (("The body was written again on its way: slashes are spelled otherwise (/ or \\/) than when it was signed."),),
        (_RAW_BODY,),
    ),
    "body-number-format": (
        (
            (
                "The body was written again on its way: a number is spelled otherwise (12 or 12.0) than "
                "when it was signed."
            ),
        ),
        (_RAW_BODY,),
    ),
    "body-empty-objects": (
        (
            (
                "The body was parsed and written again on its way: what was an empty object when it was signed "
                "arrived as an empty list."
            ),
        ),
        (_RAW_BODY,),
    ),
    "body-final-newline-added": (
        ("A line break was added at the end of the body after it had been signed.",),
        ("Find what adds it between sender and check, often an editor, a shell or a logging proxy.",),
    ),
    "body-final-newline-removed": (
        ("The body was signed with a line break at its end, which was lost on the way.",),
        ("Find what trims the body between sender and check.",),
    ),
    "body-white-space": (
        ("Blanks at the beginning or end of the body were added or lost after it had been signed.",),
        ("Find what changes the ends of the body between sender and check.",),
    ),
    "body-line-endings": (
        ("The line breaks of the body were changed on the way, from one system's kind to another's.",),
        ("Pass the body on as it is: no text mode, no conversion of line ends.",),
    ),
    "body-bom-added": (
        (("An invisible mark at the beginning of the body (a byte order mark) was added or lost after signing."),),
        ("Read and pass the body on as bytes, not as a text file.",),
    ),
    "body-charset-transcoded": (
        ("The body's letters were converted to another character set on the way.",),
        ("Pass the body on as bytes, without decoding and encoding it.",),
    ),
    "body-gzip": (
        ("The body was compressed or unpacked on its way; the signature is about the other form.",),
        ("Check the signature over the form that was signed: unpack before the check, or leave it packed.",),
    ),
    "body-truncated": (
        (
            "The body breaks off: {announced} bytes were announced and {received} arrived.",
            "The body breaks off in the middle: a part of it did not arrive.",
        ),
        (("Look for a size limit or a timeout in a proxy before the receiver, and have the delivery sent again."),),
    ),
    "body-empty-signed": (
        ("The sender signed an empty body and then sent a full one.",),
        ("Tell the sender: the signature has to be computed after the body is complete.",),
    ),
    "body-form-reencoded": (
        (
            (
                "The form in the body was taken apart and written again: special signs are spelled "
                "otherwise than when signed."
            ),
        ),
        (_RAW_BODY,),
    ),
    "body-payload-field": (
        ("The sender signed one field of the form, not the whole body.",),
        ("Set the handler to check that field.",),
    ),
    "timestamp-expired": (
        (
            "The signature is right, but the delivery is {seconds} seconds old; {tolerance} are allowed.",
            "The signature is right, but the delivery is too old.",
        ),
        ("Have it sent anew. If new ones fail too, compare the clocks of sender and receiver.",),
    ),
    "timestamp-future": (
        (
            "The signature is right, but its time lies {seconds} seconds ahead; {tolerance} are allowed.",
            "The signature is right, but its time lies ahead.",
        ),
        ("Compare the clocks of sender and receiver.",),
    ),
    "timestamp-missing": (
        ("The handler wants to see the sender's time, and the delivery has none.",),
        ("Take the time out of the handler, or have the sender send one.",),
    ),
    "timestamp-unit": (
        (
            "The time is sent in another unit ({unit}) than the handler reads ({configured_unit}).",
            "The time that is sent and the time that was signed are written in different units.",
        ),
        (
            "Set the unit of the time in the handler to {unit}.",
            "Have the sender sign the time just as it sends it.",
        ),
    ),
    "timestamp-other-source": (
        (
            "The time that was signed stands in “{where}”, and the handler reads another one.",
            "Another time was signed.",
        ),
        (
            "Set the handler to read the time from “{where}”.",
            "Change the place of the time in the handler.",
        ),
    ),
    "content-timestamp-omitted": (
        (
            (
                "The signed text and the handler's template differ in the time: only one of them contains"
                " it (“{where}”)."
            ),
            "The signed text and the handler's template differ in the time: only one of them contains it.",
        ),
        ("Change the template of the signed content as proposed.",),
    ),
    "content-wrong-separator": (
        ("Between the parts of the signed text the handler puts other signs than the sender does.",),
        ("Change the template of the signed content as proposed.",),
    ),
    "content-wrong-order": (
        ("The handler puts the parts of the signed text together in another order than the sender does.",),
        ("Change the template of the signed content as proposed.",),
    ),
    "content-url-omitted": (
        ("The sender signs the address along with the body, and the handler's template leaves it out.",),
        ("Change the template of the signed content as proposed.",),
    ),
    "content-url-not-signed": (
        ("The handler's template has the address in it, and the sender does not sign it.",),
        ("Change the template of the signed content as proposed.",),
    ),
    "content-parts": (
        ("The signed text consists of other parts than the handler's template.",),
        ("Change the template of the signed content as proposed.",),
    ),
    "url-scheme": (
        ("The sender signed the address “{url}”, and here it is known with the other scheme (http or https).",),
        ("Set the handler's public URL to “{url}”.",),
    ),
    "url-host": (
        ("The sender signed the address “{url}”; behind the proxy it has another host name.",),
        ("Set the handler's public URL to “{url}”.",),
    ),
    "url-port": (
        ("The sender signed the address “{url}”; here it is known with another port.",),
        ("Set the handler's public URL to “{url}”.",),
    ),
    "url-trailing-slash": (
        ("The sender signed the address “{url}”; here it is known with or without the slash at its end.",),
        ("Set the handler's public URL to “{url}”.",),
    ),
    "url-query-lost": (
        (
            "The sender signed the address “{url}”; what follows the question mark differs here.",
            "The sender signed the address with another part behind the question mark.",
        ),
        (
            "Set the handler's public URL to “{url}”, and have the proxy pass the query on.",
            "Have the proxy pass the query on, or change the template as proposed.",
        ),
    ),
    "url-query-order": (
        ("The sender signed the address “{url}”; here its parameters are in another order.",),
        ("Set the handler's public URL to “{url}”.",),
    ),
    "url-query-encoding": (
        ("The sender signed the address “{url}”; here its special signs are spelled otherwise.",),
        ("Set the handler's public URL to “{url}”.",),
    ),
    "url-path": (
        ("The sender signed the address “{url}”; a proxy changed the path.",),
        ("Set the handler's public URL to “{url}”.",),
    ),
    "mode-of-delivery": (
        (
            "The delivery says that it comes from {mode} mode. Its secret is not the one of {other} mode.",
            "The delivery says from which mode it comes, test or live; each has a secret of its own.",
        ),
        (
            "Look up the secret that the sender shows for {mode} mode, and use that one.",
            "Look up the secret that the sender shows for that mode, and use that one.",
        ),
    ),
    "clock-skew": (
        ("The clocks of sender and receiver differ by {seconds} seconds, as the sender's Date header tells.",),
        ("Set both clocks by a time server.",),
    ),
}
"""What happened, and what to do: for each cause, the fullest sentence first."""

_FOR_SENDER: Mapping[str, _Variants] = {
    "unsigned-delivery": (
        (
            "Your delivery came without the header “{configured_header}”, so we cannot tell that it is "
            "yours. Please switch signing on for this address and send it again."
        ),
        "Your delivery came without a signature. Please switch signing on for this address and send it again.",
    ),
    "body-truncated": (
        (
            "Your delivery announced {announced} bytes and {received} arrived. Please send it again; we "
            "look for what cut it off."
        ),
        "Your delivery broke off in the middle. Please send it again.",
    ),
    "body-empty-signed": (
        "The signature of your delivery is that of an empty body. Please compute it after the body is complete.",
    ),
    "encoding-double": ("The signature of your delivery is encoded twice. Please encode it once.",),
    "timestamp-expired": (
        (
            "The signature of your delivery is right, but its time was {seconds} seconds old when it "
            "arrived; we accept {tolerance}. Please check your clock and send it again."
        ),
        "The time of your delivery was too old when it arrived. Please check your clock and send it again.",
    ),
    "timestamp-future": (
        (
            "The signature of your delivery is right, but its time was {seconds} seconds ahead of ours; "
            "we accept {tolerance}. Please check your clock."
        ),
        "The time of your delivery was ahead of ours. Please check your clock.",
    ),
    "wrong-provider": (
        (
            "A delivery that looks like one of “{provider}” came to an address that is meant for another "
            "sender. Please check the address."
        ),
        "Your delivery came to an address that is meant for another sender. Please check the address.",
    ),
    "unexplained": (
        (
            "We could not verify the signature of your delivery with the secret that we share. Please "
            "compare the secret, and tell us the exact bytes that you sign."
        ),
    ),
    "secret-rotated-old": ("Your delivery is still signed with the older secret. Please change to the new one.",),
    "handler": (
        (
            "The signature of your delivery is right; our own settings were wrong, and nothing is to be "
            "changed on your side."
        ),
    ),
    "proxy": (
        (
            "Your delivery was changed on its way to us after you had signed it. We are looking into it; "
            "if a proxy of yours is involved, please have it pass the request on unchanged."
        ),
    ),
    "framework": (
        (
            "Your delivery arrived rightly signed; on our side the body was changed before the check. "
            "Nothing is to be changed on your side."
        ),
    ),
    "sender": ("The signature of your delivery does not fit. Please compare how you sign with what we agreed.",),
    "none": ("The signature of your delivery is right.",),
}
"""By cause, else by who has to change something."""
