"""Files are what their content says, and nothing is unpacked before its size is known."""

from __future__ import annotations

import io
import time
import tracemalloc
import zipfile

import docx
import pytest
import xlsxwriter

from dotpha.platform import inspection
from dotpha.platform.refusals import Refused


def office(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return file.getvalue()


def a_docx() -> bytes:
    file = io.BytesIO()
    docx.Document().save(file)
    return file.getvalue()


def an_xlsx() -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    book.add_worksheet().write_string(0, 0, "key")
    book.close()
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (a_docx(), "phụ lục.docx", "docx"),
        (an_xlsx(), "a.xlsx", "xlsx"),
        (b"%PDF-1.7\n", "a.pdf", "pdf"),
        (b"key,title\n", "a.csv", "csv"),
        (b"\xff\xd8\xff\xe0", "a.jpeg", "jpg"),
    ],
)
def test_the_content_says_what_a_file_is(data: bytes, name: str, kind: str) -> None:
    checked = inspection.inspect(data, name)
    assert (checked.kind, checked.size, checked.name) == (kind, len(data), name)


@pytest.mark.parametrize(
    ("data", "name", "code", "status"),
    [
        (b"", "a.csv", "file_empty", 422),
        (b"MZ\x90\x00\x00", "a.exe", "file_kind", 415),
        (b"MZ\x90\x00\x00", "a.docx", "file_not_what_it_says", 415),
        (b"%PDF-1.7\n", "a.docx", "file_not_what_it_says", 415),
        (an_xlsx(), "a.docx", "file_not_what_it_says", 415),
        (b"PK\x03\x04 nothing", "a.docx", "file_broken", 422),
        (office(word__document=b""), "a.docx", "file_not_what_it_says", 415),
        (
            office(**{"word/document.xml": b"<w/>", "word/vbaProject.bin": b"x"}),
            "a.docx",
            "file_harmful",
            422,
        ),
        (office(**{"word/document.xml": b"<w/>", "../outside.xml": b"x"}), "a.docx", "file_harmful", 422),
        (office(**{"word/document.xml": b"<w/>", "inner.zip": b"x"}), "a.docx", "file_harmful", 422),
        (
            office(**{"word/document.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><w/>'}),
            "a.docx",
            "file_harmful",
            422,
        ),
        (
            office(
                **{
                    "word/document.xml": b"<w/>",
                    "word/_rels/settings.xml.rels": (
                        b'<R Type="x/attachedTemplate" Target="http://a" TargetMode="External"/>'
                    ),
                }
            ),
            "a.docx",
            "file_harmful",
            422,
        ),
    ],
)
def test_what_is_harmful_or_false_is_refused(data: bytes, name: str, code: str, status: int) -> None:
    with pytest.raises(Refused) as refusal:
        inspection.inspect(data, name)
    assert (refusal.value.code, refusal.value.status) == (code, status)


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = office(**{"word/document.xml": b"0" * 400_000_000})
    tracemalloc.start()
    begin = time.monotonic()
    with pytest.raises(Refused) as refusal:
        inspection.inspect(bomb, "a.docx")
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert refusal.value.code == "file_bomb"
    assert peak < 5_000_000
    assert time.monotonic() - begin < 2


def test_200_megabytes_are_refused_by_size() -> None:
    with pytest.raises(Refused) as refusal:
        inspection.inspect(bytes(200_000_000), "a.csv")
    assert (refusal.value.code, refusal.value.status) == ("file_too_large", 413)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\bad\\a.docx", "a.docx"),
        ("a\u202excod.exe", "axcod.exe"),
        ("Ke\u0302\u0301 hoạch.docx", "Kế hoạch.docx"),
        ("", "file"),
        ("x" * 500 + ".docx", "x" * 195 + ".docx"),
    ],
)
def test_names_harm_nobody(name: str, safe: str) -> None:
    assert inspection.safe_name(name) == safe
