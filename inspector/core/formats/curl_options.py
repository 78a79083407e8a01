"""The options of cURL's command line: which take a value, and which of them say something about the request."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from inspector.core.formats.shell_words import Word

_SHORT = {
    "A": "user-agent", "b": "cookie", "c": "cookie-jar", "C": "continue-at", "d": "data", "D": "dump-header",
    "e": "referer", "E": "cert", "F": "form", "h": "help", "H": "header", "K": "config", "m": "max-time",
    "o": "output", "P": "ftp-port", "Q": "quote", "r": "range", "t": "telnet-option", "T": "upload-file",
    "u": "user", "U": "proxy-user", "w": "write-out", "x": "proxy", "X": "request", "y": "speed-time",
    "Y": "speed-limit", "z": "time-cond", "G": "get", "I": "head", "0": "http1.0",
}  # fmt: skip

_WORDS_TELLING = """
    user-agent cookie data data-raw data-ascii data-binary data-urlencode json form form-string header referer range
    upload-file user oauth2-bearer request request-target url url-query
"""
_WORDS_WITH_VALUE = """
    abstract-unix-socket alt-svc aws-sigv4 cacert capath cert cert-type ciphers config connect-timeout connect-to
    continue-at cookie-jar create-file-mode crlfile curves delegation dns-interface dns-ipv4-addr dns-ipv6-addr
    dns-servers doh-url dump-header ech egd-file engine etag-compare etag-save expect100-timeout ftp-account
    ftp-port happy-eyeballs-timeout-ms haproxy-clientip hostpubmd5 hostpubsha256 hsts interface ip-tos
    keepalive-time keepalive-cnt key key-type limit-rate local-port login-options max-filesize max-redirs max-time
    netrc-file noproxy output output-dir parallel-max pass pinnedpubkey preproxy proto proto-default proto-redir
    proxy proxy-cacert proxy-header proxy-user pubkey quote rate resolve retry retry-delay retry-max-time
    service-name socks4 socks4a socks5 socks5-hostname speed-limit speed-time stderr tls-max tls13-ciphers
    time-cond tlsuser tlspassword trace trace-ascii unix-socket variable vlan-priority write-out
"""
_TELLING = frozenset(_WORDS_TELLING.split())
_WITH_VALUE = _TELLING | frozenset(_WORDS_WITH_VALUE.split())
_WITHOUT = frozenset(("get", "head", "http1.0", "http1.1", "http2", "globoff", "path-as-is", "compressed"))


@dataclass(frozen=True, slots=True)
class Option:
    """One option by its long name, or an argument without one (`url`), as it stands in the text."""

    name: str
    value: bytes
    at: int

    @property
    def text(self) -> str:
        """The value as text."""
        return self.value.decode("utf-8", "surrogateescape")


def options(words: Sequence[Word]) -> Iterator[Option]:
    """The options among the words behind `curl`, those that say nothing of the request included."""
    waiting = iter(words)
    only_urls = False
    for word in waiting:
        text = word.text
        if only_urls or not text.startswith("-") or text == "-":
            yield Option("url", word.value, word.at)
        elif text == "--":
            only_urls = True
        elif text.startswith("--"):
            yield _long(text[2:], word, waiting)
        else:
            yield from _short(word, waiting)


def _long(name: str, word: Word, waiting: Iterator[Word]) -> Option:
    name, equals, value = name.partition("=")
    name = name.removeprefix("expand-")
    if name not in _WITH_VALUE and name not in _WITHOUT:
        # cURL takes the beginning of a name where that is enough.
        starting = [known for known in (*_WITH_VALUE, *_WITHOUT) if known.startswith(name)]
        name = starting[0] if len(starting) == 1 and len(name) > 2 else name
    if name not in _WITH_VALUE:
        return Option(name, b"", word.at)
    if equals:
        return Option(name, value.encode("utf-8", "surrogateescape"), word.at)
    following = next(waiting, None)
    return Option(name, b"" if following is None else following.value, word.at)


def _short(word: Word, waiting: Iterator[Word]) -> Iterator[Option]:
    """Several letters may share a dash; the first that takes a value takes the rest, else the next word."""
    raw = word.value[1:]
    for place in range(len(raw)):
        name = _SHORT.get(chr(raw[place]), f"-{chr(raw[place])}")
        if name not in _WITH_VALUE:
            yield Option(name, b"", word.at)
            continue
        rest = raw[place + 1 :]
        if not rest and (following := next(waiting, None)) is not None:
            rest = following.value
        yield Option(name, rest, word.at)
        return
