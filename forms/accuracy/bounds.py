"""What a count can show: exact (Clopper-Pearson) one-sided 95 % bounds of a rate. Pure.

None seen is never "none": of 18,000 answers without a fault, a fault in 6,000 could still hide.
"""

import math

CONFIDENCE = 0.95
_STEPS = 60
_NEGLIGIBLE = 1e-18


def upper(count: int, of: int) -> float:
    """The largest rate at which seeing no more than `count` in `of` still has 5 % of chance; 1 where nothing was looked at."""
    if not 0 <= count <= max(of, 0):
        raise ValueError("a count lies between none and all")
    if count == of:
        return 1.0
    low, high = count / of, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if _at_most(count, of, middle) > 1 - CONFIDENCE:
            low = middle
        else:
            high = middle
    return high


def lower(count: int, of: int) -> float:
    """The smallest rate at which seeing `count` or more in `of` still has 5 % of chance."""
    return 1.0 - upper(of - count, of)


def _at_most(count: int, of: int, rate: float) -> float:
    """The chance of no more than `count` in `of`, for a rate above `count / of`: the terms shrink from `count` down."""
    if rate >= 1.0:
        return 0.0
    term = math.exp(
        math.lgamma(of + 1) - math.lgamma(count + 1) - math.lgamma(of - count + 1)
        + count * math.log(rate) + (of - count) * math.log1p(-rate)
    )  # fmt: skip
    total = 0.0
    for seen in range(count, -1, -1):
        total += term
        if term <= total * _NEGLIGIBLE:
            break
        term *= seen / (of - seen + 1) * (1 - rate) / rate
    return total
