"""How long the inspector waits for targets that it sends to, and how much of an answer it keeps."""

from dataclasses import dataclass

from inspector.settings.setting import setting


@dataclass(frozen=True, slots=True)
class SendingSettings:
    """Limits of resends and forwards."""

    answer_timeout_s: float = setting(
        30.0,
        label="Time for an answer",
        help="From the first byte sent to the last byte of the answer; later, the attempt has failed.",
        unit="seconds",
        minimum=0.1,
        maximum=3600,
    )
    connect_timeout_s: float = setting(
        10.0,
        label="Time to connect",
        help="For the connection, and again for TLS.",
        unit="seconds",
        minimum=0.1,
        maximum=600,
    )
    max_answer_bytes: int = setting(
        10 << 20,
        label="Longest answer",
        help="Of a longer one the beginning is kept, and the attempt has failed.",
        unit="bytes",
        minimum=1024,
        maximum=1 << 30,
    )
    max_redirects: int = setting(
        10,
        label="Most redirects followed",
        help="Where a resend is asked to follow them; at one more it has failed.",
        minimum=1,
        maximum=50,
    )
