"""The text under which a secret is stored: any value, also one that no UTF-8 can hold."""

import base64


def packed(value: str) -> str:
    """`value` as `text:...`, or as `base64:...` of its bytes where it came from a file that is not UTF-8.

    NUL is packed too: several keyrings end a text there.
    """
    if "\0" not in value:
        try:
            value.encode()
        except UnicodeEncodeError:
            pass
        else:
            return f"text:{value}"
    return f"base64:{base64.b64encode(value.encode('utf-8', 'surrogateescape')).decode()}"


def unpacked(stored: str) -> str | None:
    """The value of a stored text; None where it was not made by `packed`."""
    form, _, rest = stored.partition(":")
    match form:
        case "text":
            return rest
        case "base64":
            try:
                return base64.b64decode(rest, validate=True).decode("utf-8", "surrogateescape")
            except ValueError:
                return None
    return None
