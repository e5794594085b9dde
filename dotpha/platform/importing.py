"""What every import of a file shares: look first, then keep all of it, or on request the good rows (A8).

An app weighs its own rows into a `Preview`; counts, refused rows, the command and (`import_pages`) the two steps of
the page are the same for tasks, organisations, places and people.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, Protocol, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dotpha.platform import advice, courses
from dotpha.platform.columns import Given
from dotpha.platform.refusals import Refused
from dotpha.platform.sheets import Problem
from dotpha.platform.versions import mark_of


class Weighed(Protocol):
    """A row of a file and what would become of it: added, changed, unchanged or refused."""

    @property
    def number(self) -> int: ...
    @property
    def key(self) -> str: ...
    @property
    def fate(self) -> str: ...


@dataclass(frozen=True)
class Difference:
    """A column that changes: what is recorded, what the file says."""

    column: str
    before: Any
    after: Any


class Compared(Weighed, Protocol):
    """A weighed row that tells what changes, with remarks on what does not come over."""

    @property
    def title(self) -> str: ...
    @property
    def differences(self) -> Sequence[Difference]: ...
    @property
    def notes(self) -> Sequence[str]: ...


L = TypeVar("L", bound=Weighed)
C = TypeVar("C", bound=Compared)
D = TypeVar("D", bound=Any)  # a dataclass that is Weighed


@dataclass(frozen=True)
class Result:
    """What an import did, or would do, as the command prints it. `changes` only where an import tells them."""

    accepted: int
    changed: int
    unchanged: int
    refused: int
    keys: list[str] = field(default_factory=list)
    rows: list[Problem] = field(default_factory=list)
    changes: list[dict[str, Any]] | None = None

    def flat(self) -> dict[str, Any]:
        """As JSON (contracts, section 3)."""
        told = {**vars(self), "rows": [vars(each) for each in self.rows]}
        return {name: value for name, value in told.items() if value is not None}


@dataclass(frozen=True)
class Preview(Generic[L]):
    """What an import would do, before it does anything. `source`: the name of the file, where a change names it."""

    kind: str
    lines: list[L]
    problems: list[Problem]
    source: str = ""

    def count(self, fate: str) -> int:
        """How many rows have a fate."""
        return sum(line.fate == fate for line in self.lines)

    @property
    def refused_rows(self) -> set[int]:
        return {problem.row for problem in self.problems}

    @property
    def digest(self) -> str:
        """Stands for everything that a person saw of it: the same as long as nothing else would happen."""
        fates = [(line.number, line.key, line.fate, getattr(line, "differences", ())) for line in self.lines]
        wrong = [(each.row, each.column, each.code) for each in self.problems]
        return mark_of(fates, wrong)

    @property
    def wrong(self) -> dict[int, list[Problem]]:
        """What is wrong, by row."""
        found: dict[int, list[Problem]] = {}
        for problem in self.problems:
            found.setdefault(problem.row, []).append(problem)
        return found

    @property
    def good(self) -> list[L]:
        """The rows that nothing speaks against."""
        refused = self.refused_rows
        return [line for line in self.lines if line.number not in refused]

    def require_whole(self, *, skip_bad_rows: bool) -> None:
        """One bad row stops the file, unless bad rows are to be left out."""
        if self.problems and not skip_bad_rows:
            raise Refused(
                "rows_refused",
                gettext_lazy("%(count)s rows are refused; nothing was imported. Mend them, or leave them out."),
                field="file",
                count=len(self.refused_rows),
            )

    def result(self, changes: list[dict[str, Any]] | None = None) -> Result:
        """The counts of the good rows, their keys, and every refused row."""
        fates = [line.fate for line in self.good]
        return Result(
            accepted=fates.count("added"),
            changed=fates.count("changed"),
            unchanged=fates.count("unchanged"),
            refused=len(self.refused_rows),
            keys=[line.key for line in self.good],
            rows=self.problems,
            changes=changes,
        )


def problem_of(number: int, refusal: Refused) -> Problem:
    """A refusal as what is wrong with a row."""
    return Problem(number, refusal.field or "", refusal.code, str(refusal))


def in_order(problems: list[Problem]) -> list[Problem]:
    """By row, then by column."""
    return sorted(problems, key=lambda each: (each.row, each.column))


def outdated() -> Refused:
    """The refusal of a file that would no longer do what was looked at."""
    return Refused(
        "file_outdated",
        gettext_lazy("Somebody changed these records meanwhile. Look through the rows again, then import."),
        field="file",
        status=409,
    )


def kept(seen: Preview[L], looked: str | None, apply: Callable[[], Result]) -> dict[str, int]:
    """Import what a worker reads again as it was looked at, unless it would do something else now; answers the counts.

    Rows that are refused or change nothing are over at once: its bar counts every row of the file.
    """
    if seen.digest != looked and any(line.fate != "unchanged" for line in seen.good):
        raise outdated()
    courses.step(len(seen.refused_rows) + sum(line.fate == "unchanged" for line in seen.good))
    done = apply()
    return {name: getattr(done, name) for name in ("accepted", "changed", "unchanged")}


def cell_missing(number: int, column: str) -> Problem:
    """A row that is new lacks a column."""
    sentence = gettext_lazy("A new row needs this column.")
    return problem_of(number, Refused("cell_missing", sentence, do=advice.FILL, field=column))


def key_twice(number: int, key: str, first: int) -> Problem:
    """The same key in two rows of a file."""
    sentence = gettext_lazy("The key “%(key)s” stands in row %(first)s already.")
    return problem_of(
        number, Refused("key_twice", sentence, do=advice.OWN_KEY, field="key", key=key[:100], first=first)
    )


def weighed(
    given: Given, weigh: Callable[[int, dict[str, Any]], tuple[L, list[Problem]]]
) -> tuple[list[L], list[Problem]]:
    """Every row of a file weighed by itself, and all that is wrong: a cell that cannot be read is told of once."""
    lines: list[L] = []
    problems = list(given.problems)
    unreadable = {(each.row, each.column) for each in problems}
    first: dict[str, int] = {}
    for number, values in given.rows:
        courses.step()
        line, wrong = weigh(number, values)
        if line.key and first.setdefault(line.key, number) != number:
            wrong.append(key_twice(number, line.key, first[line.key]))
        lines.append(line)
        problems += [each for each in wrong if (each.row, each.column) not in unreadable]
    return lines, problems


def refused_told(kind: str, lines: Sequence[D], problems: list[Problem]) -> Preview[D]:
    """A preview in which each row that something speaks against has the fate "refused"."""
    refused = {each.row for each in problems}
    told = [replace(line, fate="refused") if line.number in refused else line for line in lines]
    return Preview(kind, told, in_order(problems))


def with_changes(seen: Preview[C], said: Callable[[Any], str]) -> Result:
    """The counts of the good rows with each change of a value; `said` tells a value as text."""
    return seen.result(
        [
            {"row": line.number, "key": line.key, "column": each.column}
            | {"before": said(each.before), "after": said(each.after)}
            for line in seen.good
            for each in line.differences
        ]
    )


# --- the command ----------------------------------------------------------------------------------


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What every `import` command takes besides its file."""
    parser.add_argument("--dry-run", action="store_true", help="look, and import nothing")
    parser.add_argument("--skip-bad-rows", action="store_true", help="import the good rows and list the others")
    parser.add_argument("--json", action="store_true")


def run(arguments: argparse.Namespace, foreseen: Result, keep: Callable[[], Result]) -> int:
    """Print what an import would do, or do it; 2 when a row is refused and bad rows are not skipped."""
    stops = bool(foreseen.rows) and not arguments.skip_bad_rows
    _say(foreseen if stops or arguments.dry_run else keep(), arguments.json)
    return 2 if stops else 0


def _say(result: Result, as_json: bool) -> None:
    if as_json:
        print(json.dumps(result.flat(), ensure_ascii=False))
        return
    counts = _("accepted %(accepted)s, changed %(changed)s, unchanged %(unchanged)s, refused %(refused)s")
    print(counts % vars(result))
    for change in result.changes or ():
        print(_("Row %(row)s, %(key)s, %(column)s: “%(before)s” → “%(after)s”") % change)
    for each in result.rows:
        print(_("Row %(row)s, %(column)s: %(detail)s") % {**vars(each), "column": each.column or "–"}, file=sys.stderr)
