"""`dotpha tasks import`, `dotpha deadlines parse`."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from dotpha.platform import advice, days, importing
from dotpha.platform.actors import program
from dotpha.platform.refusals import Refused
from dotpha.programmes import imports
from dotpha.programmes.models import Programme
from dotpha.programmes.rules import deadlines


def register(commands: Any) -> None:
    """Add the commands of programmes."""
    tasks = commands.add_parser("tasks", help="registers and annexes of tasks").add_subparsers(
        dest="what", required=True
    )
    read = tasks.add_parser("import", help="import a DOCX annex, or an XLSX or CSV register")
    read.add_argument("file", type=Path)
    read.add_argument("--programme", required=True, metavar="KEY")
    read.add_argument("--document", default="", metavar="NUMBER", help="of an annex: the document that it belongs to")
    read.add_argument(
        "--assigned-on", default="", metavar="DATE", help="of an annex: the day of assignment, else its document's"
    )
    importing.add_arguments(read)
    read.set_defaults(run=import_tasks)
    phrases = commands.add_parser("deadlines", help="deadline phrases").add_subparsers(dest="what", required=True)
    parse = phrases.add_parser("parse", help="read phrases, one a line, from standard input")
    parse.add_argument("--reference", metavar="DATE", help="the day that a day without a year is counted from")
    parse.set_defaults(run=parse_deadlines)


def import_tasks(arguments: argparse.Namespace) -> int:
    """Import a file; 2 when a row is refused and bad rows are not skipped."""
    programme = Programme.objects.filter(key=arguments.programme).select_related("document").first()
    if programme is None:
        raise Refused(
            "no_such_programme",
            _("There is no programme “%(key)s”."),
            do=advice.FIND,
            key=arguments.programme,
            status=404,
        )
    by, on = program("command"), days.today()
    given = imports.Given.typed(by, arguments.document, arguments.assigned_on)
    seen = imports.preview(arguments.file.read_bytes(), arguments.file.name, programme, by, on, given=given)
    seen = imports.without_doubtful_leads(seen)
    keep = partial(imports.apply, seen, programme, by, on, skip_bad_rows=True)
    return importing.run(arguments, seen.result(), keep)


def parse_deadlines(arguments: argparse.Namespace) -> int:
    """One JSON object a line: text, kind, start, due."""
    try:
        reference = date.fromisoformat(arguments.reference) if arguments.reference else days.today()
    except ValueError:
        raise Refused("date_unreadable", _("Give a day as 2025-07-31."), field="reference") from None
    for line in sys.stdin.read().split("\n"):
        phrase = line.rstrip("\r")
        if not phrase.strip():
            continue
        said = deadlines.parse(phrase, reference)
        days_said = {"start": said.start and said.start.isoformat(), "due": said.due and said.due.isoformat()}
        print(json.dumps({"text": phrase, "kind": str(said.kind), **days_said}, ensure_ascii=False))
    return 0
