"""What must be green before a commit: lint, format, types, import contracts, tests. Started by `packaging/test`."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from environment import ROOT, prepare, say
from libraries import OFFSCREEN, bring_libraries

# For a whole run; a choice of tests stays in one process, where a debugger works.
IN_PARALLEL = ("-n", "auto", "--maxprocesses", "4", "--dist", "loadfile")


def main(arguments: Sequence[str]) -> int:
    """Run every check, also after one that fails, the tests last; 0 when all are green."""
    bring_libraries(OFFSCREEN)
    python = prepare(tests=True)
    failed = [name for name, command in _checks(python, arguments) if not _green(command)]
    if failed:
        say(f"Not green: {', '.join(failed)}")
    return 1 if failed else 0


def _checks(python: Path, arguments: Sequence[str]) -> Iterator[tuple[str, Sequence[str | Path]]]:
    yield "ruff check", (python, "-m", "ruff", "check")
    yield "ruff format", (python, "-m", "ruff", "format", "--check")
    yield "mypy", (python, "-m", "mypy")
    yield "import contracts", (python.with_name("lint-imports"), "--no-logo")
    yield (
        "pytest",
        (python, "-m", "pytest", *(arguments or ("-n", "auto", "--maxprocesses", "4", "--dist", "loadfile"))),
    )


def _green(command: Sequence[str | Path]) -> bool:
    environ = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    return subprocess.run(command, env=environ, stdin=subprocess.DEVNULL, cwd=ROOT, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
