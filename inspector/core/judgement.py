"""What is decided of a request before its answer: the ladder, who sent it, what it is answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from inspector.core import handshake
from inspector.core.delivery import Answer, Ladder, Recognised, Rung, Standing, Verdict
from inspector.core.recognition import Recogniser
from inspector.core.request import Request
from inspector.core.verification.context import NOTHING
from inspector.core.verification.ladder import Chain, Link, evaluate, winner_of
from inspector.core.verification.preset import Acknowledgement, Preset
from inspector.core.verification.public_url import sender_url
from inspector.core.verification.reading import Reading

TEXT = (("Content-Type", "text/plain; charset=utf-8"),)

_NO_PRESETS: Mapping[str, Preset] = MappingProxyType({})
_FORBIDDEN = Answer(403)
_OUT_OF_REACH = ("path", "disabled")


@dataclass(frozen=True, slots=True)
class Judge:
    """The chain, and what is known of the providers that its handlers name (`presets`, by `Handler.preset`).

    `unauthorised` is the answer where no handler verifies. Without a recogniser nobody is recognised.
    """

    chain: Chain = ()
    presets: Mapping[str, Preset] = field(default=_NO_PRESETS)
    recogniser: Recogniser | None = None
    unauthorised: Answer = _FORBIDDEN

    def judge(self, request: Request, *, now: datetime, material: Mapping[str, str] = NOTHING) -> "Judgement":
        """Evaluate every handler, recognise the sender, and choose the answer."""
        reading = Reading(request)
        ladder = evaluate(request, self.chain, now=now, material=material, reading=reading)
        recognised = None
        if self.recogniser is not None:
            recognised = self.recogniser.recognise(reading, [preset.id for preset in self.presets.values()])
        if self.presets and (found := self._handshake(reading, ladder)) is not None:
            return replace(found, recognised=_of_preset(found.recognised, recognised))
        winner = winner_of(ladder, self.chain)
        if winner is None:
            answer = self.unauthorised
            if self.presets and (wanted := self._failure(ladder, recognised)) is not None and wanted.failure:
                answer = Answer(wanted.failure) if wanted.body == "" else replace(answer, status=wanted.failure)
            return Judgement(Verdict.FAILED, ladder, answer, recognised)
        response = winner.response
        answer = Answer(response.status, response.headers or TEXT, response.body.encode())
        return Judgement(Verdict.WON, ladder, answer, recognised)

    def _handshake(self, reading: Reading, ladder: Ladder) -> "Judgement | None":
        """The first handler that answers a handshake of its provider, before any that won; None where none does."""
        rungs, denied = list(ladder), None
        for place, (link, rung) in enumerate(zip(self.chain, ladder, strict=True)):
            reply = None
            preset = self.presets.get(link.handler.preset)
            if preset is not None and preset.handshakes and rung.reason not in _OUT_OF_REACH:
                reply = handshake.reply(_seen(reading, link), link, rung, preset)
            match reply:
                case handshake.Confirmed(answer, fetch):
                    rungs[place] = replace(rung, standing=Standing.ANSWERED, reason=None, detail="")
                    rungs[place + 1 :] = [_not_first(later) for later in rungs[place + 1 :]]
                    return Judgement(Verdict.HANDSHAKE, tuple(rungs), answer, _from(preset), fetch)
                case handshake.Unanswerable(reason, detail):
                    rungs[place] = replace(rung, standing=Standing.NOT_CHECKABLE, reason=reason, detail=detail)
                case handshake.Denied() if denied is None:
                    denied = reply, preset
            if rung.standing is Standing.WON:
                return None
        if denied is not None:
            denial, preset = denied
            verdict = Verdict.FAILED if denial.signed else Verdict.HANDSHAKE
            return Judgement(verdict, tuple(rungs), Answer(denial.status), _from(preset))
        if rungs != list(ladder):
            return Judgement(Verdict.FAILED, tuple(rungs), self.unauthorised)
        return None

    def _failure(self, ladder: Ladder, recognised: Recognised | None) -> Acknowledgement | None:
        """What the provider wants for an answer; None where it is not clear whose delivery it is."""
        asked = [
            self.presets.get(link.handler.preset)
            for link, rung in zip(self.chain, ladder, strict=True)
            if rung.reason not in _OUT_OF_REACH
        ]
        if recognised is not None:
            asked = [preset for preset in asked if preset is not None and preset.id == recognised.provider]
        known = {preset.id: preset for preset in asked if preset is not None}
        if len(known) != 1 or None in asked:
            return None
        return next(iter(known.values())).acknowledgement


class Judgement(Struct, frozen=True, gc=False):
    """What became of a request. `fetch` is an address that a handshake wants called, after the answer."""

    verdict: Verdict
    ladder: Ladder
    answer: Answer
    recognised: Recognised | None = None
    fetch: str = ""


def _seen(reading: Reading, link: Link) -> Reading:
    return reading.at(sender_url(reading.request, link.handler.public_url))


def _not_first(rung: Rung) -> Rung:
    return replace(rung, standing=Standing.SHADOWED) if rung.standing is Standing.WON else rung


def _of_preset(answered: Recognised | None, recognised: Recognised | None) -> Recognised | None:
    """Who sent a handshake: the provider that was answered, with what else is recognised where that is the same."""
    same = answered is not None and recognised is not None and answered.provider == recognised.provider
    return recognised if same or answered is None else answered


def _from(preset: Preset | None) -> Recognised | None:
    return None if preset is None else Recognised(preset.id)
