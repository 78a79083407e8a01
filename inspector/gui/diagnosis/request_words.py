"""Words for a request that somebody pasted: what it was taken for, what it is, and what cannot be read of it."""

from PySide6.QtCore import QCoreApplication

from inspector.core.formats.reading import Form, Understood, Unreadable
from inspector.gui.diagnosis.texts import sentence
from inspector.gui.widgets.safe_text import marked, shortened


def form_words(form: Form) -> str:
    """The form in words."""
    return _FORMS[form]()


def wrong_in_words(error: Unreadable) -> str:
    """What cannot be read, and where."""
    text = sentence(error.sentence)
    text = f"{text[:1].upper()}{text[1:]}."
    if not error.line:
        return text
    if not error.column:
        return _tr("Line {line}: {text}").format(line=error.line, text=text)
    place = _tr("Line {line}, character {column}: {text}")
    return place.format(line=error.line, column=error.column, text=text)


def summed_up(understood: Understood) -> str:
    """The request in two lines."""
    request = understood.request
    address = shortened(marked(understood.url or request.target), 140)
    kind = (request.headers.first("content-type") or b"").decode("latin-1").partition(";")[0].strip()
    pattern = _tr("{method} {address}\n{headers} headers, body of {size} bytes ({kind})")
    if not request.body:
        pattern = _tr("{method} {address}\n{headers} headers, no body")
    elif not kind:
        pattern = _tr("{method} {address}\n{headers} headers, body of {size} bytes")
    return pattern.format(
        method=marked(request.method),
        address=address,
        headers=len(request.headers),
        size=f"{len(request.body):,}",
        kind=shortened(marked(kind), 60),
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("RequestSource", text)


_FORMS = {
    "raw-http": lambda: _tr("raw HTTP"),
    "curl": lambda: _tr("a cURL command"),
    "powershell": lambda: _tr("a PowerShell command"),
    "har": lambda: _tr("a HAR of a browser or proxy"),
    "jsonl": lambda: _tr("our own export"),
    "json": lambda: _tr("a request in JSON"),
    "fields": lambda: _tr("fields"),
}
