"""`docs/personal-data.md` says what the code says."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from dotpha.accounts.personal_fields import FIELDS, RequestKind
from dotpha.accounts.rules import COMPLETION_DAYS

ROOT = Path(__file__).resolve().parents[3]
WRITTEN = ROOT / "docs" / "personal-data.md"


def test_the_page_is_current(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "scripts")
    script = importlib.import_module("personal_doc")
    assert WRITTEN.read_text("utf-8") == script.page(), "run scripts/personal_doc.py"


def test_every_field_and_every_time_stands_in_it() -> None:
    """Read back from the page, without the script that wrote it."""
    written = WRITTEN.read_text("utf-8")
    assert re.findall(r"^\| [^|]+ \| `([\w.]+)` \|", written, re.MULTILINE) == [each.column for each in FIELDS]
    times = [int(days) for days in re.findall(r"^\| [\w, ]+ \| (\d+) \|$", written, re.MULTILINE)]
    assert times == [COMPLETION_DAYS[kind] for kind in RequestKind]
