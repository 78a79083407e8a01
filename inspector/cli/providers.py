"""`providers`: the presets that are shipped, listed and shown."""

import argparse
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from inspector.cli.failure import DONE, NEGATIVE, Failed
from inspector.cli.parser import Commands, Parser, add_command

if TYPE_CHECKING:
    from inspector.core.verification.preset import Preset, PresetScheme


def add_to(commands: Commands) -> None:
    """Add the command and its own commands."""
    summary = "list and show the providers whose signatures are known"
    providers = add_command(commands, "providers", summary, example="  webhook-inspector providers show stripe")
    own = providers.add_subparsers(metavar="COMMAND", required=True, title="commands", parser_class=Parser)
    list_ = add_command(own, "list", "print all providers", example="  webhook-inspector providers list pay")
    list_.add_argument(
        "words", metavar="WORDS", nargs="?", default="", help="only those with it in id, name or category"
    )
    list_.add_argument("--json", action="store_true", help="print JSON, an object a line")
    list_.set_defaults(run=_list)
    show = add_command(own, "show", "print what is known of one", example="  webhook-inspector providers show stripe")
    show.add_argument("id", metavar="ID", help="the provider, as `providers list` names it")
    show.add_argument("--json", action="store_true", help="print one JSON object")
    show.set_defaults(run=_show)


def _list(arguments: argparse.Namespace) -> int:
    from inspector import presets

    wanted = arguments.words.casefold()
    found = [e for e in presets.index() if wanted in f"{e.id} {e.name} {e.category}".casefold()]
    for entry in found:
        fields = {"id": entry.id, "name": entry.name, "category": entry.category}
        print(json.dumps(fields) if arguments.json else f"{entry.id:<28}  {entry.category:<15}  {entry.name}")
    return DONE if found else NEGATIVE


def _show(arguments: argparse.Namespace) -> int:
    import msgspec

    from inspector import presets

    try:
        preset = presets.preset(arguments.id)
    except presets.PresetUnknown as error:
        sentence = str(error)
        raise Failed(NEGATIVE, f"{sentence[:1].upper()}{sentence[1:]}; `providers list` names all.") from None
    if arguments.json:
        print(msgspec.json.encode(preset).decode())
    else:
        for line in _lines(preset):
            print(line)
    return DONE


def _lines(preset: "Preset") -> Iterator[str]:
    from inspector.core.retry_schedule import delays_text
    from inspector.samples import sample_book

    yield f"{preset.name}  ({preset.id}, {preset.category}, {preset.certainty})"
    if preset.documentation:
        yield f"Documentation: {preset.documentation}"
    for each in preset.schemes:
        yield ""
        yield from _scheme_lines(each)
    if preset.handshakes:
        yield ""
        methods = ", ".join(handshake.when.method or "any method" for handshake in preset.handshakes)
        yield f"Handshake: {methods}"
    if (ack := preset.acknowledgement) is not None:
        yield ""
        limit = f" within {ack.timeout_s:g} s" if ack.timeout_s is not None else ""
        yield f"Expects {ack.success}{limit}"
        delays = delays_text(ack.retry or ())
        if delays or ack.retry_note:
            yield f"Tries again: {'; '.join(filter(None, (delays, ack.retry_note)))}"
    if samples := sample_book(preset.id).samples:
        yield ""
        yield f"Samples to simulate: {', '.join(sample.event for sample in samples)}"
    if preset.pitfalls:
        yield ""
        yield from (f"- {pitfall}" for pitfall in preset.pitfalls)


def _scheme_lines(each: "PresetScheme") -> Iterator[str]:
    from inspector.core.verification.template import written

    scheme = each.scheme
    yield f"Scheme {each.id}" + (f": {each.label}" if each.label else "")
    words = [scheme.kind, scheme.algorithm or ", ".join(scheme.algorithms), scheme.encoding if scheme.algorithm else ""]
    yield f"  {' '.join(filter(None, words))}"
    if (place := scheme.signature) is not None:
        name = place.name or place.path or ("named by you" if place.configurable else "")
        yield f"  signature: {place.place} {name}".rstrip() + (f", {place.format}" if place.format != "raw" else "")
    if scheme.kind in ("hmac", "hash", "asymmetric"):
        yield f"  content: {written(scheme.content)}"
    yield f"  secret: {scheme.secret.type}" + (f", {scheme.secret.decode}" if scheme.secret.decode != "utf8" else "")
    if (time := scheme.timestamp) is not None:
        allowed = f"{time.tolerance_s} s allowed" if time.tolerance_s is not None else "not limited"
        yield f"  timestamp: {time.value} in {time.unit}, {allowed}"
    if each.unsure:
        yield f"  not confirmed: {each.unsure}"
