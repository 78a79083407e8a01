"""Values that many deliveries share are stored once and referred to by number."""

from collections import OrderedDict

_KEPT = 1024


class Interned:
    """Gives each value its number. What the database may not have yet is `unsaved`, until `saved` says so.

    Only the last values used are remembered; one that comes back after long is stored once more.
    """

    def __init__(self, known: dict[bytes, int], last: int) -> None:
        self._numbers = OrderedDict(known)
        self._last = last
        self.unsaved: dict[int, bytes] = {}

    def number(self, value: bytes) -> int:
        """The number of `value`, a new one if need be."""
        number = self._numbers.get(value)
        if number is not None:
            self._numbers.move_to_end(value)
            return number
        self._last = number = self._last + 1
        self._numbers[value] = number
        self.unsaved[number] = value
        if len(self._numbers) > _KEPT:
            self._numbers.popitem(last=False)
        return number

    def saved(self, numbers: list[int]) -> None:
        """A commit made these durable."""
        for number in numbers:
            self.unsaved.pop(number, None)
