"""`dotpha token create`, `dotpha people import`, `dotpha personal retention`."""

from __future__ import annotations

import argparse
import json
from functools import partial
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from dotpha.accounts import imports, retention
from dotpha.accounts.actions.retention import keep
from dotpha.accounts.actions.tokens import issue_token
from dotpha.accounts.models import User
from dotpha.accounts.personal_fields import ACCOUNT
from dotpha.platform import advice, days, importing
from dotpha.platform.actors import program
from dotpha.platform.refusals import Refused


def register(commands: Any) -> None:
    """Add the commands of accounts."""
    token = commands.add_parser("token", help="keys for programs").add_subparsers(dest="what", required=True)
    create = token.add_parser("create", help="print a new token, once")
    create.add_argument("username")
    create.add_argument("--name", default="command line", help="what it is for")
    create.add_argument("--scopes", default="read,write", help="read, or read,write")
    create.set_defaults(run=create_token)
    people = commands.add_parser("people", help="files of people").add_subparsers(dest="what", required=True)
    read = people.add_parser("import", help="import people from an XLSX or CSV file: key, name, email")
    read.add_argument("file", type=Path)
    importing.add_arguments(read)
    read.set_defaults(run=import_people)
    personal = commands.add_parser("personal", help="data about people").add_subparsers(dest="what", required=True)
    said = "erase personal data whose time is over, as the nightly job does"
    kept = personal.add_parser("retention", help=said, description=said)
    kept.add_argument("--dry-run", action="store_true", help="change nothing, print what would be erased")
    kept.add_argument("--json", action="store_true", help="print JSON")
    kept.set_defaults(run=keep_retention)


def import_people(arguments: argparse.Namespace) -> int:
    """Import a file; 2 when a row is refused and bad rows are not skipped."""
    by = program("command")
    seen = imports.preview(arguments.file.read_bytes(), arguments.file.name, by)
    keep = partial(imports.apply, seen, by, skip_bad_rows=True)
    return importing.run(arguments, imports.foreseen(seen), keep)


def create_token(arguments: argparse.Namespace) -> int:
    """Print a new token of a person as the last line."""
    user = User.objects.filter(username=arguments.username).first()
    if user is None:
        raise Refused("no_such_person", _("There is no person “%(name)s”."), do=advice.FIND, name=arguments.username)
    may = [each.strip() for each in arguments.scopes.split(",") if each.strip()]
    print(issue_token(user=user, name=arguments.name, may=may, by=program("command")))
    return 0


def keep_retention(arguments: argparse.Namespace) -> int:
    """Erase what is past its time and say how much; or only say what that is, of accounts the user names too.

    After the run no name is told: mails and logs of a scheduler would keep what was erased.
    """
    on, now = days.today(), days.now()
    accounts: list[str] = []
    if arguments.dry_run:
        accounts = [user.username for user in retention.closed_too_long(on)]
        found = {ACCOUNT.key: len(accounts), **retention.counts(on, now)}
    else:
        found = keep(keeper=program("command"), on=on, now=now)
    if arguments.json:
        print(json.dumps({"dry_run": arguments.dry_run, "accounts": accounts, "rows": found}))
        return 0
    for key, number in found.items():
        print(f"{key}: {number}")
    for username in accounts:
        print(f"  {username}")
    return 0
