"""The requests themselves, as values that go over the channel."""

from msgspec import Struct

from inspector.core.verification.scheme import Scheme


class BaseCommand(Struct, frozen=True, tag_field="verb", forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """One request; unknown fields are an error, so that a newer start is not half understood by an older one."""


class NewSecret(Struct, frozen=True):
    """A secret on its way into the secret store. Its `repr` does not show it."""

    label: str
    value: bytes

    def __repr__(self) -> str:
        return f"NewSecret({self.label!r})"

    @property
    def text(self) -> str:
        """The value as the secret store keeps it: bytes that are not UTF-8 survive."""
        return self.value.decode("utf-8", "surrogateescape")


class HandlerValues(Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What is to be set of a handler; None leaves it as it is, or as new handlers of this verification have it."""

    name: str | None = None
    user: str | None = None
    verification: str | None = None  # a word of verification_type
    scheme: Scheme | None = None  # instead of a verification type
    preset: str | None = None  # the provider and scheme that `scheme` is of
    public_url: str | None = None
    parameters: dict[str, str] | None = None
    algorithm: str | None = None
    header: str | None = None
    prefix: str | None = None
    path: str | None = None
    status: int | None = None
    body: str | None = None
    enabled: bool | None = None


class AddHandler(BaseCommand, frozen=True, tag="add-handler"):
    """A new handler at `position` (from 1), or at the end."""

    values: HandlerValues
    secret: NewSecret | None = None
    position: int | None = None


class EditHandler(BaseCommand, frozen=True, tag="edit-handler"):
    """Change the handler of this name. A secret takes the place of the one with its label; `retire` is a label."""

    name: str
    values: HandlerValues = HandlerValues()
    secret: NewSecret | None = None
    retire: str | None = None


class RemoveHandler(BaseCommand, frozen=True, tag="remove-handler"):
    """Take the handler of this name out of the chain."""

    name: str


class MoveHandler(BaseCommand, frozen=True, tag="move-handler"):
    """Put the handler of this name at `position` (from 1)."""

    name: str
    position: int


class ImportHandlers(BaseCommand, frozen=True, tag="import-handlers"):
    """Add the handlers of a TOML document at the end. `replace_same`: one of a known name takes that one's place."""

    toml: str
    replace_same: bool = False


class OpenDelivery(BaseCommand, frozen=True, tag="open"):
    """Come to the front and show the delivery of this id (0: only come to the front)."""

    id: int = 0


type Command = AddHandler | EditHandler | RemoveHandler | MoveHandler | ImportHandlers | OpenDelivery


class Done(Struct, frozen=True, omit_defaults=True):
    """What was done: the names it concerns, where the first of them stands, and remarks by their identifiers."""

    names: tuple[str, ...] = ()
    position: int = 0
    remarks: tuple[str, ...] = ()
    notice: str = ""  # where secrets are kept, when a secret was given and it is not the keyring
