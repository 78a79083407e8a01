"""Short texts for a ticket: what was expected, what came, what to change. None has a secret in it."""

from collections.abc import Mapping

from inspector.core.diagnosis.sentences import Variants

FOR_SENDER: Mapping[str, Variants] = {
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
