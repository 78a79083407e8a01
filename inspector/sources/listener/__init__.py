"""The listener: HTTP off the wire, arrivals to the receiver, answers back."""

from inspector.sources.listener.server import Listener, ListenError, PortTaken, listening

__all__ = ["ListenError", "Listener", "PortTaken", "listening"]
