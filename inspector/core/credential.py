"""Names under which stands what may let its reader act as somebody."""

import re
from typing import Final

CREDENTIAL: Final = re.compile(
    r"^cookie$|^set-cookie$|auth(?!or\b|enticat)|token|secret|passw|api[-_]?key|access[-_]?key|private[-_]?key|credential"
    r"|^(key|pwd|pass|jwt|sid|session)$|session[-_]?id",
    re.IGNORECASE,
)
"""Of headers and of parameters. The name of a signature is none: who reads a signature cannot make another."""
