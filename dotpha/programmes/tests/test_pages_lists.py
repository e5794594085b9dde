"""Pages of lists and boards: what stands on them, what they refuse, how many queries they need."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dotpha.accounts import rights
from dotpha.accounts.models import Grant, User
from dotpha.platform import days
from dotpha.platform import late as long_lists
from dotpha.platform.models import SavedView
from dotpha.platform.refusals import Refused
from dotpha.platform.registry import registry
from dotpha.programmes import actions
from dotpha.programmes.models import Membership, Programme, Task
from dotpha.programmes.queries import lists, reach, tasks
from dotpha.programmes.queries.lists import Asked
from dotpha.programmes.tests import factories

pytestmark = pytest.mark.django_db

LISTS = ("tasks/", "programmes/", "extensions/", "blockers/", "calendar/", "deadlines/")
ASSIGNED = date(2025, 3, 1)


def enter(person: User) -> Client:
    """A browser in which this person is signed in, reading English."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


@pytest.fixture
def office() -> Client:
    return enter(factories.person("office"))


def late(key: str, **values: Any) -> Task:
    return factories.task(key=key, deadline_text="31/12/2025", assigned_on=ASSIGNED, **values)


def coming(key: str, **values: Any) -> Task:
    due = days.today() + timedelta(days=90)
    return factories.task(key=key, deadline_text=f"{due.day}/{due.month}/{due.year}", assigned_on=ASSIGNED, **values)


def keys(html: str, *candidates: str) -> list[str]:
    """Which of these tasks the list shows, in its order."""
    found = [(html.find(f"/desk/tasks/{key}/"), key) for key in candidates]
    return [key for at, key in sorted(found) if at >= 0]


def read(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(f"/desk/{address}")
    assert answer.status_code == status, answer.content[:2000]
    return answer.content.decode()


@pytest.mark.parametrize("address", LISTS)
def test_an_empty_list_says_what_it_is_for(office: Client, address: str) -> None:
    html = read(office, address)
    assert 'class="card-b empty"' in html


@pytest.mark.parametrize("address", LISTS)
def test_a_list_asks_to_sign_in(address: str) -> None:
    answer = Client().get(f"/desk/{address}")
    assert answer.status_code == 302
    assert "/account/login/" in answer["Location"]


def test_the_list_shows_state_and_the_identity_line(office: Client) -> None:
    late("a-late")
    coming("b-coming")
    html = read(office, "tasks/")
    assert keys(html, "a-late", "b-coming") == ["a-late", "b-coming"]
    assert "2 assigned = 0 done on time + 0 done late + 1 in time + 1 overdue" in html
    assert html.count('<span class="st st-overdue">') == 1
    assert html.count('<span class="dl late">') == 1
    assert "&lt;" not in html.partition("<tbody>")[2]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("state=overdue", ["a"]),
        ("state=overdue,not_started", ["a", "b"]),
        ("state=overdue&state=not_started", ["a", "b"]),
        ("lead=other", ["b"]),
        ("cooperating=helper", ["a"]),
        ("q=quỹ", ["b"]),
        ("q=b", ["b"]),
        ("tag=gấp", ["a"]),
        ("due_before=2025-12-31", ["a"]),
        ("due_after=2026-01-01", ["b"]),
        ("programme=resolution57", ["a", "b"]),
        ("only=ungrouped", ["a", "b"]),
        ("only=blocked", []),
        ("sort=-key&view=all", ["b", "a"]),
    ],
)
def test_conditions_stand_in_the_address(office: Client, query: str, shown: list[str]) -> None:
    late("a", cooperating=("helper",), tags=("gấp",))
    coming("b", lead="other", title="Thành lập Quỹ đầu tư")
    assert keys(read(office, f"tasks/?{query}"), "a", "b") == shown


def test_the_choices_of_a_condition_are_there_on_request(office: Client) -> None:
    late("a")
    assert "<option" not in read(office, "tasks/?state=overdue").partition('id="conditions"')[2]
    html = read(office, "tasks/?state=overdue&conditions=1")
    assert '<option value="most">' in html
    assert keys(html, "a") == ["a"]
    assert 'name="conditions"' not in html.partition('id="conditions"')[2]


def test_extensions_are_left_aside_on_request(office: Client) -> None:
    """C12: every count can also be shown against the original due dates."""
    task = late("a")
    asked = actions.request_extension(task=task, new_due_on=days.today() + timedelta(days=60), reason="x",
                                      by=factories.actor("owner"), on=days.today())  # fmt: skip
    actions.grant_extension(extension=asked, by=factories.TEST, on=days.today())
    assert "0 overdue" in read(office, "tasks/?view=all").partition("<tbody>")[0]
    html = read(office, "tasks/?original=1")
    assert "1 overdue" in html.partition("<tbody>")[0]
    assert html.count('<span class="st st-overdue">') == 1
    assert "Judged against the original due dates" in html


def test_a_condition_that_cannot_be_read_is_said_at_its_field(office: Client) -> None:
    late("a")
    html = read(office, "tasks/?due_before=soon&q=kept", status=422)
    assert 'value="kept"' in html
    assert 'value="soon"' in html
    assert keys(html, "a") == []
    assert "This filter cannot be applied" in html
    assert "This cannot be saved yet" not in html


@pytest.mark.parametrize("query", ["programme=secret", "group=none", "lead=none", "place=commune-1", "parent=none"])
def test_an_address_may_name_what_its_reader_does_not_see(office: Client, query: str) -> None:
    late("a")
    html = read(office, f"tasks/?{query}")
    assert keys(html, "a") == []
    assert "No task fits these conditions." in html


def test_each_chip_leads_to_the_list_without_it(office: Client) -> None:
    late("a")
    html = read(office, "tasks/?state=overdue,due_soon&only=blocked")
    assert html.count("flt on") == 3
    assert "/desk/tasks/?state=due_soon&amp;only=blocked" in html


def test_a_stranger_sees_no_task(office: Client) -> None:
    late("a")
    html = read(enter(factories.person("owner", factories.organisation("elsewhere").scope)), "tasks/")
    assert keys(html, "a") == []
    assert "within your rights" in html


def test_as_of_shows_the_facts_of_that_day(office: Client) -> None:
    late("a")
    html = read(office, "tasks/?as_of=2025-06-01")
    assert "st st-not_started" in html
    assert "as_of=2025-06-01" in html.partition("/desk/tasks/a/")[2][:20]


def test_columns_and_their_order_stand_in_the_address(office: Client) -> None:
    late("a")
    html = read(office, "tasks/?columns=due_on&columns=key&columns=nonsense")
    head = html.partition("<thead>")[2].partition("</thead>")[0]
    assert head.index("Due date") < head.index("Key")
    assert "Progress" not in head


def many(number: int) -> None:
    """Tasks of one programme that all have a co-operating agency."""
    for at in range(number):
        late(f"many-{at}", cooperating=("helper",), tags=("x",))


@pytest.mark.parametrize(
    "address",
    ["tasks/?columns=title,cooperating,programmes,place,tags,due_on", *LISTS, "programmes/resolution57/", "inbox/"],
)
def test_a_list_needs_as_many_queries_for_40_rows_as_for_4(office: Client, address: str) -> None:
    many(4)
    read(office, address)
    with CaptureQueriesContext(connection) as few:
        read(office, address)
    for at in range(36):
        late(f"more-{at}", cooperating=("helper",), tags=("x",))
    with CaptureQueriesContext(connection) as lots:
        read(office, address)
    assert len(lots) == len(few)


def test_the_export_is_what_the_screen_shows(office: Client) -> None:
    late("b-late")
    late("a-late")
    coming("c")
    answer = office.get("/desk/tasks/?state=overdue&columns=key,state,due_on&sort=-key&export=csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.reader(io.StringIO(text)))
    assert rows == [
        ["Key", "State", "Due date"],
        ["b-late", "Overdue", "2025-12-31"],
        ["a-late", "Overdue", "2025-12-31"],
    ]


def test_the_list_has_a_data_twin(office: Client) -> None:
    late("a")
    answer = office.get("/desk/tasks.json?columns=key,due_on")
    told = json.loads(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    assert told["items"] == [{"key": "a", "due_on": "2025-12-31"}]


def test_a_saved_view_opens_first_and_says_when_it_was_changed(office: Client) -> None:
    late("a")
    office.post(
        "/desk/views/save/",
        {
            "list_name": "tasks",
            "name": "Late ones",
            "query": "state=overdue",
            "is_default": "1",
            "next": "/desk/tasks/",
        },
    )
    view = SavedView.objects.get()
    opened = office.get("/desk/tasks/")
    assert opened["Location"] == f"/desk/tasks/?state=overdue&view={view.pk}"
    assert "was changed" not in read(office, f"tasks/?state=overdue&view={view.pk}")
    changed = read(office, f"tasks/?state=overdue&q=x&view={view.pk}")
    assert "was changed" in changed
    assert f'href="/desk/tasks/?state=overdue&amp;view={view.pk}"' in changed


def test_removing_a_shared_view_warns(office: Client) -> None:
    office.post(
        "/desk/views/save/",
        {"list_name": "tasks", "name": "Ours", "query": "state=overdue", "shared_scope": "all"},
    )
    view = SavedView.objects.get()
    assert "will lose it" in read(office, f"tasks/?state=overdue&view={view.pk}")
    colleague = enter(factories.person("leader"))
    html = read(colleague, "tasks/?view=all")
    assert "Ours" in html
    assert f"/desk/views/{view.pk}/remove/" not in read(colleague, f"tasks/?view={view.pk}")


def test_chosen_rows_stay_over_pages(office: Client) -> None:
    late("a")
    late("b")
    html = read(office, "tasks/?picked=a&picked=other-page")
    assert '<input type="hidden" name="picked" value="other-page">' in html
    assert html.count(" checked aria-label") == 1
    assert "Tasks chosen: <span data-count>2</span>" in html


def test_a_bulk_change_is_looked_at_first_and_then_done(office: Client) -> None:
    late("a")
    late("b")
    actions.cancel_task(task=Task.objects.get(key="b"), reason="Không còn cần", by=factories.office(), on=days.today())
    address = "/desk/tasks/change/?picked=a&picked=b"
    said = {"verb": "cancel", "reason": "Trùng nhiệm vụ"}
    looked = office.post(address, said).content.decode()
    assert "1 task will change" in looked
    assert "1 will not" in looked
    assert Task.objects.get(key="a").cancelled_on is None
    done = office.post(address, {**said, "do": "1"})
    assert done["Location"] == "/desk/tasks/?picked=a&picked=b"
    assert Task.objects.get(key="a").cancelled_on == days.today()


def test_a_bulk_change_needs_its_reason_and_keeps_what_was_typed(office: Client) -> None:
    late("a")
    refused = office.post("/desk/tasks/change/?picked=a", {"verb": "cancel", "reason": " "})
    assert refused.status_code == 422
    assert Task.objects.get(key="a").cancelled_on is None
    kept = office.post("/desk/tasks/change/?picked=a", {"verb": "lead", "reason": "Đổi chức năng"})
    assert kept.status_code == 422
    assert ">\nĐổi chức năng</textarea>" in kept.content.decode()


@pytest.mark.parametrize(
    ("said", "read_back"),
    [
        ({"verb": "cancel", "reason": "Nhầm"}, "cancelled_on"),
        ({"verb": "tags", "tags": "gấp"}, "tags"),
        (
            {"verb": "lead", "lead": "other", "reason": "Đổi chức năng", "document": "12/NQ-CP"},
            "assignments__organisation__key",
        ),
    ],
)
def test_a_bulk_change_is_taken_back_in_one_step(office: Client, said: dict[str, str], read_back: str) -> None:
    late("a")
    late("b")
    coming("c", lead="other")
    open_now = Task.objects.exclude(assignments__until_on__isnull=False, assignments__part="lead")
    was = list(open_now.order_by("key").values_list(read_back, flat=True))
    office.post("/desk/tasks/change/?picked=a&picked=b", {**said, "do": "1"})
    assert "2 tasks were changed." in read(office, "tasks/?view=all").partition('class="undo"')[2]
    assert 'class="undo"' not in read(office, "tasks/?view=all")
    office.post("/desk/tasks/undo/", {"next": "/desk/tasks/"})
    leads = dict(Task.objects.filter(assignments__until_on=None).values_list("key", "assignments__organisation__key"))
    assert leads == {"a": "most", "b": "most", "c": "other"}
    if not read_back.startswith("assignments"):
        assert list(Task.objects.order_by("key").values_list(read_back, flat=True)) == was
    assert office.post("/desk/tasks/undo/").status_code == 409


@pytest.mark.parametrize("verb", ["move", "copy"])
def test_a_move_and_a_copy_of_many_are_taken_back_in_one_step(office: Client, verb: str) -> None:
    late("a")
    late("b")
    factories.programme("other")
    held = Membership.objects.filter(programme__key="other", task__cancelled_on=None)
    office.post("/desk/tasks/change/?picked=a&picked=b", {"verb": verb, "programme": "other", "do": "1"})
    assert held.count() == 2
    assert "2 tasks were changed." in read(office, "tasks/?view=all").partition('class="undo"')[2]
    office.post("/desk/tasks/undo/", {"next": "/desk/tasks/"})
    assert held.count() == 0
    assert Task.objects.filter(key__in="ab", memberships__programme__key="resolution57").count() == 2


def test_every_task_that_fits_can_be_changed_at_once(office: Client) -> None:
    late("a")
    late("b")
    coming("c")
    address, said = "/desk/tasks/change/?every=1&state=overdue", {"verb": "tags", "tags": "quý I, gấp"}
    assert office.post(address, {**said, "do": "1"}).status_code == 409, "nobody looked at them"
    seen = re.search(r'name="seen" value="(\w+)"', office.post(address, said).content.decode())
    assert seen
    office.post(address, {**said, "do": "1", "seen": seen[1]})
    assert dict(Task.objects.values_list("key", "tags")) == {
        "a": ["quý I", "gấp"],
        "b": ["quý I", "gấp"],
        "c": [],
    }


def test_who_may_change_no_task_has_no_bulk_page(office: Client) -> None:
    late("a")
    assert "/desk/tasks/change/" in read(office, "tasks/")
    owner = enter(factories.person("owner", factories.organisation("most").scope))
    assert "/desk/tasks/change/" not in read(owner, "tasks/")
    answer = owner.post("/desk/tasks/change/?picked=a", {"verb": "cancel", "reason": "x", "do": "1"})
    assert answer.status_code == 403
    assert Task.objects.get(key="a").cancelled_on is None


def test_a_programme_page_tells_counts_that_open(office: Client) -> None:
    late("a")
    coming("b", lead="other")
    html = read(office, "programmes/resolution57/")
    assert "2 assigned = 0 done on time + 0 done late + 1 in time + 1 overdue" in html
    assert "/desk/tasks/?programme=resolution57&amp;only=ungrouped" in html
    assert "/desk/tasks/?programme=resolution57&amp;lead=other" in html


def test_a_programme_that_is_not_mine_is_not_there(office: Client) -> None:
    factories.programme("hidden", published=False)
    assert read(office, "programmes/hidden/")
    owner = enter(factories.person("owner", factories.organisation("most").scope))
    assert owner.get("/desk/programmes/hidden/").status_code == 404


def test_the_office_publishes_a_programme(office: Client) -> None:
    made = factories.programme("new", published=False)
    office.post("/desk/programmes/new/")
    made.refresh_from_db()
    assert made.published_at is not None


def test_a_programme_is_added_and_refusals_keep_the_text(office: Client) -> None:
    factories.document()
    said = {"key": "plan-1", "title_vi": "Kế hoạch 01", "kind": "plan", "document": "no such thing"}
    refused = office.post("/desk/programmes/add/", said)
    assert refused.status_code == 422
    assert 'value="Kế hoạch 01"' in refused.content.decode()
    made = office.post("/desk/programmes/add/", {**said, "document": "nq-57"})
    assert made["Location"] == "/desk/programmes/plan-1/"


def test_targets_are_listed_by_year(office: Client) -> None:
    programme = factories.programme()
    rows = [
        actions.TargetRow("t-2030", {"vi": "Tỷ lệ"}, 2030, 1, result_text="≥ 60 %"),
        actions.TargetRow("t-2045", {"vi": "Quy mô"}, 2045, 2, result_text="50 %"),
    ]
    actions.add_targets(programme=programme, rows=rows, by=factories.TEST)
    html = read(office, "programmes/resolution57/targets/")
    assert "2 targets: 1 by 2030, 1 by 2045" in html
    assert "≥ 60 %" in html
    assert "50 %" not in read(office, "programmes/resolution57/targets/?year=2030").partition("<tbody>")[2].replace(
        "≥ 60 %", ""
    )


def asked_for(task: Task, until: date, by: str = "most") -> Any:
    return actions.request_extension(
        task=task,
        new_due_on=until,
        reason="Chờ luật",
        reason_kind="law",
        by=factories.owner(by),
        on=days.today(),
    )


def test_open_requests_come_first_and_late_ones_are_marked(office: Client) -> None:
    until = days.today() + timedelta(days=30)
    asked_for(late("a"), until)
    html = read(office, "extensions/")
    assert "1 extension waits for a decision" in html
    assert "late request" in html
    assert f"+{(until - date(2025, 12, 31)).days} days" in html


def test_the_ledger_counts_granted_extensions_by_agency(office: Client) -> None:
    due = days.today() + timedelta(days=90)
    line = asked_for(coming("a"), due + timedelta(days=10))
    actions.grant_extension(extension=line, by=factories.office(), on=days.today())
    html = read(office, "extensions/")
    assert "No extension waits for a decision" in html
    assert "1 extension · 1 task · 10 days added" in html
    assert keys(read(office, "extensions/?state=refused"), "a") == []


def test_the_calendar_shows_the_days_of_a_month(office: Client) -> None:
    late("a")
    html = read(office, "calendar/?month=2025-12")
    assert "1 task due" in html
    assert keys(html, "a") == ["a"]
    assert "0 tasks due" in read(office, "calendar/?month=2025-11")
    assert read(office, "calendar/?month=nonsense")


def test_a_day_of_many_tasks_counts_them_by_state(office: Client) -> None:
    for key in "abcd":
        late(key)
    html = read(office, "calendar/?month=2025-12")
    assert "4 tasks due" in html
    assert keys(html, *"abcd") == []
    address = re.search(r'<a href="([^"]+state=overdue[^"]+)"><b>4</b> overdue', html)
    assert address
    found = office.get(unescape(address[1])).content.decode()
    assert sorted(set(keys(found, *"abcd"))) == list("abcd")


def test_the_rounds_of_a_busy_day_are_one_click_away(office: Client) -> None:
    for number in range(4):
        held = factories.task(key=f"each-{number}", deadline_text="Hằng quý", assigned_on=ASSIGNED)
        held.occurrences.get_or_create(period="2026-Q1", defaults={"due_on": date(2026, 3, 31)})
    html = read(office, "calendar/?month=2026-03")
    assert keys(html, *(f"each-{number}" for number in range(4))) == []
    address = re.search(r'<a href="([^"]+#rounds)">4 rounds of recurring tasks', html)
    assert address
    found = office.get(unescape(address[1])).content.decode()
    assert len(keys(found, *(f"each-{number}" for number in range(4)))) == 4


def test_unread_deadlines_wait_to_be_settled(office: Client) -> None:
    factories.task(key="unread", deadline_text="sớm nhất có thể", assigned_on=ASSIGNED)
    late("read")
    html = read(office, "deadlines/")
    assert "1 deadline is to be settled" in html
    assert keys(html, "unread", "read") == ["unread"]
    assert "1 deadline" in read(office, "deadlines/?kind=conditional")


def duties(person: User, key: str) -> list[str]:
    return [duty.subject for duty in factories.duties(person.actor(), key, days.today())]


def entered(key: str, **values: Any) -> Task:
    """A task far from its due date that somebody of the office enters."""
    row = factories.row(key=key, deadline_text="31/12/2035", assigned_on=ASSIGNED, **values)
    factories.organisation(row.lead)
    by = factories.office()
    return actions.add_task(programme=factories.programme(), row=row, by=by, on=days.today())


def test_the_inbox_of_an_owner_names_what_is_overdue_once() -> None:
    """A late task says so; that it is new besides would be the same line again."""
    late("a")
    late("elsewhere", lead="other")
    owner = factories.person("owner", factories.organisation("most").scope)
    assert duties(owner, "overdue") == ["task:a"]
    assert duties(owner, "to_take_on") == []


def test_whoever_only_takes_on_tasks_still_sees_a_late_one_that_is_new() -> None:
    row = factories.row(key="a", deadline_text="31/12/2025", assigned_on=ASSIGNED)
    factories.organisation("most")
    actions.add_task(programme=factories.programme(), row=row, by=factories.office(), on=days.today())
    focal = factories.person("focal_point", factories.organisation("most").scope)
    lists = {key: duties(focal, key) for key in ("overdue", "to_take_on")}
    assert sorted(lists.values()) == [[], ["task:a"]]


def test_a_task_is_new_from_the_day_it_was_entered_not_that_of_its_document(monkeypatch: pytest.MonkeyPatch) -> None:
    """An import of today is news to the lead whatever the document's date; what came months ago is none."""
    long_ago = days.now() - timedelta(days=90)
    with monkeypatch.context() as patched:
        patched.setattr(days, "now", lambda: long_ago)
        entered("known")
    entered("entered-today")
    owner = factories.person("owner", factories.organisation("most").scope)
    assert duties(owner, "to_take_on") == ["task:entered-today"]
    assert "entered here on" in read(enter(owner), "inbox/?kind=to_take_on")
    factories.organisation("mof")
    actions.assign_task(
        task=Task.objects.get(key="known"),
        lead=factories.organisation("mof"),
        reason="x",
        document="12/NQ-CP",
        by=factories.office(),
        on=days.today(),
    )
    assert duties(factories.person("owner", factories.organisation("mof").scope), "to_take_on") == ["task:known"]


def test_what_a_program_loaded_is_new_only_from_the_day_of_its_assignment() -> None:
    """A data pack is the record of what was assigned long ago: nobody has given its tasks today."""
    coming("of-the-pack")
    factories.task(key="of-today", deadline_text="31/12/2035", assigned_on=days.today())
    owner = factories.person("owner", factories.organisation("most").scope)
    assert duties(owner, "to_take_on") == ["task:of-today"]


def test_office_and_inspector_verify_what_others_approved() -> None:
    task, today = late("a"), days.today()
    writer, approver = factories.owner(), factories.approver()
    row = actions.ReportRow(
        percent=100, summary="Đã ban hành", completed_on=today,
        evidence=(actions.EvidenceRow(kind="document", number="12/QĐ"),),
    )  # fmt: skip
    office, inspector = factories.person("office"), factories.person("inspector")
    report = actions.draft_report(task=task, row=row, by=writer, on=today)
    actions.submit_report(report=report, by=writer, on=today)
    assert duties(office, "to_verify") == []
    actions.approve_report(report=report, by=approver, on=today)
    assert duties(office, "to_verify") == duties(inspector, "to_verify") == [report.subject]
    assert duties(factories.person("approver", factories.organisation("most").scope), "to_verify") == []
    actions.verify_report(report=report, by=inspector.actor(), on=today)
    assert duties(office, "to_verify") == []


def test_what_waits_for_a_decision_stands_above_what_has_no_day(office: Client) -> None:
    factories.task(key="unread", title="A: hạn không đọc được", deadline_text="sớm", assigned_on=ASSIGNED)
    asked_for(late("a", title="Z: xin lùi hạn"), days.today() + timedelta(days=30))
    html = read(office, "inbox/")
    assert 0 < html.find("Z: xin lùi hạn") < html.find("A: hạn không đọc được")


def test_a_role_for_one_body_in_one_programme_has_its_inbox_and_may_do_what_stands_there() -> None:
    here, other = factories.programme(), factories.programme("other")
    late("mine", within=here)
    late("elsewhere", within=other)
    late("others", within=here, lead="mof")
    scope = factories.organisation("most").scope
    owner = factories.person("owner", scope)
    approver = factories.person("approver", scope)
    Grant.objects.filter(user__in=[owner, approver]).update(programme=here.key)
    assert duties(owner, "overdue") == ["task:mine"]
    row = actions.ReportRow(percent=40, summary="Đã trình dự thảo")
    held = Task.objects.in_bulk(field_name="key")
    report = actions.draft_report(task=held["mine"], row=row, by=owner.actor(), on=days.today())
    actions.submit_report(report=report, by=owner.actor(), on=days.today())
    assert duties(approver, "to_approve") == [report.subject]
    for key in ("elsewhere", "others"):
        with pytest.raises(Refused):
            actions.draft_report(task=held[key], row=row, by=owner.actor(), on=days.today())


def test_a_role_for_one_body_in_one_programme_answers_the_blockers_of_its_tasks() -> None:
    here, other = factories.programme(), factories.programme("other")
    asked = factories.person("focal_point", factories.organisation("moj").scope)
    Grant.objects.filter(user=asked).update(programme=here.key)
    raised = {
        key: actions.raise_blocker(
            task=late(key, within=within), kind="law", text="Chờ nghị định", asks_of=factories.organisation("moj"),
            by=factories.owner(), on=days.today(),
        )
        for key, within in (("mine", here), ("elsewhere", other))
    }  # fmt: skip
    assert duties(asked, "to_answer") == [raised["mine"].subject]
    actions.answer_blocker(blocker=raised["mine"], answer="Đã ban hành", by=asked.actor(), on=days.today())
    with pytest.raises(Refused):
        actions.answer_blocker(blocker=raised["elsewhere"], answer="Đã", by=asked.actor(), on=days.today())


def test_the_inbox_of_an_approver_holds_reports_that_wait_for_it() -> None:
    task = late("a")
    row = actions.ReportRow(percent=40, summary="Đã trình dự thảo")
    report = actions.draft_report(task=task, row=row, by=factories.owner(), on=days.today())
    approver = factories.person("approver", factories.organisation("most").scope)
    owner = factories.person("owner", factories.organisation("most").scope)
    assert duties(approver, "to_approve") == []
    actions.submit_report(report=report, by=owner.actor(), on=days.today())
    assert duties(approver, "to_approve") == [report.subject]
    assert duties(owner, "overdue") == []
    actions.return_report(report=report, reason="Thiếu số liệu", by=approver.actor(), on=days.today())
    assert duties(approver, "to_approve") == []
    assert duties(owner, "returned") == [report.subject]


def test_the_inbox_holds_blockers_to_answer_and_then_to_close() -> None:
    task = late("a")
    blocker = actions.raise_blocker(
        task=task,
        kind="law",
        text="Chờ nghị định",
        asks_of=factories.organisation("moj"),
        by=factories.owner(),
        on=days.today(),
    )
    asked = factories.person("focal_point", factories.organisation("moj").scope)
    owner = factories.person("owner", factories.organisation("most").scope)
    assert duties(asked, "to_answer") == [blocker.subject]
    assert duties(owner, "to_answer") == []
    actions.answer_blocker(blocker=blocker, answer="Đã ban hành", by=asked.actor(), on=days.today())
    assert duties(asked, "to_answer") == []
    assert duties(owner, "to_close") == [blocker.subject]


def test_the_inbox_of_the_office_holds_requests_disputes_and_deadlines() -> None:
    line = asked_for(late("a"), days.today() + timedelta(days=30))
    factories.task(key="unread", deadline_text="sớm nhất có thể", assigned_on=ASSIGNED)
    actions.dispute_task(
        task=Task.objects.get(key="a"), reason="Không đúng chức năng", by=factories.owner(), on=days.today()
    )
    office = factories.person("office")
    assert duties(office, "to_decide") == [line.subject]
    assert duties(office, "to_settle") == ["task:unread"]
    assert duties(office, "disputed") == ["task:a"]


def test_a_role_for_one_body_in_one_programme_decides_the_requests_of_what_it_gave() -> None:
    """An agency that divided its task decides on the parts; of another programme it decides nothing (A6)."""
    here, other = factories.programme(), factories.programme("other")
    for key, within in (("here", here), ("other", other)):
        late(key, within=within)
        late(f"{key}-1", within=within, lead="mof", parent=key)
    until = days.today() + timedelta(days=30)
    lines = {key: asked_for(Task.objects.get(key=key), until, "mof") for key in ("here-1", "other-1")}
    approver = factories.person("approver", factories.organisation("most").scope)
    Grant.objects.filter(user=approver).update(programme=here.key)
    assert duties(approver, "to_decide") == [lines["here-1"].subject]
    actions.grant_extension(extension=lines["here-1"], by=approver.actor(), on=days.today())
    with pytest.raises(Refused):
        actions.grant_extension(extension=lines["other-1"], by=approver.actor(), on=days.today())


@pytest.mark.parametrize("limit", ["", "other"])
def test_the_body_of_a_programme_decides_the_requests_of_its_tasks(limit: str) -> None:
    body = factories.organisation("moic")
    until = days.today() + timedelta(days=30)
    asked_for(late("elsewhere"), until)
    line = asked_for(late("a", within=factories.programme("other", organisation=body)), until)
    office = factories.person("office", body.scope)
    Grant.objects.filter(user=office).update(programme=limit)
    assert duties(office, "to_decide") == [line.subject]
    actions.grant_extension(extension=line, by=office.actor(), on=days.today())


def test_a_deadline_to_settle_waits_for_those_who_may_settle_it() -> None:
    factories.task(key="unread", deadline_text="sớm nhất có thể", assigned_on=ASSIGNED)
    assert duties(factories.person("focal_point", factories.organisation("most").scope), "to_settle") == []
    assert duties(factories.person("office"), "to_settle") == ["task:unread"]


@pytest.mark.parametrize("limit", ["", "resolution57", "other"])
@pytest.mark.parametrize("scope", ["all", "org", "org of the programme", "place", "programme"])
def test_the_tasks_given_are_those_over_which_the_right_is_held(scope: str, limit: str) -> None:
    """`reach.given` is the SQL twin of asking a right over the scopes of those who gave a task."""
    body, place = factories.organisation("moic"), factories.place("province-x")
    here, other = factories.programme(), factories.programme("other", organisation=body, place=place)
    late("top", within=here, place=place.key)
    late("under", within=here, lead="mof", parent="top")
    late("across", within=other, lead="mof", parent="top")
    late("alone", within=other)
    scopes = {
        "all": "all", "org": factories.organisation("most").scope, "org of the programme": body.scope,
        "place": place.scope, "programme": "programme/other/",
    }  # fmt: skip
    person = factories.person("office", scopes[scope])
    Grant.objects.filter(user=person).update(programme=limit)
    held = rights.standings(person.actor())
    expected = {each.key for each in Task.objects.all() if held.may("task.assign", tasks.assigner_scopes(each))}
    found = Task.objects.filter(reach.given(person.actor(), "task.assign"))
    assert set(found.values_list("key", flat=True)) == expected


def test_panels_count_the_tasks_of_a_body_and_a_document(office: Client) -> None:
    late("a", cooperating=("helper",))
    assert "1 assigned = 0 done on time + 0 done late + 0 in time + 1 overdue" in read(office, "organisations/most/")
    assert "Tasks in which it co-operates" in read(office, "organisations/helper/")
    assert "/desk/programmes/resolution57/" in read(office, "documents/nq-57/")


def test_search_finds_tasks_and_programmes() -> None:
    late("a", title="Xây dựng Quỹ đầu tư mạo hiểm")
    person = factories.actor("office")
    sources = {each.kind: each for each in registry.search}
    assert [hit.key for hit in sources["task"].find(person, "quy dau tu", days.today(), 5)] == ["a"]
    assert [hit.key for hit in sources["programme"].find(person, "nghi quyet 57", days.today(), 5)] == ["resolution57"]
    assert sources["task"].find(factories.stranger(), "quy dau tu", days.today(), 5) == []


def test_a_task_of_two_programmes_counts_once(office: Client) -> None:
    held = late("a")
    second = factories.programme("second")
    Membership.objects.create(task=held, programme=second)
    assert "1 assigned = 0 done on time + 0 done late + 0 in time + 1 overdue" in read(office, "tasks/")


@pytest.mark.parametrize(("asked", "shown"), [("0", 3), ("-5", 1), ("2", 2), ("99999999", 3)])
def test_a_page_holds_no_more_rows_than_it_can_show(office: Client, asked: str, shown: int, monkeypatch: Any) -> None:
    monkeypatch.setattr(long_lists, "MOST_ROWS", 3)
    for number in range(4):
        factories.task(key=f"t-{number}")
    assert read(office, f"tasks/?view=all&per_page={asked}").count("<tr") - 1 == shown


def test_what_is_built_once_a_day_is_read_anew_each_time(office: Client) -> None:
    factories.task(key="first-one")
    assert "first-one" in read(office, "tasks/?view=all")
    factories.task(key="second-one")
    assert len(tasks.visible(factories.TEST, days.today())) == 2
    factories.task(key="third-one")
    assert len(tasks.visible(factories.TEST, days.today())) == 3


def test_to_a_province_its_part_of_a_collective_task_is_a_task(office: Client) -> None:
    """To the office it is one of several; each counts a task once."""
    whole = coming("whole")
    bodies = [factories.organisation(key) for key in ("mof", "moh")]
    actions.spread_task(task=whole, members=bodies, by=factories.office(), on=days.today())
    part = Task.objects.get(parent=whole, assignments__organisation__key="mof")
    own = enter(factories.person("focal_point", factories.organisation("mof").scope))
    assert keys(read(own, "tasks/"), part.key, "whole") == [part.key]
    assert keys(read(office, "tasks/?view=all"), part.key, "whole") == ["whole"]
    rows = {role: lists.listed(who, Asked(), days.today()) for role, who in (
        ("own", factories.actor("focal_point", factories.organisation("mof").scope)), ("office", factories.office()),
    )}  # fmt: skip
    assert {role: [each.key for each in held] for role, held in rows.items()} == {
        "own": [part.key],
        "office": ["whole"],
    }


def test_a_province_begins_its_own_plan_and_no_other(office: Client) -> None:
    """C3: plans of a body under a programme of the centre."""
    main = factories.programme()
    body, _other = factories.organisation("mof"), factories.organisation("moh")
    own = enter(factories.person("focal_point", body.scope))
    assert 'value="mof"' in read(own, f"programmes/add/?parent={main.key}")
    plan = {"key": "plan-mof", "title_vi": "Kế hoạch", "kind": "plan", "document": "nq-57", "parent": main.key}
    assert own.post("/desk/programmes/add/", plan).status_code == 403, "without a body it is the whole instance's"
    assert own.post("/desk/programmes/add/", {**plan, "organisation": "moh"}).status_code == 403
    assert own.post("/desk/programmes/add/", {**plan, "organisation": "mof"}).status_code == 302
    made = Programme.objects.get(key="plan-mof")
    assert (made.parent, made.organisation) == (main, body)
    assert own.get("/desk/tasks/add/").status_code == 200


def test_a_programme_is_changed_and_gets_groups_on_pages(office: Client) -> None:
    held = factories.programme()
    form = read(office, "programmes/resolution57/change/")
    assert f'name="version" value="{held.version}"' in form
    said = {"title_vi": "Chương trình mới", "report_every": "month", "version": str(held.version)}
    assert office.post("/desk/programmes/resolution57/change/", said).status_code == 302
    held.refresh_from_db()
    assert (held.heading.text, held.report_every) == ("Chương trình mới", "month")
    late_one = office.post("/desk/programmes/resolution57/change/", {**said, "title_vi": "Của người khác"})
    assert (late_one.status_code, "Của người khác" in late_one.content.decode()) == (409, True)
    form = read(office, "programmes/resolution57/groups/add/")
    assert 'value="task-group-1"' in form
    group = {"order": "1", "title_vi": "Hạ tầng số", "key": "task-group-1"}
    assert office.post("/desk/programmes/resolution57/groups/add/", group).status_code == 302
    assert office.post("/desk/programmes/resolution57/groups/add/", group).status_code == 409
    assert "Hạ tầng số" in read(office, "programmes/resolution57/")
    stranger = enter(factories.person("inspector"))
    for page in ("change/", "groups/add/"):
        assert stranger.get(f"/desk/programmes/resolution57/{page}").status_code == 403


@pytest.mark.parametrize(("typed", "english"), [("Programme", {"text": "Programme", "state": "machine"}), ("P", "P")])
def test_a_marked_translation_keeps_its_mark_while_only_another_language_changes(
    office: Client, typed: str, english: Any
) -> None:
    title = {
        "vi": "Một",
        "en": {"text": "Programme", "state": "machine"},
        "ru": {"text": "Программа", "state": "draft"},
    }
    held = factories.programme(title=title)
    page = f"/desk/programmes/{held.key}/change/"
    assert 'value="Programme"' in office.get(page).content.decode()
    said = {"title_vi": "Hai", "title_en": typed, "version": str(held.version)}
    assert office.post(page, said).status_code == 302
    held.refresh_from_db()
    assert held.title == {**title, "vi": "Hai", "en": english}
