"""What `verify` and `sign` share: the scheme, the secrets and the requests that their flags name."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from inspector.cli.failure import NEGATIVE, WRONG, Failed
from inspector.cli.parser import count_from_zero, folder_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from inspector.core.formats.reading import Pasted
    from inspector.core.handler import Handler
    from inspector.core.request import Request
    from inspector.core.verification.ladder import Link
    from inspector.core.verification.preset import PresetScheme
    from inspector.core.verification.scheme import Scheme
    from inspector.core.verification.secret import Secret, UnreadableSecret


@dataclass(frozen=True, slots=True)
class Received:
    """A request with its name for people and when it came; None where nobody knows."""

    name: str
    request: "Request"
    at: "datetime | None" = None
    url: str = ""  # as the sender called it, where the text says so


def add_scheme_flags(command: argparse.ArgumentParser, *, required: bool) -> None:
    """`--preset`, `--handler`, `--scheme`, `--secret-file` and what a scheme wants besides."""
    which = command.add_mutually_exclusive_group(required=required)
    which.add_argument("--preset", metavar="ID[:SCHEME]", help="a provider, as `providers list` names it")
    which.add_argument("--handler", metavar="NAME", help="a handler of the data folder, with its secrets")
    which.add_argument("--scheme", metavar="FILE", help="a scheme of your own in a TOML file")
    command.add_argument(
        "--secret-file",
        metavar="F",
        action="append",
        help="a file that has the secret, - for standard input; repeatable",
    )
    command.add_argument("--header", metavar="H", help="the header, parameter or field that has the signature")
    command.add_argument(
        "--parameter", metavar="NAME=VALUE", action="append", default=[], help="what the scheme wants besides secrets"
    )
    command.add_argument("--url", metavar="PUBLIC", help="the URL as the sender called it, or its origin")
    command.add_argument("--at", metavar="TIME", help="the time of receipt, ISO 8601 or Unix seconds")


def add_request_flags(command: argparse.ArgumentParser) -> None:
    """`--request` and `--delivery`, and what tells more of a text that was pasted into a file."""
    command.add_argument(
        "--request",
        metavar="FILE",
        help="a cURL command, raw HTTP, a HAR or lines of `export`, told from its text; - for standard input",
    )
    command.add_argument("--entry", metavar="N", type=count_from_zero, help="the entry of a HAR, from 1")
    command.add_argument("--body", metavar="FILE", help="what is in the file that a cURL command names as its body")
    command.add_argument("--delivery", metavar="ID", type=count_from_zero, help="a stored delivery")


def link_of(arguments: argparse.Namespace) -> "Link":
    """The handler that the flags describe, with the secrets to try; one that says nothing where no flag does."""
    from inspector.core.verification.ladder import Link

    handler = _handler(arguments)
    if arguments.secret_file:
        secrets: Sequence[Secret | UnreadableSecret] = _secrets(arguments.secret_file)
    elif arguments.handler is not None:
        secrets = _stored_secrets(arguments, handler)
    else:
        secrets = ()
    return Link(handler, tuple(secrets))


def links_of(arguments: argparse.Namespace) -> "list[Link]":
    """Every handler of the data folder with its secrets."""
    from inspector.core.verification.ladder import Link

    return [Link(handler, tuple(_stored_secrets(arguments, handler))) for handler in _all_stored(arguments)]


def retired_of(arguments: argparse.Namespace, handler: "Handler") -> "list[Secret]":
    """The older secrets of a stored handler that are kept."""
    from inspector.core.verification.secret import Secret

    stored = _stored_secrets(arguments, handler, retired=True)
    return [secret for secret in stored if isinstance(secret, Secret)]


def requests_of(arguments: argparse.Namespace) -> Iterator[Received]:
    """The requests that `--request` and `--delivery` name."""
    if arguments.delivery is not None:
        yield _delivery(arguments)
    if arguments.request is not None:
        yield from _requests(arguments)


def moment(text: str | None) -> "datetime | None":
    """The moment that a flag names. Raises Failed."""
    from datetime import UTC, datetime

    if text is None:
        return None
    try:
        if text.lstrip("-").replace(".", "", 1).isdigit() and text.isascii():
            return datetime.fromtimestamp(float(text), UTC)
        found = datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        raise Failed(WRONG, f"--at {text!r} is neither ISO 8601 nor Unix seconds.") from None
    return found if found.tzinfo is not None else found.astimezone()


def scheme_file(name: str) -> "Scheme":
    """The scheme in the TOML file of that name. Raises Failed."""
    from inspector.core.handler import Handler
    from inspector.core.handler_check import problems
    from inspector.core.verification.preset_file import PresetError, read_scheme

    try:
        scheme = read_scheme(read_file(name).decode("utf-8-sig"), name)
    except UnicodeDecodeError:
        raise Failed(WRONG, f"{name}: not valid TOML: not UTF-8.") from None
    except PresetError as error:
        raise Failed(WRONG, f"{error}.") from None
    for problem in problems(Handler("scheme", scheme)):
        raise Failed(WRONG, f"{name}: {problem.sentence()}")
    return scheme


def preset_scheme(reference: str) -> "PresetScheme":
    """The scheme of `ID[:SCHEME]`. Raises Failed."""
    from inspector import presets

    try:
        return presets.scheme(reference)
    except presets.PresetUnknown as error:
        sentence, near = f"{error}", _near(reference.partition(":")[0], [entry.id for entry in presets.index()])
        meant = f" Did you mean {near!r}?" if near else ""
        raise Failed(NEGATIVE, f"{sentence[:1].upper()}{sentence[1:]}; `providers list` names all.{meant}") from None


def _near(word: str, known: Sequence[str]) -> str:
    """The known word that `word` seems to be a slip of; empty where none is near, or it is known."""
    from difflib import get_close_matches

    return "" if word in known else next(iter(get_close_matches(word, known, n=1)), "")


def parameters_of(pairs: Sequence[str]) -> "Mapping[str, str]":
    """The parameters of `--parameter NAME=VALUE` flags. Raises Failed."""
    found = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise Failed(WRONG, f"--parameter {pair!r} is not NAME=VALUE.")
        found[name] = value
    return found


def named_header(scheme: "Scheme", header: str | None) -> "Scheme":
    """`scheme` with its signature in the header, parameter or field of that name."""
    from inspector.core.verification.scheme import carried_by

    return scheme if header is None else carried_by(scheme, header)


def _handler(arguments: argparse.Namespace) -> "Handler":
    from inspector.core.handler import Handler

    if arguments.handler is not None:
        handler = _stored(arguments)
    elif arguments.preset is not None:
        preset = preset_scheme(arguments.preset)
        reference = f"{arguments.preset.partition(':')[0]}:{preset.id}"
        handler = Handler(arguments.preset, preset.scheme, preset=reference)
    elif arguments.scheme is not None:
        handler = Handler(arguments.scheme, scheme_file(arguments.scheme))
    else:
        from inspector.core.diagnosis.learning import UNKNOWN

        handler = Handler("found", UNKNOWN)
    return replace(
        handler,
        scheme=named_header(handler.scheme, arguments.header),
        public_url=arguments.url or handler.public_url,
        parameters={**handler.parameters, **parameters_of(arguments.parameter)},
    )


def _stored(arguments: argparse.Namespace) -> "Handler":
    found = next((handler for handler in _all_stored(arguments) if handler.name == arguments.handler), None)
    if found is None:
        raise Failed(NEGATIVE, f"There is no handler named {arguments.handler!r}.")
    return found


def _all_stored(arguments: argparse.Namespace) -> "Sequence[Handler]":
    from contextlib import closing

    from inspector.store import Reader

    with closing(Reader(folder_of(arguments))) as reader:
        return reader.handlers()


def _secrets(files: Sequence[str]) -> "list[Secret | UnreadableSecret]":
    from inspector.cli.secret_input import secret_from
    from inspector.core.verification.secret import Secret

    return [Secret(file, secret_from(file).decode("utf-8", "surrogateescape")) for file in files]


def _stored_secrets(
    arguments: argparse.Namespace, handler: "Handler", *, retired: bool = False
) -> "list[Secret | UnreadableSecret]":
    import asyncio

    from inspector.core.verification.secret import Secret, UnreadableSecret
    from inspector.secret_store import SecretUnavailable, open_secret_store

    async def read() -> list[Secret | UnreadableSecret]:
        found: list[Secret | UnreadableSecret] = []
        store = open_secret_store(folder_of(arguments))
        for ref in handler.secrets:
            if ref.retired == retired:
                try:
                    found.append(Secret(ref.label, await store.get(ref.id)))
                except SecretUnavailable as unavailable:
                    found.append(UnreadableSecret(ref.label, unavailable.reason))
        return found

    return asyncio.run(read())


def _delivery(arguments: argparse.Namespace) -> Received:
    from contextlib import closing

    from inspector.store import Reader

    with closing(Reader(folder_of(arguments))) as reader:
        delivery = reader.delivery(arguments.delivery)
    if delivery is None:
        raise Failed(NEGATIVE, f"There is no delivery {arguments.delivery}.")
    return Received(f"delivery {delivery.id}", delivery.request, delivery.received_at)


def _requests(arguments: argparse.Namespace) -> Iterator[Received]:
    from inspector.core.formats.pasted import read_pasted
    from inspector.core.formats.reading import Unreadable

    name = arguments.request
    body = getattr(arguments, "body", None)
    data = read_file(name)
    try:
        pasted = read_pasted(data, _AnyFile(read_file(body)) if body else {})
    except Unreadable as error:
        raise Failed(WRONG, f"{name}: {error}.") from None
    several = len(pasted.requests) > 1
    for place in _chosen(pasted, name, getattr(arguments, "entry", None)):
        understood = pasted.requests[place]
        for remark in understood.assumed:
            print(f"{name}: {remark}", file=sys.stderr)
        title = f"{name}:{place + 1}" if several or pasted.form == "jsonl" else name
        yield Received(title, understood.request, understood.at, understood.url)


class _AnyFile(dict[str, bytes]):
    """One body for whatever file a command names."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def __contains__(self, _name: object) -> bool:
        return True

    def __getitem__(self, _name: str) -> bytes:
        return self._content


def _chosen(pasted: "Pasted", name: str, entry: int | None) -> "Sequence[int]":
    """Which of the requests of a text are meant: all lines of an export, one of the entries of anything else."""
    count = len(pasted.requests)
    if entry is not None:
        if not 1 <= entry <= count:
            raise Failed(WRONG, f"{name} has no entry {entry}: it has {count}.")
        return [entry - 1]
    if pasted.form == "jsonl" or count == 1:
        return range(count)
    print(
        f"{name}: entry {pasted.likeliest + 1} of {count} is taken, {pasted.meant.name}; --entry takes another one.",
        file=sys.stderr,
    )
    return [pasted.likeliest]


def read_file(name: str) -> bytes:
    """The bytes of a file, or of standard input (`-`). Raises Failed."""
    from pathlib import Path

    if name == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(name).read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a file's name"
        raise Failed(WRONG, f"{name} cannot be read: {reason}.") from None
