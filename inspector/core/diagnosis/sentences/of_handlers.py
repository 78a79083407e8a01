"""Sentences where no signature is to blame, or nobody knows what is."""

from inspector.core.diagnosis.sentences import Table, Variants

UNKNOWN: tuple[Variants, Variants] = (
    ("The delivery was signed in another way than this handler expects.",),
    ("Compare the settings of this handler with the sender's documentation.",),
)

HANDLERS: Table = {
    "verifies": (
        ("This handler, as it is now, accepts the delivery.",),
        ("Nothing is to be changed here. If another service refuses it, look at how that service checks.",),
    ),
    "unexplained": (
        (
            "No reason was found: {tried} possible explanations were tried, and none of them fits.",
            "No reason was found.",
        ),
        (
            (
                "Copy the secret from the sender's settings once more. If it was right, ask the sender which exact "
                "bytes it signed."
            ),
        ),
    ),
    "no-handler": (
        ("There was no handler at all when they came.",),
        ("Make a handler for the sender; it takes effect with the next delivery.",),
    ),
    "no-handler-here": (
        (
            "No handler that is switched on is for the path “{path}”.",
            "No handler that is switched on is for this path.",
        ),
        ("Make a handler for this path, or switch one on, or widen the path of one.",),
    ),
    "handler-gone": (
        ("The handler “{handler}”, which failed, is no longer there.", "The handler that failed is no longer there."),
        ("Nothing is to be done, unless the sender still calls this address.",),
    ),
    "not-checkable": (
        (
            "The handler could not check them, because something is missing on our side ({reason}).",
            "The handler could not check them, because something is missing on our side.",
        ),
        ("Open the handler: its form says what it lacks, mostly a secret.",),
    ),
}
