"""The text of attached files is found by the register, with the place where it stands (B6)."""

from __future__ import annotations

import io
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import docx
import pypdf
import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dotpha.accounts.models import User
from dotpha.documents import actions, extraction, finding, jobs, queries
from dotpha.documents.models import Attachment, Document, FileText, Passage
from dotpha.documents.rows import ProvisionRow
from dotpha.documents.tests.test_actions import LATER, TEST, actor, document, events
from dotpha.documents.tests.test_pages import enter
from dotpha.platform import inspection, past, reading, reading_apart, uploads
from dotpha.platform.actors import NOBODY
from dotpha.platform.days import now
from dotpha.platform.refusals import Refused
from dotpha.platform.uploads import Upload

pytestmark = pytest.mark.django_db


def a_docx(*lines: str, cell: str = "") -> bytes:
    made, file = docx.Document(), io.BytesIO()
    for line in lines:
        made.add_paragraph(line)
    if cell:
        made.add_table(1, 1).cell(0, 0).text = cell
    made.save(file)
    return file.getvalue()


def a_pdf(*pages: str) -> bytes:
    """A PDF of one line a page, in plain letters."""
    parts = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    kids = []
    for text in pages:
        said = text if text.endswith("ET") else f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET"
        parts.append(f"<< /Length {len(said)} >>\nstream\n{said}\nendstream")
        kids.append(len(parts) + 1)
        font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
        parts.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {len(parts)} 0 R"
            f" /Resources << /Font << /F1 {font} /F2 {font.replace('Helvetica', 'Times-Roman')} >> >> >>"
        )
    parts[1] = f"<< /Type /Pages /Kids [{' '.join(f'{kid} 0 R' for kid in kids)}] /Count {len(kids)} >>"
    file, places = "%PDF-1.4\n", []
    for at, part in enumerate(parts, 1):
        places.append(len(file))
        file += f"{at} 0 obj\n{part}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"trailer << /Root 1 0 R /Size {len(parts) + 1} >>\nstartxref\n{len(file)}\n%%EOF"
    return f"{file}xref\n0 {len(parts) + 1}\n0000000000 65535 f \n{table}{end}".encode()


def attached(held: Document, data: bytes, name: str) -> Attachment:
    """A file attached and read, as the worker does it."""
    upload = Upload(data, name, inspection.MEDIA_TYPES[name.rpartition(".")[2].replace("txt", "csv")])
    made = actions.attach_file(document=held, upload=upload, by=TEST, on=LATER)
    jobs.read_file(made.pk)
    return made


def found(words: str, by: Any = TEST) -> list[str]:
    return [each.key for each in queries.register(by, LATER, words)]


@pytest.mark.parametrize(
    ("data", "name", "page"),
    [
        (a_docx("Điều 1", "Tháo gỡ điểm nghẽn về thể chế"), "goc.docx", None),
        (a_docx("Bảng", cell="Tháo gỡ điểm nghẽn về thể chế"), "bang.docx", None),
        ("\ufeffTháo gỡ điểm nghẽn về thể chế".encode(), "goc.txt", None),
        ("Tháo gỡ điểm nghẽn về thể chế".encode("utf-16"), "goc.txt", None),
        (a_pdf("Mot", "Thao go diem nghen ve the che"), "goc.pdf", 2),
    ],
)
@pytest.mark.parametrize("words", ["điểm nghẽn", "DIEM NGHEN the che"])
def test_a_file_is_found_by_its_words_with_and_without_marks(
    data: bytes, name: str, page: int | None, words: str
) -> None:
    held = document()
    assert found(words) == []
    made = attached(held, data, name)
    assert found(words) == ["nq-57"]
    [hit] = finding.hits([held], words)[held.pk]
    assert (hit.file, hit.file_id, hit.page, hit.address) == (name, made.file_id, page, "")
    assert "ngh" in hit.excerpt
    [event] = events("document.file_read")
    assert event[1:2] + event[4:5] == ("program:reader of files", {"file": 1, "outcome": "read", "passages": page or 1})


def test_a_word_whose_letters_come_from_two_fonts_is_one_word() -> None:
    """As browsers print Vietnamese when a font lacks the marked letters."""
    runs = [("F1", 0, "Thao g"), ("F2", 50, "o"), ("F1", 58, "  di"), ("F2", 80, "e"), ("F1", 87.1, "m nghen")]
    line = " ".join(f"BT /{font} 16 Tf 1 0 0 -1 8 700 Tm {at} 0 Td ({text}) Tj ET" for font, at, text in runs)
    attached(document(), a_pdf(line), "goc.pdf")
    assert Passage.objects.get().text == "Thao go diem nghen"


def test_attaching_asks_for_the_reading_and_reading_twice_changes_nothing() -> None:
    made = attached(document(), a_docx("Một"), "goc.docx")
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'documents.read_file'")
        assert [row[0] for row in cursor] == [f'{{"attachment": {made.pk}}}']
    jobs.read_file(made.pk)
    read = extraction.Reading("damaged")
    assert actions.keep_text(attachment=made, reading=read, by=TEST).outcome == "read"
    assert (FileText.objects.count(), Passage.objects.count()) == (1, 1)


def test_what_cannot_be_read_says_so_and_is_no_error() -> None:
    held = document()
    attached(held, b"%PDF-1.7 broken", "hong.pdf")
    attached(held, b"\x89PNG\r\n\x1a\n", "anh.png")
    attached(held, "không".encode("latin-1", "replace") + b"\xff\xfa", "la.txt")
    attached(held, locked_pdf(), "khoa.pdf")
    assert list(FileText.objects.order_by("pk").values_list("outcome", flat=True)) == [
        "damaged", "empty", "damaged", "damaged",
    ]  # fmt: skip
    page = enter("office").get("/desk/documents/nq-57/").content.decode()
    assert page.count("locked by a password") == 3
    assert "a picture of a text is not searched" in page


@pytest.mark.parametrize("wanted", ["secret", "VNI"])
def test_a_pasted_wording_is_asked_for_marks_and_encoding(wanted: str) -> None:
    held = document()
    words, code = {
        "secret": ("Mở đầu\nTUYỆT MẬT\nHết", "state_secret"),
        "VNI": ("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "old_encoding"),
    }[wanted]
    row = ProvisionRow("I.9", "clause", text={"vi": words})
    with pytest.raises(Refused) as refusal:
        actions.add_provisions(document=held, rows=[row], by=TEST)
    assert (refusal.value.code, refusal.value.field) == (code, "text")


def locked_pdf() -> bytes:
    writer, file = pypdf.PdfWriter(), io.BytesIO()
    writer.append(io.BytesIO(a_pdf("Kin")))
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(file)
    return file.getvalue()


def an_xlsx(*cells: str) -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    sheet = book.add_worksheet()
    for number, cell in enumerate(cells):
        sheet.write_string(number, 0, cell)
    book.close()
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("a.docx", lambda line: a_docx("BO CONG AN", line)),
        ("a.xlsx", lambda line: an_xlsx("BO CONG AN", line)),
        ("a.txt", lambda line: f"BO CONG AN\n{line}\n".encode()),
    ],
)
def test_a_file_marked_as_a_state_secret_is_refused_and_not_kept(name: str, make: Callable[[str], bytes]) -> None:
    document()
    for line, refused in (("TUYỆT MẬT", True), ("Luật Bảo vệ bí mật nhà nước", False)):
        typed = {"file": SimpleUploadedFile(name, make(line)), "source": "", "obtained_on": ""}
        answer = enter("office").post("/desk/documents/nq-57/attach/", typed)
        assert (answer.status_code, "channel for State secrets" in answer.content.decode()) == (
            (422, True) if refused else (302, False)
        )
        assert Attachment.objects.exists() is not refused


def test_the_first_page_of_a_pdf_is_read_and_no_other() -> None:
    first = uploads.read_apart("pdf", a_pdf("MAT", "Hai"), 60, uploads.FIRST_PAGE)
    assert [words.strip() for _page, words in first["passages"]] == ["MAT"]


def test_a_file_that_takes_too_long_has_to_be_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*_command: Any, **_options: Any) -> None:
        raise subprocess.TimeoutExpired("reading", 1)

    monkeypatch.setattr(reading_apart.subprocess, "run", late)
    given = SimpleUploadedFile("a.txt", b"TUY\xe1\xbb\x86T M\xe1\xba\xacT")
    with pytest.raises(Refused) as refusal:
        uploads.checked(given)
    assert refusal.value.code == "file_unread"
    given.seek(0)
    assert uploads.checked(given, declared=True).name == "a.txt"


@pytest.mark.parametrize(("name", "data"), [("anh.png", b"\x89PNG\r\n\x1a\n"), ("quet.pdf", a_pdf(""))])
def test_a_picture_or_a_scan_is_kept_once_somebody_says_that_it_bears_no_mark(name: str, data: bytes) -> None:
    document()
    client, address = enter("office"), "/desk/documents/nq-57/attach/"
    typed = {"source": "", "obtained_on": ""}
    answer = client.post(address, {**typed, "file": SimpleUploadedFile(name, data)})
    assert (answer.status_code, "cannot read this file" in answer.content.decode()) == (422, True)
    assert not Attachment.objects.exists()
    assert events("file.declared") == []
    declared = {**typed, "file": SimpleUploadedFile(name, data), "declared": "on"}
    assert client.post(address, declared).status_code == 302
    [(subject, who, _role, _before, after, _reason)] = events("file.declared")
    assert (subject, who, after["name"]) == ("document_file:nq-57#1", Attachment.objects.get().file.added_by, name)
    page = client.get("/desk/documents/nq-57/").content.decode()
    assert f"{User.objects.get(username=who).name} looked at it: no mark of State secrecy" in page
    assert "looked at a file that cannot be read" in page.split("<h2>History</h2>")[1]


def test_a_mark_beside_a_scan_leaves_nothing_on_the_disk(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    held = document()
    scan, other = (Upload(b"%PDF-1.4", name, "application/pdf") for name in ("a.pdf", "12-KH (Mật).pdf"))
    for upload, source in ((scan, "TUYỆT MẬT"), (other, "")):
        with pytest.raises(Refused) as refusal:
            actions.attach_file(document=held, upload=upload, source=source, by=TEST, on=LATER)
        assert refusal.value.code == "state_secret"
    assert (Attachment.objects.exists(), list(tmp_path.rglob("*"))) == (False, [])


def test_a_declared_file_that_bears_a_mark_after_all_is_not_searched_and_that_is_told() -> None:
    held = document()
    data = "BỘ CÔNG AN        MẬT\nTháo gỡ điểm nghẽn".encode()
    upload = Upload(data, "goc.txt", "text/csv", is_declared=True)
    jobs.read_file(actions.attach_file(document=held, upload=upload, by=TEST, on=LATER).pk)
    assert (FileText.objects.get().outcome, Passage.objects.count(), found("điểm nghẽn")) == ("marked", 0, [])
    [event] = events("document.file_marked")
    assert event[1:2] + event[4:5] == ("program:reader of files", {"file": 1})
    assert "It bears a mark of State secrecy" in enter("office").get("/desk/documents/nq-57/").content.decode()


def test_a_file_that_was_read_needs_nobodys_word() -> None:
    document()
    client, given = enter("office"), SimpleUploadedFile("doc.pdf", a_pdf("Quyết định"))
    sent = {"source": "", "obtained_on": "", "file": given, "declared": "on"}
    assert client.post("/desk/documents/nq-57/attach/", sent).status_code == 302
    assert (events("file.declared"), Attachment.objects.get().file.is_declared) == ([], False)


def test_a_file_with_a_password_is_refused_whoever_declares_it() -> None:
    office = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le")
    for name, data in (("khoa.pdf", locked_pdf()), ("khoa.docx", office), ("khoa.xlsx", office)):
        with pytest.raises(Refused) as refusal:
            uploads.checked(SimpleUploadedFile(name, data), declared=True)
        assert refusal.value.code == "file_locked"


def test_a_reading_loads_the_library_of_its_own_kind_alone() -> None:
    said = "import sys; from dotpha.platform import reading; reading.answer('csv', b'a'); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert not {"pypdf", "docx", "python_calamine", "django"} & set(done.stdout.split())


def test_words_of_a_file_in_former_fonts_are_found_as_they_are_typed_today() -> None:
    attached(document("old"), a_docx("Céng hßa x· héi chñ nghÜa ViÖt Nam"), "cu.docx")
    assert found("cộng hòa xã hội chủ nghĩa") == ["old"]


def test_a_reading_that_takes_too_long_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*_command: Any, **_options: Any) -> None:
        raise subprocess.TimeoutExpired("reading", 1)

    monkeypatch.setattr(reading_apart.subprocess, "run", late)
    attached(document(), a_docx("Một"), "goc.docx")
    assert FileText.objects.get().outcome == "too_long"


def test_a_reading_that_swells_is_ended_by_its_own_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    run = subprocess.run
    monkeypatch.setattr(
        reading_apart.subprocess, "run", lambda command, **rest: run(["sh", "-c", "kill -XCPU $$"], **rest)
    )
    attached(document(), a_docx("Một"), "goc.docx")
    assert FileText.objects.get().outcome == "too_long"


def test_a_long_text_comes_in_passages_and_no_word_is_lost() -> None:
    words = [f"chữ{number}" for number in range(30_000)]
    found, is_cut = reading.passages(iter([(None, "\n".join(words))]))
    assert not is_cut
    assert all(len(text) <= reading.LONGEST_PASSAGE for _page, text in found)
    assert " ".join(text for _page, text in found).split() == words


def test_what_is_behind_the_bound_is_left_out_and_a_broken_page_ends_the_reading(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken() -> Any:
        yield 1, "một"
        raise ValueError

    assert reading.passages(broken()) == ([(1, "một")], True)
    monkeypatch.setattr(reading, "MOST_SIGNS", 4)
    assert reading.passages(iter([(1, "abcdef"), (2, "x")])) == ([(1, "abcd")], True)


def test_the_worst_passage_fits_into_its_search_vector() -> None:
    """Thai gives most lexemes a sign, each of three bytes a letter."""
    held = document()
    made = actions.attach_file(document=held, upload=Upload(b"x", "a.txt", "text/csv"), by=TEST, on=LATER)
    thai = "".join(chr(0xE01 + (at * at + at // 7) % 46) for at in range(reading.LONGEST_PASSAGE))
    actions.keep_text(attachment=made, reading=extraction.Reading("read", False, ((None, thai),)), by=TEST)
    assert Passage.objects.count() == 1


def test_a_file_that_was_taken_away_and_what_is_not_to_be_known_are_not_found() -> None:
    made = attached(document(mark="restricted"), a_docx("điểm nghẽn"), "goc.docx")
    assert [found("diem nghen", by) for by in (NOBODY, actor("leader"), actor("office"))] == [[], [], ["nq-57"]]
    actions.detach_file(attachment=made, reason="Nhầm", by=TEST)
    assert found("diem nghen") == []
    assert finding.hits([made.document], "diem nghen") == {}


def test_a_document_that_is_not_signed_yet_on_the_day_is_not_found_by_its_file() -> None:
    attached(document(), a_docx("điểm nghẽn"), "goc.docx")
    assert list(queries.register(TEST, LATER.replace(year=2020), "diem nghen")) == []


@pytest.mark.django_db(transaction=True)
def test_the_words_of_a_moment_are_those_read_by_then() -> None:
    moment = now()
    attached(document(), a_docx("điểm nghẽn"), "goc.docx")
    with past.known_at(moment):
        assert found("diem nghen") == []
    with past.known_at(now()):
        assert found("diem nghen") == ["nq-57"]


def test_the_list_shows_clause_and_file_with_words_around_in_a_constant_number_of_queries() -> None:
    rows = [ProvisionRow("III.2", "clause", "", {}, {"vi": "Phải <b>tháo gỡ</b> điểm nghẽn"})]
    client = enter("office")
    counts = []
    for number in range(1, 4):
        held = document(f"nq-{number}", number=f"{number}-NQ/TW", provisions=rows)
        attached(held, a_docx("Trước hết là", "điểm nghẽn về thể chế", str(number)), f"goc-{number}.docx")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            page = client.get("/desk/documents/?q=diem+nghen").content.decode()
        counts.append(len(asked))
        assert page.count("Phải &lt;b&gt;tháo gỡ&lt;/b&gt; điểm nghẽn") == number
        assert f">goc-{number}.docx</a>: Trước hết là điểm nghẽn về thể chế {number}" in page
    assert counts[1] == counts[2]
    assert "goc-1.docx: Trước hết" in client.get("/desk/search/?q=diem+nghen").content.decode()


def test_the_api_names_clause_file_and_page() -> None:
    held = document(provisions=[ProvisionRow("III.2", "clause", "", {}, {"vi": "Tháo gỡ điểm nghẽn"})])
    document("other", number="")
    attached(held, a_pdf("Mot", "Thao go diem nghen"), "goc.pdf")
    [item] = enter("office").get("/api/v1/documents?q=diem nghen").json()["items"]
    assert item["found_in"] == [
        {"provision": "III.2", "file": None, "page": None, "excerpt": "Tháo gỡ điểm nghẽn"},
        {"provision": None, "file": 1, "page": 2, "excerpt": "Thao go diem nghen"},
    ]
    assert [each["found_in"] for each in enter("office").get("/api/v1/documents").json()["items"]] == [[], []]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_words_of_a_text_file_are_found_however_their_marks_are_written(form: Literal["NFC", "NFD"]) -> None:
    held = document("plan", number="", title={"vi": "Kế hoạch"}, mark="restricted")
    attached(held, unicodedata.normalize(form, "Trợ lý ảo cho công chức").encode(), "phu-luc.txt")
    for asked in ("trợ lý ảo", "tro ly ao", unicodedata.normalize("NFD", "trợ lý ảo")):
        assert [each.key for each in queries.register(TEST, LATER, asked)] == ["plan"]
        assert queries.register(actor("owner"), LATER, asked).count() == 0


def test_a_mark_in_the_code_page_of_older_programs_is_seen() -> None:
    """Windows-1258 writes a tone as a sign of its own: the file is none the less read before it is kept."""
    with pytest.raises(Refused) as found:
        uploads.require_open_file("CÔNG AN\nMÂ\u0323T\n".encode("cp1258"), "csv")
    assert found.value.code == "state_secret"
    with pytest.raises(Refused) as found:
        uploads.require_open_file("Ba\u0309o mâ\u0323t thông tin\n".encode("cp1258"), "csv")
    assert found.value.code == "old_encoding"


def test_a_text_file_in_a_former_encoding_is_refused_by_its_name() -> None:
    for data, name in (
        ("Céng hßa x· héi chñ nghÜa ViÖt Nam".encode(), "TCVN3"),
        ("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam".encode("cp1252"), "VNI"),
        ("être".encode("cp1252"), "ANSI"),
    ):
        with pytest.raises(Refused) as refusal:
            uploads.require_open_file(data, "csv")
        assert (refusal.value.code, refusal.value.facts["encoding"]) == ("old_encoding", name)
