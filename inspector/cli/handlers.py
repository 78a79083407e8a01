"""`handlers`: the chain of handlers, listed, changed, imported and exported."""

import argparse
import json
import sys
from typing import TYPE_CHECKING

from inspector.cli.failure import DONE, NEGATIVE, WRONG, Failed
from inspector.cli.parser import Commands, Parser, add_command, count_from_zero, folder_of

if TYPE_CHECKING:
    from inspector.commands import Command, Done, HandlerValues, NewSecret
    from inspector.core.handler import Handler

_VERIFICATIONS = """verification types and what they have where no flag says otherwise:
  hmac          hex HMAC, sha256, header X-Hub-Signature-256, prefix sha256= (no prefix in another header)
  base64-hmac   base64 HMAC, sha256, header Webhook-Signature ("base64 hmac" is the same)
  token         the secret itself, header X-Token
  none          answers everything

"""
_ADD_EXAMPLE = """  webhook-inspector handlers add --name shop --user deploy --preset shopify --secret-file key
  webhook-inspector handlers add --name github --user deploy --verification hmac --secret-file key
  webhook-inspector handlers add --name any --verification none --user tester"""


def add_to(commands: Commands) -> None:
    """Add the command and its own commands."""
    summary = "list and change the handlers; a running instance uses the change for its next delivery"
    example = "  webhook-inspector handlers add --name any --verification none --user tester"
    handlers = add_command(commands, "handlers", summary, example=example)
    own = handlers.add_subparsers(metavar="COMMAND", required=True, title="commands", parser_class=Parser)
    _add_list(own)
    _add_add(own)
    _add_edit(own)
    _add_remove_and_move(own)
    _add_import_and_export(own)


def _add_list(own: Commands) -> None:
    command = add_command(
        own,
        "list",
        "print the handlers in the order in which they are tried",
        example="  webhook-inspector handlers list",
    )
    command.add_argument("--json", action="store_true", help="print JSON, an object a line")
    command.set_defaults(run=_list)


def _add_add(own: Commands) -> None:
    command = add_command(own, "add", "add a handler at the end", example=_ADD_EXAMPLE)
    command.epilog = _VERIFICATIONS + str(command.epilog)
    command.add_argument("--name", metavar="N", required=True, help="its name, unique among the handlers")
    _add_scheme_flags(command, required=True)
    _add_value_flags(command)
    command.add_argument("--position", metavar="P", type=count_from_zero, help="1 is tried first (default: last)")
    command.add_argument("--disabled", action="store_true", help="add it switched off")
    command.add_argument("--no-secret", action="store_true", help="add it without a secret; `edit` gives it one later")
    command.set_defaults(run=_add)


def _add_edit(own: Commands) -> None:
    example = "  webhook-inspector handlers edit github --secret-file new.secret --label 2026 --retire default"
    command = add_command(own, "edit", "change a handler; what has no flag stays as it is", example=example)
    command.epilog = _VERIFICATIONS + str(command.epilog)
    command.add_argument("handler", metavar="NAME", help="the handler's name")
    command.add_argument("--name", metavar="N", help="a new name")
    _add_scheme_flags(command, required=False)
    _add_value_flags(command)
    command.add_argument("--ask-secret", action="store_true", help="ask for a new secret on the terminal")
    command.add_argument("--retire", metavar="LABEL", help="no longer try the secret of this label")
    switch = command.add_mutually_exclusive_group()
    switch.add_argument("--enable", action="store_true", help="switch it on")
    switch.add_argument("--disable", action="store_true", help="switch it off")
    command.set_defaults(run=_edit)


def _add_scheme_flags(command: argparse.ArgumentParser, *, required: bool) -> None:
    which = command.add_mutually_exclusive_group(required=required)
    which.add_argument("--verification", metavar="V", help="base64-hmac, hmac, token or none")
    which.add_argument("--preset", metavar="ID[:SCHEME]", help="as a provider signs, as `providers list` names it")
    which.add_argument("--scheme", metavar="FILE", help="a scheme of your own in a TOML file")
    command.add_argument(
        "--public-url",
        metavar="URL",
        help="how senders call it behind a proxy, or `forwarded` to believe the proxy",
    )
    command.add_argument(
        "--parameter", metavar="NAME=VALUE", action="append", default=[], help="what the scheme wants besides secrets"
    )


def _add_value_flags(command: argparse.ArgumentParser) -> None:
    command.add_argument("--user", metavar="U", help="the acting user")
    command.add_argument("--algorithm", metavar="A", help="the digest of an HMAC")
    command.add_argument("--header", metavar="H", help="the header, parameter or field that has the signature or token")
    command.add_argument("--prefix", metavar="P", help="what stands before it in the header, as sha256=")
    command.add_argument("--path", metavar="GLOB", help="only for these paths: * within a segment, ** across them")
    command.add_argument("--status", metavar="S", type=count_from_zero, help="the status of the answer (default 200)")
    command.add_argument("--body", metavar="B", help="the body of the answer (default ok)")
    command.add_argument(
        "--secret-file", metavar="F", help="the file that has the secret, - for standard input; else it is asked for"
    )
    command.add_argument("--label", metavar="L", help="what the secret is called (default: default)")


def _add_remove_and_move(own: Commands) -> None:
    remove = add_command(own, "remove", "remove a handler", example="  webhook-inspector handlers remove github")
    remove.add_argument("handler", metavar="NAME", help="the handler's name")
    remove.set_defaults(run=_remove)
    example = "  webhook-inspector handlers move github 1"
    move = add_command(own, "move", "put a handler at another position", example=example)
    move.add_argument("handler", metavar="NAME", help="the handler's name")
    move.add_argument("position", metavar="POSITION", type=count_from_zero, help="1 is tried first")
    move.set_defaults(run=_move)


def _add_import_and_export(own: Commands) -> None:
    example = "  webhook-inspector handlers import handlers.toml"
    summary = "add the handlers of a TOML file, all or none; secrets are added with `edit`"
    import_ = add_command(own, "import", summary, example=example)
    import_.add_argument("file", metavar="FILE", help="the file, - for standard input")
    import_.add_argument(
        "--replace", action="store_true", help="replace those of the same name; they keep their secrets"
    )
    import_.set_defaults(run=_import)
    example = "  webhook-inspector handlers export --output handlers.toml"
    export = add_command(own, "export", "print the handlers as TOML, without secrets", example=example)
    export.add_argument("--output", metavar="FILE", help="write into FILE instead of standard output")
    export.set_defaults(run=_export)


def _list(arguments: argparse.Namespace) -> int:
    for position, handler in enumerate(_handlers(arguments), 1):
        print(_json(position, handler) if arguments.json else _line(position, handler))
    return DONE


def _add(arguments: argparse.Namespace) -> int:
    from inspector.commands import AddHandler, check_alone

    if arguments.body is None and arguments.preset is not None:
        arguments.body = _wanted_answer(arguments.preset)
    values = _values(arguments, enabled=False if arguments.disabled else None)
    has_secret = _wants_secret(values) and not arguments.no_secret
    if arguments.secret_file is None:
        check_alone(AddHandler(values=values))  # before anybody types a secret
    secret = _secret(arguments) if has_secret or arguments.secret_file is not None else None
    command = AddHandler(values=values, secret=secret, position=arguments.position)
    check_alone(command)
    done = _performed(arguments, command)
    print(f"Added {done.names[0]!r} at position {done.position}.")
    return DONE


def _wants_secret(values: "HandlerValues") -> bool:
    """Whether a secret is asked for: not where there is none, and not where keys are fetched."""
    from inspector.core.verification.verify import KEYS_MAY_BE_FETCHED

    if values.scheme is None:
        return (values.verification or "").strip().lower() != "none"
    return values.scheme.kind != "none" and values.scheme.secret.type not in KEYS_MAY_BE_FETCHED


def _edit(arguments: argparse.Namespace) -> int:
    from inspector.commands import EditHandler

    enabled = True if arguments.enable else False if arguments.disable else None
    _check_known(arguments)
    secret = _secret(arguments) if arguments.secret_file is not None or arguments.ask_secret else None
    if secret is None and arguments.label is not None:
        raise Failed(WRONG, "--label names a new secret: give --secret-file or --ask-secret with it.")
    values = _values(arguments, enabled=enabled)
    done = _performed(
        arguments, EditHandler(name=arguments.handler, values=values, secret=secret, retire=arguments.retire)
    )
    print(f"Changed {done.names[0]!r}.")
    return DONE


def _remove(arguments: argparse.Namespace) -> int:
    from inspector.commands import RemoveHandler

    _check_known(arguments)
    _performed(arguments, RemoveHandler(name=arguments.handler))
    print(f"Removed {arguments.handler!r}.")
    return DONE


def _move(arguments: argparse.Namespace) -> int:
    from inspector.commands import MoveHandler

    _check_known(arguments)
    _performed(arguments, MoveHandler(name=arguments.handler, position=arguments.position))
    print(f"{arguments.handler!r} is at position {arguments.position}.")
    return DONE


def _import(arguments: argparse.Namespace) -> int:
    from pathlib import Path

    from inspector.commands import ImportHandlers
    from inspector.core.formats.handlers_toml import HandlersMalformed, handlers_from

    try:
        raw = sys.stdin.buffer.read() if arguments.file == "-" else Path(arguments.file).read_bytes()
        text = raw.decode("utf-8-sig")
        handlers_from(text)
    except OSError as error:
        raise Failed(WRONG, f"{arguments.file} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise Failed(WRONG, f"{arguments.file}: not valid TOML: not UTF-8.") from None
    except HandlersMalformed as error:
        raise Failed(WRONG, f"{arguments.file}: {error}.") from None
    done = _performed(arguments, ImportHandlers(toml=text, replace_same=arguments.replace))
    print(f"Imported {len(done.names)} handlers.")
    return DONE


def _export(arguments: argparse.Namespace) -> int:
    from pathlib import Path

    from inspector.atomic import write_atomically
    from inspector.core.formats.handlers_toml import handlers_toml

    text = handlers_toml(_handlers(arguments))
    if arguments.output is None:
        sys.stdout.buffer.write(text.encode())
        return DONE
    try:
        write_atomically(Path(arguments.output), text)
    except OSError as error:
        raise Failed(WRONG, f"{arguments.output} cannot be written: {error.strerror}.") from None
    return DONE


def _values(arguments: argparse.Namespace, *, enabled: bool | None) -> "HandlerValues":
    from inspector.cli.signing import parameters_of, preset_scheme, scheme_file
    from inspector.commands import HandlerValues

    scheme = preset = None
    if arguments.preset is not None:
        found = preset_scheme(arguments.preset)
        scheme, preset = found.scheme, f"{arguments.preset.partition(':')[0]}:{found.id}"
    elif arguments.scheme is not None:
        scheme = scheme_file(arguments.scheme)
    return HandlerValues(
        name=arguments.name,
        user=arguments.user,
        verification=arguments.verification,
        scheme=scheme,
        preset=preset,
        public_url=arguments.public_url,
        parameters=dict(parameters_of(arguments.parameter)) or None,
        algorithm=arguments.algorithm,
        header=arguments.header,
        prefix=arguments.prefix,
        path=arguments.path,
        status=arguments.status,
        body=arguments.body,
        enabled=enabled,
    )


def _wanted_answer(reference: str) -> str | None:
    """The text that the provider wants to be answered, if it wants one. Raises Failed."""
    from inspector import presets
    from inspector.cli.signing import preset_scheme

    preset_scheme(reference)  # said here if there is none
    acknowledgement = presets.preset(reference.partition(":")[0]).acknowledgement
    return None if acknowledgement is None else acknowledgement.body


def _secret(arguments: argparse.Namespace) -> "NewSecret":
    from inspector.cli.secret_input import secret_from
    from inspector.commands import NewSecret

    return NewSecret("default" if arguments.label is None else arguments.label, secret_from(arguments.secret_file))


def _performed(arguments: argparse.Namespace, command: "Command") -> "Done":
    from inspector.cli.reach import performed

    done = performed(folder_of(arguments), command)
    for remark in done.remarks:
        print(f"Note: {_REMARKS.get(remark, remark)}", file=sys.stderr)
    if done.notice:
        print(f"Note: {done.notice}", file=sys.stderr)
    return done


def _handlers(arguments: argparse.Namespace) -> "tuple[Handler, ...]":
    from contextlib import closing

    from inspector.store import Reader

    with closing(Reader(folder_of(arguments))) as reader:
        return reader.handlers()


def _check_known(arguments: argparse.Namespace) -> None:
    """Raises Failed where there is no such handler: a store is not made for one that cannot be there."""
    if all(handler.name != arguments.handler for handler in _handlers(arguments)):
        raise Failed(NEGATIVE, f"There is no handler named {arguments.handler!r}.")


def _line(position: int, handler: "Handler") -> str:
    from inspector.cli.terminal import escaped
    from inspector.core.verification.digests import digest_named
    from inspector.core.verification.verification_type import type_of

    scheme = handler.scheme
    kind = type_of(scheme)
    words = [f"{position:>3}", handler.name, handler.preset or (kind.id if kind else scheme.kind)]
    if scheme.kind == "hmac":
        words.append(scheme.algorithm + ("" if digest_named(scheme.algorithm) else " (not available on this machine)"))
    if scheme.signature is not None:
        words.append(scheme.signature.name + (f" {scheme.signature.prefix}..." if scheme.signature.prefix else ""))
    words.append(f"as {handler.user}" if handler.user else "as nobody")
    words.append(f"path {handler.path}" if handler.path else "every path")
    words += [f"secret {ref.label}{' (retired)' if ref.retired else ''}" for ref in handler.secrets]
    words += [] if handler.enabled else ["disabled"]
    return "  ".join(map(escaped, words))


def _json(position: int, handler: "Handler") -> str:
    import msgspec

    fields = {
        "position": position,
        "name": handler.name,
        "enabled": handler.enabled,
        "user": handler.user,
        "path": handler.path,
        "preset": handler.preset,
        "public_url": handler.public_url,
        "parameters": dict(handler.parameters),
        "scheme": msgspec.to_builtins(handler.scheme),
        "secrets": [{"label": ref.label, "retired": ref.retired} for ref in handler.secrets],
        "status": handler.response.status,
        "headers": handler.response.headers,
        "body": handler.response.body,
    }
    return json.dumps(fields)


_REMARKS = {
    "white-space": "the secret begins or ends with white space or an invisible character; it counts as a part of it.",
    "other-kind": "the secret begins as a key of another kind does.",
    "too-short": "the secret is so short that it can be guessed.",
    "test-key": "this is a test-mode key, and the handler's name says that it is the live one.",
    "signature": "the secret looks like a signature, not like a secret.",
    "algorithm-not-available": 'this machine lacks the algorithm; the outcome of the handler is "cannot be checked".',
    "secrets-to-add": "the secrets are not in the file; add them with `handlers edit NAME --secret-file F --label L`.",
}
