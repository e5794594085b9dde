"""Timing an act in turns with two baselines, so that a slow moment of the machine hits all three."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

WARM_UP = 5


@dataclass(frozen=True)
class Measured:
    """Milliseconds of an act, its limit for the 95th percentile, and the medians of the baselines."""

    what: str
    limit: float
    p50: float
    p95: float
    raw: float
    hello: float

    @property
    def holds(self) -> bool:
        return self.p95 <= self.limit

    def flat(self) -> dict[str, Any]:
        """As written to the results."""
        return {
            "what": self.what, "limit_ms": self.limit, "p50_ms": round(self.p50, 2), "p95_ms": round(self.p95, 2),
            "holds": self.holds, "ratio_raw": round(self.p50 / self.raw, 2),
            "ratio_hello": round(self.p50 / self.hello, 2),
        }  # fmt: skip

    def line(self) -> str:
        """As printed."""
        return (
            f"{self.what:<44}{self.limit:>8.0f}{self.p95:>9.1f}{' holds' if self.holds else ' MISSED':<8}"
            f"{self.p50:>9.1f}{self.p50 / self.raw:>11.1f}{self.p50 / self.hello:>9.1f}"
        )


def measured(
    what: str,
    limit: float,
    act: Callable[[], None],
    raw: Callable[[], None],
    hello: Callable[[], None],
    rounds: int,
) -> Measured:
    """Run act, raw and hello in turns; the first few rounds do not count."""
    times: dict[str, list[float]] = {"act": [], "raw": [], "hello": []}
    for turn in range(rounds + WARM_UP):
        for name, call in (("act", act), ("raw", raw), ("hello", hello)):
            begin = time.perf_counter()
            call()
            if turn >= WARM_UP:
                times[name].append((time.perf_counter() - begin) * 1000)
    ordered = sorted(times["act"])
    p95 = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
    return Measured(
        what,
        limit,
        statistics.median(ordered),
        p95,
        statistics.median(times["raw"]),
        statistics.median(times["hello"]),
    )
