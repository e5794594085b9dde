"""A document that is written from the code: write it, or with `--check` say whether it is current."""

from __future__ import annotations

import sys
from collections.abc import Callable
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


def from_code(target: Path, page: Callable[[], str], script: str) -> int:
    """As `write_or_check`, for a page made from the product's own modules."""
    from django.conf import settings  # noqa: PLC0415 -- the checkout is importable only now

    sys.path.insert(0, str(ROOT))
    settings.configure(USE_I18N=False)
    return write_or_check(target, page(), script)
