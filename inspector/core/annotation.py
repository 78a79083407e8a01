"""What people write to a delivery: a note and tags."""

from dataclasses import dataclass

LONGEST_NOTE, LONGEST_TAG, MOST_TAGS = 10_000, 100, 50


@dataclass(frozen=True, slots=True)
class Annotation:
    """What people wrote to a delivery."""

    note: str = ""
    tags: tuple[str, ...] = ()


NO_ANNOTATION = Annotation()


def tidied(annotation: Annotation) -> Annotation:
    """Tags without white space around them, empty ones and repetitions; what is longer than any use is cut."""
    tags = (tag.strip()[:LONGEST_TAG] for tag in annotation.tags)
    return Annotation(annotation.note.strip()[:LONGEST_NOTE], tuple(dict.fromkeys(filter(None, tags)))[:MOST_TAGS])
