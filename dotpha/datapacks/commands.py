"""`dotpha sample load`, `dotpha sample drop`."""

from __future__ import annotations

import argparse
from typing import Any

from dotpha.datapacks import sample
from dotpha.platform.actors import program


def register(commands: Any) -> None:
    """Add the commands of data packs."""
    parser = commands.add_parser("sample", help="a synthetic load, marked as sample").add_subparsers(
        dest="what", required=True
    )
    load = parser.add_parser("load", help="add it: 140, 6,300 or 100,000 tasks with reports, extensions and histories")
    load.add_argument("--size", required=True, choices=list(sample.SIZES))
    load.set_defaults(run=load_sample)
    parser.add_parser("drop", help="remove it; the record of events stays").set_defaults(run=drop_sample)


def load_sample(arguments: argparse.Namespace) -> int:
    """Add a sample of a size."""
    count = sample.load_sample(arguments.size, program("sample"))
    print(f"{count} sample tasks are there. Remove them with `dotpha sample drop`.")
    return 0


def drop_sample(arguments: argparse.Namespace) -> int:
    """Remove the sample."""
    print(f"{sample.drop_sample(program('sample'))} sample tasks are gone.")
    return 0
