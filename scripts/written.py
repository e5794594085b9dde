"""A document that is written from the code: write it, or with `--check` say whether it is current."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def write_or_check(target: Path, text: str, script: str) -> int:
    """The exit code of the script that writes `target`: 1 when it was to be current and is not."""
    name = target.relative_to(ROOT).as_posix()
    if "--check" not in sys.argv:
        target.write_text(text, "utf-8")
        return 0
    current = target.exists() and target.read_text("utf-8") == text
    print(f"{name} is current" if current else f"{name} is old: run scripts/{script}")
    return 0 if current else 1
