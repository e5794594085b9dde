"""The API of programmes and tasks, over HTTP with a token: contracts, section 4."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dotpha.accounts.actions import tokens
from dotpha.accounts.models import User
from dotpha.platform import days
from dotpha.platform.models import AuditEvent
from dotpha.programmes import actions
from dotpha.programmes.models import Blocker, Extension, Programme, Report, Task
from dotpha.programmes.tests import factories as make

pytestmark = pytest.mark.django_db
ONE = timedelta(days=1)


class Api:
    """A program that asks with the token of one person; without one it is nobody."""

    def __init__(self, user: User | None = None, may: tuple[str, ...] = ("read", "write")) -> None:
        self.headers = {"Accept-Language": "en"}
        if user:
            self.headers["Authorization"] = "Bearer " + tokens.issue_token(
                user=user, name="test", may=list(may), by=user.actor()
            )

    def get(self, path: str, status: int = 200, **query: Any) -> Any:
        return self._told(Client().get(f"/api/v1{path}", query, headers=self.headers), status)

    def send(self, method: str, path: str, body: Any = None, status: int = 200, **headers: str) -> Any:
        content = "" if body is None else body if isinstance(body, str) else json.dumps(body)
        asked = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        answer = Client().generic(method, f"/api/v1{path}", content, "application/json", headers=asked)
        return self._told(answer, status)

    def post(self, path: str, body: Any = None, status: int = 201, **headers: str) -> Any:
        return self.send("POST", path, body, status, **headers)

    @staticmethod
    def _told(answer: Any, status: int) -> Any:
        assert answer.status_code == status, answer.content.decode()[:1500]
        said = answer.json()
        if status >= 400:
            assert answer.headers["Content-Type"] == "application/problem+json"
            assert set(said) - {"errors"} == {"type", "title", "status", "detail", "code"}
            assert said["status"] == status
        return said


def of(role: str, scope: str = "all", **facts: Any) -> Api:
    return Api(make.person(role, scope), **facts)


def owner(key: str = "most") -> Api:
    return of("owner", make.organisation(key).scope)


def approver(key: str = "most") -> Api:
    return of("approver", make.organisation(key).scope)


@pytest.fixture
def task() -> Task:
    return make.task(key="nq-1", deadline_text="31/12/2035", products=("Đề án",), cooperating=("mof",))


# --- reading --------------------------------------------------------------------------------------

FIELDS = {
    "key", "programme", "group", "title", "lead", "cooperating", "deadline_text", "deadline_kind", "original_due_on",
    "due_on", "state", "days_left", "percent", "started_on", "completed_on", "cancelled_on", "extensions",
    "blockers_open", "version",
}  # fmt: skip


def test_a_task_says_everything_that_the_contract_names(task: Task) -> None:
    said = Api().get("/tasks/nq-1")
    assert FIELDS - set(said) == set()
    told = {name: said[name] for name in ("programme", "lead", "cooperating", "state", "original_due_on", "percent")}
    assert told == {
        "programme": "resolution57", "lead": "most", "cooperating": ["mof"], "state": "not_started",
        "original_due_on": "2035-12-31", "percent": 0,
    }  # fmt: skip
    assert said["days_left"] == (date(2035, 12, 31) - days.today()).days


@pytest.mark.parametrize("role", ["citizen", "owner"])
def test_whoever_signs_in_reads_no_less_than_the_public(role: str) -> None:
    """Without a right over the task one reads what everybody may read of it, and no more."""
    hidden = make.programme("hidden", published=False)
    make.task(key="hidden-1", within=hidden, lead="mof")
    task = make.task(key="public-1", lead="mof")
    row = actions.ReportRow(percent=10, summary="Việc nội bộ")
    actions.draft_report(task=task, row=row, by=make.owner("mof"), on=days.today())
    reader = of(role, make.organisation("most").scope)
    assert [each["key"] for each in reader.get("/tasks")["items"]] == ["public-1"]
    assert Api().get("/tasks")["count"] == 1
    assert reader.get("/tasks/public-1")["key"] == "public-1"
    assert reader.get("/summary/tasks")["total"]["assigned"] == 1
    assert reader.get("/tasks/hidden-1", 404)["code"] == "not_found"
    for inner in ("reports", "history", "blockers"):
        assert reader.get(f"/tasks/public-1/{inner}", 404)["code"] == "not_found"


def test_nobody_sees_what_is_not_published() -> None:
    hidden = make.programme("hidden", published=False)
    make.task(key="h-1", within=hidden)
    anyone = Api()
    assert anyone.get("/tasks")["count"] == 0
    assert anyone.get("/tasks/h-1", 404)["code"] == "not_found"
    assert anyone.get("/programmes")["items"] == []
    assert anyone.get("/programmes/hidden", 404)["code"] == "not_found"
    assert anyone.get("/summary/tasks")["total"]["assigned"] == 0
    office = of("office")
    assert (office.get("/tasks")["count"], office.get("/programmes/hidden")["tasks"]) == (1, 1)


def test_each_reader_sees_what_lies_in_reach(task: Task) -> None:
    make.task(key="other", lead="moh")
    Programme.objects.update(published_at=None, published_by="")
    seen = {key: [each["key"] for each in owner(key).get("/tasks")["items"]] for key in ("most", "mof", "moh", "mps")}
    assert seen == {"most": ["nq-1"], "mof": ["nq-1"], "moh": ["other"], "mps": []}
    assert owner("moh").get("/tasks/nq-1", 404)["code"] == "not_found"


def test_programmes_with_groups_and_targets(task: Task) -> None:
    programme = make.programme()
    actions.add_group(programme=programme, key="g1", title={"vi": "Nhóm", "en": "Group"}, order=1, by=make.TEST)
    actions.add_targets(programme=programme, rows=[actions.TargetRow("m-1", {"vi": "Mục tiêu"}, 2030, 1)], by=make.TEST)
    said = Api().get("/programmes/resolution57")
    assert [(said[name]) for name in ("tasks", "groups", "targets", "published")] == [1, 1, 1, True]
    assert said["task_groups"] == [{"key": "g1", "title": "Group", "order": 1}]
    assert [each["year"] for each in said["target_list"]] == [2030]
    assert [each["key"] for each in Api().get("/programmes")["items"]] == ["resolution57"]


def keys(**query: Any) -> list[str]:
    return [each["key"] for each in Api().get("/tasks", **query)["items"]]


def test_lists_are_filtered_by_what_is_asked(task: Task) -> None:
    make.task(key="old", title="Ban hành nghị định", lead="moh", deadline_text="30/6/2025", place=make.place("hue").key)
    asked = {
        "lead": "moh", "state": "overdue", "due_before": "2025-06-30", "q": "nghi dinh", "place": "hue",
        "deadline_kind": "date", "programme": "resolution57",
    }  # fmt: skip
    assert keys(**asked) == ["old"]
    assert keys(cooperating="mof") == keys(due_after="2035-12-31") == keys(q="nq-1") == ["nq-1"]
    assert keys(state="overdue,not_started") == keys(order="key")[::-1] == ["old", "nq-1"]
    assert keys(group="none") == keys(programme="none") == keys(q="zzz") == []


@pytest.mark.parametrize("order", ["key", "title", "due_on", "lead", "state", "percent", "days_left", "version"])
def test_an_order_is_total_and_its_reverse_is_asked_with_a_hyphen(order: str) -> None:
    for n, deadline in enumerate(("30/6/2030", "thường xuyên", "30/6/2029", "30/6/2030")):
        make.task(key=f"t{n}", title=f"Việc {n % 2}", deadline_text=deadline)
    there, back = keys(order=order), keys(order=f"-{order}")
    assert sorted(there) == sorted(back) == ["t0", "t1", "t2", "t3"]
    assert keys(order=order, page_size=1, page=2) == there[1:2]
    if order in ("due_on", "days_left"):
        assert (there, back) == (["t2", "t0", "t3", "t1"], ["t0", "t3", "t2", "t1"]), "without a date: last both ways"


def test_parts_are_listed_only_when_asked(task: Task) -> None:
    actions.spread_task(task=task, members=[make.organisation("moh")], by=make.TEST, on=days.today())
    assert (keys(), keys(parts="true"), keys(parent="nq-1", parts="true")) == (
        ["nq-1"],
        ["nq-1", "nq-1-moh"],
        ["nq-1-moh"],
    )


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"order": "secret"}, "order"),
        ({"state": "late"}, "state"),
        ({"due_after": "soon"}, "due_after"),
        ({"as_of": "2999-01-01"}, "as_of"),
        ({"as_of": "yesterday"}, "as_of"),
        ({"known_at": "2999-01-01T00:00:00Z"}, "known_at"),
        ({"known_at": "x"}, "known_at"),
        ({"page": 0}, "page"),
        ({"page": "one"}, "page"),
        ({"page_size": 501}, "page_size"),
        ({"page_size": 0}, "page_size"),
    ],
)
def test_what_cannot_be_asked_is_refused_at_its_field(query: dict[str, Any], field: str) -> None:
    said = Api().get("/tasks", 422, **query)
    assert [each["field"] for each in said["errors"]] == [field]


def test_tomorrow_has_not_come_and_today_has(task: Task) -> None:
    today = days.today()
    assert Api().get("/tasks/nq-1", as_of=today.isoformat())["key"] == "nq-1"
    assert Api().get("/tasks/nq-1", 422, as_of=(today + ONE).isoformat())["code"] == "day_not_come"


@pytest.mark.parametrize(
    ("page", "size", "expected"), [(1, 500, 3), (2, 2, 1), (3, 2, 0), (10_000, 500, 0), (2 * 10**9, 1, 0)]
)
def test_a_page_after_the_last_one_is_empty_and_still_counts(page: int, size: int, expected: int) -> None:
    for n in range(3):
        make.task(key=f"t{n}")
    said = Api().get("/tasks", page=page, page_size=size)
    assert (len(said["items"]), said["count"], said["page"], said["page_size"]) == (expected, 3, page, size)


def test_the_two_times(task: Task) -> None:
    """As of a day: what was in force then, as known now. Known at a moment: only what was recorded by then."""
    before = days.now().isoformat()
    today = days.today()
    asked = actions.request_extension(
        task=task, new_due_on=date(2036, 6, 30), reason="x", by=make.owner(), on=today - 9 * ONE
    )
    actions.grant_extension(extension=asked, new_due_on=date(2036, 1, 31), by=make.office(), on=today - 2 * ONE)
    due = lambda **query: Api().get("/tasks/nq-1", **query)["due_on"]  # noqa: E731
    assert due() == due(as_of=(today - 2 * ONE).isoformat()) == "2036-01-31"
    assert due(as_of=(today - 3 * ONE).isoformat()) == due(known_at=before) == "2035-12-31"
    line = of("office").get("/tasks/nq-1", as_of=(today - 5 * ONE).isoformat())["extensions"][0]
    assert [line[name] for name in ("state", "new_due_on", "granted_on", "answer")] == ["open", "2036-06-30", None, ""]
    assert Api().get("/tasks/nq-1", known_at=before)["extensions"] == []


def test_a_time_near_midnight_means_the_day_of_viet_nam(task: Task) -> None:
    make.task(key="d", assigned_on=date(2025, 7, 1))
    early, late = "2025-06-30T16:59:59+00:00", "2025-06-30T17:00:00+00:00"
    assert ("d" in keys(as_of=early), "d" in keys(as_of=late)) == (False, True)


@pytest.mark.parametrize("by", ["lead", "group", "place", "state"])
def test_counts_lose_nothing(task: Task, by: str) -> None:
    make.task(key="old", lead="moh", deadline_text="30/6/2025")
    make.task(key="done", completed_on=date(2025, 5, 1), deadline_text="30/4/2025")
    actions.cancel_task(task=make.task(key="gone"), reason="x", by=make.TEST, on=days.today())
    said = Api().get("/summary/tasks", by=by)
    total = said["total"]
    names = ("assigned", "done_on_time", "done_late", "in_time", "overdue", "cancelled")
    assert [total[name] for name in names] == [3, 0, 1, 1, 1, 1]
    assert {name: sum(row[name] for row in said["items"]) for name in names} == total
    assert Api().get("/summary/tasks", 422, by="colour")["errors"][0]["field"] == "by"


def asked_of(path: str, api: Api) -> int:
    with CaptureQueriesContext(connection) as counted:
        api.get(path)
    return len(counted)


@pytest.mark.parametrize("path", ["/tasks", "/programmes", "/summary/tasks"])
def test_forty_rows_cost_as_many_queries_as_four(path: str) -> None:
    office = of("office")
    rows = iter(range(100))

    def add(count: int) -> None:
        for n in (next(rows) for _ in range(count)):
            made = make.task(key=f"t{n}", cooperating=(f"co{n}",), within=make.programme(f"p{n}"), lead=f"lead{n}")
            make.organisation("mof")
            actions.request_extension(
                task=made, new_due_on=date(2040, 1, 1), reason="x", by=make.TEST, on=date(2025, 4, 1)
            )

    add(4)
    asked_of(path, office)
    few = asked_of(path, office)
    add(36)
    assert asked_of(path, office) == few


def test_lists_of_one_task_cost_no_more_with_more_rows(task: Task) -> None:
    api = owner()
    writer = make.owner()

    def add(count: int) -> None:
        for n in range(count):
            proof = (actions.EvidenceRow(number=str(n)),)
            actions.draft_report(task=task, row=actions.ReportRow("x", 1, evidence=proof), by=writer, on=days.today())
            actions.raise_blocker(
                task=task, kind="law", text="x", asks_of=make.organisation("mof"), by=writer, on=days.today()
            )

    add(2)
    paths = ("/tasks/nq-1/reports", "/tasks/nq-1/blockers", "/tasks/nq-1", "/tasks/nq-1/history")
    asked_of(paths[0], api)  # the first use of a token is noted
    few = [asked_of(path, api) for path in paths]
    add(18)
    assert [asked_of(path, api) for path in paths] == few


# --- who asks -------------------------------------------------------------------------------------

WRITES = [
    ("POST", "/programmes/resolution57/tasks", {"key": "n", "title": "x", "lead": "most", "deadline": "2027"}),
    ("PATCH", "/tasks/nq-1", {"title": "x"}),
    ("POST", "/tasks/nq-1/reports", {"summary": "x", "percent": 1}),
    ("POST", "/reports/1/submit", None),
    ("POST", "/reports/1/approve", None),
    ("POST", "/reports/1/return", {"reason": "x"}),
    ("POST", "/tasks/nq-1/extensions", {"new_due_on": "2040-01-01", "reason": "x"}),
    ("POST", "/extensions/1/grant", None),
    ("POST", "/extensions/1/refuse", {"reason": "x"}),
    ("POST", "/extensions/1/withdraw", None),
    ("POST", "/tasks/nq-1/blockers", {"kind": "law", "text": "x", "asks_of": "mof"}),
    ("POST", "/blockers/1/resolve", {"reason": "x"}),
]


@pytest.mark.parametrize(("method", "path", "body"), WRITES)
def test_nobody_writes_without_a_token_and_a_reading_token_neither(
    task: Task, method: str, path: str, body: Any
) -> None:
    before = AuditEvent.objects.filter(subject="task:nq-1").count()
    assert Api().send(method, path, body, 401)["code"] == "sign_in"
    assert of("office", may=("read",)).send(method, path, body, 403)["code"] == "forbidden"
    forged = Api()
    forged.headers["Authorization"] = "Bearer dtp_guess"
    assert forged.send(method, path, body, 401)["code"] == "sign_in"
    assert AuditEvent.objects.filter(subject="task:nq-1").count() == before


@pytest.mark.parametrize("path", ["/tasks/nq-1/history", "/tasks/nq-1/reports", "/tasks/nq-1/blockers", "/reports/1"])
def test_what_names_people_is_not_for_everybody(task: Task, path: str) -> None:
    assert Api().get(path, 401)["code"] == "sign_in"


@pytest.mark.parametrize(("method", "path", "body"), [each for each in WRITES if "nq-1" in each[1]])
def test_what_lies_out_of_reach_does_not_exist(task: Task, method: str, path: str, body: Any) -> None:
    assert owner("mps").send(method, path, body, 404)["code"] == "not_found"


def test_numbers_out_of_range_are_refused_and_others_not_found(task: Task) -> None:
    office = of("office")
    for thing, act in (("reports", "approve"), ("extensions", "grant"), ("blockers", "resolve")):
        assert office.post(f"/{thing}/{2**62}/{act}", None, 404)["code"] == "not_found"
        assert office.post(f"/{thing}/{2**64}/{act}", None, 422)["code"] == "invalid"
        assert office.post(f"/{thing}/0/{act}", None, 422)["code"] == "invalid"


# --- writing --------------------------------------------------------------------------------------

NEW = {"key": "plan-1", "title": "Xây dựng trung tâm dữ liệu", "lead": "most", "deadline": "Quý II/2027"}


def add(api: Api, body: dict[str, Any], status: int = 201, **headers: str) -> Any:
    return api.post("/programmes/resolution57/tasks", body, status, **headers)


def test_a_task_is_added_as_a_register_would_add_it(task: Task) -> None:
    body = {
        **NEW, "cooperating": ["mof"], "product": ["Đề án", "Báo cáo"], "started_on": "2025-12-31T17:00:00Z",
        "percent": 20, "extensions": ["2026-01-05>2027-09-30"],
    }  # fmt: skip
    said = add(of("office"), body)
    told = {
        name: said[name] for name in ("original_due_on", "due_on", "started_on", "percent", "cooperating", "version")
    }
    assert told == {
        "original_due_on": "2027-06-30", "due_on": "2027-09-30", "started_on": "2026-01-01", "percent": 20,
        "cooperating": ["mof"], "version": 1,
    }  # fmt: skip
    assert [each["text"] for each in said["products"]] == ["Đề án", "Báo cáo"]


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"lead": "nobody"}, 422, "lead"),
        ({"title": "x" * 2001}, 422, "title"),
        ({"title": "x" * 5001}, 422, "title"),
        ({"title": " \u200b "}, 422, "title"),
        ({"started_on": "2028-01-01"}, 422, "deadline"),
        ({"started_on": "1/2/2026"}, 422, "started_on"),
        ({"percent": 140}, 422, "percent"),
        ({"completed_on": "2999-01-01"}, 422, "completed_on"),
        ({"extensions": "2026-05-01>2026-04-01"}, 422, "extensions"),
        ({"key": "nq-1"}, 409, "key"),
        ({"key": "có dấu"}, 422, "key"),
        ({"colour": "red"}, 422, "colour"),
        ({"lead": "a\u0000b"}, 422, "lead"),
        ({"group": "\u0000"}, 201, ""),
    ],
)
def test_a_bad_task_is_refused_at_its_field(task: Task, changes: dict[str, Any], status: int, field: str) -> None:
    said = add(of("office"), {**NEW, **changes}, status)
    if status != 201:
        assert [each["field"] for each in said["errors"]] == [field]
        assert Task.objects.count() == 1


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"x"', "{}", '{"key": 1e400}', "\ufeff{}"])
def test_a_body_that_is_none_is_refused(task: Task, body: str) -> None:
    said = add(of("office"), body, 400 if body == "{" else 422)  # type: ignore[arg-type]
    assert said["code"] in ("invalid", "unreadable")


def test_a_patch_changes_what_it_names_and_minds_the_version(task: Task) -> None:
    office = of("office")
    grounds = {"reason": "Đổi lời văn", "document": "12/QĐ"}
    said = office.send("PATCH", "/tasks/nq-1", {"title": "Hai", "version": 1, **grounds})
    assert (said["title"], said["deadline_text"], said["version"]) == ("Hai", "31/12/2035", 2)
    assert office.send("PATCH", "/tasks/nq-1", {"title": "Ba", "version": 1}, 409)["code"] == "changed_meanwhile"
    assert office.send("PATCH", "/tasks/nq-1", {"cooperating": []})["cooperating"] == []
    assert office.send("PATCH", "/tasks/nq-1", {"title": ""}, 422)["errors"][0]["field"] == "title"
    assert owner().send("PATCH", "/tasks/nq-1", {"title": "x"}, 403)["code"] == "forbidden"


def test_a_task_is_not_cancelled_before_the_day_has_come(task: Task) -> None:
    office, tomorrow = of("office"), (days.today() + timedelta(days=1)).isoformat()
    (error,) = office.send("PATCH", "/tasks/nq-1", {"cancelled_on": tomorrow}, 422)["errors"]
    assert (error["field"], error["code"]) == ("cancelled_on", "cancelled_in_future")
    body = {"key": "nq-2", "title": "Việc", "lead": "most", "deadline": "2035", "cancelled_on": tomorrow}
    assert office.post("/programmes/resolution57/tasks", body, 422)["errors"][0]["field"] == "cancelled_on"
    assert office.send("PATCH", "/tasks/nq-1", {"cancelled_on": days.today().isoformat()})["state"] == "cancelled"


def test_a_patch_that_gives_its_grounds_gives_them_whole(task: Task) -> None:
    """A task that somebody else entered is published: its wording does not change without both (C16)."""
    office = of("office")
    halves = (({"reason": "Đổi lời văn"}, "document"), ({"document": "12/QĐ"}, "reason"), ({}, "reason"))
    for given, field in halves:
        assert office.send("PATCH", "/tasks/nq-1", {"title": "Hai", **given}, 422)["errors"][0]["field"] == field
    office.send("PATCH", "/tasks/nq-1", {"title": "Hai", "reason": "Đổi lời văn", "document": "12/QĐ"})
    told = AuditEvent.objects.filter(kind="task.changed").get()
    assert (told.reason, told.after["document"]) == ("Đổi lời văn", "12/QĐ")


@pytest.mark.parametrize("change", [{"title": "Hai"}, {"product": "Đề án"}, {"lead": "mof"}])
def test_whoever_entered_a_task_corrects_it_on_that_day_until_somebody_acts_on_it(change: dict[str, str]) -> None:
    """The contract's body is the register's columns, and has no ground for a typing error."""
    make.programme()
    make.organisation("most")
    make.organisation("mof")
    office, body = of("office"), {"key": "new-1", "title": "Một", "lead": "most", "deadline": "2035"}
    office.post("/programmes/resolution57/tasks", body, 201)
    office.send("PATCH", "/tasks/new-1", change)
    told = of("office").send("PATCH", "/tasks/new-1", {"title": "Ba"}, 422)["errors"]
    assert [each["field"] for each in told] == ["reason", "document"], "both in one answer"
    task = Task.objects.get(key="new-1")
    lead = task.assignments.get(part="lead", until_on=None).organisation.key
    actions.accept_task(task=task, by=make.owner(lead), on=days.today())
    assert office.send("PATCH", "/tasks/new-1", {"title": "Bốn"}, 422)["errors"][0]["field"] == "reason"


def test_sentences_follow_the_reader(task: Task) -> None:
    office = of("office")
    said = {}
    for language in ("en", "vi"):
        office.headers["Accept-Language"] = language
        said[language] = office.send("PATCH", "/tasks/nq-1", {"title": "x", "version": 9}, 409)["detail"]
    assert said["en"].startswith("Somebody changed this meanwhile")
    assert said["vi"] != said["en"]


def test_a_report_goes_its_way(task: Task) -> None:
    writer, decider, today = owner(), approver(), days.today().isoformat()
    body = {
        "summary": "Đã trình", "percent": 100, "completed_on": today,
        "evidence": [{"kind": "document", "number": "12/QĐ"}],
    }  # fmt: skip
    report = writer.post("/tasks/nq-1/reports", body)
    path = f"/reports/{report['id']}"
    assert (report["state"], [each["number"] for each in report["evidence"]]) == ("draft", ["12/QĐ"])
    assert decider.post(f"{path}/approve", None, 409)["code"] == "not_submitted"
    assert writer.post(f"{path}/submit", None, 200)["state"] == "submitted"
    assert decider.post(f"{path}/return", {}, 422)["errors"][0]["field"] == "reason"
    assert decider.post(f"{path}/return", {"reason": "thiếu"}, 200)["return_reason"] == "thiếu"
    writer.post(f"{path}/submit", None, 200)
    unconfirmed = {"products": [{"id": report["products"][0]["id"], "confirmed": False}]}
    assert decider.post(f"{path}/approve", unconfirmed, 422)["code"] == "product_unconfirmed"
    assert writer.post(f"{path}/approve", None, 403)["code"] in ("own_report", "forbidden")
    assert decider.post(f"{path}/approve", None, 200)["state"] == "approved"
    said = Api().get("/tasks/nq-1")
    assert (said["state"], said["completed_on"], said["percent"]) == ("done_on_time", today, 100)
    assert writer.post("/tasks/nq-1/reports", {"summary": "x", "percent": 1}, 409)["code"] == "task_closed"
    assert [each["state"] for each in writer.get("/tasks/nq-1/reports")] == ["approved"]
    assert writer.get(path)["id"] == report["id"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"percent": 101}, "percent"),
        ({"percent": "many"}, "percent"),
        ({"summary": " "}, "summary"),
        ({"percent": 100}, "completed_on"),
        ({"percent": 100, "completed_on": "2999-01-01"}, "completed_on"),
        ({"completed_on": "31/12/2025", "percent": 100}, "completed_on"),
        ({"evidence": [{"kind": "link", "url": "ftp://x"}]}, "evidence"),
        ({"evidence": [{"kind": "file"}]}, "evidence"),
        ({"period": "x" * 11}, "period"),
        ({"period": "spring"}, "period"),
    ],
)
def test_a_bad_report_is_refused_at_its_field(task: Task, changes: dict[str, Any], field: str) -> None:
    said = owner().post("/tasks/nq-1/reports", {"summary": "x", "percent": 1, **changes}, 422)
    assert [each["field"] for each in said["errors"]] == [field]
    assert not Report.objects.exists()


def test_signs_that_no_database_keeps_are_dropped(task: Task) -> None:
    body = {
        "summary": "Đã\u0000 trình\u202e", "percent": 1, "period": "2026-q2\u0000",
        "evidence": [{"kind": "link", "url": "https://dotpha.example/\u0000a"}],
    }  # fmt: skip
    said = owner().post("/tasks/nq-1/reports", body)
    assert (said["summary"], said["evidence"][0]["url"]) == ("Đã trình", "https://dotpha.example/a")


def test_an_extension_is_decided_by_somebody_else(task: Task) -> None:
    asker, office = owner(), of("office")
    for body, field in (
        ({"new_due_on": "2035-12-31", "reason": "x"}, "new_due_on"),
        ({"new_due_on": "", "reason": "x"}, "new_due_on"),
        ({"new_due_on": "soon", "reason": "x"}, "new_due_on"),
        ({"new_due_on": "2036-01-01", "reason": " "}, "reason"),
        ({"new_due_on": "2036-01-01", "reason": "x", "reason_kind": "x"}, "reason_kind"),
    ):
        assert asker.post("/tasks/nq-1/extensions", body, 422)["errors"][0]["field"] == field
    said = asker.post("/tasks/nq-1/extensions", {"new_due_on": "2036-06-30", "reason": "chờ vốn"})
    path = f"/extensions/{said['id']}"
    assert asker.post(f"{path}/grant", None, 403)["code"] == "own_request"
    assert office.post(f"{path}/refuse", None, 422)["code"] == "reason_missing"
    assert office.post(f"{path}/grant", {"new_due_on": "2020-01-01"}, 422)["errors"][0]["field"] == "new_due_on"
    granted = office.post(f"{path}/grant", {"new_due_on": "2036-03-31"}, 200)
    assert (granted["state"], granted["new_due_on"], granted["asked_due_on"]) == ("granted", "2036-03-31", "2036-06-30")
    assert office.post(f"{path}/refuse", {"reason": "x"}, 409)["code"] == "already_decided"
    again = asker.post("/tasks/nq-1/extensions", {"new_due_on": "2036-06-30", "reason": "x"})
    assert asker.post(f"/extensions/{again['id']}/withdraw", None, 200)["state"] == "withdrawn"
    assert Api().get("/tasks/nq-1")["due_on"] == "2036-03-31"
    third = asker.post("/tasks/nq-1/extensions", {"new_due_on": "2036-06-30", "reason": "x"})
    assert office.post(f"/extensions/{third['id']}/refuse", {"reason": "không"}, 200)["answer"] == "không"


def test_a_blocker_is_raised_and_closed(task: Task) -> None:
    asker = owner()
    for body, field in (
        ({"kind": "weather", "text": "x", "asks_of": "mof"}, "kind"),
        ({"kind": "law", "text": "", "asks_of": "mof"}, "text"),
        ({"kind": "law", "text": "x"}, "asks_of"),
        ({"kind": "law", "text": "x", "asks_of": "nobody"}, "asks_of"),
        ({"kind": "law", "text": "x", "asks_of": "mo\u0000ssst"}, "asks_of"),
    ):
        assert asker.post("/tasks/nq-1/blockers", body, 422)["errors"][0]["field"] == field
    said = asker.post("/tasks/nq-1/blockers", {"kind": "law", "text": "vướng luật", "asks_of": "mof"})
    path = f"/blockers/{said['id']}/resolve"
    assert of("office").post(path, {"reason": "xong"}, 422)["errors"][0]["field"] == "decision"
    assert asker.post(path, None, 422)["code"] == "resolution_missing"
    assert Api().get("/tasks/nq-1")["blockers_open"] == 1
    assert asker.post(path, {"reason": "đã sửa luật"}, 200)["resolution"] == "đã sửa luật"
    assert asker.post(path, {"reason": "x"}, 409)["code"] == "already_resolved"
    assert [each["resolution"] for each in asker.get("/tasks/nq-1/blockers")] == ["đã sửa luật"]
    assert Api().get("/tasks/nq-1")["blockers_open"] == 0


def test_the_history_tells_everything_oldest_first(task: Task) -> None:
    of("office").send("PATCH", "/tasks/nq-1", {"title": "Hai", "reason": "theo 12/QĐ", "document": "12/QĐ"})
    owner().post("/tasks/nq-1/reports", {"summary": "x", "percent": 1})
    items = of("office").get("/tasks/nq-1/history")["items"]
    assert [each["kind"] for each in items] == ["task.added", "task.changed", "report.drafted"]
    changed = items[1]
    assert (changed["before"], changed["after"], changed["reason"], changed["role"]) == (
        {"title": "Xây dựng cơ sở dữ liệu quốc gia"}, {"title": "Hai", "document": "12/QĐ"}, "theo 12/QĐ", "office",
    )  # fmt: skip


# --- repeated -------------------------------------------------------------------------------------


def test_a_repeated_post_answers_as_the_first_and_adds_nothing(task: Task) -> None:
    api = owner()
    body = {"kind": "law", "text": "x", "asks_of": "mof"}
    first = api.post("/tasks/nq-1/blockers", body, Idempotency_Key="k1")
    assert api.post("/tasks/nq-1/blockers", body, Idempotency_Key="k1") == first
    assert Blocker.objects.count() == 1
    other = api.post("/tasks/nq-1/blockers", {**body, "text": "y"}, 422, Idempotency_Key="k1")
    assert other["code"] == "key_used"
    api.post("/tasks/nq-1/blockers", body, Idempotency_Key="k2")
    assert Blocker.objects.count() == 2


def test_a_refusal_is_repeated_too(task: Task) -> None:
    api, body = owner(), {"new_due_on": "2035-01-01", "reason": "x"}
    refused = api.post("/tasks/nq-1/extensions", body, 422, Idempotency_Key="k")
    assert api.post("/tasks/nq-1/extensions", body, 422, Idempotency_Key="k") == refused
    assert not Extension.objects.exists()


def test_a_key_belongs_to_one_person(task: Task) -> None:
    body = {"kind": "law", "text": "x", "asks_of": "mof"}
    for api in (owner(), owner()):
        api.post("/tasks/nq-1/blockers", body, Idempotency_Key="k")
    assert Blocker.objects.count() == 2


@pytest.mark.parametrize("key", ["x" * 201, "a\tb"])
def test_an_unreadable_key_is_refused(task: Task, key: str) -> None:
    said = owner().post(
        "/tasks/nq-1/blockers", {"kind": "law", "text": "x", "asks_of": "mof"}, 400, Idempotency_Key=key
    )
    assert said["code"] == "key_unreadable"
