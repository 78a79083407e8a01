"""Sentences where a delivery and its secret are known, and how it is signed was to be found out."""

from inspector.core.diagnosis.sentences import Table

LEARNING: Table = {
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
                "Copy the secret from the sender's settings once more. If it was right, choose the "
                "sender in the list, or ask the sender which bytes are signed and how."
            ),
        ),
    ),
}
