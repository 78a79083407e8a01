"""What another start of the program can ask of the running one, or do itself where none runs."""

from inspector.commands.perform import check_alone, perform
from inspector.commands.resending import ResendDeliveries, RunStatus, SteerRun, perform_resend
from inspector.commands.serve import served
from inspector.commands.values import (
    AddHandler,
    Command,
    Done,
    EditHandler,
    HandlerValues,
    ImportHandlers,
    MoveHandler,
    NewSecret,
    OpenDelivery,
    RemoveHandler,
)

__all__ = [
    "AddHandler",
    "Command",
    "Done",
    "EditHandler",
    "HandlerValues",
    "ImportHandlers",
    "MoveHandler",
    "NewSecret",
    "OpenDelivery",
    "RemoveHandler",
    "ResendDeliveries",
    "RunStatus",
    "SteerRun",
    "check_alone",
    "perform",
    "perform_resend",
    "served",
]
