"""Where the keys are that a chain needs for a request: the same answer on receipt and when it is checked again."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from inspector.core.request import Request
from inspector.core.verification.key_id import lacks, named_key
from inspector.core.verification.ladder import Link
from inspector.core.verification.material import key_address
from inspector.core.verification.public_url import sender_url
from inspector.core.verification.reading import Reading
from inspector.core.verification.scheme import Scheme
from inspector.core.verification.verify import KEYS_MAY_BE_FETCHED


def with_fetched_keys(chain: Iterable[Link]) -> Sequence[Link]:
    """The handlers of `chain` whose keys an edge may have to fetch; most chains have none."""
    return [link for link in chain if link.handler.scheme.secret.type in KEYS_MAY_BE_FETCHED]


def addresses_for(request: Request, links: Sequence[Link]) -> set[str]:
    """Where the keys are that these handlers need for `request`; each of them may be called."""
    return {address for address, _, _ in _wanted(request, links)}


def outdated_for(request: Request, links: Sequence[Link], material: Mapping[str, str]) -> set[str]:
    """The addresses whose keys in `material` lack the one that `request` names: its owner may have a new one."""
    return {
        address
        for address, reading, scheme in _wanted(request, links)
        if address in material and lacks(material[address], named_key(reading, scheme))
    }


def _wanted(request: Request, links: Sequence[Link]) -> Iterator[tuple[str, Reading, Scheme]]:
    path, reading = request.path, Reading(request)
    for link in links:
        handler = link.handler
        if handler.matches(path):
            seen = reading.at(sender_url(request, handler.public_url))
            if address := key_address(seen, handler.scheme, handler.parameters):
                yield address, seen, handler.scheme
