"""Results of a scenario as JUnit XML, which continuous integration reads."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class TestCase:
    """One case: how long it took, and why it failed or was skipped; empty where it did not."""

    __test__ = False  # the name is the format's, not pytest's

    name: str
    took_s: float
    failure: str = ""
    skipped: str = ""


def junit_xml(suite: str, cases: Sequence[TestCase]) -> str:
    """The document."""
    failures = sum(bool(case.failure) for case in cases)
    skipped = sum(bool(case.skipped) for case in cases)
    took_s = sum(case.took_s for case in cases)
    counts = f'tests="{len(cases)}" failures="{failures}" errors="0" skipped="{skipped}" time="{took_s:.3f}"'
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<testsuite name={_attribute(suite)} {counts}>"]
    for case in cases:
        start = f'  <testcase classname={_attribute(suite)} name={_attribute(case.name)} time="{case.took_s:.3f}"'
        if case.failure:
            message = f"<failure message={_attribute(case.failure)}>{escape(_clean(case.failure))}</failure>"
            lines.append(f"{start}>{message}</testcase>")
        elif case.skipped:
            lines.append(f"{start}><skipped message={_attribute(case.skipped)}/></testcase>")
        else:
            lines.append(f"{start}/>")
    return "\n".join([*lines, "</testsuite>", ""])


def _attribute(text: str) -> str:
    return quoteattr(_clean(text))


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("\ufffd", text)
