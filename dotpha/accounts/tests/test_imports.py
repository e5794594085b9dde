"""Files of people: looked at first, loaded whole or not at all; no passwords, no rights."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dotpha.__main__ import main
from dotpha.accounts import imports
from dotpha.accounts.actions import people
from dotpha.accounts.models import Grant, User
from dotpha.platform.actors import program
from dotpha.platform.importing import Difference, Result
from dotpha.platform.models import AuditEvent
from dotpha.platform.refusals import Refused

pytestmark = pytest.mark.django_db
TEST = program("test")


def file(*rows: str, head: str = "key,name,email") -> bytes:
    return "\n".join([head, *rows, ""]).encode()


def load(data: bytes) -> Result:
    return imports.apply(imports.preview(data, "r.csv", TEST), TEST)


def counts(result: Result) -> tuple[int, int, int]:
    return result.accepted, result.changed, result.unchanged


def test_people_are_added_changed_or_left_and_the_same_file_changes_nothing() -> None:
    User.objects.create(username="an", name="An", email="an@example.vn")
    User.objects.create(username="same", name="Same")
    data = file("LAN,Nguyễn Thị Lan,lan@example.vn", "an,Trần Văn An,", "same,Same,")
    assert counts(load(data)) == (1, 1, 1)
    lan = User.objects.get(username="lan")
    assert (lan.name, lan.email, lan.has_usable_password(), lan.grants.count()) == (
        "Nguyễn Thị Lan", "lan@example.vn", False, 0,
    )  # fmt: skip
    assert User.objects.get(username="an").email == "an@example.vn", "an empty cell changes nothing"
    assert "example" not in str([(each.before, each.after) for each in AuditEvent.objects.all()])
    events = AuditEvent.objects.count()
    assert (counts(load(data)), AuditEvent.objects.count()) == ((0, 0, 3), events)


def test_headers_may_be_words() -> None:
    assert counts(load(file("lan;Lan;", head="Tên đăng nhập;Họ và tên;Thư điện tử"))) == (1, 0, 0)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (",Lan,", ("key", "cell_missing")),
        ("lan anh,Lan,", ("key", "username_unreadable")),
        ("lan,,", ("name", "cell_missing")),
        ("lan,Lan,at home", ("email", "email_unreadable")),
        ("good,Lan,", ("key", "key_twice")),
        (f"lan,{'x' * 201},", ("name", "too_long")),
    ],
)
def test_a_bad_row_is_named_and_stops_the_file(row: str, expected: tuple[str, str]) -> None:
    data = file("good,Tốt,", row)
    seen = imports.preview(data, "r.csv", TEST)
    assert [(each.row, each.column, each.code) for each in seen.problems] == [(3, *expected)]
    with pytest.raises(Refused) as refusal:
        imports.apply(seen, TEST)
    assert (refusal.value.code, User.objects.count()) == ("rows_refused", 0)
    assert counts(imports.apply(seen, TEST, skip_bad_rows=True)) == (1, 0, 0)


def test_a_file_takes_no_passwords() -> None:
    with pytest.raises(Refused) as refusal:
        imports.preview(file("lan,Lan,secret", head="key,name,password"), "r.csv", TEST)
    assert refusal.value.code == "unknown_column"


def test_what_somebody_changed_or_added_meanwhile_is_not_overwritten() -> None:
    user = User.objects.create(username="an", name="An")
    stale = {"an": [Difference("name", "Ân", "Trần Văn An")]}
    for act, code in (
        (lambda: people.load_people(added=[], changed=stale, by=TEST), "file_outdated"),
        (lambda: people.load_people(added=[people.PersonRow("an", "X")], changed={}, by=TEST), "username_taken"),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.code == code
    user.refresh_from_db()
    assert user.name == "An"


def test_many_rows_take_as_many_queries_as_few() -> None:
    def asked(count: int) -> int:
        data = file(*(f"u{count}-{n},Tên {n}," for n in range(count)))
        load(file(f"u{count}-0,Tên cũ,"))
        with CaptureQueriesContext(connection) as queries:
            assert counts(load(data)) == (count - 1, 1, 0)
        return len(queries)

    assert asked(2) == asked(60)


def test_the_page_looks_first_and_is_the_administrators() -> None:
    page = "/desk/people/import/"
    clients = {}
    for role in ("admin", "inspector"):
        user = User.objects.create(username=role, name=role)
        Grant.objects.create(user=user, role=role, scope="all", from_on=date(2020, 1, 1), granted_by="test")
        clients[role] = Client(headers={"accept-language": "en"})
        clients[role].force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    assert clients["inspector"].get(page).status_code == 403
    assert page not in clients["inspector"].get("/desk/people/").content.decode()
    assert page in clients["admin"].get("/desk/people/").content.decode()
    put = clients["admin"].post(page, {"file": SimpleUploadedFile("r.csv", file("lan,Nguyễn Thị Lan,"))})
    html = clients["admin"].get(put["Location"]).content.decode()
    assert ("Nguyễn Thị Lan" in html, User.objects.filter(username="lan").exists()) == (True, False)
    given = {"parked": put["Location"].rpartition("file=")[2], "keep": "1"}
    answer = clients["admin"].post(page, given, follow=True)
    assert "Imported: 1 new, 0 changed, 0 unchanged." in answer.content.decode()
    assert AuditEvent.objects.get(kind="person.added").actor == "admin"


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "p.csv"
    path.write_bytes(file("lan,Lan,", "x,,"))
    assert main(["people", "import", str(path), "--dry-run"]) == 2
    assert "Row 3, name" in capsys.readouterr().err
    assert main(["people", "import", str(path), "--skip-bad-rows", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["keys"] == ["lan"]
