"""`docs/rights.md` says what the code says."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from types import ModuleType

import pytest

from dotpha.accounts.roles import RIGHTS, Role

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(ROOT / "scripts")
    return importlib.import_module("rights_doc")


def test_the_page_is_current(script: ModuleType) -> None:
    written = (ROOT / "docs" / "rights.md").read_text("utf-8")
    assert written == script.page(), "run scripts/rights_doc.py"


def test_each_cell_of_the_table_is_that_of_the_code() -> None:
    """Read back from the page, without the script that wrote it."""
    written = (ROOT / "docs" / "rights.md").read_text("utf-8")
    rows = re.findall(r"^\| `([a-z_]+\.[a-z_]+)` \|(.*)\|[^|]*\|$", written, re.MULTILINE)
    read = {right: [cell.strip() == "●" for cell in cells.split("|")] for right, cells in rows}
    assert read == {right: [role in held for role in Role] for right, held in RIGHTS.items()}


def test_every_right_that_an_action_asks_for_is_in_the_table() -> None:
    sources = [*ROOT.glob("dotpha/*/actions.py"), *ROOT.glob("dotpha/*/actions/*.py")]
    asked = {
        right
        for path in sources
        for right in re.findall(r'rights\.(?:require|may)\(\s*by,\s*"([^"]+)"', path.read_text("utf-8"))
    }
    assert len(asked) > 20
    assert asked - set(RIGHTS) == set()
