"""What a new handler can begin with: the presets of all providers, and the verification types without one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from inspector import presets
from inspector.core.verification.verification_type import TYPES
from inspector.gui.handlers.texts import category_words, type_help, type_words

BY_HAND = "by-hand"
"""The category of what begins without a preset."""

_TYPE = "type:"


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing to begin with. `id` is a preset's, or `type:` and a verification type's."""

    id: str
    name: str
    category: str
    about: str
    recognised: bool = False  # it seems to have sent the selected delivery

    @property
    def type_id(self) -> str:
        """The verification type where it is one; empty for a preset."""
        return self.id.removeprefix(_TYPE) if self.id.startswith(_TYPE) else ""

    @property
    def monogram(self) -> str:
        """One or two letters that stand for it."""
        words = [word for word in self.name.replace("(", " ").replace(".", " ").split() if word[:1].isalnum()]
        letters = words[0][0] + (words[1][0] if len(words) > 1 else words[0][1:2]) if words else "?"
        return letters[:1].upper() + letters[1:]


def all_offers() -> tuple[Offer, ...]:
    """Everything there is, types first, then the presets by name."""
    types = (Offer(f"{_TYPE}{each.id}", type_words(each.id), BY_HAND, type_help(each.id)) for each in TYPES)
    providers = (Offer(each.id, each.name, each.category, category_words(each.category)) for each in presets.index())
    return (*types, *providers)


def fitting(offers: Iterable[Offer], text: str, category: str, recognised: str = "") -> Sequence[Offer]:
    """The offers that `text` fits, best first; the recognised provider is above all others of its kind."""
    wanted = text.casefold().split()
    ranked: list[tuple[int, int, Offer]] = []
    for place, offer in enumerate(offers):
        rank = _rank(offer, wanted)
        if rank is None or (category and offer.category != category):
            continue
        if offer.id == recognised:
            ranked.append((-1, place, Offer(offer.id, offer.name, offer.category, offer.about, recognised=True)))
        else:
            ranked.append((rank, place, offer))
    ranked.sort(key=lambda each: each[:2])
    return [offer for _, _, offer in ranked]


def _rank(offer: Offer, wanted: Sequence[str]) -> int | None:
    """How well the words fit, lower is better; None where one of them is nowhere in it."""
    name = offer.name.casefold()
    places = (name, offer.id, offer.about.casefold(), offer.category)
    if not all(any(word in place for place in places) for word in wanted):
        return None
    if not wanted or name.startswith(wanted[0]):
        return 0
    if any(word.startswith(wanted[0]) for word in name.split()):
        return 1
    return 2 if wanted[0] in name or wanted[0] in offer.id else 3
