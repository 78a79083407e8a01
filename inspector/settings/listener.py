"""Where the listener listens, and what it takes."""

import ipaddress
from dataclasses import dataclass

from inspector.settings.setting import setting


def is_loopback(host: str) -> bool:
    """Whether `host` can only be reached from this machine: `localhost`, 127.0.0.0/8 or ::1."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _keepable_host(host: str) -> str:
    if is_loopback(host):
        return ""
    return "must be a loopback address (127.0.0.1, ::1 or localhost); others are for one session, by --host"


@dataclass(frozen=True, slots=True)
class ListenerSettings:
    """Address, switch and limits of the listener."""

    host: str = setting(
        "127.0.0.1",
        label="Address",
        help="A loopback address is kept; any other is for one session, by flag or variable.",
        required=True,
        kept=_keepable_host,
    )
    port: int = setting(8080, label="Port", help="0 lets the system choose.", minimum=0, maximum=65_535)
    enabled: bool = setting(
        True,  # noqa: FBT003 - the default of a switch
        label="Receive",
        help="Off: every request is answered 403 `Feature not enabled` and listed as refused.",
    )
    max_body_bytes: int = setting(
        32 << 20,
        label="Largest body",
        help="A longer one is answered 413.",
        unit="bytes",
        minimum=1,
        maximum=1 << 30,
    )
    header_timeout_s: float = setting(
        30.0,
        label="Time for the headers",
        help="From the first byte of a request to its empty line; later: 408.",
        unit="seconds",
        minimum=0.1,
        maximum=3600,
    )
    body_timeout_s: float = setting(
        60.0,
        label="Time without progress in a body",
        help="No byte for so long: 408.",
        unit="seconds",
        minimum=0.1,
        maximum=3600,
    )
    idle_timeout_s: float = setting(
        75.0,
        label="Idle time",
        help="A connection without a request is closed after it.",
        unit="seconds",
        minimum=0.1,
        maximum=3600,
    )
    max_header_line_bytes: int = setting(
        65_536,
        label="Longest header line",
        help="A longer one is answered 431; the request line counts as one.",
        unit="bytes",
        minimum=256,
        maximum=1 << 20,
    )
    max_header_lines: int = setting(
        256,
        label="Most header lines",
        help="More are answered 431.",
        unit="lines",
        minimum=1,
        maximum=10_000,
    )
