"""What every import of a file shares: look first, then keep all of it, or with leave the good rows (A8).

An app reads its own rows into a `Preview`; counts, refused rows, the page's two steps and the command are the same
for tasks, organisations and places.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dotpha.platform import inspection, parking
from dotpha.platform.pages import render
from dotpha.platform.refusals import Refused
from dotpha.platform.sheets import Problem

LINES_SHOWN = 200
"""Rows of a file that a page shows at once."""


class Weighed(Protocol):
    """A row of a file and what would become of it: added, changed, unchanged or refused."""

    @property
    def number(self) -> int: ...
    @property
    def key(self) -> str: ...
    @property
    def fate(self) -> str: ...


L = TypeVar("L", bound=Weighed)


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
    """What an import would do, before it does anything."""

    kind: str
    lines: list[L]
    problems: list[Problem]

    def count(self, fate: str) -> int:
        """How many rows have a fate."""
        return sum(line.fate == fate for line in self.lines)

    @property
    def refused_rows(self) -> set[int]:
        return {problem.row for problem in self.problems}

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


def key_twice(number: int, key: str, first: int) -> Problem:
    """The same key in two rows of a file."""
    sentence = gettext_lazy("The key “%(key)s” stands in row %(first)s already.")
    return problem_of(number, Refused("key_twice", sentence, field="key", key=key[:100], first=first))


# --- the page -------------------------------------------------------------------------------------


def checked(given: Any) -> tuple[bytes, str, str]:
    """The content, the safe name and the type of an uploaded file; refused as the limits of files say."""
    if given.size > inspection.MOST_BYTES:
        raise Refused(
            "file_too_large",
            gettext_lazy("This file is larger than 50 MB. Give a smaller one, or a link to it."),
            field="file",
            status=413,
        )
    data = given.read()
    found = inspection.inspect(data, given.name)
    return data, found.name, found.media_type


def answer(
    request: Any,
    template: str,
    page: dict[str, Any],
    *,
    address: Callable[[str], str],
    look: Callable[[bytes, str], Mapping[str, Any]],
    keep: Callable[[Any], HttpResponse],
) -> HttpResponse:
    """The page of an import. A file is put aside and looked at; nothing is kept before the button `keep`.

    `address` of a file put aside, `look` gives what the page shows of it (`seen`: the preview), `keep` takes `seen`.
    """
    page = {"refusal": None, "seen": None, **page}
    try:
        if request.method == "POST" and request.FILES.get("file"):
            data, name, _type = checked(request.FILES["file"])
            look(data, name)
            return redirect(address(parking.park(data, name, request.actor)))
        key = request.POST.get("parked") or request.GET.get("file", "")
        if request.method == "POST" and not key:
            raise Refused("file_missing", gettext_lazy("Choose a file."), field="file")
        if key:
            data, name = parking.parked(key, request.actor)
            page |= {**look(data, name), "file_name": name, "parked": key}
            if "keep" in request.POST:
                return keep(page["seen"])
    except Refused as refusal:
        page["refusal"] = refusal
    return render(request, template, page, status=page["refusal"].status if page["refusal"] else 200)


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
