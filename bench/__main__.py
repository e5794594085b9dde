"""`make bench`: time the product as its users meet it, against limits, with ratios measured in the same run.

A provincial sample (6,300 tasks) and a national one (100,000) each have a data directory of their own, filled once.
Each measurement alternates with two baselines: the same rows by raw psycopg, and a Django page that says hello
(`/healthz`). Writes `bench/results.json`, prints a table, exits 1 when a limit is missed.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from urllib.parse import quote

from bench import acts, site
from bench.measuring import Measured, measured

RESULTS = Path(__file__).parent / "results.json"
ROUNDS = 40
SEARCHED = ("xã", "bộ", "phuong", "ninh binh", "khao sat", "du lieu", "57-NQ/TW", "bo khao hoc", "so", "chuyen doi so")
"""What people look for: words of one syllable that thousands share, names, a number, a mistyped name."""
LIST = "page_size=30&order=due_on&state=overdue,due_soon,in_progress"


def main() -> int:
    """Measure everything and say whether the limits hold."""
    with site.running("province") as at:
        lists_of = lists(at, "sample-province", "6,300", 60)
        results = [*lists_of, change(at, "6,300"), export(at), search(at), *daily(at)]
    with site.running("national") as at:
        results += [*lists(at, "sample-national", "100,000", 150), change(at, "100,000"), summary(at)]
    RESULTS.write_text(json.dumps([each.flat() for each in results], indent=1))
    print(f"{'what':<44}{'limit':>8}{'p95 ms':>9}{'':<8}{'p50 ms':>9}{'x raw SQL':>11}{'x hello':>9}")
    for each in results:
        print(each.line())
    return 0 if all(each.holds for each in results) else 1


def lists(at: site.Site, key: str, size: str, limit: float) -> list[Measured]:
    """A list of 30 with filters, over the API and as a page of the desk."""
    raw = at.raw(site.LIST_SQL, [key])
    over_api = at.api(f"/api/v1/tasks?programme={key}&{LIST}")
    as_page = at.page(f"/desk/tasks/?programme={key}&state=overdue&state=due_soon&per_page=30")
    return [
        run(f"list of 30 with filters, {size}, API", limit, over_api, raw, at),
        run(f"list of 30 with filters, {size}, page", limit, as_page, raw, at),
    ]


def change(at: site.Site, size: str) -> Measured:
    """Change a due date through the API: rule, ledger, version, event."""
    return run(f"change of a due date with its event, {size}", 60, at.changes(), at.raw(site.CHANGE_SQL, []), at)


def export(at: site.Site) -> Measured:
    """A CSV of 5,000 tasks, as streamed to the reader."""
    address = "/desk/tasks/?programme=sample-province&export=csv"
    return run(
        "CSV of 6,300 tasks (limit for 5,000)",
        1000,
        at.page(address),
        at.raw(site.EXPORT_SQL, []),
        at,
        rounds=6,
    )


def search(at: site.Site) -> Measured:
    """Words typed into the search, in turns; beside it the same tasks by raw full text."""
    asked = cycle([at.api(f"/api/v1/search?q={quote(words)}") for words in SEARCHED])
    return run("search of a word or name, 6,300", 100, lambda: next(asked)(), at.raw(site.SEARCH_SQL, []), at)


def daily(at: site.Site) -> list[Measured]:
    """What people do every day, as pages of the desk."""
    raw = at.raw(site.LIST_SQL, ["sample-province"])
    return [run(f"{what}, 6,300 tasks", acts.LIMIT, at.page(address), raw, at) for what, address in acts.PAGES.items()]


def summary(at: site.Site) -> Measured:
    """Counts by lead over 100,000 tasks."""
    address = "/api/v1/summary/tasks?programme=sample-national&by=lead"
    return run("summary by lead, 100,000", 300, at.api(address), at.raw(site.SUMMARY_SQL, []), at)


def run(
    what: str,
    limit: float,
    act: Callable[[], None],
    raw: Callable[[], None],
    at: site.Site,
    rounds: int = ROUNDS,
) -> Measured:
    """One measurement with both baselines, in turns."""
    begin = time.monotonic()
    result = measured(what, limit, act, raw, at.api("/healthz"), rounds)
    print(f"… {what}: {time.monotonic() - begin:.0f} s", file=sys.stderr)
    return result


if __name__ == "__main__":
    sys.exit(main())
