"""Other forms of the URL that the sender may have signed: what proxies and registration forms make of it."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

from inspector.core.diagnosis.choices import UrlChoice, first_of_each
from inspector.core.verification.reading import Reading

_HOST_HEADERS = ("X-Forwarded-Host", "X-Original-Host", "X-Host", "Forwarded", "Host")
_TARGET_HEADERS = ("X-Original-URL", "X-Original-URI", "X-Rewrite-URL", "X-Forwarded-Uri", "X-Forwarded-Path")
_USUAL_PORTS = ("443", "80", "8080", "8443", "3000", "5000", "8000")
_PORT = re.compile("[0-9]{1,5}")
_MOST_PARAMETERS = 8
"""Of so many parameters each is left out in turn: one may have been added on the way."""


def url_choices(reading: Reading) -> Iterator[UrlChoice]:
    """The URL as it is, then every single change of it, then changes of two parts of it."""
    url = reading.url
    first = [choice for choice in _changed(url, reading) if choice.url != url]
    second = [
        UrlChoice(one.cause, one.cost + two.cost + 2, two.url, (two.cause,))
        for one in first
        for two in _changed(one.url, reading)
        if two.cause != one.cause
    ]
    return first_of_each([UrlChoice("", 0, url), *first, *sorted(second, key=lambda choice: choice.cost)])


def _changed(url: str, reading: Reading) -> Iterator[UrlChoice]:
    parts = urlsplit(url)
    other = {"https": "http", "http": "https"}.get(parts.scheme, "https")
    yield UrlChoice("url-scheme", 2, urlunsplit(parts._replace(scheme=other)))
    path = parts.path or "/"
    slashed = path.removesuffix("/") if path.endswith("/") and path != "/" else f"{path}/"
    yield UrlChoice("url-trailing-slash", 2, urlunsplit(parts._replace(path=slashed)))
    if parts.path in ("", "/"):
        yield UrlChoice("url-trailing-slash", 2, urlunsplit(parts._replace(path="" if parts.path else "/")))
    yield from _ports(url, reading)
    yield from _hosts(url, reading)
    yield from _queries(url, reading)


def _ports(url: str, reading: Reading) -> Iterator[UrlChoice]:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    bare = host.rpartition(":")[0] if ":" in host.rpartition("]")[2] else host
    if bare != host:
        yield UrlChoice("url-port", 2, urlunsplit(parts._replace(netloc=bare)))
    told = (reading.request.headers.first("X-Forwarded-Port") or b"").decode("latin-1").partition(",")[0].strip()
    for port in (*((told,) if _PORT.fullmatch(told) else ()), *_USUAL_PORTS):
        cost = 2 if port in ("443", "80", told) else 4
        yield UrlChoice("url-port", cost, urlunsplit(parts._replace(netloc=f"{bare}:{port}")))


def _hosts(url: str, reading: Reading) -> Iterator[UrlChoice]:
    parts = urlsplit(url)
    for name in _HOST_HEADERS:
        value = (reading.request.headers.first(name) or b"").decode("latin-1")
        if name == "Forwarded":
            fields = (item.strip().partition("=") for item in value.replace(",", ";").split(";"))
            value = next((text.strip('"') for key, _, text in fields if key.lower() == "host"), "")
        host = value.split(",")[0].strip()
        if host and host != parts.netloc and "/" not in host:
            yield UrlChoice("url-host", 2, urlunsplit(parts._replace(netloc=host)))
            port = parts.netloc.rpartition(":")[2] if ":" in parts.netloc else ""
            if port and ":" not in host:
                yield UrlChoice("url-host", 4, urlunsplit(parts._replace(netloc=f"{host}:{port}")))
    bare = parts.netloc.removeprefix("www.")
    yield UrlChoice("url-host", 3, urlunsplit(parts._replace(netloc=bare if bare != parts.netloc else f"www.{bare}")))
    if parts.netloc != parts.netloc.lower():
        yield UrlChoice("url-host", 3, urlunsplit(parts._replace(netloc=parts.netloc.lower())))


def _queries(url: str, reading: Reading) -> Iterator[UrlChoice]:
    parts = urlsplit(url)
    if parts.query:
        yield UrlChoice("url-query-lost", 3, urlunsplit(parts._replace(query="")))
        given = parts.query.split("&")
        for n in range(len(given) if 1 < len(given) <= _MOST_PARAMETERS else 0):
            rest = "&".join(given[:n] + given[n + 1 :])
            yield UrlChoice("url-query-lost", 4, urlunsplit(parts._replace(query=rest)))
        ordered = "&".join(sorted(given))
        yield UrlChoice("url-query-order", 3, urlunsplit(parts._replace(query=ordered)))
        yield UrlChoice("url-query-encoding", 4, urlunsplit(parts._replace(query=parts.query.replace("+", "%20"))))
        yield UrlChoice("url-query-encoding", 4, urlunsplit(parts._replace(query=parts.query.replace("%20", "+"))))
    for name in _TARGET_HEADERS:
        value = (reading.request.headers.first(name) or b"").decode("latin-1")
        if not value:
            continue
        target = urlsplit(value)
        cause = "url-query-lost" if target.query and not parts.query and target.path == parts.path else "url-path"
        whole = urlunsplit((parts.scheme, target.netloc or parts.netloc, target.path, target.query, ""))
        yield UrlChoice(cause, 2, whole)
        if parts.query and not target.query:
            yield UrlChoice(cause, 3, urlunsplit((parts.scheme, parts.netloc, target.path, parts.query, "")))
