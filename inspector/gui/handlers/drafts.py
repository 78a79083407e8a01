"""What was changed in the form and is not saved, by the entries of the list that it belongs to."""

from collections.abc import Sequence
from dataclasses import replace

from inspector.core.handler import Handler
from inspector.gui.handlers.draft import Draft, DraftSecret, draft_of
from inspector.gui.handlers.handler_list import Entry


class Drafts:
    """New handlers have negative ids until they are saved. Looking elsewhere loses nothing."""

    def __init__(self) -> None:
        self._drafts: dict[int, Draft] = {}
        self._new_id = 0

    def __contains__(self, entry_id: int) -> bool:
        return entry_id in self._drafts

    def get(self, entry_id: int) -> Draft | None:
        """The draft of that entry, if there is one."""
        return self._drafts.get(entry_id)

    def begin(self, handler: Handler, secrets: tuple[DraftSecret, ...]) -> int:
        """A draft of a new handler; returns the id of its entry."""
        self._new_id -= 1
        self._drafts[self._new_id] = replace(draft_of(replace(handler, id=self._new_id)), secrets=secrets)
        return self._new_id

    def keep(self, entry_id: int, draft: Draft, saved: Handler | None) -> None:
        """Keep what stands in the form, unless it is what is saved."""
        if saved is not None and not draft.differs_from(saved):
            self._drafts.pop(entry_id, None)
        elif entry_id:
            self._drafts[entry_id] = draft

    def put(self, entry_id: int, draft: Draft) -> None:
        """Have this draft again."""
        self._drafts[entry_id] = draft

    def take(self, entry_id: int) -> Draft | None:
        """Forget the draft of that entry, and return it."""
        return self._drafts.pop(entry_id, None)

    def enable(self, entry_id: int, *, on: bool) -> None:
        """What is enabled elsewhere is so in the draft too."""
        if (draft := self._drafts.get(entry_id)) is not None:
            self._drafts[entry_id] = replace(draft, handler=replace(draft.handler, enabled=on))

    def forget_gone(self, handlers: Sequence[Handler]) -> None:
        """Forget the drafts of handlers that are not in the chain any more."""
        known = {handler.id for handler in handlers}
        self._drafts = {key: draft for key, draft in self._drafts.items() if key < 0 or key in known}

    def entries(self, handlers: Sequence[Handler]) -> list[Entry]:
        """The lines of the list: the chain, then what is new."""
        kept = [Entry(handler.id, handler, handler.id in self._drafts) for handler in handlers]
        return [*kept, *(Entry(key, draft.handler, unsaved=True) for key, draft in self._drafts.items() if key < 0)]

    def names(self) -> list[str]:
        """The names of the new handlers."""
        return [draft.handler.name for key, draft in self._drafts.items() if key < 0]
