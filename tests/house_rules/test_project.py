"""The project as a whole: catalogues, migrations, licences, refusal codes."""

from __future__ import annotations

import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]


def test_six_catalogues_are_complete() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/messages.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, "six catalogues are complete")


def test_no_migration_is_missing(db: None) -> None:
    out = StringIO()
    call_command("makemigrations", "--check", "--dry-run", stdout=out)
    assert "No changes detected" in out.getvalue()


def test_every_refusal_code_is_explained() -> None:
    code = re.compile(r"Refused\(\s*\"([a-z0-9_]+)\"")
    raised = {found for path in (ROOT / "dotpha").glob("**/*.py") if "tests" not in path.parts
              for found in code.findall(path.read_text("utf-8"))}  # fmt: skip
    explained = set(re.findall(r"^### ([a-z0-9_]+)$", (ROOT / "docs/problems.md").read_text("utf-8"), re.MULTILINE))
    assert raised - explained == set()


def test_locks_name_no_host_and_pin_every_hash() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text("utf-8")
        assert "://" not in text, name
        pins = re.findall(r"^[a-z0-9][^ \n]*==[^ \n]+", text, re.MULTILINE)
        assert pins
        assert text.count("--hash=sha256:") >= len(pins), name
