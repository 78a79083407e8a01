"""The bytes that a hypothesis signs: what many hypotheses share is made once."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from inspector.core.diagnosis.case import Case
from inspector.core.diagnosis.choices import BodyChoice, ContentChoice, UrlChoice
from inspector.core.diagnosis.values import own_values
from inspector.core.verification.reading import Reading
from inspector.core.verification.scheme import Part
from inspector.core.verification.signed_content import fill

type Pieces = tuple[bytes | None, ...]
"""What a content comes to whatever the body is; None stands for the body."""

_OF_ANY_BODY = frozenset({"text", "value", "method", "url", "header", "query"})
_MOST_KEPT = 2_000
"""So many contents are remembered by their pieces; a search through all templates has many more."""


@dataclass(slots=True)
class Filling:
    """Fills the contents of one case with its bodies and URLs."""

    case: Case
    _readings: dict[tuple[int, int], Reading] = field(default_factory=dict)
    _moving: frozenset[str] | None = None
    _kept: dict[tuple[int, int], tuple[ContentChoice, UrlChoice, Pieces | None]] = field(default_factory=dict)

    def content(
        self, content: ContentChoice, body: BodyChoice, url: UrlChoice, key: bytes, *, as_hmac: bool = False
    ) -> bytes:
        """The signed content. `as_hmac`: the secret is the key of an HMAC and no part of the content any more."""
        pieces = self._pieces(content, url)
        if pieces is None:
            values = self._values(content, body, url)
            reading, shown = self._reading(body, url), b"" if as_hmac else key
            filled = [_filled(part, values, reading, shown) for part in content.parts]
        else:
            filled = [body.body if piece is None else piece for piece in pieces]
        return filled[0] if len(filled) == 1 else b"".join(filled)

    def is_shared(self, content: ContentChoice, url: UrlChoice) -> bool:
        """Whether the content is surely the same whatever the key is."""
        return self._pieces(content, url) is not None

    def may_have_body(self, content: ContentChoice, url: UrlChoice) -> bool:
        """Whether the content may be another one with another body."""
        pieces = self._pieces(content, url)
        return pieces is None or None in pieces

    def is_same_at(self, content: ContentChoice, url: UrlChoice, other: UrlChoice) -> bool:
        """Whether the content is surely the same with either URL."""
        pieces = self._pieces(content, url)
        return pieces is not None and pieces == self._pieces(content, other)

    def _pieces(self, content: ContentChoice, url: UrlChoice) -> Pieces | None:
        """None where it depends on the body in another way, or on the key."""
        kept = self._kept.get((id(content), id(url)))
        if kept is None:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            # The choices are held with it, so that nothing new can be taken for them.
            kept = self._kept[id(content), id(url)] = (content, url, self._made_pieces(content, url))
        return kept[2]

    def _made_pieces(self, content: ContentChoice, url: UrlChoice) -> Pieces | None:
        moving = self._moving_values
        if any(part.part not in _OF_ANY_BODY and part.part != "body" for part in content.parts):
            return None
        if any(part.part == "value" and part.name in moving for part in content.parts):
            return None
        reading = Reading(self.case.request, url.url)
        pieces: list[bytes | None] = []
        for part in content.parts:
            piece = None if part.part == "body" else _filled(part, content.values, reading, b"")
            if piece is not None and pieces and (before := pieces[-1]) is not None:
                pieces[-1] = before + piece
            elif piece != b"":
                pieces.append(piece)
        return tuple(pieces) or (b"",)

    @property
    def _moving_values(self) -> frozenset[str]:
        """The names of the values that are made of the body or the URL."""
        if self._moving is None:
            values = self.case.scheme.values
            self._moving = frozenset(
                name for name, source in values.items() if source.place not in ("header", "signature")
            )
        return self._moving

    def _values(self, content: ContentChoice, body: BodyChoice, url: UrlChoice) -> Mapping[str, bytes]:
        """The content's values, those that are made of the body or URL as the hypothesis has these."""
        moving = self._moving_values
        if not moving or not (body.cause or url.cause):
            return content.values
        own = own_values(self._reading(body, url), self.case.scheme)
        return {**content.values, **{name: value for name, value in own.items() if name in moving}}

    def _reading(self, body: BodyChoice, url: UrlChoice) -> Reading:
        key = (id(body), id(url))
        if key not in self._readings:
            request = replace(self.case.request, body=body.body) if body.cause else self.case.request
            self._readings[key] = Reading(request, url.url)
        return self._readings[key]


def _filled(part: Part, values: Mapping[str, bytes], reading: Reading, key: bytes) -> bytes:
    match part.part:
        case "body":
            return bytes(reading.request.body)
        case "text":
            return part.text.encode()
        case "value":
            return values.get(part.name, b"")
        case "secret":
            return key
        case _:
            return bytes(fill(reading, part, values, key))
