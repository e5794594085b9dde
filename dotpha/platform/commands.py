"""Commands of the platform: prepare, site, live, worker, doctor, audit verify."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from dotpha.platform import children, days, doctor, heads, seal
from dotpha.platform import worker as work


def register(commands: Any) -> None:
    """Add the platform's commands."""

    def add(name: str, run: Any, text: str) -> argparse.ArgumentParser:
        parser: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
        parser.set_defaults(run=run)
        return parser

    add("prepare", prepare, "migrate, and load the data pack into an empty database")
    add("site", site, "serve the site alone, under a service manager")
    add("live", live, "serve the event process alone, under a service manager (DOTPHA_LIVE_PORT)")
    add("worker", worker, "work off the queue of jobs until ended")
    asked = add("doctor", examine, "what is configured, what is reachable, what is wrong, how to mend it")
    asked.add_argument("--json", action="store_true", help="print JSON; then 0 also when something is wrong")
    audit = commands.add_parser("audit", help="the record of events").add_subparsers(dest="what", required=True)
    text = "seal what has settled and recompute the whole chain"
    checked = audit.add_parser("verify", help=text, description=text)
    checked.add_argument("--heads", type=Path, metavar="FILE", help="and compare it with daily heads kept elsewhere")
    checked.set_defaults(run=verify)
    text = "print the daily heads: day, position, digest"
    audit.add_parser("heads", help=text, description=text).set_defaults(run=print_heads)


def prepare(arguments: argparse.Namespace) -> int:
    """Migrate when something is to be migrated; then every `prepare` hook, those of upper apps first."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0)
    for hook in reversed(doctor.prepare_hooks):
        hook()
    return 0


def site(arguments: argparse.Namespace) -> int:
    """Become the site's server."""
    return _become(children.site_command(settings.HOST, settings.PORT))


def live(arguments: argparse.Namespace) -> int:
    """Become the event process."""
    port = int(os.environ.get("DOTPHA_LIVE_PORT") or settings.PORT + 1)
    return _become(children.live_command(settings.HOST, port))


def _become(command: list[str]) -> int:
    connection.close()
    os.execv(command[0], command)


def worker(arguments: argparse.Namespace) -> int:
    """Run jobs until ended."""
    work.run()
    return 0


def examine(arguments: argparse.Namespace) -> int:
    """Print what the doctor found; 1 when something is wrong and a person reads it."""
    found = doctor.examine()
    if arguments.json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
        return 0
    for key, value in found.items():
        if key not in ("problems", "demo_users"):
            print(f"{key}: {_said(value)}")
    for each in found["problems"]:
        print(f"! {each['what']} -> {each['mend']}")
    return 1 if found["problems"] else 0


def _said(value: Any) -> str:
    return "; ".join(f"{key} {at}" for key, at in value.items()) if isinstance(value, dict) else str(value)


def verify(arguments: argparse.Namespace) -> int:
    """Seal, recompute, and name the first place where the chain does not hold."""
    position = seal.seal_new()
    broken = seal.verify()
    if broken is None:
        print(f"The chain holds: {position} events.")
        return _compare(arguments.heads) if arguments.heads else 0
    print(f"Broken at position {broken.position}, event {broken.event_id}: {broken.why}.")
    return 1


def _compare(file: Path) -> int:
    """Whether the chain still has every head of a kept file."""
    try:
        wrong = heads.differing(file.read_text("ascii"))
    except (OSError, UnicodeDecodeError):
        print(f"{file}: there is no file of daily heads here.", file=sys.stderr)
        return 2
    for line in wrong:
        print(f"Not a head of this chain: {line}")
    if not wrong:
        print("Every kept head is in the chain.")
    return 1 if wrong else 0


def print_heads(arguments: argparse.Namespace) -> int:
    """Print the heads of the days that have ended, the newest first."""
    print(heads.lines(heads.daily(days.today())), end="")
    return 0
