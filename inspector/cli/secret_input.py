"""A secret from a file, from standard input or typed at a prompt; never from the command line."""

import sys
from pathlib import Path

from inspector.cli.failure import WRONG, Failed

_LONGEST_BYTES = 1 << 20


def secret_from(source: str | None) -> bytes:
    """The secret in the file `source`, on standard input (`-`), or typed (None). Raises Failed.

    One line ending at its end is cut, since editors and `echo` add it, and nothing else.
    """
    secret = _without_line_ending(_typed() if source is None else _read(source))
    if not secret:
        raise Failed(WRONG, "The secret is empty.")
    if len(secret) > _LONGEST_BYTES:
        raise Failed(WRONG, "The secret is longer than 1 MiB; it is meant to be a secret's file.")
    return secret


def _read(source: str) -> bytes:
    if source == "-":
        return sys.stdin.buffer.read(_LONGEST_BYTES + 3)
    try:
        with Path(source).open("rb") as file:
            return file.read(_LONGEST_BYTES + 3)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a file's name"
        raise Failed(WRONG, f"The secret's file {source} cannot be read: {reason}.") from None


def _typed() -> bytes:
    if not sys.stdin.isatty():
        raise Failed(WRONG, "There is no terminal to ask for the secret: use --secret-file FILE, or - for the input.")
    from getpass import getpass

    try:
        return getpass("Secret (not shown): ").encode("utf-8", "surrogateescape")
    except EOFError:
        return b""


def _without_line_ending(secret: bytes) -> bytes:
    for ending in (b"\r\n", b"\n"):
        if secret.endswith(ending):
            return secret.removesuffix(ending)
    return secret
