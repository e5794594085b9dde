"""`dotpha organisations import`, `dotpha places import`."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path
from typing import Any

from dotpha.directory import imports
from dotpha.platform import importing
from dotpha.platform.actors import program


def register(commands: Any) -> None:
    """Add the commands of the directory."""
    for name in imports.SHAPES:
        parsers = commands.add_parser(name, help=f"files of {name}").add_subparsers(dest="what", required=True)
        read = parsers.add_parser("import", help=f"import {name} from an XLSX or CSV file")
        read.add_argument("file", type=Path)
        importing.add_arguments(read)
        read.set_defaults(run=import_rows, shape=name)


def import_rows(arguments: argparse.Namespace) -> int:
    """Import a file; 2 when a row is refused and bad rows are not skipped."""
    shape, by = imports.SHAPES[arguments.shape], program("command")
    seen = imports.preview(arguments.file.read_bytes(), arguments.file.name, shape, by)
    keep = partial(imports.apply, seen, shape, by, skip_bad_rows=True)
    return importing.run(arguments, imports.foreseen(seen), keep)
