"""The fields of a form that was sent as `multipart/form-data` (RFC 7578)."""

import re
from collections.abc import Sequence

type Pairs = Sequence[tuple[bytes, bytes]]

MAX_PARTS = 1_000
"""More parts than any sender writes; what comes behind them is not read."""

_BOUNDARY = re.compile(rb'boundary="?([^";,\r\n]{1,200})', re.IGNORECASE)
_NAME = re.compile(rb'content-disposition:[^\r\n]{0,4000}?[;\s]name="?([^";\r\n]{0,1000})', re.IGNORECASE)


def multipart_fields(body: bytes, content_type: bytes) -> Pairs:
    """Name and content of each part that has a name, files too, in order; empty where the body is no such form."""
    found = _BOUNDARY.search(content_type)
    if found is None:
        return ()
    mark = b"--" + found[1].strip()
    fields = []
    for part in body.split(mark, MAX_PARTS)[1:MAX_PARTS]:
        if part.startswith(b"--"):
            break
        head, empty, content = part.partition(b"\r\n\r\n")
        name = _NAME.search(head[:16_384])
        if empty and name is not None:
            fields.append((name[1], content.removesuffix(b"\r\n")))
    return tuple(fields)
