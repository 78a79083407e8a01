"""What is new in each simulated delivery: its identifier and its time, and texts that name them."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from inspector.core.verification.time_text import time_text

PLACEHOLDERS: Final = ("id", "uuid", "number", "s", "ms", "iso8601")
"""The names that `${...}` may have in a payload."""

_PLACE = re.compile(r"\$\{(" + "|".join(PLACEHOLDERS) + r")\}")


@dataclass(frozen=True, slots=True)
class Fresh:
    """One delivery's own identity: sixteen bytes of chance, and the moment when its event happened."""

    token: bytes = field(repr=False)
    at: datetime

    @property
    def id(self) -> str:
        """Twenty-four hexadecimal digits."""
        return self.token[:12].hex()

    @property
    def uuid(self) -> str:
        """The same as a UUID of version 4 (RFC 9562)."""
        text = self.token.hex()
        return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:32]}"

    @property
    def number(self) -> str:
        """The same as a number of ten digits."""
        return str(10**9 + int.from_bytes(self.token[:8]) % (9 * 10**9))

    def filled(self, text: str) -> str:
        """`text` with its placeholders filled: `${id}`, `${uuid}`, `${number}`, `${s}`, `${ms}`, `${iso8601}`."""
        return _PLACE.sub(lambda match: self._value(match[1]), text)

    def _value(self, name: str) -> str:
        match name:
            case "id":
                return self.id
            case "uuid":
                return self.uuid
            case "number":
                return self.number
        return time_text(self.at, name)
