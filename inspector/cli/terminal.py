"""Text on a terminal: nothing that came over the network reaches it raw."""

from collections.abc import Sequence

from inspector.core.credential import CREDENTIAL
from inspector.core.delivery import Summary, Verdict
from inspector.core.formats.jsonl import iso


def escaped(text: str) -> str:
    """`text` with every control, direction-changing and invisible character written as its escape."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _escape(char) for char in text)


def escaped_lines(text: str) -> str:
    """The same for a text of several lines: line feeds, with or without a carriage return, and tabs are kept."""
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join("\t".join(map(escaped, line.split("\t"))) for line in lines)


def is_credential(name: str, also: Sequence[str] = ()) -> bool:
    """Whether what stands under `name` (of a header or parameter) may let its reader act as somebody."""
    return CREDENTIAL.search(name) is not None or name.lower() in {each.lower() for each in also}


def masked(value: str) -> str:
    """What is shown in the place of a credential."""
    return f"***** ({len(value)} characters)"


def masked_target(target: str) -> str:
    """The target with the values of credential-like query parameters masked."""
    path, question, query = target.partition("?")
    if not question:
        return target
    return path + question + "&".join(map(_masked_parameter, query.split("&")))


def summary_line(summary: Summary) -> str:
    """A delivery on one line."""
    what = summary.handler or summary.reason or "-"
    size = f"{summary.body_size:,} B"
    target = _shortened(escaped(summary.target), 80)
    method = _shortened(escaped(summary.method), 20)
    return (
        f"{summary.id:>6}  {iso(summary.received_ns)[:23]}Z  {_WORDS[summary.verdict]:<9}  {summary.status or '-':>3}  "
        f"{method:<7} {target}  {_shortened(escaped(what), 40)}  {size}  {summary.remote}"
    )


_WORDS = {
    Verdict.WON: "won",
    Verdict.FAILED: "failed",
    Verdict.HANDSHAKE: "handshake",
    Verdict.REFUSED: "refused",
}


def _masked_parameter(pair: str) -> str:
    name, equals, value = pair.partition("=")
    return f"{name}=*****" if value and is_credential(name) else f"{name}{equals}{value}"


def _escape(char: str) -> str:
    code = ord(char)
    match char:
        case "\n":
            return "\\n"
        case "\r":
            return "\\r"
        case "\t":
            return "\\t"
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _shortened(text: str, most: int) -> str:
    """`text` with its middle left out and its length said where it is longer than `most` characters."""
    if len(text) <= most:
        return text
    half = (most - 12) // 2
    return f"{text[:half]}...({len(text)})...{text[-half:]}"
