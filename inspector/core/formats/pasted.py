"""A request in any of the forms in which people pass one on: which form it is, and what it says."""

import re
from collections.abc import Sequence

import msgspec

from inspector.core.formats.curl_reading import NO_FILES, Files, curl_requests
from inspector.core.formats.har_reading import har_entries, har_request, told_request
from inspector.core.formats.jsonl import LineMalformed, request_of
from inspector.core.formats.powershell import COMMAND, powershell_request
from inspector.core.formats.raw_http import read_raw
from inspector.core.formats.reading import Form, Pasted, Understood, Unreadable, likeliest_of

MOST_LINES = 10_000
"""So many lines of our own export are read."""

_CURL = re.compile(
    r"(?:^|[\s|;&(`])(?:[\w@:~./\\-]*[$#%>]\s+)?(?:[\w./\\:-]*[/\\])?curl(?:\.exe)?[\s\"'^]", re.IGNORECASE
)
_REQUEST = re.compile(r"\s*[A-Za-z]+:?[ \t]+\S+[ \t]+HTTP/", re.IGNORECASE)
_BEFORE_CURL = 2000


def form_of(data: bytes) -> Form | None:
    """What `data` looks like, by its beginning; None where there is nothing."""
    text = data[:_BEFORE_CURL].decode("utf-8", "replace").removeprefix("\ufeff").strip()
    if not text:
        return None
    if text[0] in "{[":
        return _json_form(text)
    if _REQUEST.match(text):
        return "raw-http"
    if _CURL.search(text) and "HTTP/1" not in text.partition("\n")[0]:
        return "curl"
    return "powershell" if COMMAND.search(text) else "raw-http"


def read_pasted(data: bytes, files: Files = NO_FILES) -> Pasted:
    """The requests that `data` stands for. Raises Unreadable.

    `files` has the contents of files that a command names, where somebody chose them.
    """
    match form_of(data):
        case None:
            raise Unreadable("there is nothing yet")
        case "curl":
            return _several("curl", curl_requests(_shell_text(data), files))
        case "powershell":
            return Pasted("powershell", [powershell_request(_shell_text(data))])
        case "raw-http":
            return Pasted("raw-http", [read_raw(data)])
    return _of_json(data.removeprefix(b"\xef\xbb\xbf").strip())


def _json_form(text: str) -> Form:
    if '"body_base64"' in text and '"target"' in text:
        return "jsonl"
    return "har" if re.search(r'"(?:log|entries|request|startedDateTime)"\s*:', text) else "json"


def _of_json(data: bytes) -> Pasted:
    if (lines := _lines(data)) is not None:
        return lines
    try:
        document = msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError, ValueError) as error:
        where = re.search(r"\(byte (\d+)\)", str(error))
        line = data[: int(where[1])].count(b"\n") + 1 if where else 0
        raise Unreadable("it begins as JSON does, and goes wrong there: is a part missing?", line) from None
    if (entries := har_entries(document)) is not None:
        if not entries:
            raise Unreadable("the archive has no entry")
        return _several("har", [har_request(entry) for entry in entries])
    if (told := told_request(document)) is not None:
        return Pasted("json", [told])
    raise Unreadable(
        "this is the body alone: a signature stands in the headers, or in the address; paste the whole request"
    )


def _lines(data: bytes) -> Pasted | None:
    """Lines of our own export; None where the first is none."""
    found: list[Understood] = []
    for number, line in enumerate(data.split(b"\n")[:MOST_LINES], 1):
        if not line.strip():
            continue
        try:
            request, at = request_of(line)
        except LineMalformed as error:
            if not found and not _is_ours(line):
                return None
            raise Unreadable(str(error), number) from None
        found.append(Understood(request, f"{request.method} {request.target}", at=at))
    return _several("jsonl", found) if found else None


def _is_ours(line: bytes) -> bool:
    return b'"body_base64"' in line and b'"target"' in line


def _several(form: Form, requests: Sequence[Understood]) -> Pasted:
    return Pasted(form, requests, likeliest_of(requests))


def _shell_text(data: bytes) -> str:
    return data.decode("utf-8-sig", "surrogateescape").replace("\r\n", "\n")
