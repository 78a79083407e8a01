"""What is looked for in bytes, in any of its forms."""

from collections.abc import Iterable, Iterator

from inspector.gui.widgets.lines import Buffer


class Needle:
    """One or more byte strings that mean the same. `folded`: ASCII letters of either case are alike.

    Lower-casing and finding is five times as fast as a regular expression that ignores case.
    """

    def __init__(self, forms: Iterable[bytes], *, folded: bool = True) -> None:
        self._folded = folded
        self._forms = tuple(dict.fromkeys(form.lower() if folded else form for form in forms if form))
        self.longest = max(map(len, self._forms), default=0)

    def is_in(self, data: Buffer) -> bool:
        """Whether `data` has one of the forms."""
        text = self._text(data)
        return any(form in text for form in self._forms)

    def offsets(self, data: Buffer) -> Iterator[int]:
        """Where the forms begin in `data`, first to last; none within another of the same form."""
        text = self._text(data)
        found: list[int] = []
        for form in self._forms:
            at = text.find(form)
            while at >= 0:
                found.append(at)
                at = text.find(form, at + len(form))
        return iter(sorted(found))

    def _text(self, data: Buffer) -> bytes:
        return bytes(data).lower() if self._folded else bytes(data)
