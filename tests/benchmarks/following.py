"""The window while it follows: stalls, rows, and what a blocked window costs the listener (bars 4 and 5 of SPEC.md 10).

`python -m tests.benchmarks.following [SECONDS]`; 60 by default.
"""

import sys

from tests.benchmarks.product import product
from tests.benchmarks.rate import at_rate


def follow(per_second: int, seconds: float) -> None:
    """Rows and stalls at a fixed rate."""
    with product(window=True) as running:
        at_rate(running.url, per_second=per_second, seconds=2, connections=16)
        figures = at_rate(running.url, per_second=per_second, seconds=seconds, connections=16)
        memory = running.rss_mib()
    told = running.told
    stalls = ", ".join(f"{gap:.0f}" for gap in told["stall_ms"])
    print(f"{per_second}/s for {seconds:.0f} s, window following")
    print(f"  listener p50 {figures.p50_ms:.2f} p99 {figures.p99_ms:.2f} ms")
    print(f"  longest stalls of the window {stalls} ms (p99 {told['stall_p99_ms']:.1f})   bar 33 ms")
    print(f"  arrival to visible row p50 {told['row_p50_ms']:.0f} p99 {told['row_p99_ms']:.0f} ms   bar 50, 100 ms")
    print(f"  {told['rows']} rows seen, {figures.errors} errors, {memory:.0f} MiB at the end")


def blocked(seconds: float) -> None:
    """The listener's latency while the window's thread sleeps half a second, again and again."""
    for sleep_ms in (0, 500):
        with product(window=True, sleep_ms=sleep_ms) as running:
            at_rate(running.url, per_second=200, seconds=1, connections=4)
            figures = at_rate(running.url, per_second=200, seconds=seconds, connections=4)
        print(f"200/s, window's thread sleeping {sleep_ms} ms: p50 {figures.p50_ms:.2f} p99 {figures.p99_ms:.2f} ms")


if __name__ == "__main__":
    follow(1000, float(sys.argv[1]) if len(sys.argv) > 1 else 60)
    blocked(10)
