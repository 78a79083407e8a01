"""The URL as the sender called it, which a proxy or tunnel in front of the listener hides."""

from inspector.core.request import Request
from inspector.core.verification.reading import own_url

FORWARDED = "forwarded"
"""The choice to believe the headers that proxies add."""


def sender_url(request: Request, public_url: str) -> str:
    """The URL of `request` as `public_url` tells it; empty where the request itself tells it all.

    An origin (`https://hooks.example.com`) gets the request's own target. With a path it stands for the whole
    path and gets the request's query; with a query it is the URL, character for character. `forwarded` takes
    scheme and host from Forwarded (RFC 7239) or the X-Forwarded headers: believe it only behind a proxy that sets them.
    """
    if not public_url:
        return ""
    if public_url == FORWARDED:
        public_url = _forwarded_origin(request)
    scheme, _, rest = public_url.partition("://")
    if "?" in rest:
        return public_url
    own = own_url(request).partition("://")[2]
    target = own[own.find("/") :] if "/" in own else "/"
    if rest.rstrip("/").count("/") == 0:
        return f"{scheme}://{rest.rstrip('/')}{target}"
    query = target.partition("?")[2]
    return f"{public_url}?{query}" if query else public_url


def _forwarded_origin(request: Request) -> str:
    named = _forwarded(request)
    scheme = named.get("proto") or _first(request, "x-forwarded-proto") or "http"
    host = named.get("host") or _first(request, "x-forwarded-host") or _first(request, "host") or "localhost"
    port = _first(request, "x-forwarded-port")
    usual = {"http": "80", "https": "443"}.get(scheme)
    if port and port != usual and ":" not in host.rpartition("]")[2] and "host" not in named:
        host = f"{host}:{port}"
    return f"{scheme}://{host}"


def _forwarded(request: Request) -> dict[str, str]:
    """The parameters of the first element of Forwarded: the proxy nearest to the sender wrote it."""
    element = _first(request, "forwarded")
    pairs = (pair.partition("=") for pair in element.split(";", 10))
    return {key.strip().lower(): value.strip().strip('"') for key, _, value in pairs}


def _first(request: Request, name: str) -> str:
    value = request.headers.first(name) or b""
    return value.decode("latin-1").partition(",")[0].strip()
