"""Sentences where the secret is the cause."""

from inspector.core.diagnosis.sentences import Table

SECRETS: Table = {
    "secret-other-handler": (
        (
            "The sender signed with the secret of the handler “{handler}”, not with the one of this handler.",
            "The sender signed with another secret that is stored here.",
        ),
        (
            "Give this handler the secret of “{handler}”, or have the sender call the address of “{handler}”.",
            "Give this handler that secret.",
        ),
    ),
    "secret-test-live-mixed": (
        (
            "Test mode and live mode are mixed up: the sender signed with the secret of “{handler}”.",
            "Test mode and live mode are mixed up: the sender signed with the secret of the other mode.",
        ),
        (
            "Give this handler the secret of “{handler}”, or switch the sender to the other mode.",
            "Give this handler the secret of the other mode, or switch the sender to the other mode.",
        ),
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
    "secret-rotated-old": (
        ("The sender still signs with an older secret, which was replaced here.",),
        (("Let this handler accept the older secret as well, until the sender has changed to the new one."),),
    ),
    "secret-whitespace": (
        (
            (
                "The secret is stored with something at its beginning or end that does not belong to it: a blank, a "
                "line break or a quotation mark, as it happens when it is copied."
            ),
        ),
        ("Store the secret again without it.",),
    ),
    "secret-url-encoded": (
        ("The secret is stored with percent signs, as in a web address; the sender uses the plain text.",),
        ("Store the plain text of the secret.",),
    ),
    "secret-needs-base64-decode": (
        (
            (
                "The secret is only a spelling (base64) of the real key. The sender uses the key, and this handler "
                "uses the spelling."
            ),
        ),
        ("Set this handler to decode the secret from base64.",),
    ),
    "secret-needs-hex-decode": (
        (
            (
                "The secret is only a spelling (hexadecimal) of the real key. The sender uses the key, and this "
                "handler uses the spelling."
            ),
        ),
        ("Set this handler to decode the secret from hexadecimal.",),
    ),
    "secret-must-be-raw": (
        ("The sender uses the secret exactly as it is written; this handler decodes or shortens it first.",),
        ("Set this handler to use the secret as plain text.",),
    ),
    "secret-must-be-base64": (
        ("The sender uses a spelling (base64) of the secret, and the secret itself is stored here.",),
        ("Store the secret as the sender shows it.",),
    ),
    "secret-prefix-kept": (
        (
            (
                "The first letters of the secret, up to a sign such as “_”, only name its kind. The sender leaves them "
                "away, and this handler does not."
            ),
        ),
        ("Set this handler to leave those first letters away.",),
    ),
    "secret-prefix-lost": (
        ("The secret is stored without its first letters, which belong to it.",),
        ("Store the whole secret, as the sender shows it.",),
    ),
    "secret-derivation-missing": (
        (
            "The sender does not use the secret itself but something computed from it ({derivation}).",
            "The sender does not use the secret itself but something computed from it.",
        ),
        ("Set this handler to compute the key in the same way.",),
    ),
    "secret-user-password-swapped": (
        ("User name and password are stored in the wrong order.",),
        ("Store the user name first, then a colon, then the password.",),
    ),
    "secret-key-format": (
        (
            "The key is written in another form ({form}) than this handler reads.",
            "The key is written in another form than this handler reads.",
        ),
        ("Set this handler to read the key in that form.",),
    ),
    "secret-other-kind": (
        (
            "The stored secret begins with “{prefix}”, as a key for something else does.",
            "The stored secret looks like a key for something else.",
        ),
        ("Open the webhook settings of the sender and copy the secret that is shown there for signing.",),
    ),
    "secret-malformed": (
        (
            "The stored secret is not written in {encoding}, as this handler wants it.",
            "The stored secret cannot be read.",
        ),
        ("Copy the secret from the sender's settings once more, and whole.",),
    ),
    "claim-mismatch": (
        (
            "The delivery is signed rightly, but says something else under “{claim}” than this handler expects.",
            "The delivery is signed rightly, but says something else than this handler expects.",
        ),
        (
            "Compare “{claim}” in this handler with the sender's settings, and correct one of them.",
            "Compare this handler with the sender's settings, and correct one of them.",
        ),
    ),
}
