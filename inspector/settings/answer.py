"""What a sender is answered when no handler verifies the delivery."""

from dataclasses import dataclass

from inspector.settings.setting import setting


@dataclass(frozen=True, slots=True)
class AnswerSettings:
    """Status and body of the answer when none verifies; never a reason or a signature in it."""

    status: int = setting(
        403,
        label="Status when none verifies",
        help="Most senders try again after any status that is not 2xx.",
        minimum=200,
        maximum=599,
    )
    body: str = setting(
        "Webhook not authorized.",
        label="Body when none verifies",
        help="Sent as plain text.",
    )
