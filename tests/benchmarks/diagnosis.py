"""How long a diagnosis takes: 10 KiB of JSON, 20 secrets, all presets. Run: python -m tests.benchmarks.diagnosis"""

import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from inspector import presets
from inspector.core.diagnosis.case import Case, KnownSecret
from inspector.core.diagnosis.diagnose import diagnose
from inspector.core.diagnosis.finding import Finding, Finished, Progress
from inspector.core.request import Headers, Request
from inspector.core.verification.secret import Secret
from inspector.core.verification.sign import signed_request

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ITEM = {"id": 1, "amount": 12.5, "name": "José <b>", "url": "https://shop.test/a/b", "tags": ["a", "b"], "ok": True}


def case(secret: str, signed_with: str, size: int = 10 * 1024) -> Case:
    """A delivery of Stripe's kind with a body of about `size` bytes."""
    count = max(1, size // len(json.dumps(ITEM)))
    body = json.dumps([{**ITEM, "id": n} for n in range(count)], separators=(",", ":")).encode()
    request = Request("POST", "/", "1.1", Headers([(b"Content-Type", b"application/json")]), body)
    scheme = presets.scheme("stripe").scheme
    request = signed_request(request, scheme, Secret("", signed_with), now=NOW)
    others = [KnownSecret(f"handler {n}", "", f"whsec_{n:040d}", "stripe", scheme) for n in range(20)]
    return Case(
        request, scheme, (secret,), provider="stripe", scheme_id="v1", others=others, presets=presets.known_schemes(),
        now=NOW,
    )  # fmt: skip


def measured(name: str, each: Case, *, deep: bool = False) -> None:
    """Print the time to the first finding, of the whole search, the longest silence, and hypotheses a second."""
    start = last = time.perf_counter()
    first = silence = 0.0
    tried, causes = 0, []
    for step in diagnose(each, deep=deep):
        now = time.perf_counter()
        silence, last = max(silence, now - last), now
        match step:
            case Finding(cause=cause):
                first = first or now - start
                causes.append(cause)
            case Finished(tried=tried) | Progress(tried=tried):
                pass
        if now - start > 30:
            break
    whole = time.perf_counter() - start
    print(
        f"{name:38} first {first * 1000:8.1f} ms, whole {whole * 1000:8.1f} ms, "
        f"longest silence {silence * 1000:6.1f} ms, {tried:7,} tried, {tried / whole:9,.0f}/s: {', '.join(causes)}"
    )


def main(sizes: Sequence[int] = (10 << 10, 1 << 20, 10 << 20)) -> None:
    """Print all figures."""
    presets.known_schemes()
    for size in sizes:
        label = f"{size >> 10:,} KiB"
        measured(f"{label}, another handler's secret", case("whsec_wrong_wrong_wrong", f"whsec_{17:040d}", size))
        measured(f"{label}, unexplained", case("whsec_wrong_wrong_wrong", "whsec_unknown_unknown", size))
    measured("10 KiB, unexplained, deep", case("whsec_wrong_wrong_wrong", "whsec_unknown_unknown"), deep=True)


if __name__ == "__main__":
    main()
