"""Send deliveries to targets again: one, many, or each as it comes; exactly as they were, edited or signed anew."""

from inspector.resend.clock import REAL_CLOCK, Clock
from inspector.resend.forwarding import Forwarding, RuleRejected
from inspector.resend.making import Signer
from inspector.resend.resends import NoSuchDelivery, Resends
from inspector.resend.sender import AS_FAST_AS_IT_GOES, Pace, Sender, SendLimits

__all__ = [
    "AS_FAST_AS_IT_GOES",
    "REAL_CLOCK",
    "Clock",
    "Forwarding",
    "NoSuchDelivery",
    "Pace",
    "Resends",
    "RuleRejected",
    "SendLimits",
    "Sender",
    "Signer",
]
