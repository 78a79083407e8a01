"""A handler as it stands in the form, before it is saved."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from inspector.core.handler import Handler, SecretRef
from inspector.core.handler_check import Problem, problems

type HeaderPairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class DraftSecret:
    """A secret in the form: one that is kept (`ref`), or one that was typed and is not kept yet (`value`)."""

    label: str
    ref: SecretRef | None = None
    value: str = field(default="", repr=False)
    retired: bool = False

    def ref_with(self, id_: str) -> SecretRef:
        """The reference to store; `id_` is where a new value is kept."""
        kept = self.ref or SecretRef(id_, self.label)
        return replace(kept, label=self.label, retired=self.retired)


@dataclass(frozen=True, slots=True)
class Draft:
    """What is in the form. `handler` has all but what may be unfinished: secrets, the answer's headers, some fields."""

    handler: Handler
    secrets: tuple[DraftSecret, ...] = ()
    header_lines: str = ""
    unfinished: tuple[tuple[str, str], ...] = ()  # fields of the scheme that cannot be read, and what stands in them

    def saved_with(self, ids: Sequence[str]) -> Handler:
        """The handler to store; `ids` are where the values of its new secrets are kept, in their order."""
        new = iter(ids)
        refs = tuple(secret.ref_with("" if secret.ref else next(new)) for secret in self.secrets)
        pairs, _ = parsed_headers(self.header_lines)
        response = replace(self.handler.response, headers=pairs)
        return replace(self.handler, secrets=refs, response=response)

    @property
    def new_values(self) -> tuple[str, ...]:
        """The values of the secrets that are not kept yet."""
        return tuple(secret.value for secret in self.secrets if secret.ref is None)

    def differs_from(self, saved: Handler) -> bool:
        """Whether saving would change anything of `saved`."""
        return bool(self.new_values) or self != draft_of(saved)

    def problems(self, others: Iterable[Handler]) -> tuple[Problem, ...]:
        """What keeps it from being stored beside `others`."""
        pairs, unread = parsed_headers(self.header_lines)
        handler = replace(self.handler, response=replace(self.handler.response, headers=pairs))
        lines = tuple(Problem("headers", "no-colon", str(number)) for number in unread)
        empty = tuple(
            Problem("secrets", "empty", str(i)) for i, s in enumerate(self.secrets) if not s.ref and not s.value
        )
        unlabelled = tuple(
            Problem("secrets", "no-label", str(i)) for i, s in enumerate(self.secrets) if not s.label.strip()
        )
        unread_fields = tuple(Problem(name, "unreadable") for name, _ in self.unfinished)
        return (*unread_fields, *problems(handler, others), *lines, *unlabelled, *empty)


def draft_of(handler: Handler) -> Draft:
    """The form's contents for a stored handler."""
    secrets = tuple(DraftSecret(ref.label, ref, retired=ref.retired) for ref in handler.secrets)
    lines = "\n".join(f"{name}: {value}" for name, value in handler.response.headers)
    bare = replace(handler, revision=0, secrets=(), response=replace(handler.response, headers=()))
    return Draft(bare, secrets, lines)


def parsed_headers(text: str) -> tuple[HeaderPairs, tuple[int, ...]]:
    """The header lines in `text`, and the numbers (from 1) of lines without a colon; empty lines do not count."""
    pairs: list[tuple[str, str]] = []
    unread: list[int] = []
    for number, line in enumerate(text.split("\n"), 1):
        name, colon, value = line.partition(":")
        if not line.strip():
            continue
        if colon:
            pairs.append((name.strip(" \t"), value.strip(" \t")))
        else:
            unread.append(number)
    return tuple(pairs), tuple(unread)
