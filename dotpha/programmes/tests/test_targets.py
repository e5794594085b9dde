"""Targets of programmes: what is refused, what counts on a day, pages and API (C1, C2)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from dotpha.platform import days
from dotpha.platform.models import AuditEvent
from dotpha.platform.refusals import Refused
from dotpha.programmes import actions
from dotpha.programmes.models import Target
from dotpha.programmes.queries import targets as queries
from dotpha.programmes.rules import targets as rules
from dotpha.programmes.tests import factories as make
from dotpha.programmes.tests.test_api import Api, of
from dotpha.programmes.tests.test_pages_lists import enter

ON = date(2026, 6, 1)
ONE = timedelta(days=1)
NUMBERS = st.integers(-1000, 1000).map(lambda n: Decimal(n) / 8)
COMPARISONS = st.sampled_from(Target.Comparison.values)


def row(key: str, year: int = 2030, **facts: Any) -> actions.TargetRow:
    return actions.TargetRow(**{"key": key, "title": {"vi": f"Mục tiêu {key}"}, "year": year, "order": 1, **facts})


def add(*rows: actions.TargetRow) -> list[Target]:
    return actions.add_targets(programme=make.programme(), rows=rows, by=make.TEST)


def refusal(call: Any) -> tuple[str, str | None]:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.code, refused.value.field


def test_rules_know_every_comparison_of_the_model() -> None:
    assert {"", *Target.Comparison.values} == rules.IN_WORDS | rules.MEASURED


@given(COMPARISONS, st.none() | NUMBERS, st.none() | NUMBERS)
def test_a_target_is_either_in_words_or_has_the_numbers_it_compares(
    comparison: str, low: Decimal | None, high: Decimal | None
) -> None:
    between = comparison == rules.BETWEEN
    if comparison in rules.IN_WORDS:
        good = low is None and high is None
    elif between:
        good = low is not None and high is not None and low < high
    else:
        good = low is not None and high is None
    if good:
        rules.require_measure(comparison, low, high, "as written")
    else:
        assert refusal(lambda: rules.require_measure(comparison, low, high, "as written"))[1] in (
            "comparison",
            "number",
            "number_high",
        )


@pytest.mark.parametrize("number", [Decimal("NaN"), Decimal("Infinity"), Decimal(10) ** 14, Decimal("0.0000001")])
def test_a_number_that_cannot_be_kept_is_refused(number: Decimal) -> None:
    assert refusal(lambda: rules.require_measure(">=", number, None, "")) == ("number_too_long", "number")


@pytest.mark.parametrize("year", [None, 0, 30, 20300])
def test_a_year_is_needed_and_must_be_one_that_can_be_meant(year: int | None) -> None:
    assert refusal(lambda: rules.require_year(year))[1] == "year"


@pytest.mark.django_db
@given(st.none() | st.dates(date(2026, 1, 1), date(2026, 1, 9)), st.dates(date(2026, 1, 1), date(2026, 1, 9)))
def test_what_counts_on_a_day_is_the_same_in_the_rule_and_in_the_query(withdrawn_on: date | None, on: date) -> None:
    Target.objects.all().delete()
    [target] = add(row("t"))
    Target.objects.update(withdrawn_on=withdrawn_on)
    assert queries.of_programme(target.programme, on).exists() == rules.in_force(withdrawn_on, on)
    assert queries.of_programme(target.programme, on, withdrawn=True).exists() != rules.in_force(withdrawn_on, on)


@pytest.mark.django_db
def test_a_withdrawn_target_takes_its_parts_along_and_comes_back_with_them() -> None:
    whole, part, earlier = add(row("a"), row("b", parent="a"), row("c", parent="a"))
    actions.withdraw_target(target=earlier, reason="sớm", by=make.TEST, on=ON - ONE)
    actions.withdraw_target(target=whole, reason="thay thế", by=make.TEST, on=ON)
    assert queries.by_year(whole.programme, ON) == []
    assert queries.by_year(whole.programme, ON - ONE) == [(2030, 1)]
    assert (
        refusal(lambda: actions.withdraw_target(target=part, reason="x", by=make.TEST, on=ON))[0] == "target_withdrawn"
    )
    assert refusal(lambda: actions.restore_target(target=part, reason="x", by=make.TEST))[0] == "target_withdrawn"
    actions.restore_target(target=whole, reason="nhầm", by=make.TEST)
    assert {each.key for each in queries.of_programme(whole.programme, ON)} == {"a", "b"}
    assert refusal(lambda: actions.restore_target(target=whole, reason="x", by=make.TEST))[0] == "target_in_force"


@pytest.mark.django_db
def test_a_part_stands_under_a_whole_target_of_the_same_programme() -> None:
    add(row("a"), row("b", parent="a"))
    assert add(row("c", parent="a"))[0].parent == Target.objects.get(key="a")
    assert refusal(lambda: add(row("d", parent="b"))) == ("unknown_parent", "parent")
    assert (
        refusal(
            lambda: actions.add_targets(programme=make.programme("other"), rows=[row("d", parent="a")], by=make.TEST)
        )[0]
        == "unknown_parent"
    )


@pytest.mark.django_db
def test_a_public_target_changes_only_with_a_reason_and_not_over_another_change() -> None:
    [target] = add(row("a"))
    changes = {"year": 2035}
    assert refusal(lambda: actions.change_target(target=target, changes=changes, by=make.TEST))[0] == "reason_missing"
    changed = actions.change_target(target=target, changes=changes, version=1, reason="in sai", by=make.TEST)
    assert (changed.year, changed.version) == (2035, 2)
    late = {"target": target, "changes": {"year": 2040}, "version": 1, "reason": "x", "by": make.TEST}
    assert refusal(lambda: actions.change_target(**late))[0] == "changed_meanwhile"
    same = actions.change_target(target=target, changes=changes, by=make.TEST)
    assert same.version == 2
    event = AuditEvent.objects.get(kind="target.changed")
    assert (event.before, event.after, event.reason) == ({"year": 2030}, {"year": 2035}, "in sai")


@pytest.fixture
def office(db: None) -> Client:
    return enter(make.person("office"))


def test_the_programme_says_how_its_targets_add_up(office: Client) -> None:
    add(row("a"), row("b"), row("c", 2045), row("d", parent="a"))
    html = office.get("/desk/programmes/resolution57/").content.decode()
    assert ">3</span>" in html
    assert "2 by 2030 + 1 by 2045" in html


FORM = {"title_vi": "Tỷ lệ", "year": "2030", "comparison": ">=", "number": "60", "unit": "%", "key": "t-60"}


def test_a_target_is_added_by_the_page_and_refusals_stand_at_the_field(office: Client) -> None:
    make.programme()
    page = "/desk/programmes/resolution57/targets/add/"
    refused = office.post(page, FORM | {"year": ""})
    assert refused.status_code == 422
    assert 'id="id_year_error"' in refused.content.decode()
    assert 'id="id_number_error"' in office.post(page, FORM | {"number": ""}).content.decode()
    assert office.post(page, FORM)["Location"] == "/desk/targets/t-60/"
    made = Target.objects.get()
    assert (made.year, made.number, made.unit, made.verbatim) == (2030, 60, "%", False)
    assert "≥ 60" in office.get("/desk/targets/t-60/").content.decode()


def test_a_target_is_changed_withdrawn_and_restored_by_the_page(office: Client) -> None:
    make.organisation("most")
    add(row("a", comparison=">=", number=Decimal(60), owner="most"))
    page = office.get("/desk/targets/a/change/").content.decode()
    assert 'value="60"' in page
    said = {"title_vi": "Mục tiêu a", "year": "2035", "comparison": ">=", "number": "60", "owner": "most"}
    assert office.post("/desk/targets/a/change/", said | {"version": "1"}).status_code == 422
    assert office.post("/desk/targets/a/change/", said | {"version": "1", "reason": "in sai"}).status_code == 302
    assert AuditEvent.objects.get(kind="target.changed").after == {"year": 2035}
    assert office.post("/desk/targets/a/", {"act": "withdraw", "reason": ""}).status_code == 422
    assert office.post("/desk/targets/a/", {"act": "withdraw", "reason": "thay"}).status_code == 302
    assert "1 withdrawn target" in office.get("/desk/programmes/resolution57/targets/").content.decode()
    listed = office.get("/desk/programmes/resolution57/targets/", {"withdrawn": "1"}).content.decode()
    assert "/desk/targets/a/" in listed
    assert office.get("/desk/targets/a/change/").status_code == 409
    assert office.post("/desk/targets/a/", {"act": "restore", "reason": "nhầm"}).status_code == 302
    assert Target.objects.get().withdrawn_on is None


@pytest.mark.parametrize("role", ["inspector", "owner"])
def test_who_may_not_change_a_programme_is_neither_offered_nor_allowed_it(db: None, role: str) -> None:
    add(row("a"))
    reader = enter(make.person(role))
    assert "targets/add/" not in reader.get("/desk/programmes/resolution57/targets/").content.decode()
    assert "Withdraw" not in reader.get("/desk/targets/a/").content.decode()
    assert reader.post("/desk/targets/a/", {"act": "withdraw", "reason": "x"}).status_code == 403
    assert reader.get("/desk/targets/a/change/").status_code == 403
    assert reader.get("/desk/programmes/resolution57/targets/add/").status_code == 403


def test_a_target_of_a_programme_not_public_is_not_there_for_others(db: None) -> None:
    hidden = make.programme("hidden", published=False)
    actions.add_targets(programme=hidden, rows=[row("a")], by=make.TEST)
    elsewhere = enter(make.person("owner", make.organisation("most").scope))
    assert elsewhere.get("/desk/targets/a/").status_code == 404
    Api().get("/targets/a", status=404)


@pytest.mark.parametrize("path", ["/desk/programmes/resolution57/targets/", "/api/v1/programmes/resolution57/targets"])
def test_lists_of_targets_need_the_same_queries_however_many(office: Client, path: str) -> None:
    make.organisation("most")

    def queries_needed() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert office.get(path).status_code == 200
        return len(seen)

    add(row("a", owner="most"), row("b", parent="a"))
    office.get(path)
    few = queries_needed()
    add(*(row(f"t-{n}", 2030 + n, owner="most") for n in range(20)))
    assert queries_needed() == few


BODY = {"key": "t-1", "title": "Tỷ lệ", "year": 2030, "comparison": ">=", "number": 60, "unit": "%"}


def test_targets_over_the_api(db: None) -> None:
    make.programme()
    api = of("office")
    assert api.post("/programmes/resolution57/targets", {**BODY, "year": None}, status=422)["code"] == "year_missing"
    made = api.post("/programmes/resolution57/targets", BODY)
    assert (made["year"], made["number"], made["programme"], made["version"]) == (2030, 60.0, "resolution57", 1)
    patch = {"number": 65, "title_en": "Share", "version": 1, "reason": "in sai"}
    changed = api.send("PATCH", "/targets/t-1", patch)
    assert (changed["number"], changed["title"], changed["version"]) == (65.0, "Share", 2)
    assert Target.objects.get().title == {"vi": "Tỷ lệ", "en": "Share"}
    assert api.send("PATCH", "/targets/t-1", patch, status=409)["code"] == "changed_meanwhile"
    gone = api.post("/targets/t-1/withdraw", {"reason": "thay"}, status=200)
    assert gone["withdrawn_on"] == days.today().isoformat()
    assert Api().get("/programmes/resolution57/targets")["items"] == []
    assert Api().get("/programmes/resolution57/targets", withdrawn=True)["count"] == 1
    yesterday = (days.today() - ONE).isoformat()
    assert Api().get("/programmes/resolution57/targets", as_of=yesterday)["items"][0]["withdrawn_on"] is None
    assert api.post("/targets/t-1/restore", {"reason": "nhầm"}, status=200)["withdrawn_on"] is None
    whole = Api().get("/programmes/resolution57")
    assert whole["targets_by_year"] == [{"year": 2030, "targets": 1}]


def test_the_api_refuses_who_may_not(db: None) -> None:
    add(row("t-1"))
    reader = of("inspector")
    reader.post("/programmes/resolution57/targets", {**BODY, "key": "t-2"}, status=403)
    reader.send("PATCH", "/targets/t-1", {"year": 2031}, status=403)
    reader.post("/targets/t-1/withdraw", {"reason": "x"}, status=403)
    Api().post("/targets/t-1/withdraw", {"reason": "x"}, status=401)


@pytest.mark.django_db
def test_the_page_of_a_target_lists_the_parts_that_count_and_of_a_withdrawn_one_those_withdrawn_with_it() -> None:
    made, today = add(row("whole"), row("kept", parent="whole"), row("gone", parent="whole")), days.today()
    whole, _kept, gone = made
    by = make.office()
    actions.withdraw_target(target=gone, reason="trùng", by=by, on=today - ONE)
    assert [each.key for each in queries.parts_of(whole, today)] == ["kept"]
    listed = enter(make.person("office")).get("/desk/targets/whole/").content.decode()
    assert ("Mục tiêu kept" in listed, "Mục tiêu gone" in listed) == (True, False)
    actions.withdraw_target(target=whole, reason="thay", by=by, on=today)
    whole.refresh_from_db()
    assert [each.key for each in queries.parts_of(whole, today)] == ["kept"]
