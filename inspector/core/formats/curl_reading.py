"""A cURL command as the request that it sends."""

import base64
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import quote_plus, unquote_to_bytes

from inspector.core.diagnosis.wording import Template
from inspector.core.formats.curl_options import Option, options
from inspector.core.formats.reading import Address, Understood, Unreadable, address_of, place_of, said
from inspector.core.formats.shell_words import Command, Word, cmd_words, posix_commands
from inspector.core.request import Headers, Request

_HEADERS: Mapping[str, tuple[bytes, Callable[[bytes], bytes]]] = {
    "user": (b"Authorization", lambda value: b"Basic " + base64.b64encode(value)),
    "oauth2-bearer": (b"Authorization", lambda value: b"Bearer " + value),
    "user-agent": (b"User-Agent", lambda value: value),
    "referer": (b"Referer", lambda value: value.removesuffix(b";auto")),
    "range": (b"Range", lambda value: b"bytes=" + value),
    "compressed": (b"Accept-Encoding", lambda _: b"deflate, gzip"),
}

type Files = Mapping[str, bytes]
"""What stands in the files that a command names, as far as somebody gave it."""

NO_FILES: Files = {}

_PROGRAM = re.compile(r"(?:^|[/\\])curl(?:\.exe)?$", re.IGNORECASE)
_CMD = re.compile(r"\^[ \t]*\r?\n|\^\"|curl[^\n]*\^[{}%]")
_POWERSHELL_BREAK = re.compile(r"`[ \t]*\r?\n")
_CURLY = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "\xa0": " "})
_PROMPT = re.compile(r"^[ \t]*(?:[\w@:~./-]*[$#%>][ \t]+)?(?=curl)", re.MULTILINE | re.IGNORECASE)


def curl_requests(text: str, files: Files = NO_FILES) -> Sequence[Understood]:
    """What the cURL commands in `text` send, in their order. Raises Unreadable.

    A file that a command names is not read but taken from `files`; where it is not there, the body is empty and
    `wanted_file` names it.
    """
    assumed: list[Template] = []
    if not re.search(r"[\"']", text) and re.search(r"[“”„‘’]", text):
        text = text.translate(_CURLY)
        assumed.append(said("The quotation marks were curly ones, as word processors make them; read as plain ones."))
    commands = _commands(text)
    found = [
        _understood(commands, place, files, assumed, text)
        for place, command in enumerate(commands)
        if _PROGRAM.search(command.words[0].text)
    ]
    if not found:
        raise Unreadable("no curl command was found")
    return found


def _commands(text: str) -> Sequence[Command]:
    if _CMD.search(text):
        start = re.search(r"curl", text, re.IGNORECASE)
        blanks = " " * (start.start() if start else 0)
        return [cmd_words(blanks + text[len(blanks) :])]
    if _POWERSHELL_BREAK.search(text):
        text = _POWERSHELL_BREAK.sub(lambda found: "\\" + " " * (len(found[0]) - 2) + "\n", text)
    return posix_commands(_PROMPT.sub(lambda found: " " * len(found[0]), text))


def _understood(
    commands: Sequence[Command], place: int, files: Files, assumed: Sequence[Template], text: str
) -> Understood:
    command = commands[place]
    if (piped := _piped(commands[:place])) is not None:
        files = {**files, "-": piped}
    draft = _Draft(files, text, [*assumed])
    for option in options(command.words[1:]):
        draft.take(option)
    if command.unfilled:
        names = ", ".join(dict.fromkeys(command.unfilled))
        draft.assumed.append(
            said(
                "The shell would fill in {names}, and that is not in the text: it is left as it is written.",
                names=names,
            )
        )
    return draft.understood(command.words[0])


def _piped(before: Sequence[Command]) -> bytes | None:
    """What the commands before write into this one, where that can be told from the text."""
    feeding: list[Command] = []
    for command in reversed(before):
        if not command.piped:
            break
        feeding.insert(0, command)
    words = [[word.value for word in command.words] for command in feeding]
    match words:
        case [[b"printf", b"%s", text], *rest] | [[b"printf", text], *rest] | [[b"echo", b"-n", text], *rest]:
            pass
        case [[b"echo", text], *rest]:
            text += b"\n"
        case _:
            return None
    if rest in ([[b"base64", b"-d"]], [[b"base64", b"--decode"]], [[b"base64", b"-D"]]):
        try:
            return base64.b64decode(text)
        except ValueError:
            return None
    return text if not rest else None


@dataclass(slots=True)
class _Draft:
    """The request so far, option by option."""

    files: Files
    source: str
    assumed: list[Template]
    urls: list[Option] = field(default_factory=list)
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    removed: set[bytes] = field(default_factory=set)  # names of headers that cURL is told not to send
    by_option: list[tuple[bytes, bytes]] = field(default_factory=list)
    data: list[bytes] = field(default_factory=list)
    query: list[bytes] = field(default_factory=list)
    method: str = ""
    target: str = ""
    version: str = "1.1"
    sends_data: bool = False
    json: bool = False
    uploads: bool = False
    in_query: bool = False
    head: bool = False
    wanted_file: str = ""

    def take(self, option: Option) -> None:
        """Do as this option says."""
        match option.name:
            case "url":
                self.urls.append(option)
            case "request":
                self.method = option.text
            case "header":
                self._header(option)
            case "data" | "data-raw" | "data-ascii" | "data-binary" | "data-urlencode" | "json":
                self._data(option)
            case "form" | "form-string":
                raise Unreadable(
                    "the command sends a form with -F, and cURL invents the lines between its parts anew each time: "
                    "the bytes that were signed cannot be told from it; paste the request as raw HTTP",
                    *place_of(self.source, option.at),
                )
            case "upload-file":
                self.uploads = True
                self.data.append(self._file(option.text) or b"")
            case "url-query":
                self.query += _urlencoded(option.value, self._file)
            case "request-target":
                self.target = option.value.decode("latin-1")
            case _:
                self._small(option)

    def _small(self, option: Option) -> None:
        """The options that say one thing each."""
        if option.name in _HEADERS:
            name, make = _HEADERS[option.name]
            self.by_option.append((name, make(option.value)))
            return
        match option.name:
            case "get":
                self.in_query = True
            case "head":
                self.head = True
            case "http1.0":
                self.version = "1.0"
            case "cookie" if b"=" in option.value:
                self.by_option.append((b"Cookie", option.value))
            case "cookie" | "config":
                self.assumed.append(
                    said("The file {name} says more, and it is not in the text: it is left out.", name=option.text)
                )

    def _header(self, option: Option) -> None:
        line = option.value
        if line.startswith(b"@"):
            given = self._file(option.text[1:])
            for each in (given or b"").splitlines():
                self._header(Option("header", each, option.at))
            return
        name, colon, value = line.partition(b":")
        if not colon and line.endswith(b";"):
            self.headers.append((line[:-1].strip(), b""))
        elif not colon:
            raise Unreadable("a header without a colon: it should be “Name: value”", *place_of(self.source, option.at))
        elif value.strip():
            self.headers.append((name.strip(), value.strip(b" \t\r\n")))
        else:
            self.removed.add(name.strip().lower())

    def _data(self, option: Option) -> None:
        self.sends_data = True
        self.json = self.json or option.name == "json"
        if option.name == "data-urlencode":
            self.data += _urlencoded(option.value, self._file)
            return
        value = option.value
        if option.name != "data-raw" and value.startswith(b"@"):
            value = self._file(option.text[1:]) or b""
            if option.name in ("data", "data-ascii"):  # it drops these from files, not from the line
                value = value.replace(b"\r", b"").replace(b"\n", b"").replace(b"\0", b"")
        if option.name == "json" and self.data:
            self.data[-1] += value
        else:
            self.data.append(value)

    def _file(self, name: str) -> bytes | None:
        if name in self.files:
            return self.files[name]
        self.wanted_file = self.wanted_file or name
        return None

    def understood(self, first: Word) -> Understood:
        """The request that the command sends."""
        if not self.urls:
            raise Unreadable("the command has no address to send to", *place_of(self.source, first.at))
        if len(self.urls) > 1:
            self.assumed.append(
                said(
                    "The command has {count} addresses; this is the request to the first. Is a quotation mark missing?",
                    count=str(len(self.urls)),
                )
            )
        address = self._address()
        body = b"" if self.in_query else b"&".join(self.data)
        method = self.method or self._own_method()
        target = self.target or address.target
        host = address.host.removesuffix({"http": ":80", "https": ":443"}.get(address.scheme, ":"))
        request = Request(method, target, self.version, Headers(self._lines(host, body, method)), body)
        named = next((value for name, value in request.headers if name.lower() == b"host"), b"").decode("latin-1")
        whole = f"{address.scheme}://{named or host}{target}" if target.startswith("/") else ""
        if self.wanted_file and not self.in_query:
            self.assumed.append(
                said(
                    "The body is in the file {name}, which is not in the text: choose that file.", name=self.wanted_file
                )
            )
        return Understood(request, f"{method} {whole or target}", whole, None, tuple(self.assumed), self.wanted_file)

    def _address(self) -> Address:
        """Where it is sent, with what -G and --url-query add to it."""
        option = self.urls[0]
        text = option.value.decode("utf-8", "surrogateescape").strip()
        address = address_of(text if "://" in text else f"http://{text}")
        if not address.host:
            raise Unreadable("this is no address to send to", *place_of(self.source, option.at))
        if address.user:
            basic = base64.b64encode(unquote_to_bytes(address.user.encode("latin-1")))
            self.by_option.append((b"Authorization", b"Basic " + basic))
        extra = [piece.decode("latin-1") for piece in (*self.query, *(self.data if self.in_query else ())) if piece]
        if not extra:
            return address
        path, mark, query = address.target.partition("?")
        return replace(address, target=f"{path}?{'&'.join([*([query] if mark and query else []), *extra])}")

    def _own_method(self) -> str:
        if self.head:
            return "HEAD"
        if self.uploads:
            return "PUT"
        return "POST" if self.sends_data and not self.in_query else "GET"

    def _lines(self, host: str, body: bytes, method: str) -> Iterator[tuple[bytes, bytes]]:
        """What cURL sends: its own lines first, but for those that are given or taken away."""
        given = {name.lower() for name, _ in self.headers}
        data = (self.sends_data or self.uploads) and not self.in_query
        own: list[tuple[bytes, bytes]] = [(b"Host", host.encode("latin-1")), *self.by_option]
        if self.json:
            own += [(b"Content-Type", b"application/json"), (b"Accept", b"application/json")]
        elif self.sends_data and data:
            own.append((b"Content-Type", b"application/x-www-form-urlencoded"))
        if data and b"transfer-encoding" not in given and method not in ("GET", "HEAD"):
            own.append((b"Content-Length", str(len(body)).encode()))
        seen: set[bytes] = set()
        for name, value in own:
            key = name.lower()
            if key not in given | self.removed | seen and value:
                seen.add(key)
                yield name, value
        yield from self.headers


def _urlencoded(value: bytes, read: Callable[[str], bytes | None]) -> list[bytes]:
    """`content`, `=content`, `name=content`, `@file` and `name@file`: the name is taken as it is."""
    text = value
    equals, at = text.find(b"="), text.find(b"@")
    if equals >= 0 and (at < 0 or equals < at):
        name, content = text[:equals], text[equals + 1 :]
    elif at >= 0:
        name, content = text[:at], read(text[at + 1 :].decode("utf-8", "surrogateescape")) or b""
    else:
        name, content = b"", text
    encoded = quote_plus(content, safe="").encode()
    return [name + b"=" + encoded if name else encoded]
