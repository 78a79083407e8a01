"""What is typed of rules and not saved yet, for as long as the window is open."""

from collections.abc import Mapping

from inspector.gui.forwarding.rule_fields import RuleFields, fields_of_rule, rule_of
from inspector.gui.forwarding.rule_list import Entry
from inspector.gui.forwarding.rules import RuleBook


class RuleDrafts:
    """Drafts by the id of their rule. One that has no rule yet has a negative id."""

    def __init__(self, book: RuleBook) -> None:
        self._book = book
        self._drafts: dict[int, RuleFields] = {}
        self._being_saved: dict[str, tuple[int, RuleFields]] = {}  # by name: the draft's id, and what it was
        self._new_id = 0

    def __contains__(self, id_: int) -> bool:
        return id_ in self._drafts

    def fields(self, id_: int) -> RuleFields | None:
        """The draft of this rule, or what is saved of it; None where there is neither."""
        if (draft := self._drafts.get(id_)) is not None:
            return draft
        saved = self._book.rule(id_)
        return fields_of_rule(saved) if saved is not None else None

    def begin(self, name: str) -> int:
        """A draft of a new rule; its id."""
        self._new_id -= 1
        self._drafts[self._new_id] = RuleFields(name)
        return self._new_id

    def keep(self, id_: int, fields: RuleFields) -> None:
        """This is typed now: a draft, unless it is what is saved."""
        saved = self._book.rule(id_)
        if saved is not None and fields == fields_of_rule(saved):
            self.forget(id_)
        elif id_:
            self._drafts[id_] = fields

    def forget(self, id_: int) -> None:
        """Forget what is typed."""
        self._drafts.pop(id_, None)

    def saving(self, name: str, id_: int, fields: RuleFields) -> None:
        """The draft is on its way to be the rule of this name."""
        self._being_saved[name] = (id_, fields)

    def not_saving(self, name: str) -> None:
        """It is on its way no more."""
        self._being_saved.pop(name, None)

    def follow_rules(self, shown: int) -> int:
        """Follow the rules as they stand; the id that the new rule `shown` was given, or 0.

        What was typed on while it was saved is still a draft.
        """
        known = {rule.id for rule in self._book.rules}
        self._drafts = {id_: fields for id_, fields in self._drafts.items() if id_ < 0 or id_ in known}
        given = 0
        for rule in self._book.rules:
            id_, saved = self._being_saved.pop(rule.name, (0, None))
            draft = self._drafts.pop(id_, None) if id_ else None
            if draft is not None and draft != saved:
                self._drafts[rule.id] = draft
            if id_ < 0 and id_ == shown:
                given = rule.id
        return given

    def entries(self, counts: Mapping[int, Mapping[str, int]]) -> list[Entry]:
        """The rules as a list shows them, and after them the new ones."""
        kept = [Entry(rule.id, rule, rule.id in self, counts.get(rule.id, {})) for rule in self._book.rules]
        new = [Entry(id_, rule_of(each, None), unsaved=True) for id_, each in self._drafts.items() if id_ < 0]
        return [*kept, *new]
