"""Resending as requests that go over the channel: start a run, ask how far it is, steer it."""

from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from inspector.commands.values import BaseCommand
from inspector.core.bulk import BulkOptions, Progress, Recipe
from inspector.core.filters import SearchError, parse
from inspector.core.resending import Edits
from inspector.core.retry import RetryPolicy
from inspector.core.retry_schedule import policy_from, sped_up
from inspector.core.target import Allowance, TargetMalformed, target_from
from inspector.instance import Refused

if TYPE_CHECKING:
    from inspector.app import Inspector


class ResendDeliveries(BaseCommand, frozen=True, tag="resend"):
    """Send the deliveries of these ids, or all that match `search`, to the URL `to`."""

    to: str
    ids: tuple[int, ...] = ()
    search: str | None = None
    sign_with: str = ""
    method: str | None = None
    set_headers: tuple[tuple[bytes, bytes], ...] = ()
    remove_headers: tuple[bytes, ...] = ()
    body: bytes | None = None
    host_of_target: bool = False
    any_certificate: bool = False
    link_local: bool = False
    follow_redirects: bool = False
    times: int = 1
    per_second: float = 0.0
    concurrency: int = 1
    delay_s: float = 0.0
    jitter: float = 0.0
    newest_first: bool = False
    attempts: int = 1
    retry: str = ""  # as `retry_schedule.policy_from` reads it, instead of `attempts`
    retry_speed: float = 1.0  # its times are so much shorter


class SteerRun(BaseCommand, frozen=True, tag="run"):
    """Ask how far the run is, after it was paused, resumed or cancelled."""

    run: int
    how: Literal["", "pause", "resume", "cancel"] = ""


class RunStatus(Struct, frozen=True, omit_defaults=True):
    """How far a run is."""

    run: int
    state: str
    total: int = 0
    done: int = 0
    succeeded: int = 0
    tries: int = 0
    elapsed_s: float = 0.0
    answers: dict[str, int] = {}
    problem: str = ""

    @property
    def ended(self) -> bool:
        """Whether nothing more will be sent."""
        return self.state in ("done", "cancelled", "failed")


type ResendCommand = ResendDeliveries | SteerRun


async def perform_resend(command: ResendCommand, inspector: "Inspector") -> RunStatus:
    """Do it. Raises Refused where it cannot be done."""
    from inspector.resend import NoSuchDelivery
    from inspector.store import StoreError

    resends = inspector.resends
    try:
        if isinstance(command, ResendDeliveries):
            search = None if command.search is None else parse(command.search)
            selection = command.ids if search is None else search
            return _status(await resends.start(selection, recipe_of(command), options_of(command)))
        match command.how:
            case "pause":
                resends.pause(command.run)
            case "resume":
                resends.resume(command.run)
            case "cancel":
                resends.cancel(command.run)
        return _status(resends.progress(command.run))
    except NoSuchDelivery as error:
        raise Refused(str(error), "unknown-name") from None
    except StoreError as error:
        raise Refused(str(error), "fault") from None
    except SearchError as error:
        raise Refused(error.message) from None


def recipe_of(command: ResendDeliveries) -> Recipe:
    """What becomes of each delivery. Raises Refused."""
    try:
        target = target_from(command.to)
    except TargetMalformed as error:
        raise Refused(str(error)) from None
    edits = Edits(
        method=command.method,
        set_headers=command.set_headers,
        remove_headers=command.remove_headers,
        body=command.body,
        host_of_target=command.host_of_target,
    )
    allowance = Allowance(command.any_certificate, command.link_local)
    return Recipe(target, edits, command.sign_with, allowance, command.follow_redirects)


def options_of(command: ResendDeliveries) -> BulkOptions:
    """How they are sent. Raises Refused."""
    try:
        return BulkOptions(
            times=command.times,
            per_second=command.per_second,
            concurrency=command.concurrency,
            delay_s=command.delay_s,
            jitter=command.jitter,
            newest_first=command.newest_first,
            retry=_policy(command),
        )
    except ValueError as error:
        raise Refused(f"{error}.") from None


def _policy(command: ResendDeliveries) -> RetryPolicy:
    if not command.retry:
        return RetryPolicy(attempts=command.attempts)
    from inspector.presets import retry_schedule

    return sped_up(policy_from(command.retry, retry_schedule), command.retry_speed)


def _status(progress: Progress) -> RunStatus:
    return RunStatus(
        progress.run,
        progress.state,
        progress.total,
        progress.done,
        progress.succeeded,
        progress.tries,
        progress.elapsed_s,
        dict(progress.answers),
        progress.problem,
    )
