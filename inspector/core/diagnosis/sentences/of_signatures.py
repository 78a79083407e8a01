"""Sentences where it is how the signature is computed, written or carried."""

from inspector.core.diagnosis.sentences import Table

SIGNATURES: Table = {
    "encoding-hex-vs-base64": (
        (
            "The signature arrives spelled in {encoding}; this handler expects {configured_encoding}.",
            "The signature is spelled in another way than this handler expects.",
        ),
        (
            "Set the encoding of the signature in this handler to {encoding}.",
            "Change the encoding of the signature in this handler.",
        ),
    ),
    "encoding-base64url": (
        (
            (
                "The signature arrives spelled in {encoding}; this handler expects {configured_encoding}, in which "
                "some signs are others."
            ),
            "The signature is spelled with some other signs than this handler expects.",
        ),
        (
            "Set the encoding of the signature in this handler to {encoding}.",
            "Change the encoding of the signature in this handler.",
        ),
    ),
    "encoding-double": (
        ("The sender encodes the signature twice, one encoding within the other.",),
        (
            (
                "Have the sender encode it once. Until then, set the encoding of the signature in this handler to "
                "{encoding}."
            ),
            "Have the sender encode it once.",
        ),
    ),
    "encoding-uppercase-hex": (
        ("The signature is right; only its letters are large where small ones are expected, or the other way round.",),
        ("Have the service that refuses it compare the signature without regard to large and small letters.",),
    ),
    "signature-encoding": (
        ("The signature looks as if it was spelled in {encoding}; this handler expects {configured_encoding}.",),
        ("Look up in the sender's documentation how it spells the signature, and set this handler to that.",),
    ),
    "signature-length": (
        (
            (
                "The signature has {length} bytes, and what this handler computes ({configured_digest}) has "
                "{expected_length}. So many are usual for {digest}."
            ),
            (
                "The signature has {length} bytes, and what this handler computes ({configured_digest}) has "
                "{expected_length}."
            ),
        ),
        ("Look up in the sender's documentation which algorithm it signs with, and set this handler to that.",),
    ),
    "digest-wrong": (
        (
            "The sender computes the signature with the algorithm {digest}; this handler uses {configured_digest}.",
            "The sender computes the signature with another algorithm than this handler.",
        ),
        (
            "Set the algorithm of this handler to {digest}.",
            "Change the algorithm of this handler.",
        ),
    ),
    "kind-hash-vs-hmac": (
        (
            (
                "Sender and handler mix the secret into the signature in different ways: one as a keyed hash (HMAC), "
                "the other as a plain hash."
            ),
        ),
        (
            "Set the verification type of this handler to {kind}.",
            "Change the verification type of this handler.",
        ),
    ),
    "kind-wrong": (
        (
            "The sender shows the secret in another way than this handler expects: as {kind}.",
            "The sender shows the secret in another way than this handler expects.",
        ),
        (
            "Set the verification type of this handler to {kind}.",
            "Change the verification type of this handler.",
        ),
    ),
    "prefix-missing": (
        (
            (
                "This handler expects “{configured_prefix}” in front of the signature, and the sender puts nothing or "
                "something else there."
            ),
            "This handler expects some letters in front of the signature that the sender does not put there.",
        ),
        ("Change what this handler expects in front of the signature.",),
    ),
    "prefix-extra": (
        (
            "The sender puts “{prefix}” in front of the signature, and this handler takes it for a part of it.",
            "The sender puts some letters in front of the signature, and this handler takes them for a part of it.",
        ),
        (
            "Set this handler to cut “{prefix}” off.",
            "Set this handler to cut them off.",
        ),
    ),
    "signature-list-not-split": (
        (
            "The header “{header}” has several parts, and this handler takes all of it for one signature.",
            "The header has several parts, and this handler takes all of it for one signature.",
        ),
        ("Set this handler to take the signature out of the list.",),
    ),
    "header-wrong-name": (
        (
            "The signature arrives in the header “{header}”; this handler looks for it in “{configured_header}”.",
            "The signature arrives in another header than this handler looks at.",
        ),
        (
            "Set the header of this handler to “{header}”.",
            "Change the name of the header in this handler.",
        ),
    ),
    "header-renamed-by-proxy": (
        (
            (
                "Something between the sender and here renamed the header “{configured_header}” to “{header}”, mostly "
                "a proxy or gateway."
            ),
            "Something between the sender and here renamed the header of the signature, mostly a proxy or gateway.",
        ),
        (
            (
                "Have the proxy or gateway pass the header on under its own name. Until then, set the header of this "
                "handler to “{header}”."
            ),
            "Have the proxy or gateway pass the header on under its own name.",
        ),
    ),
    "header-case-sensitive": (
        (
            (
                "The header came as “{header}”, and the service looks for exactly “{configured_header}”. Large and "
                "small letters must not matter there."
            ),
            "The header came with other large and small letters than the service looks for.",
        ),
        ("Have the service look headers up without regard to large and small letters.",),
    ),
    "header-duplicate-joined": (
        (
            "The header “{header}” came twice, or a proxy joined two of it to one, with a comma between.",
            "A header came twice, or a proxy joined two of it to one, with a comma between.",
        ),
        ("Find what adds the header a second time between the sender and here, and have it stop.",),
    ),
    "value-elsewhere": (
        (
            "Something that belongs to the signed text stands in “{where}”; this handler looks elsewhere.",
            "Something that belongs to the signed text stands elsewhere than this handler looks.",
        ),
        (
            "Set this handler to read it from “{where}”.",
            "Change the place in this handler.",
        ),
    ),
    "unsigned-delivery": (
        (
            "The sender did not sign this delivery: “{configured_header}” is not there, nor anything like it.",
            "The sender did not sign this delivery.",
        ),
        ("Switch signing on in the sender's settings for this address, mostly by entering a secret there.",),
    ),
    "wrong-provider": (
        (
            "This comes from “{provider}”, and this handler is for another sender.",
            "This comes from another sender than this handler is for.",
        ),
        (
            "Make a handler for “{provider}”, or correct the address that was entered at “{provider}”.",
            "Make a handler for that sender, or correct the address that it calls.",
        ),
    ),
    "scheme-version-mismatch": (
        (
            "The sender has several ways to sign, and used another one (“{scheme}”) than this handler is set to.",
            "The sender has several ways to sign, and used another one than this handler is set to.",
        ),
        ("Set this handler to that way, or change the version in the sender's settings.",),
    ),
}
