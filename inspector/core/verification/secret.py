"""A configured secret: the text that a user stores, with its label."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Secret:
    """One secret of a handler, as stored. Its `repr` never shows the value."""

    label: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class UnreadableSecret:
    """A secret that is configured but could not be read, with the reason's identifier.

    `reason` is `secret-missing`, `keyring-locked` or `keyring-timeout`.
    """

    label: str
    reason: str = "secret-missing"


def secret_text(data: bytes) -> str:
    """The secret that a file or a pipe holds: its text without one final LF or CRLF, which an editor adds.

    Raises UnicodeDecodeError where it is no UTF-8. Every other character, white space too, is a part of the secret.
    """
    text = data.decode()
    return text.removesuffix("\r\n") if text.endswith("\r\n") else text.removesuffix("\n")
