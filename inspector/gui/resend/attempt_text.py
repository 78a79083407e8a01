"""What was sent and what was answered, as bytes that can be shown as text."""

from inspector.core.attempt import Sent, TargetAnswer
from inspector.core.content_coding import codings_of, decoded
from inspector.gui.deliveries.body_content import kind_of
from inspector.gui.deliveries.raw_text import masked_head

_LARGEST_BODY = 4 << 20


def shown_answer(answer: TargetAnswer | None, *, masked: bool) -> bytes:
    """Head and body as UTF-8; the body without its content coding, as far as that can be undone."""
    if answer is None:
        return b""
    head = masked_head(answer.head) if masked else as_utf8(answer.head)
    body, codings = answer.body, codings_of(answer.headers)
    if codings:
        plain = decoded(body, codings, _LARGEST_BODY)
        body = body if plain.problem else plain.data
    encoding = kind_of(body, answer.headers).encoding
    trailers = b"".join(b"%b: %b\r\n" % line for line in answer.trailers)
    text = _body(bytes(body[:_LARGEST_BODY]), encoding)
    return head + text + (b"\r\n" + (masked_head(trailers) if masked else as_utf8(trailers)) if trailers else b"")


def shown_request(sent: Sent, *, masked: bool) -> bytes:
    """The request as it went on the wire, as UTF-8, its body's beginning."""
    head = masked_head(sent.head) if masked else as_utf8(sent.head)
    body = _body(bytes(sent.body[:_LARGEST_BODY]), "utf-8")
    return head + sent.before_body + body + sent.after_body


def as_text(data: bytes) -> str:
    """Bytes of `shown_answer` or `shown_request` as text."""
    return data.decode("utf-8", "replace")


def as_utf8(text: bytes) -> bytes:
    """Bytes of a head, each one character, as UTF-8."""
    return text.decode("latin-1").encode()


def _body(body: bytes, encoding: str) -> bytes:
    try:
        return body.decode(encoding).encode()
    except (UnicodeDecodeError, LookupError):
        return as_utf8(body)
