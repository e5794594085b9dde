"""Files made by chance given to every command that reads one: a sentence and a status, never a traceback (B9)."""

from __future__ import annotations

import io
import random
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import translation

from dotpha.__main__ import main
from dotpha.programmes.tests import factories as make

READING = [
    ["people", "import"], ["organisations", "import"], ["places", "import"],
    ["tasks", "import", "--programme", "resolution57"], ["audit", "verify", "--heads"],
]  # fmt: skip
WORDS = ["key", "mã", "title", "tên", "lead", "deadline", "email", "kind", "level", "", ",", ";", '"', "\n", "\t",
         "\r\n", "=1+1", "Quý IV/2027", "31/02/2027", "most", "a" * 300, "\x00", "\ufeff", "Đ", "é", "-1"]  # fmt: skip
pytestmark = pytest.mark.django_db


def bytes_of_chance(chance: random.Random) -> bytes:
    return chance.randbytes(chance.randrange(3000))


def table_of_chance(chance: random.Random) -> bytes:
    """A table that begins as one should and goes on as none does."""
    head = b"key,title,name,lead,deadline,kind,level,email\n" if chance.random() < 0.7 else b""
    encoding = chance.choice(["utf-8", "utf-8-sig", "utf-16", "cp1258"])
    said = "".join(chance.choice([*WORDS, ",", ",", "\n"]) for _each in range(chance.randrange(200)))
    return head + said.encode(encoding, "replace")


def archive_of_chance(chance: random.Random) -> bytes:
    """Something that says it is a workbook or a document, and has odd members; cut short now and then."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in ("[Content_Types].xml", "word/document.xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml", "../x"):
            if chance.random() < 0.7:
                archive.writestr(name, chance.choice([b"", b"<a/>", b"<a", bytes_of_chance(chance)]))
    data = held.getvalue()
    return data if chance.random() < 0.6 else data[: chance.randrange(len(data))]


KINDS: list[Callable[[random.Random], bytes]] = [bytes_of_chance, table_of_chance, archive_of_chance]


def run_all(
    seed: int, files: int, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Give each command so many files; whatever is raised here would have been a traceback at a terminal."""
    make.programme()
    chance = random.Random(seed)
    for number in range(files):
        data, ending = chance.choice(KINDS)(chance), chance.choice(["csv", "xlsx", "docx", "txt"])
        path = folder / f"{number}.{ending}"
        path.write_bytes(data)
        for command in READING:
            status = main([*command, str(path)] + (["--dry-run"] if "import" in command else []))
            said = capsys.readouterr()
            assert (status in (0, 1, 2), said.err + said.out != "") == (True, True), (command, path.read_bytes())
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))
        assert main(["deadlines", "parse"]) in (0, 1, 2)
        capsys.readouterr()


def test_no_file_breaks_a_command(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """B9, short: 20 files for each command."""
    with translation.override("en"):
        run_all(seed, 20, tmp_path, monkeypatch, capsys)


@pytest.mark.long
def test_no_file_of_thousands_breaks_a_command(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """B9: 1,000 files for each command."""
    with translation.override("en"):
        run_all(seed, 1000, tmp_path, monkeypatch, capsys)
