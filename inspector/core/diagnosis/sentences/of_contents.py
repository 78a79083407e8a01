"""Sentences where it is what is signed besides the body: the time, the address, and how they are put together."""

from inspector.core.diagnosis.sentences import Table

_TEMPLATE = (
    "Set the signed content of this handler to {template}; now it is {configured_template}.",
    "Change the signed content of this handler to what the sender signs.",
)
_PUBLIC_URL = "Set the public URL of this handler to “{url}”."

CONTENTS: Table = {
    "timestamp-expired": (
        (
            (
                "The signature is right, but the delivery is {seconds} seconds old, and {tolerance} are allowed. The "
                "last {recent_count} of this sender are all about {recent_steady} seconds off: a clock is wrong."
            ),
            (
                "The signature is right, but the delivery is {seconds} seconds old, and {tolerance} are allowed. The "
                "last {recent_count} of this sender are of very different age, {recent_varied} seconds in the middle: "
                "they are held up on their way, or sent again."
            ),
            "The signature is right, but the delivery is {seconds} seconds old, and {tolerance} are allowed.",
            "The signature is right, but the delivery is too old.",
        ),
        (
            (
                "Set the clock of this machine by a time server; if it was right, have the sender do the same. "
                "{recent_steady} seconds are between the two."
            ),
            "Have it sent anew. If new ones fail too, compare the clocks of the sender and of this machine.",
        ),
    ),
    "timestamp-future": (
        (
            (
                "The signature is right, but its time lies {seconds} seconds ahead, and {tolerance} are allowed. The "
                "last {recent_count} of this sender are all about {recent_steady} seconds off: a clock is wrong."
            ),
            "The signature is right, but its time lies {seconds} seconds ahead, and {tolerance} are allowed.",
            "The signature is right, but its time lies ahead.",
        ),
        ("Set the clock of this machine by a time server; if it was right, have the sender do the same.",),
    ),
    "timestamp-missing": (
        ("This handler wants to see when the delivery was signed, and the sender does not say it.",),
        ("Take the time out of this handler, or have the sender send it.",),
    ),
    "timestamp-unit": (
        (
            "The sender writes its time in another unit ({unit}) than this handler reads ({configured_unit}).",
            "The sender signs its time in one unit and sends it in another.",
        ),
        (
            "Set the unit of the time in this handler to {unit}.",
            "Have the sender sign the time just as it sends it.",
        ),
    ),
    "timestamp-other-source": (
        (
            "The time that was signed stands in “{where}”; this handler reads another one.",
            "Another time was signed than this handler reads.",
        ),
        (
            "Set this handler to read the time from “{where}”.",
            "Change the place of the time in this handler.",
        ),
    ),
    "clock-skew": (
        ("The clocks of the sender and of this machine differ by {seconds} seconds, as its Date header tells.",),
        ("Set both clocks by a time server.",),
    ),
    "content-timestamp-omitted": (
        (
            (
                "The sender signs its time along with the body and this handler does not, or the other way round. The "
                "time stands in “{where}”."
            ),
            "The sender signs its time along with the body and this handler does not, or the other way round.",
        ),
        _TEMPLATE,
    ),
    "content-wrong-separator": (
        ("Between the parts of the signed text the sender puts other signs than this handler does.",),
        _TEMPLATE,
    ),
    "content-wrong-order": (
        ("The sender puts the parts of the signed text together in another order than this handler does.",),
        _TEMPLATE,
    ),
    "content-url-omitted": (
        ("The sender signs the address along with the body, and this handler leaves it out.",),
        _TEMPLATE,
    ),
    "content-url-not-signed": (
        ("This handler takes the address into the signed text, and the sender does not.",),
        _TEMPLATE,
    ),
    "content-parts": (
        ("The sender signs other parts of the delivery than this handler does.",),
        _TEMPLATE,
    ),
    "url-scheme": (
        (
            (
                "The sender signed the address “{url}”; here it is known with http in place of https, or the other way "
                "round, as behind a proxy."
            ),
        ),
        (_PUBLIC_URL,),
    ),
    "url-host": (
        ("The sender signed the address “{url}”; here it has another host name, as behind a proxy.",),
        (_PUBLIC_URL,),
    ),
    "url-port": (
        ("The sender signed the address “{url}”; here it has another port, as behind a proxy.",),
        (_PUBLIC_URL,),
    ),
    "url-trailing-slash": (
        ("The sender signed the address “{url}”; here the slash at its end is missing, or is one too many.",),
        (_PUBLIC_URL,),
    ),
    "url-query-lost": (
        (
            "The sender signed the address “{url}”; here what follows the question mark is another.",
            "The sender signed the address, and here what follows its question mark is another.",
        ),
        (
            (
                "Have the proxy pass on what follows the question mark. Until then, set the public URL of this handler "
                "to “{url}”."
            ),
            "Have the proxy pass on what follows the question mark.",
        ),
    ),
    "url-query-order": (
        ("The sender signed the address “{url}”; here what follows the question mark is in another order.",),
        (_PUBLIC_URL,),
    ),
    "url-query-encoding": (
        ("The sender signed the address “{url}”; here some of its signs are spelled otherwise.",),
        (_PUBLIC_URL,),
    ),
    "url-path": (
        ("The sender signed the address “{url}”; a proxy changed its path.",),
        (_PUBLIC_URL,),
    ),
}
