"""Sentences where the body is not the one that was signed."""

from inspector.core.diagnosis.sentences import Table

_RAW_BODY = (
    "Check the signature over the bytes just as they arrive, before anything reads the body as data. Look for what "
    "does that in front of the check: a body parser of the web framework (as express.json() or request.json), or a "
    "gateway that writes the body anew."
)

BODIES: Table = {
    "body-json-respaced": (
        (
            (
                "On its way the body was read as data and written again: the content is the same, but blanks and line "
                "breaks differ, and a signature counts every one."
            ),
        ),
        (_RAW_BODY,),
    ),
    "body-json-keys-reordered": (
        (
            (
                "On its way the body was read as data and written again: its fields stand in another order than when "
                "it was signed."
            ),
        ),
        (_RAW_BODY,),
    ),
    "body-unicode-escapes": (
        (
            (
                "On its way the body was read as data and written again: some letters and signs are spelled otherwise "
                "(as é or \\u00e9) than when it was signed."
            ),
        ),
        (_RAW_BODY,),
    ),
    "body-slash-escapes": (
        (
            (
                "On its way the body was read as data and written again: slashes are spelled otherwise (/ or \\/) than "
                "when it was signed."
            ),
        ),
        (_RAW_BODY,),
    ),
    "body-number-format": (
        (
            (
                "On its way the body was read as data and written again: a number is spelled otherwise (as 12 or 12.0) "
                "than when it was signed."
            ),
        ),
        (_RAW_BODY,),
    ),
    "body-empty-objects": (
        (
            (
                "On its way the body was read as data and written again: what was an empty object ({}) when it was "
                "signed arrived as an empty list ([]), as PHP does."
            ),
        ),
        (_RAW_BODY,),
    ),
    "body-form-reencoded": (
        (
            (
                "On its way the form in the body was read and written again: some signs are spelled otherwise (as + or "
                "%20) than when it was signed."
            ),
        ),
        (_RAW_BODY,),
    ),
    "body-final-newline-added": (
        ("A line break was added at the end of the body after it had been signed.",),
        ("Find what adds it: often an editor, a shell command or a proxy that writes logs.",),
    ),
    "body-final-newline-removed": (
        ("The body was signed with a line break at its end, and the line break was lost on the way.",),
        ("Find what trims the body between the sender and the check, and have it pass the body on unchanged.",),
    ),
    "body-white-space": (
        ("Blanks at the beginning or end of the body were added or lost after it had been signed.",),
        ("Find what trims or pads the body between the sender and the check.",),
    ),
    "body-line-endings": (
        ("The line breaks in the body were changed on the way, from the kind of one system to that of another.",),
        ("Find what handles the body as a text file, and have it pass the bytes on as they are.",),
    ),
    "body-bom-added": (
        ("An invisible mark at the beginning of the body (a byte order mark) was added or lost after signing.",),
        ("Find what handles the body as a text file, often a tool on Windows, and have it pass the bytes on.",),
    ),
    "body-charset-transcoded": (
        ("The letters of the body were converted to another character set on the way.",),
        ("Find what reads the body as text and writes it again, and have it pass the bytes on as they are.",),
    ),
    "body-gzip": (
        ("The body was compressed or unpacked on its way; the signature belongs to the other form.",),
        ("Check the signature over the form that was signed: unpack the body before the check, or leave it packed.",),
    ),
    "body-truncated": (
        (
            "The body breaks off: {announced} bytes were announced and {received} arrived.",
            "The body breaks off in the middle: a part of it did not arrive.",
        ),
        (
            (
                "Look for a size limit or a timeout in the proxy or gateway before the receiver, and have the delivery "
                "sent again."
            ),
        ),
    ),
    "body-empty-signed": (
        ("The sender signed an empty body, and then sent a full one.",),
        ("Tell the sender: the signature has to be computed after the body is complete.",),
    ),
    "body-payload-field": (
        ("The body is a form, and the sender signed something else than the whole of it: one field, or the form.",),
        ("Check the signature over what was signed; it is shown beside what arrived.",),
    ),
    "body-changed": (
        ("The body is not the one that was signed.",),
        (_RAW_BODY,),
    ),
}
