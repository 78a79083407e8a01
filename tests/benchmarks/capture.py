"""Durable capture beside the bare listener: the first three bars of SPEC.md 10.

`python -m tests.benchmarks.capture` takes about two minutes. Ratios are of one run; "bare" is stock aiohttp.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from tests.benchmarks.bare import bare
from tests.benchmarks.load import Load, load
from tests.benchmarks.product import product
from tests.benchmarks.rate import at_rate


def throughput(connections: int, size: int, *, window: bool, bar: float) -> None:
    """One ratio: bare, product, bare again, so that a drifting machine shows."""
    first = _load(bare, connections, size)
    kept = _load(lambda: product(window=window), connections, size)
    second = _load(bare, connections, size)
    ratio = kept.per_second / ((first.per_second + second.per_second) / 2)
    name = f"{_size(size)} x {connections}{', window following' if window else ''}"
    print(
        f"{name:36} bare {first.per_second:7.0f} {second.per_second:7.0f}/s   product {kept.per_second:7.0f}/s"
        f" (p99 {kept.p99_ms:.1f} ms, {kept.errors} errors)   {ratio:5.2f} x bare   bar {bar}"
    )


def latency(*, window: bool, bar_ms: float) -> None:
    """p99 at 100 a second on one connection."""
    with product(window=window) as running:
        at_rate(running.url, per_second=100, seconds=2)
        figures = at_rate(running.url, per_second=100, seconds=15)
    name = f"100/s, one connection{', window' if window else ''}"
    print(f"{name:36} p50 {figures.p50_ms:.2f} ms   p99 {figures.p99_ms:.2f} ms   bar {bar_ms} ms")


def _load(start: Callable[[], AbstractContextManager[Any]], connections: int, size: int) -> Load:
    with start() as running:
        return load(running.url, connections=connections, size=size, seconds=5)


def _size(size: int) -> str:
    return f"{size >> 20} MiB" if size >= 1 << 20 else f"{size >> 10} KiB"


def main() -> None:
    """Print every figure beside its bar."""
    throughput(128, 1 << 10, window=False, bar=0.6)
    throughput(128, 1 << 10, window=True, bar=0.5)
    throughput(16, 10 << 10, window=False, bar=0.5)
    throughput(16, 1 << 20, window=False, bar=0.5)
    latency(window=False, bar_ms=3)
    latency(window=True, bar_ms=5)


if __name__ == "__main__":
    main()
