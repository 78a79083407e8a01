"""Lengths of time as a person reads them."""


def span_text(seconds: float) -> str:
    """`12 s`, `4 min 5 s`, `2 h 3 min`, `3 d 4 h`: rounded up, so that a countdown ends with `1 s`."""
    whole = max(1, int(-(-seconds // 1)))
    for unit, size, smaller, small in (("d", 86_400, "h", 3600), ("h", 3600, "min", 60), ("min", 60, "s", 1)):
        if whole >= size:
            rest = whole % size // small
            return f"{whole // size} {unit}" + (f" {rest} {smaller}" if rest else "")
    return f"{whole} s"
