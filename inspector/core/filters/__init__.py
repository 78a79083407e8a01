"""The search language: one parser for the window, the command line and rules.

    verdict:failed path:/stripe* (status:4xx or size:>10kb) -header:x-request-id body:"refund"

Terms beside each other must all match, `or` between them means either, `-` before one means not, brackets group.
A plain word is looked for in method, target, headers and body. Text is looked for within the value and without
regard to case; `*` stands for anything and then the whole value counts, as it does after `=` (`handler:=stripe`).
What is in quotes stands for itself; within them `\\` is written before `"` and `\\`.
"""

from inspector.core.filters.nodes import EVERYTHING, Search
from inspector.core.filters.parser import TERMS, SearchError, parse

__all__ = ["EVERYTHING", "TERMS", "Search", "SearchError", "parse"]
