"""The signed content can be written as a text and read back; what cannot be read is named with its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.core.verification.scheme import Part
from inspector.core.verification.template import TemplateError, completions, parse, written

NAMES = st.text(min_size=1).filter(lambda name: ":" not in name)
DIGESTS = st.sampled_from(["sha1", "sha256", "sha512"])
FIELDS = st.one_of(
    st.builds(
        Part, part=st.sampled_from(["header", "query", "form"]), name=st.text(min_size=1), lowercase=st.booleans()
    ),
    st.builds(Part, part=st.just("value"), name=NAMES, lowercase=st.booleans()),
    st.builds(Part, part=st.just("json"), path=st.text(min_size=1)),
    st.builds(Part, part=st.sampled_from(["body", "method", "secret", "form-sorted"]), lowercase=st.booleans()),
    st.builds(Part, part=st.just("url"), component=st.sampled_from(["", "no-query", "path-query"])),
    st.builds(
        Part, part=st.just("body-digest"), digest=DIGESTS, encoding=st.sampled_from(["", "hex", "base64", "raw"])
    ),
)
TEXTS = st.builds(Part, part=st.just("text"), text=st.text(min_size=1))
OPTIONALS = st.builds(Part, part=st.just("optional"), prefix=st.text(), suffix=st.text(), source=FIELDS)


@given(st.lists(st.one_of(FIELDS, OPTIONALS, TEXTS)))
def test_parts_written_and_read_are_the_same_parts(parts: list[Part]) -> None:
    joined: list[Part] = []
    for part in parts:  # two texts in a row are one
        if joined and part.part == joined[-1].part == "text":
            joined[-1] = Part(part="text", text=joined[-1].text + part.text)
        else:
            joined.append(part)
    assert parse(written(joined)) == tuple(joined)


@given(st.text(alphabet="abc{}?:|\\.lower" + "\n"))
def test_any_text_is_read_or_refused_with_its_place(text: str) -> None:
    parts, position = read_or_refused(text)
    assert 0 <= position <= len(text)
    assert parse(written(parts)) == parts


def read_or_refused(text: str) -> tuple[tuple[Part, ...], int]:
    try:
        return parse(text), 0
    except TemplateError as error:
        return (), error.position


@pytest.mark.parametrize(
    "text",
    [
        "{body}",
        "{timestamp}.{body}",
        "v0:{timestamp}:{body}",
        "{?id:{query:data.id|lower};}{?ts:{ts};}",
        r"{timestamp}\n{query_sorted}\n{body-digest:sha256:raw}",
        r"\{{json:a.b}\}|{header:a\|lower}",
        "{method}{url}{url:no-query}{url:path-query}{form-sorted}{secret}{header:X-Id}{form:a[b]}",
        "{value:body}",
    ],
)
def test_a_template_is_written_as_it_was(text: str) -> None:
    assert written(parse(text)) == text


def test_the_parts_of_a_template_are_what_it_says() -> None:
    assert parse(r"v2;{url}|{id}\n{?x={header:X-Id|lower};}") == (
        Part(part="text", text="v2;"),
        Part(part="url"),
        Part(part="text", text="|"),
        Part(part="value", name="id"),
        Part(part="text", text="\n"),
        Part(part="optional", prefix="x=", suffix=";", source=Part(part="header", name="X-Id", lowercase=True)),
    )


@pytest.mark.parametrize(
    ("text", "position", "words"),
    [
        ("{timestamp}.{boody}", 13, "unknown part 'boody'; allowed: timestamp, body"),
        ("a{body", 1, "not closed"),
        ("body}", 4, "closing brace"),
        ("{header:}", 8, "header needs a name"),
        ("{url:host}", 1, "unknown form 'host'; allowed: no-query, path-query"),
        ("{body-digest:sha256:base32}", 1, "allowed: hex, base64, raw"),
        ("{json:a|upper}", 7, "unknown form 'upper'; allowed: |lower"),
        ("{?nothing}", 0, "holds one part"),
        ("{?a{body}", 0, "not closed"),
        ("{}", 1, "unknown part ''"),
        ("a\\", 1, "backslash"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place_and_what_is_allowed(text: str, position: int, words: str) -> None:
    with pytest.raises(TemplateError, match=f"^character {position + 1}: ") as caught:
        parse(text, ["timestamp"])
    assert caught.value.position == position
    assert words in str(caught.value)


def test_an_open_brace_is_completed_from_values_and_parts() -> None:
    found = completions("{timestamp}.{bo}", 15, ["timestamp", "bonus"])
    assert found is not None
    assert ("{timestamp}.{bo}"[found.start : found.end], found.words) == ("bo", ("bonus", "body", "body-digest"))


@pytest.mark.parametrize("text", ["", "body", "{body}", r"\{bo"])
def test_nothing_is_completed_outside_a_brace(text: str) -> None:
    assert completions(text, len(text)) is None
