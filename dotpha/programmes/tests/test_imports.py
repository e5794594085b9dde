"""Registers and annexes: looked at first, imported whole or not at all, repeated without doubling."""

from __future__ import annotations

import json
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dotpha.__main__ import main
from dotpha.directory.models import Post, Succession
from dotpha.platform.models import AuditEvent
from dotpha.platform.refusals import Refused
from dotpha.programmes import imports
from dotpha.programmes.annexes.read import read_annex
from dotpha.programmes.models import Programme, Task
from dotpha.programmes.tests import annex_fixtures, factories

ON = date(2026, 6, 1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def programme() -> Programme:
    factories.organisation("most", name={"vi": "Bộ Khoa học và Công nghệ"}, abbreviations=["BKHCN"])
    factories.organisation("mof", name={"vi": "Bộ Tài chính"}, abbreviations=["BTC"])
    return factories.programme()


COLUMNS = "key,title,lead,deadline"


def register(*rows: str, columns: str = COLUMNS) -> bytes:
    return "\n".join([columns, *rows, ""]).encode()


def look(programme: Programme, data: bytes, name: str = "r.csv", **corrections: str) -> imports.Preview:
    given = {key.replace("_", "-").removeprefix("row"): said for key, said in corrections.items()}
    return imports.preview(data, name, programme, factories.TEST, ON, given)


def bring(programme: Programme, data: bytes, name: str = "r.csv") -> imports.Result:
    return imports.apply(look(programme, data, name), programme, factories.TEST, ON)


def test_looking_writes_nothing(programme: Programme) -> None:
    before = AuditEvent.objects.count()
    seen = look(programme, register("a,Một,most,Quý II/2027"))
    assert (seen.count("added"), Task.objects.count(), AuditEvent.objects.count()) == (1, 0, before)


def test_the_same_file_twice_doubles_nothing(programme: Programme) -> None:
    data = register("a,Một,most,Quý II/2027")
    first, second = bring(programme, data), bring(programme, data)
    assert ((first.accepted, first.unchanged), (second.accepted, second.unchanged)) == ((1, 0), (0, 1))
    assert Task.objects.get().original_due_on == date(2027, 6, 30)


def test_a_changed_row_changes_what_it_names(programme: Programme) -> None:
    bring(programme, register("a,Một,most,Quý II/2027"))
    result = bring(programme, register("a,Hai,most,Quý II/2027"))
    assert (result.changed, Task.objects.get().heading.text) == (1, "Hai")
    told = AuditEvent.objects.get(kind="task.changed")
    assert (bool(told.reason), told.after["document"]) == (True, "r.csv")  # the grounds that C16 asks for


@pytest.mark.parametrize("kind", ["csv", "docx"])
def test_a_marked_product_is_told_by_row_and_column_and_can_be_left_out(programme: Programme, kind: str) -> None:
    data = register("a,Việc một,most,2027,Đề án", "b,Việc hai,mof,2027,Báo cáo (Mật)", columns=f"{COLUMNS},product")
    if kind == "docx":
        products = {"Việc một": "Đề án", "Việc hai": "Báo cáo (Mật)"}
        data = annex_fixtures.annex([("1", title, "BTC", "", "2027", said) for title, said in products.items()])
    seen = look(programme, data, f"r.{kind}")
    [problem] = seen.problems
    assert (problem.row, problem.column.rstrip("s"), problem.code) == (2 + (kind == "csv"), "product", "state_secret")
    result = imports.apply(seen, programme, factories.TEST, ON, skip_bad_rows=True)
    assert (result.accepted, Task.objects.get().heading.text) == (1, "Việc một")


def test_decomposed_vietnamese_is_composed(programme: Programme) -> None:
    title = "Xây dựng cơ sở dữ liệu"
    bring(programme, register(f"a,{unicodedata.normalize('NFD', title)},most,2027"))
    assert Task.objects.get().heading.text == title


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("a,,most,2027,,,,", "title", "wording_missing"),
        ("a,Một,mosst,2027,,,,", "lead", "unknown_organisation"),
        ("a,Một,most,2027,2028-01-01,,,", "deadline", "due_before_start"),
        ("a,Một,most,2027,,2199-01-01,,", "completed_on", "completed_in_future"),
        ("a,Một,most,2027,,,,2199-01-01", "cancelled_on", "cancelled_in_future"),
        ("a,Một,most,2027,2026-02-01,2026-01-01,,", "completed_on", "completed_before_start"),
        ("a,Một,most,2027,,,140,", "percent", "percent_out_of_range"),
        ("a,Một,most,2027,1/2/2026,,,", "started_on", "date_unreadable"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_written(programme: Programme, row: str, column: str, code: str) -> None:
    data = register(
        "good,Tốt,most,2027,,,,", row, columns="key,title,lead,deadline,started_on,completed_on,percent,cancelled_on"
    )
    seen = look(programme, data)
    found = [(each.row, each.column) for each in seen.problems]
    assert found == [(3, column)]
    if code not in ("wording_missing",):
        assert seen.problems[0].code == code
    with pytest.raises(Refused) as refusal:
        imports.apply(seen, programme, factories.TEST, ON)
    assert (refusal.value.code, Task.objects.count()) == ("rows_refused", 0)


def test_an_unknown_organisation_names_the_nearest(programme: Programme) -> None:
    (problem,) = look(programme, register("a,Một,Bộ Khoa hoc va Cong nge,2027")).problems
    assert ": Bộ Khoa học và Công nghệ (most)" in problem.detail


@pytest.mark.parametrize("said", ["mof", "Bộ Tài chính", "BTC", "Bộ Kế hoạch và Đầu tư"])
def test_a_register_names_agencies_as_an_annex_does(programme: Programme, said: str) -> None:
    former = factories.organisation("mpi", name={"vi": "Bộ Kế hoạch và Đầu tư"}, valid_to=date(2025, 2, 28))
    successor = factories.organisation("mof")
    Succession.objects.create(old_organisation=former, new_organisation=successor, on=date(2025, 3, 1))
    data = register(f"a,Một,{said},2027,most", f"b,Hai,most,2027,{said}", columns="key,title,lead,deadline,cooperating")
    one, two = look(programme, data).lines
    assert (one.fate, one.row.lead, two.fate, two.row.cooperating) == ("added", "mof", "added", ("mof",))


def test_a_register_cell_of_two_leads_or_of_a_doubtful_name_stays_refused(programme: Programme) -> None:
    seen = look(programme, register('a,Một,"Bộ Tài chính, Bộ Khoa học và Công nghệ",2027', "b,Hai,Bộ Tài,2027"))
    assert [(each.row, each.column, each.code) for each in seen.problems] == [
        (2, "lead", "unknown_organisation"), (3, "lead", "unknown_organisation"),
    ]  # fmt: skip
    assert "Bộ Tài chính (mof)" in seen.problems[1].detail


def test_a_printed_deadline_stays_beside_the_day_that_a_person_reads_in_it(programme: Programme) -> None:
    data = annex_fixtures.annex([("1", "Việc", "BTC", "", "sớm nhất có thể", "")])
    seen = look(programme, data, "pl.docx", row1_deadline="30/6/2027")
    assert not seen.lines[0].doubts
    imports.apply(seen, programme, factories.TEST, ON)
    task = Task.objects.get()
    assert (task.deadline_text, task.deadline_kind, task.original_due_on) == (
        "sớm nhất có thể", "date", date(2027, 6, 30),
    )  # fmt: skip


def test_a_register_without_a_column_looks_nobody_up(programme: Programme) -> None:
    """What a task has already and the file leaves out is neither refused nor searched in the whole directory."""
    rows = [f"t-{number},Việc {number},most,2027,mof" for number in range(500)]
    bring(programme, register(*rows, columns="key,title,lead,deadline,cooperating"))
    with CaptureQueriesContext(connection) as asked:
        seen = look(programme, register(*(f"t-{number},Việc {number},most,2027" for number in range(500))))
    assert (seen.count("unchanged"), seen.problems) == (500, [])
    assert len(asked) <= 20


def test_many_unknown_organisations_read_the_directory_once(programme: Programme) -> None:
    with CaptureQueriesContext(connection) as asked:
        seen = look(programme, register(*(f"t-{number},Việc,nobody-{number},2027" for number in range(20))))
    assert (len(seen.problems), len(asked) <= 12) == (20, True)


def test_the_same_key_twice_in_a_file(programme: Programme) -> None:
    (problem,) = look(programme, register("a,Một,most,2027", "a,Hai,most,2027")).problems
    assert (problem.row, problem.column, problem.code) == (3, "key", "key_twice")


def test_good_rows_can_be_taken_alone(programme: Programme) -> None:
    seen = look(programme, register("a,Một,most,2027", "b,,most,2027"))
    result = imports.apply(seen, programme, factories.TEST, ON, skip_bad_rows=True)
    assert (result.accepted, result.refused, result.keys) == (1, 1, ["a"])


def test_a_changed_row_takes_the_same_few_queries_however_many_there_are(programme: Programme) -> None:
    """Asked by a person, whose rights are read once; what a row says of its task is read for all rows at once."""
    by = factories.office()
    columns = "key,title,lead,deadline,cooperating,product"
    bring(programme, register(*(f"t-{n},Việc {n},most,2027,mof,Báo cáo" for n in range(30)), columns=columns))

    def asked(rows: range, wording: str) -> int:
        data = register(*(f"t-{n},{wording} {n},most,2027" for n in rows))
        seen = imports.preview(data, "r.csv", programme, by, ON)
        with CaptureQueriesContext(connection) as queries:
            assert imports.apply(seen, programme, by, ON).changed == len(rows)
        return len(queries)

    five, thirty = asked(range(5), "Sửa"), asked(range(30), "Sửa nữa")
    assert thirty - five == 25 * 4, "scopes, whether it is published, the task, the event"


def test_a_row_under_a_refused_one_is_left_out_with_its_own_sentence(programme: Programme) -> None:
    data = register(
        "a,,most,2027,", "b,Con,most,2027,a", "c,Cháu,most,2027,b", "d,Khác,most,2027,", "e,Con,most,2027,d",
        columns="key,title,lead,deadline,parent",
    )  # fmt: skip
    seen = look(programme, data)
    assert [(each.row, each.code) for each in seen.problems] == [
        (2, "wording_missing"), (3, "parent_refused"), (4, "parent_refused"),
    ]  # fmt: skip
    assert "“b”" in seen.problems[2].detail
    assert [line.fate for line in seen.lines] == ["refused", "refused", "refused", "added", "added"]
    result = imports.apply(seen, programme, factories.TEST, ON, skip_bad_rows=True)
    assert (result.keys, Task.objects.get(key="e").parent.key) == (["d", "e"], "d")


def test_a_refused_change_of_a_task_that_is_there_holds_up_nothing_under_it(programme: Programme) -> None:
    bring(programme, register("a,Một,most,2027"))
    data = register("a,Một,nobody,2027,", "b,Con,most,2027,a", columns="key,title,lead,deadline,parent")
    result = imports.apply(look(programme, data), programme, factories.TEST, ON, skip_bad_rows=True)
    assert (result.keys, result.refused) == (["b"], 1)


def test_a_day_without_the_kind_of_deadline_is_refused_for_a_task_that_is_there_too(programme: Programme) -> None:
    columns = "key,title,lead,deadline,due_on,deadline_kind"
    bring(programme, register("a,Một,most,2027,,", columns=columns))
    (problem,) = look(programme, register("a,Một,most,2027,2027-06-30,", columns=columns)).problems
    assert (problem.column, problem.code) == ("deadline_kind", "deadline_kind")
    assert look(programme, register("a,Một,most,2027,2027-12-31,", columns=columns)).count("unchanged") == 1
    assert bring(programme, register("a,Một,most,2027,2027-06-30,date", columns=columns)).changed == 1
    assert Task.objects.get().original_due_on == date(2027, 6, 30)


@pytest.mark.parametrize("said", ["most/Bộ trưởng", "Bộ trưởng"])
def test_a_post_of_the_lead_agency_is_written_by_its_title(programme: Programme, said: str) -> None:
    """Of the lead that the row names, or of the one that the task has where the file leaves it out."""
    post = Post.objects.create(organisation=factories.organisation("most"), title={"vi": "Bộ trưởng"})
    Post.objects.create(organisation=factories.organisation("mof"), title={"vi": "Bộ trưởng"})
    columns = "key,title,lead,deadline,accountable_post"
    data = register(f"a,Một,most,2027,{said}", columns=columns)
    assert bring(programme, data).accepted == 1
    assert (Task.objects.get().accountable_post, look(programme, data).count("unchanged")) == (post, 1)
    bring(programme, register("b,Hai,most,2027,", columns=columns))
    assert bring(programme, register(f"b,Hai,,2027,{said}", columns=columns)).changed == 1
    assert Task.objects.get(key="b").accountable_post == post


def test_a_title_that_two_posts_bear_or_none_is_refused(programme: Programme) -> None:
    for _each in range(2):
        Post.objects.create(organisation=factories.organisation("most"), title={"vi": "Thứ trưởng"})
    Post.objects.create(organisation=factories.organisation("mof"), title={"vi": "Bộ trưởng"})
    columns = "key,title,lead,deadline,accountable_post,approver_post"
    seen = look(programme, register("a,Một,most,2027,Thứ trưởng,Bộ trưởng", columns=columns))
    assert [(each.column, each.code) for each in seen.problems] == [
        ("accountable_post", "unknown_post"), ("approver_post", "unknown_post"),
    ]  # fmt: skip
    assert ["“most/Thứ trưởng”" in seen.problems[0].detail, "“Bộ trưởng”" in seen.problems[1].detail] == [True, True]


def test_a_stranger_may_not_look(programme: Programme) -> None:
    with pytest.raises(Refused) as refusal:
        imports.preview(register("a,Một,most,2027"), "r.csv", programme, factories.stranger(), ON)
    assert refusal.value.status == 403


def test_an_annex_settles_what_it_can_and_says_what_it_cannot(programme: Programme) -> None:
    data = annex_fixtures.annex(
        [
            ("1", "Việc một", "Bộ Khoa học và Công nghệ", "BTC", "Quý II/2027", "Báo cáo"),
            ("2", "Việc hai", "Bộ Không Có", "", "sớm", ""),
        ]
    )
    first, second = look(programme, data, "pl.docx").lines
    assert (first.row.lead, first.row.cooperating, first.row.due_on, first.doubts) == (
        "most",
        ("mof",),
        date(2027, 6, 30),
        (),
    )
    assert {each.code for each in second.doubts} == {"no_lead", "deadline_unknown"}
    assert first.row.key.startswith("resolution57-")


def test_a_person_puts_an_annex_right(programme: Programme) -> None:
    data = annex_fixtures.annex([("1", "Việc hai", "Bộ Không Có", "", "sớm", "")])
    seen = look(programme, data, "pl.docx", row1_lead="mof", row1_deadline="31/12/2027")
    assert (seen.problems, seen.lines[0].doubts) == ([], ())
    imports.apply(seen, programme, factories.TEST, ON)
    task = Task.objects.get()
    assert (task.original_due_on, task.lead_text) == (date(2027, 12, 31), "Bộ Không Có")


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("Bộ Văn hóa, Thể thao và Du lịch", ("mocst",)),
        ("Bộ Văn hóa, Thể thao và Du lịch, Bộ Tài chính", ("mocst", "mof")),
        ("mof, Bộ Văn hóa, Thể thao và Du lịch, most", ("mof", "mocst", "most")),
        ("Bộ Văn hóa, Thể thao và Du lịch\nmost;BTC", ("mocst", "most", "mof")),
        ("Hội Không Có, Ban Cũng Không, mof", ("Hội Không Có, Ban Cũng Không", "mof")),
    ],
)
def test_a_comma_within_a_typed_name_does_not_split_it(programme: Programme, typed: str, keys: tuple[str, ...]) -> None:
    factories.organisation("mocst", name={"vi": "Bộ Văn hóa, Thể thao và Du lịch"})
    data = annex_fixtures.annex([("1", "Việc", "Bộ Công Không Có", "", "2027", "")])
    (line,) = look(programme, data, "pl.docx", row1_lead=typed).lines
    assert (line.row.lead, *line.row.co_leads) == keys


def test_the_nearest_bodies_are_told_by_name_and_key(programme: Programme) -> None:
    data = annex_fixtures.annex([("1", "Việc", "Bộ Tài chánh", "", "2027", "")])
    seen = look(programme, data, "pl.docx")
    assert "Bộ Tài chính (mof)" in seen.lines[0].doubts[0].nearest
    (problem,) = imports.without_doubtful_leads(seen).problems
    assert ": Bộ Tài chính (mof)" in problem.detail


def test_an_annex_is_imported_once(programme: Programme) -> None:
    data = annex_fixtures.annex([("1", "Việc một", "BKHCN", "", "Quý II/2027", "Báo cáo")])
    assert [bring(programme, data, "pl.docx").accepted for _turn in range(2)] == [1, 0]


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"MZ\x00", "r.csv", "file_not_what_it_says"),
        (b"%PDF-1.7", "r.pdf", "file_kind"),
        (b"key,title,lead,deadline\n", "r.xlsx", "file_not_what_it_says"),
        (b"key,title,lead,deadline,colour\n", "r.csv", "unknown_column"),
    ],
)
def test_a_file_of_another_kind_is_refused(programme: Programme, data: bytes, name: str, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        look(programme, data, name)
    assert refusal.value.code == code


def test_the_command_prints_counts_and_refused_rows(
    programme: Programme, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "r.csv"
    file.write_bytes(register("a,Một,most,2027", "b,Hai,nobody,2027"))
    asked = ["tasks", "import", str(file), "--programme", "resolution57"]
    assert main(asked) == 2
    said = capsys.readouterr()
    assert ("refused 1" in said.out, "Row 3, lead" in said.err, Task.objects.count()) == (True, True, 0)
    assert main([*asked, "--skip-bad-rows", "--dry-run"]) == 0
    assert Task.objects.count() == 0
    capsys.readouterr()
    assert main([*asked, "--skip-bad-rows", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["accepted"], result["refused"], result["rows"][0]["row"]) == (1, 1, 3)


def test_the_command_is_told_the_document_and_the_day_of_an_annex(
    programme: Programme, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As the page asks for them; a day that cannot be read, or a number too long, is refused and nothing is kept."""
    file = tmp_path / "pl.docx"
    file.write_bytes(annex_fixtures.annex([("1", "Việc một", "BKHCN", "", "tháng 2", "Báo cáo")]))
    asked = ["tasks", "import", str(file), "--programme", "resolution57"]
    for wrong in (["--assigned-on", "hôm qua"], ["--document", "9" * 201], ["--document", "1/KH (Mật)"]):
        assert (main([*asked, *wrong]), Task.objects.count()) == (2, 0)
    assert main([*asked, "--document", " 03/NQ-CP ", "--assigned-on", "2025-03-10"]) == 0
    task = Task.objects.get()
    assert (task.source, task.assigned_on, task.original_due_on) == ("03/NQ-CP", date(2025, 3, 10), date(2026, 2, 28))
    assert "Traceback" not in capsys.readouterr().err


def test_the_page_keeps_what_was_typed_of_an_annex_and_cannot_be_read(programme: Programme) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(factories.person("office"), backend=settings.AUTHENTICATION_BACKENDS[-1])
    page, data = "/desk/tasks/import/", annex_fixtures.annex([("1", "Việc một", "BKHCN", "", "tháng 2", "Báo cáo")])
    put = client.post(page, {"programme": programme.key, "file": SimpleUploadedFile("pl.docx", data)})
    given = {"programme": programme.key, "parked": put["Location"].rpartition("file=")[2]}
    html = client.post(page, {**given, "document": "9" * 201, "assigned_on": "hôm qua"}).content.decode()
    assert ("9" * 201 in html, 'type="text" id="a-assigned"' in html, 'value="hôm qua"' in html) == (True, True, True)


def test_a_command_with_bad_input_says_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "r.csv"
    file.write_bytes(register())
    assert main(["tasks", "import", str(file), "--programme", "none"]) == 2
    assert main(["tasks", "import", str(tmp_path / "gone.csv"), "--programme", "none"]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_the_page_looks_first_and_keeps_on_the_second_button(programme: Programme) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(factories.person("office"), backend=settings.AUTHENTICATION_BACKENDS[-1])
    page = "/desk/tasks/import/"
    assert "Choose a file." in client.post(page, {"programme": programme.key}).content.decode()
    data = register("a,Một,most,2027", "b,,most,2027")
    put = client.post(page, {"programme": programme.key, "file": SimpleUploadedFile("r.csv", data)})
    html = client.get(put["Location"]).content.decode()
    assert ("2 rows were read; nothing is kept yet" in html, Task.objects.count()) == (True, 0)
    given = {"programme": programme.key, "parked": put["Location"].rpartition("file=")[2], "keep": "1"}
    refused = client.post(page, given)
    assert (refused.status_code, "Row 3" in refused.content.decode(), Task.objects.count()) == (422, True, 0)
    assert client.post(page, {**given, "skip": "on"}).status_code == 302
    assert [each.key for each in Task.objects.all()] == ["a"]


SAMPLES = Path(__file__).parents[1] / "static" / "dotpha" / "samples"


def test_the_samples_that_the_page_offers_can_be_imported(programme: Programme) -> None:
    seen = look(programme, (SAMPLES / "register-template.xlsx").read_bytes(), "r.xlsx")
    assert ([line.row.key for line in seen.lines], seen.refused_rows) == (["mau-001"], set())
    annex = read_annex((SAMPLES / "annex-sample.docx").read_bytes())
    assert len(annex) == 5
    assert all("mẫu" in row.task for row in annex), "marked as a sample"
