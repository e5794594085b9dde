"""Files of strangers: far cells, broken parts, formulas, definitions, wide tables; the same content twice at once."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
import threading
import time
import zipfile
from contextlib import suppress
from pathlib import Path

import docx
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from dotpha.accounts.models import User
from dotpha.documents import actions as documents
from dotpha.documents.actions import files as attaching
from dotpha.platform import days, files, inspection, leftovers, parking, sheets, workbooks
from dotpha.platform.refusals import Refused
from dotpha.platform.uploads import Upload
from dotpha.programmes.tests import factories as make

pytestmark = pytest.mark.django_db
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def book(rows: str, *, sheet: str = "sheet1", extra: dict[str, str] | None = None) -> bytes:
    """A least XLSX file whose first sheet holds these rows."""
    parts = {
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{REL}/officeDocument"'
        ' Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets><sheet name="A" sheetId="1" r:id="rId1"/>'
        "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{REL}/worksheet"'
        f' Target="worksheets/{sheet}.xml"/></Relationships>',
        f"xl/worksheets/{sheet}.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>',
        **(extra or {}),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def cell(place: str, said: str, formula: str = "") -> str:
    if formula:
        return f'<c r="{place}" t="str"><f>{formula}</f><v>{said}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{said}</t></is></c>'


def client_of(user: User) -> Client:
    client = Client(headers={"accept-language": "en"}, raise_request_exception=False)
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


READ = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (1_500_000_000, 1_500_000_000))
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
django.setup()
from dotpha.platform import inspection, sheets
from dotpha.platform.refusals import Refused
data = open(sys.argv[1], "rb").read()
try:
    inspection.inspect(data, "a.xlsx")
    sheets.read_table(data, "xlsx", {"key": "key"})
except Refused as refusal:
    print(refusal.code)
"""


def test_a_small_table_of_two_far_cells_does_not_take_the_memory_of_the_server(tmp_path: Path) -> None:
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    data = book(f'<row r="1">{cell("A1", "key")}</row>{far}')
    assert len(data) < 2_000
    (tmp_path / "a.xlsx").write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-c", READ, tmp_path / "a.xlsx"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, (done.returncode, done.stderr[:300])


FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
HEAD = f'<row r="1">{cell("A1", "key")}{cell("B1", "population")}</row>'
COLUMNS = {"key": "key", "population": "population"}


def links_to(target: str) -> dict[str, str]:
    """Where the workbook says that its first sheet lies."""
    link = f'<Relationship Id="rId1" Type="{REL}/worksheet" Target="{target}"/>'
    return {"xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{link}</Relationships>'}


def listing(sheets: str) -> dict[str, str]:
    return {"xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{REL}"><sheets>{sheets}</sheets></workbook>'}


@pytest.mark.parametrize(
    "data",
    [
        book(f'{HEAD}<row r="2"><c r="XFD2"><v>1</v></c></row><row r="1048576"><c><v>1</v></c></row>'),
        book(HEAD + FAR.replace("XFD", "xfd")),
        book(HEAD + FAR.replace("<c ", '<c s=">" ')),
        book(HEAD + FAR, extra=links_to("WORKSHEETS/SHEET1.XML")),
        book(HEAD + FAR, extra=links_to("/xl/worksheets/sheet1.xml")),
        book(HEAD + FAR, extra=listing('<!-- <sheet r:id="rId9"/> --><sheet name="A" sheetId="1" r:id="rId1"/>')),
        book(
            HEAD, extra={"xl/worksheets/b.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{FAR}</sheetData></worksheet>'}
        ),
    ],
    ids=["place of a row", "small letters", "sign in a value", "capitals", "from the root", "comment", "other sheet"],
)
def test_far_cells_are_found_however_they_are_written(data: bytes) -> None:
    """In each of them the reader of tables found the cells, and asked for the memory of the whole square."""
    with pytest.raises(Refused) as refusal:
        workbooks.first_sheet(data)
    assert refusal.value.code == "sheet_too_wide"


def test_a_file_that_two_programs_read_differently_is_refused() -> None:
    far = f'<worksheet xmlns="{MAIN}"><sheetData>{FAR}</sheetData></worksheet>'
    for extra in ({"xl/WORKSHEETS/sheet1.xml": far}, {"mimetype": "x", "content.xml": "<a/>"}, listing("")):
        with pytest.raises(Refused) as refusal:
            sheets.read_table(book(HEAD, extra=extra), "xlsx", COLUMNS)
        assert refusal.value.code == "xlsx_unreadable"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_packing_that_no_office_program_uses_is_refused(method: int) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book(HEAD))) as old, zipfile.ZipFile(out, "w", method) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    with pytest.raises(Refused) as refusal:
        inspection.inspect(out.getvalue(), "a.xlsx")
    assert refusal.value.code == "file_broken"


def broken(how: str) -> bytes:
    data = bytearray(book(f'<row r="1">{cell("A1", "key")}</row>'))
    name = b"xl/workbook.xml"
    local = data.find(b"PK\x03\x04")
    while data[local + 30 : local + 30 + len(name)] != name:
        local = data.find(b"PK\x03\x04", local + 4)
    first = central = data.find(b"PK\x01\x02")
    while data[central + 46 : central + 46 + len(name)] != name:
        central = data.find(b"PK\x01\x02", central + 4)
    if how == "checksum":
        data[central + 16] ^= 0xFF
        data[local + 14] ^= 0xFF
    elif how == "encrypted":
        data[central + 8] |= 1
        data[local + 6] |= 1
    elif how == "method":
        data[central + 10] = data[local + 8] = 99
    elif how == "directory":
        data[first + 46] ^= 0xFF
    elif how == "place":
        data[central + 42 : central + 46] = b"\x00\x00\x00\xff"
    elif how == "end":
        data[data.find(b"PK\x05\x06") + 16 : data.find(b"PK\x05\x06") + 20] = b"\xff\xff\xff\x00"
    elif how == "version":
        data[central + 6] = 255
    elif how == "stream":
        at = local + 30 + len(name)
        data[at : at + 8] = b"\xff" * 8
    return bytes(data)


@pytest.mark.parametrize("how", ["checksum", "encrypted", "method", "stream", "directory", "place", "end", "version"])
def test_a_damaged_office_file_is_refused_with_a_sentence(how: str) -> None:
    with pytest.raises(Refused) as refusal:
        inspection.inspect(broken(how), "a.xlsx")
    assert refusal.value.code == "file_broken"
    given = {"file": SimpleUploadedFile("a.xlsx", broken(how))}
    assert client_of(make.person("steward")).post("/desk/organisations/import/", given).status_code < 500


def test_every_cell_with_a_formula_is_refused() -> None:
    head = f'<row r="1">{cell("A1", "key")}{cell("B1", "population")}</row>'
    rows = "".join(f'<row r="{n}">{cell(f"A{n}", f"k{n}")}{cell(f"B{n}", "7", "1+1")}</row>' for n in range(2, 152))
    table = sheets.read_table(book(head + rows), "xlsx", {"key": "key", "population": "population"})
    assert {each.row for each in table.problems} == set(range(2, 152))


FORMULA = f'<row r="2">{cell("A2", "k")}{cell("B2", "7", "1+1")}</row>'


@pytest.mark.parametrize(
    "data",
    [
        book(HEAD + FORMULA, sheet="first"),
        book(HEAD + FORMULA, extra=links_to("WORKSHEETS/SHEET1.XML")),
        book(HEAD + FORMULA.replace('r="B2"', "r='B2'")),
        book(HEAD + FORMULA.replace("<c ", "<c\n")),
        book(f'{HEAD}<row r="2"><c t="str"><v>k</v></c><c t="str"><v>7</v><f>1+1</f></c></row>'),
    ],
    ids=["another name", "capitals", "other quotes", "another line", "no place"],
)
def test_a_formula_is_refused_wherever_and_however_it_stands(data: bytes) -> None:
    table = sheets.read_table(data, "xlsx", COLUMNS)
    assert [(each.row, each.column, each.code) for each in table.problems] == [(2, "population", "formula")]


def test_a_formula_beside_the_table_is_refused_under_the_name_of_its_column() -> None:
    beside = f'<row r="2">{cell("A2", "k")}{cell("B2", "7")}{cell("AB2", "", "1+1")}</row>'
    table = sheets.read_table(book(HEAD + beside), "xlsx", COLUMNS)
    assert [(each.row, each.column) for each in table.problems if each.code == "formula"] == [(2, "AB")]


def test_a_member_that_lies_about_its_size_is_not_unpacked(tmp_path: Path) -> None:
    """The bounds trust the directory of the archive; the reader of tables unpacks all there is."""
    head = f'<row r="1">{cell("A1", "key")}</row>'
    rows = "".join(f'<row r="{n}">{cell(f"A{n}", "k" * 2000)}</row>' for n in range(2, 9000))
    data = bytearray(book(head + rows, sheet="first"))
    name = b"xl/worksheets/first.xml"
    real = len(head + rows)
    assert real > len(data) * inspection.MOST_RATIO
    with pytest.raises(Refused):
        inspection.inspect(bytes(data), "a.xlsx")
    for sign, at, size in ((b"PK\x03\x04", 30, 22), (b"PK\x01\x02", 46, 24)):
        place = data.find(sign)
        while data[place + at : place + at + len(name)] != name:
            place = data.find(sign, place + 4)
        data[place + size : place + size + 4] = (9_000).to_bytes(4, "little")
    with pytest.raises(Refused):
        sheets.read_table(bytes(data), inspection.inspect(bytes(data), "a.xlsx").kind, {"key": "key"})


def test_a_document_type_definition_is_found_behind_a_long_comment() -> None:
    data = book("", extra={"xl/more.xml": f"<!--{'x' * 5000}--><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"})
    with pytest.raises(Refused):
        inspection.inspect(data, "a.xlsx")


@pytest.mark.django_db(transaction=True)
def test_the_same_content_is_kept_twice_at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings_root = settings.MEDIA_ROOT
    settings.MEDIA_ROOT = str(tmp_path)
    both = threading.Barrier(2, timeout=10)
    write = Path.write_bytes
    failed: list[BaseException] = []

    def slow(self: Path, data: bytes) -> int:
        done = write(self, data)
        both.wait()
        return done

    monkeypatch.setattr(Path, "write_bytes", slow)

    def keep() -> None:

        try:
            files.store(data=b"same", name="a", media_type="text/csv", subject="x:1", by=make.TEST)
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=keep) for _each in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    settings.MEDIA_ROOT = settings_root
    assert failed == []


def test_a_table_that_claims_a_thousand_million_columns_is_refused(tmp_path: Path) -> None:

    document = docx.Document()
    table = document.add_table(rows=2, cols=3)
    for place, said in enumerate(("Nhiệm vụ", "Cơ quan chủ trì", "Thời hạn")):
        table.rows[0].cells[place].text = said
    span = OxmlElement("w:gridSpan")
    span.set(qn("w:val"), "1000000000")
    table.rows[1].cells[0]._tc.get_or_add_tcPr().append(span)
    document.save(str(tmp_path / "a.docx"))
    code = (
        READ.split("from dotpha.platform import inspection")[0]
        + """
from dotpha.platform import inspection
from dotpha.platform.refusals import Refused
from dotpha.programmes.annexes.read import read_annex
data = open(sys.argv[1], "rb").read()
try:
    inspection.inspect(data, "a.docx")
    read_annex(data)
except Refused as refusal:
    print(refusal.code)
"""
    )
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "a.docx"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-400:]


def test_a_file_put_aside_is_gone_after_its_day() -> None:
    by = make.actor("admin")
    key = parking.park(b"key,name\nlan,Lan\n", "people.csv", by)
    path = parking._folder(by) / key
    os.utime(path, (time.time() - 2 * parking.KEPT_SECONDS,) * 2)
    with pytest.raises(Refused):
        parking.parked(key, by)


def test_a_file_of_people_does_not_lie_about_after_its_import() -> None:
    user = make.person("admin")
    client = client_of(user)

    data = b"key,name,email\nlan,Lan,lan@example.vn\n"
    moved = client.post("/desk/people/import/", {"file": SimpleUploadedFile("p.csv", data)})
    key = moved["Location"].partition("file=")[2]
    assert client.post("/desk/people/import/", {"parked": key, "keep": "1"}).status_code == 302
    assert not (parking._folder(user.actor()) / key).exists()


def test_the_bytes_of_a_refused_change_go_unless_another_record_has_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it is refused for, also by an action around it."""

    def attach(data: bytes) -> Path:
        upload = Upload(data, "a.csv", "text/csv")
        with suppress(Refused):
            documents.attach_file(document=make.document(), upload=upload, by=make.TEST, on=days.today())
        return files.path_of(hashlib.sha256(data).hexdigest())

    first = attach(b"kept,%d" % time.time_ns())
    assert first.exists()
    monkeypatch.setattr(attaching.jobs, "defer", refuse)
    gone = attach(b"gone,%d" % time.time_ns())
    assert not gone.exists()
    assert attach(first.read_bytes()) == first
    assert first.exists(), "it is attached to a document"
    monkeypatch.undo()
    inside: list[Path] = []
    with suppress(Refused), leftovers.taken_away(), transaction.atomic():
        inside.append(attach(b"inside,%d" % time.time_ns()))
        assert inside[0].exists()
        refuse()
    assert not inside[0].exists()


def refuse(*_given: object, **_more: object) -> None:
    raise Refused("no", "No.")
