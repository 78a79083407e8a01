"""What is typed into a cell of the matrix, as a change of its case."""

import msgspec

from inspector.core.scenario import expectation_from, expectation_problem
from inspector.core.scenario_cases import Case


def changed_case(case: Case, column: str, text: str) -> tuple[Case | None, str]:
    """The case with what was typed into a cell; None, and why, where it cannot be."""
    if column == "name":
        return msgspec.structs.replace(case, name=text.strip()), ""
    if column == "expected":
        expected = expectation_from(text)
        problem = expectation_problem(expected)
        return (None, problem) if problem else (msgspec.structs.replace(case, expect=expected), "")
    name = {"burst": "count", "slow-body": "bytes_per_s"}.get(case.kind, "seconds")
    low, high = (1, 1000) if name == "count" else (1, 10**9)
    try:
        number = float(text) if name == "bytes_per_s" else int(text)
    except ValueError:
        return None, f"{text!r} is no number"
    if not low <= number <= high:
        return None, f"the number is from {low:,} to {high:,}"
    return msgspec.structs.replace(case, **{name: number}), ""
