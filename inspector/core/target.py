"""Where a request can be sent: a URL taken apart, and what kind of address its host is."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import quote

type Address = IPv4Address | IPv6Address

_PORTS: Final = {"http": 80, "https": 443}
_URL = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.\-]*)://(?P<user>[^/?#@]*@)?"
    r"(?:\[(?P<v6>[^\]/?#]*)\]|(?P<host>[^/?#:\[\]@]*))(?::(?P<port>[^/?#]*))?(?P<rest>[^#]*)(?:#.*)?",
    re.DOTALL,
)
_NAME = re.compile(r"(?!-)[A-Za-z0-9_\-]{1,63}(?:\.[A-Za-z0-9_\-]{1,63})*\.?")
_NUMBER = re.compile(r"0[xX](?P<hex>[0-9A-Fa-f]*)|0(?P<octal>[0-7]+)|(?P<decimal>[0-9]+)")
_NUMERIC = re.compile(r"[0-9]+|0[xX][0-9A-Fa-f]*")
_SAFE_IN_TARGET: Final = "!#$%&'()*+,-./:;<=>?@[]^_`{|}~\"\\"


class TargetMalformed(ValueError):
    """The text is no URL to send to; the message is one sentence. `reason` is its identifier."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes. `path` and `query` are raw; both empty: the request keeps its own.

    `host` is a name in ASCII lower case, or an address as it was written, without brackets.
    """

    scheme: str  # "http" or "https"
    host: str
    port: int
    path: str = ""
    query: str = ""  # with its question mark

    @property
    def secure(self) -> bool:
        """Whether TLS comes first."""
        return self.scheme == "https"

    @property
    def authority(self) -> str:
        """Host and port as a Host header has them: the usual port is left out."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme, host and port: what an allowance is given to."""
        return f"{self.scheme}://{self.authority}"

    @property
    def request_target(self) -> str:
        """The request target that the URL asks for; empty where the request keeps its own."""
        return (self.path or "/") + self.query if self.path or self.query else ""

    @property
    def url(self) -> str:
        """The whole URL."""
        return self.origin + self.path + self.query


def target_from(text: str) -> Target:
    """The target that a person typed. Raises TargetMalformed.

    `http://host` and `http://host/` name no path: what is sent there keeps its own. A fragment is never sent.
    """
    text = text.strip(" ")
    if control := re.search(r"[\x00-\x20\x7f-\x9f\u2028\u2029]", text):
        raise TargetMalformed("control", f"The URL has a {_named(control[0])} in it.")
    match = _URL.fullmatch(text)
    if match is None:
        raise TargetMalformed("url", "This is no URL: it begins with http:// or https://.")
    scheme = match["scheme"].lower()
    if scheme not in _PORTS:
        raise TargetMalformed("scheme", f"Only http and https can be sent to, not {scheme}.")
    if match["user"] is not None:
        raise TargetMalformed("credentials", "The URL has a user name or password in it: set a header instead.")
    host = _address_in_brackets(match["v6"]) if match["v6"] is not None else _host(match["host"])
    path, mark, query = match["rest"].partition("?")
    path = quote(path, safe=_SAFE_IN_TARGET)
    if "\\" in path:
        raise TargetMalformed("backslash", "The URL has a backslash in it, which programs read in two ways.")
    query = mark + quote(query, safe=_SAFE_IN_TARGET)
    return Target(scheme, host, _port(match["port"], scheme), "" if path == "/" and not query else path, query)


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a person has allowed for a target that is otherwise refused."""

    any_certificate: bool = False
    link_local: bool = False  # and the addresses that hand out credentials

    def __or__(self, other: "Allowance") -> "Allowance":
        """What one of the two allows."""
        return Allowance(self.any_certificate or other.any_certificate, self.link_local or other.link_local)


NOTHING_ALLOWED: Final = Allowance()


class AddressKind(StrEnum):
    """What an address is to the machine that sends to it."""

    LOOPBACK = "loopback"
    PRIVATE = "private"
    LINK_LOCAL = "link-local"
    METADATA = "metadata"  # where clouds hand out credentials
    PUBLIC = "public"
    NO_HOST = "no-host"  # multicast, broadcast, reserved

    @property
    def needs_consent(self) -> bool:
        """Whether nobody sends there by accident without harm: asked about once for each target."""
        return self in (AddressKind.LINK_LOCAL, AddressKind.METADATA)


def kind_of(address: Address) -> AddressKind:
    """What kind `address` is. One that carries an IPv4 address (mapped, NAT64, 6to4 ...) is of that one's kind."""
    address = plain(address)
    if str(address).partition("%")[0] in _METADATA:
        return AddressKind.METADATA
    if address.is_loopback or address.is_unspecified:
        return AddressKind.LOOPBACK
    if address.is_link_local:
        return AddressKind.LINK_LOCAL
    if address.is_multicast or address.is_reserved or str(address) == "255.255.255.255":
        return AddressKind.NO_HOST
    return AddressKind.PUBLIC if address.is_global else AddressKind.PRIVATE


def plain(address: Address) -> Address:
    """The IPv4 address that an IPv6 address carries, else itself."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if any(address in network for network in _CARRYING) and int(address) & 0xFFFFFFFF > 1:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def address_in(host: str) -> Address | None:
    """The address that `host` spells, the odd ways of IPv4 (decimal, octal, hexadecimal, short) too; None for a name.

    Source: inet_aton, as POSIX and every resolver read it.
    """
    try:
        return ip_address(host)
    except ValueError:
        pass
    parts = host.rstrip(".").split(".")
    if len(parts) > 4:
        return None
    numbers = []
    for part in parts:
        match = _NUMBER.fullmatch(part)
        if match is None:
            return None
        base, digits = (16, match["hex"]) if match["hex"] is not None else (8, match["octal"] or "")
        numbers.append(int(match["decimal"]) if match["decimal"] else int(digits or "0", base))
    *high, low = numbers
    if any(number > 255 for number in high) or low >= 256 ** (5 - len(numbers)):
        return None
    return IPv4Address(sum(number << (24 - 8 * place) for place, number in enumerate(high)) + low)


def names_metadata(host: str) -> bool:
    """Whether `host` is a name under which a cloud's metadata service is known."""
    return host.rstrip(".").lower() in _METADATA_NAMES


def _host(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).lower()
    if not text:
        raise TargetMalformed("host", "The URL has no host.")
    try:
        name = text if text.isascii() else text.encode("idna").decode("ascii")
    except UnicodeError:
        raise TargetMalformed("host", f"{text!r} is no name of a host.") from None
    if not _NAME.fullmatch(name) or len(name) > 253:
        raise TargetMalformed("host", f"{text!r} is no name of a host.")
    # Resolvers read a host whose last part is a number as an IPv4 address (WHATWG URL, 3.5).
    if _NUMERIC.fullmatch(name.rstrip(".").rpartition(".")[2]) and address_in(name) is None:
        raise TargetMalformed("host", f"{text!r} is neither an address nor a name.")
    return name


def _address_in_brackets(text: str) -> str:
    address, zone_mark, zone = text.partition("%25") if "%25" in text else text.partition("%")
    try:
        IPv6Address(address)
    except ValueError:
        raise TargetMalformed("host", f"[{text}] is no IPv6 address.") from None
    if zone_mark and not re.fullmatch(r"[A-Za-z0-9._~\-]{1,32}", zone):
        raise TargetMalformed("host", f"[{text}] is no IPv6 address.")
    return f"{address.lower()}%{zone}" if zone_mark else address.lower()


def _port(text: str | None, scheme: str) -> int:
    if text is None or text == "":
        return _PORTS[scheme]
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 0 < int(text) < 65_536:
        raise TargetMalformed("port", "The port is a number from 1 to 65535.")
    return int(text)


def _named(character: str) -> str:
    return {" ": "space", "\r": "carriage return", "\n": "line feed", "\0": "NUL", "\t": "tab"}.get(
        character, "control character"
    )


_METADATA: Final = {
    "169.254.169.254",  # most clouds
    "169.254.170.2",  # credentials of a container
    "169.254.170.23",
    "fd00:ec2::254",
    "fd00:ec2::23",
    "100.100.100.200",
    "192.0.0.192",
    "168.63.129.16",
    "fd20:ce::254",
}
_METADATA_NAMES: Final = {"metadata.google.internal", "metadata", "instance-data", "metadata.azure.internal"}
_CARRYING: Final = tuple(IPv6Network(text) for text in ("::/96", "64:ff9b::/96", "64:ff9b:1::/48", "::ffff:0:0:0/96"))
