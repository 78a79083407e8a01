"""Where a redirect leads, and what is sent there: the next hop of a resend that was asked to follow.

What a client does with a method, a body and credentials is from RFC 9110, 15.4, and the Fetch standard, 4.4
(both read 2026-11-22). All other lines go out as they did before.
"""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final
from urllib.parse import quote, urljoin

from inspector.core.attempt import Attempt, Sent
from inspector.core.target import AddressKind, Target, TargetMalformed, kind_of, target_from

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
"""The statuses whose Location is where to send instead."""

_OF_A_BODY: Final = re.compile(rb"(?:content-[a-z\-]+|transfer-encoding|trailer|expect)[ \t]*:", re.IGNORECASE)
_FOR_ONE_HOST: Final = re.compile(rb"(?:authorization|proxy-authorization|cookie)[ \t]*:", re.IGNORECASE)
_HOST: Final = re.compile(rb"(host[ \t]*:[ \t]*).*", re.IGNORECASE | re.DOTALL)
_SAFE: Final = "!#$%&'()*+,-./:;<=>?@[]^_`{|}~\"\\"


class NotFollowed(ValueError):
    """A redirect that is not followed; `error` is a key of `attempt.ERRORS`, the message its detail."""

    def __init__(self, error: str, detail: str = "") -> None:
        super().__init__(detail)
        self.error = error


@dataclass(frozen=True, slots=True)
class Hop:
    """What is sent next, and where."""

    target: Target
    sent: Sent


def location_of(attempt: Attempt) -> str:
    """The URL that the answer redirects to, from the one that was sent to; empty where it is no redirect."""
    answer = attempt.answer
    if answer is None or attempt.error or answer.status not in REDIRECTS:
        return ""
    values = answer.headers.all(b"location")
    if len(values) != 1 or not values[0]:
        return ""
    text = values[0].decode("utf-8", "replace")
    if not text.isprintable():  # joined, it would lose what it is refused for
        return text
    try:
        return urljoin(attempt.target, quote(text, safe=_SAFE))
    except ValueError:
        return text


def next_hop(attempt: Attempt, target: Target, *, most: int = 10) -> Hop | None:
    """Where the answer to `attempt` leads, which went to `target`; None where it leads nowhere. Raises NotFollowed."""
    url = location_of(attempt)
    answer = attempt.answer
    if not url or answer is None:
        return None
    try:
        led = target_from(url)
    except TargetMalformed as error:
        raise NotFollowed("redirect-malformed", str(error).removesuffix(".")) from None
    if target.secure and not led.secure:
        raise NotFollowed("redirect-insecure", led.url)
    if attempt.hop >= most:
        raise NotFollowed("redirects-too-many", str(most))
    return Hop(led, _resent(attempt.sent, answer.status, led, elsewhere=led.origin != target.origin))


def leads_inward(came_from: str, address: str) -> bool:
    """Whether a redirect leads from a public address to one of this machine or its network; both `address:port`."""
    return _kind(came_from) is AddressKind.PUBLIC and _kind(address) is not AddressKind.PUBLIC


def _resent(sent: Sent, status: int, target: Target, *, elsewhere: bool) -> Sent:
    first, *lines = sent.head.removesuffix(b"\r\n\r\n").split(b"\r\n")
    method, version = first.partition(b" ")[0], first.rpartition(b" ")[2]
    if status == 303 and method not in (b"GET", b"HEAD"):
        becomes = b"GET"
    else:
        becomes = b"GET" if status in (301, 302) and method == b"POST" else method
    if becomes != method:
        lines = [line for line in lines if not _OF_A_BODY.match(line)]
        sent = Sent(b"")
    if elsewhere:
        lines = [_HOST.sub(rb"\g<1>" + target.authority.encode(), line) for line in lines]
        lines = [line for line in lines if not _FOR_ONE_HOST.match(line)]
    where = (target.request_target or "/").encode("latin-1")
    head = b"\r\n".join((b"%b %b %b" % (becomes, where, version), *lines)) + b"\r\n\r\n"
    return Sent(head, sent.body, sent.before_body, sent.after_body)


def _kind(address: str) -> AddressKind | None:
    host = address.rpartition(":")[0].strip("[]")
    try:
        return kind_of(ip_address(host))
    except ValueError:
        return None
