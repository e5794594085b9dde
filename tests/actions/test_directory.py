"""Changes of the directory: the tree, its days, names, successions, posts; each refusal leaves all as it was."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from dotpha.directory import actions
from dotpha.directory.models import Organisation, OrganisationName, Place, PostHolder, Succession
from dotpha.directory.rows import Change, OrganisationRow, PlaceRow, SuccessionRow
from dotpha.platform.models import AuditEvent
from dotpha.platform.refusals import Refused
from dotpha.programmes.tests import factories as make
from dotpha.programmes.tests.test_actions_tasks import refused

pytestmark = pytest.mark.django_db
BORN, LAST = date(2021, 1, 1), date(2025, 6, 30)
MERGED_ON = date(2025, 3, 1)


def place_row(key: str, **facts: Any) -> PlaceRow:
    values = {"code": key[:10], "level": "province", "kind": "province", "name": {"vi": f"Tỉnh {key}"}, "short": key}
    return PlaceRow(key=key, **{**values, **facts})


def organisation_row(key: str, **facts: Any) -> OrganisationRow:
    return OrganisationRow(key=key, **{"kind": "ministry", "name": {"vi": f"Bộ {key}"}, **facts})


def add(*rows: OrganisationRow) -> list[Organisation]:
    return actions.add_organisations(rows=rows, by=make.TEST)


def kinds() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("kind", flat=True))


def test_rows_come_in_any_order_and_again_change_nothing() -> None:
    rows = [organisation_row("office", parent="most"), organisation_row("most", parent="gov"), organisation_row("gov")]
    assert [each.path for each in add(*rows)] == ["gov/", "gov/most/", "gov/most/office/"]
    assert kinds() == ["organisation.added"] * 3
    assert add(*rows) == []
    assert Organisation.objects.get(key="office").parent.key == "most"
    places = [place_row("commune", level="commune", parent="ha-noi"), place_row("ha-noi")]
    assert [each.path for each in actions.add_places(rows=places, by=make.TEST)] == ["ha-noi/", "ha-noi/commune/"]
    assert actions.add_places(rows=places, by=make.TEST) == []


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([{"key": "Bộ"}], ("key_unreadable", "key", 422)),
        ([{"key": "a"}, {"key": "a"}], ("key_twice", "key", 422)),
        ([{"key": "a", "name": {"vi": " "}}], ("name_missing", "name", 422)),
        ([{"key": "a", "parent": "nobody"}], ("unknown_parent", "parent", 422)),
        ([{"key": "a", "parent": "b"}, {"key": "b", "parent": "a"}], ("parent_cycle", "parent", 422)),
        (
            [{"key": "a", "parent": "b"}, {"key": "b", "parent": "c"}, {"key": "c", "parent": "b"}],
            ("parent_cycle", "parent", 422),
        ),
        ([{"key": "a", "valid_from": LAST, "valid_to": BORN}], ("days_out_of_order", "valid_to", 422)),
        (
            [{"key": "a", "valid_to": BORN}, {"key": "b", "parent": "a", "valid_to": LAST}],
            ("parent_not_valid", "parent", 422),
        ),
    ],
)
def test_rows_that_are_refused(rows: list[dict[str, Any]], expected: tuple[str, str, int]) -> None:
    assert refused(lambda: add(*(organisation_row(**row) for row in rows))) == expected
    assert refused(lambda: actions.add_places(rows=[place_row(**row) for row in rows], by=make.TEST)) == expected
    assert not Organisation.objects.exists()
    assert not Place.objects.exists()


def test_an_organisation_of_an_unknown_place() -> None:
    assert refused(lambda: add(organisation_row("a", place="atlantis"))) == ("unknown_place", "place", 422)


def test_only_the_steward_changes_the_directory() -> None:
    organisation, by = make.organisation(), make.office()
    for act in (
        lambda: actions.add_organisations(rows=[organisation_row("x")], by=by),
        lambda: actions.add_places(rows=[place_row("x")], by=by),
        lambda: actions.add_successions(kind="place", rows=[], by=by),
        lambda: actions.change_organisation(organisation=organisation, changes={"kind": "agency"}, by=by),
        lambda: actions.rename_organisation(organisation=organisation, name={"vi": "x"}, from_on=LAST, by=by),
        lambda: actions.end_organisation(organisation=organisation, last_day=LAST, by=by),
        lambda: actions.add_post(organisation=organisation, title={"vi": "Vụ trưởng"}, by=by),
    ):
        assert refused(act)[2] == 403
    steward = make.actor("steward")
    changed = actions.change_organisation(organisation=organisation, changes={"kind": "agency"}, by=steward)
    assert changed.kind == "agency"
    assert AuditEvent.objects.latest("pk").actor == steward.key


def test_a_change_counts_the_version_and_a_stale_one_is_refused() -> None:
    organisation = make.organisation()
    changed = actions.change_organisation(
        organisation=organisation, changes={"abbreviations": ["BKHCN"]}, version=organisation.version, by=make.TEST
    )
    assert (changed.abbreviations, changed.version) == (["BKHCN"], organisation.version + 1)
    stale = refused(
        lambda: actions.change_organisation(
            organisation=organisation, changes={"kind": "agency"}, version=organisation.version, by=make.TEST
        )
    )
    assert stale == ("changed_meanwhile", "version", 409)
    events = len(kinds())
    same = actions.change_organisation(organisation=organisation, changes={"abbreviations": ["BKHCN"]}, by=make.TEST)
    assert (same.version, len(kinds())) == (changed.version, events)


def test_a_move_takes_all_below_along_and_never_closes_a_circle() -> None:
    add(organisation_row("gov"), organisation_row("a", parent="gov"), organisation_row("b", parent="a"))
    one = {each.key: each for each in Organisation.objects.all()}
    move = partial(actions.move_organisation, organisation=one["a"], by=make.TEST)
    assert refused(lambda: move(into=one["b"], from_on=LAST)) == ("parent_cycle", "parent", 422)
    move(into=None, from_on=MERGED_ON)
    assert Organisation.objects.get(key="b").path == "a/b/"
    move(into=one["gov"], from_on=LAST)
    assert Organisation.objects.get(key="b").path == "gov/a/b/"


def test_a_new_name_keeps_the_former_one_with_its_last_day() -> None:
    organisation = make.organisation("mic")
    renamed = actions.rename_organisation(
        organisation=organisation, name={"vi": "Bộ Thông tin"}, from_on=MERGED_ON, document="Nghị quyết", by=make.TEST
    )
    assert (renamed.key, renamed.name["vi"]) == ("mic", "Bộ Thông tin")
    former = OrganisationName.objects.get()
    assert (former.name["vi"], former.until_on, former.document) == ("Bộ mic", date(2025, 2, 28), "Nghị quyết")
    for name, code in (({"vi": " "}, "name_missing"), ({"vi": "Bộ Thông tin"}, "name_unchanged")):
        act = refused(
            lambda name=name: actions.rename_organisation(
                organisation=organisation, name=name, from_on=MERGED_ON, by=make.TEST
            )
        )
        assert act == (code, "name", 422)


@pytest.mark.parametrize("from_on", [date(2020, 1, 1), date(2024, 12, 31), date(2025, 1, 1)])
def test_a_name_does_not_begin_before_the_one_it_replaces(from_on: date) -> None:
    """Else the days of the earlier names would answer with a name that nobody bore then."""
    organisation = make.organisation("mic")
    rename = lambda vi, day: actions.rename_organisation(  # noqa: E731
        organisation=organisation, name={"vi": vi}, from_on=day, by=make.TEST
    )
    rename("Bộ Hai", date(2025, 1, 1))
    assert refused(lambda: rename("Bộ Ba", from_on)) == ("days_out_of_order", "from_on", 422)
    assert rename("Bộ Ba", date(2025, 1, 2)).name == {"vi": "Bộ Ba"}
    assert list(OrganisationName.objects.values_list("name__vi", "until_on")) == [
        ("Bộ mic", date(2024, 12, 31)), ("Bộ Hai", date(2025, 1, 1)),
    ]  # fmt: skip


def test_an_organisation_bore_its_first_name_for_a_day() -> None:
    organisation = make.organisation(valid_from=BORN)
    rename = lambda day: actions.rename_organisation(  # noqa: E731
        organisation=organisation, name={"vi": "Khác"}, from_on=day, by=make.TEST
    )
    assert refused(lambda: rename(BORN)) == ("days_out_of_order", "from_on", 422)
    assert rename(date(2021, 1, 2)).former_names.get().until_on == BORN


def test_one_language_of_the_same_name_is_no_new_name() -> None:
    organisation = make.organisation(name={"vi": "Bộ", "en": "Ministry"})
    ask = lambda: actions.rename_organisation(  # noqa: E731
        organisation=organisation, name={"vi": "Bộ"}, from_on=MERGED_ON, by=make.TEST
    )
    assert refused(ask) == ("name_unchanged", "name", 422)
    assert not OrganisationName.objects.exists()


def test_an_organisation_ends_once_and_not_before_it_began() -> None:
    organisation = make.organisation(valid_from=MERGED_ON)
    early = refused(lambda: actions.end_organisation(organisation=organisation, last_day=BORN, by=make.TEST))
    assert early == ("days_out_of_order", "last_day", 422)
    ended = actions.end_organisation(organisation=organisation, last_day=LAST, reason="sáp nhập", by=make.TEST)
    assert ended.valid_to == LAST
    again = refused(lambda: actions.end_organisation(organisation=organisation, last_day=LAST, by=make.TEST))
    assert again == ("ended_already", None, 409)


def test_units_that_would_go_on_keep_an_organisation_from_ending_or_end_with_it() -> None:
    top = {"parent": "most"}
    add(
        organisation_row("most"), organisation_row("gone", valid_to=BORN, **top),
        *(organisation_row(f"unit-{number}", valid_from=BORN, **top) for number in range(4)),
        organisation_row("later", parent="unit-0", valid_to=date(2026, 1, 1)),
    )  # fmt: skip
    most = Organisation.objects.get(key="most")
    end = lambda **more: actions.end_organisation(organisation=most, last_day=LAST, by=make.TEST, **more)  # noqa: E731
    assert refused(end) == ("units_go_on", "units_too", 409)
    with pytest.raises(Refused, match=r"Bộ unit-0 \(unit-0\), Bộ later \(later\), Bộ unit-1 \(unit-1\) … \+2\."):
        end()
    end(units_too=True, reason="Giải thể")
    assert set(Organisation.objects.exclude(key="gone").values_list("valid_to", flat=True)) == {LAST}
    assert Organisation.objects.get(key="gone").valid_to == BORN
    told = AuditEvent.objects.filter(kind="organisation.ended").order_by("pk")
    assert [(each.subject.partition(":")[2], each.before, each.reason) for each in told][:3] == [
        ("most", {}, "Giải thể"),
        ("unit-0", {}, "Giải thể"),
        ("later", {"valid_to": "2026-01-01"}, "Giải thể"),
    ]


def test_a_unit_that_begins_later_or_takes_the_place_does_not_end_with_it() -> None:
    add(organisation_row("most"), organisation_row("heir", parent="most"))
    most, heir = (Organisation.objects.get(key=key) for key in ("most", "heir"))
    merge = lambda **more: actions.replace_organisations(  # noqa: E731
        former=[most], successors=[heir], on=MERGED_ON, by=make.TEST, **more
    )
    assert refused(merge) == ("units_go_on", "units_too", 409)
    assert refused(lambda: merge(units_too=True)) == ("units_cannot_end", "units_too", 409)
    add(organisation_row("new", parent="most", valid_from=date(2026, 1, 1)))
    late = lambda: actions.end_organisation(  # noqa: E731
        organisation=most, last_day=LAST, units_too=True, by=make.TEST
    )
    assert refused(late) == ("units_cannot_end", "units_too", 409)
    assert not Succession.objects.exists()


def test_a_merger_ends_the_units_of_the_former_one_on_request() -> None:
    add(organisation_row("mic"), organisation_row("unit", parent="mic"), organisation_row("most"))
    mic, most = (Organisation.objects.get(key=key) for key in ("mic", "most"))
    actions.replace_organisations(former=[mic], successors=[most], on=MERGED_ON, units_too=True, by=make.TEST)
    ended = Organisation.objects.filter(valid_to=date(2025, 2, 28)).values_list("key", flat=True)
    assert sorted(ended) == ["mic", "unit"]


def test_the_page_names_the_units_and_ends_them_with_the_box_ticked(client: Client) -> None:
    add(organisation_row("most"), organisation_row("unit", parent="most"))
    client.force_login(make.person("steward"), backend=settings.AUTHENTICATION_BACKENDS[-1])
    typed = {"end": "1", "last_day": "2025-06-30", "reason": "Giải thể"}
    page = "/desk/organisations/most/change/"
    answer = client.post(page, typed)
    html = answer.content.decode()
    assert (answer.status_code, "Bộ unit (unit)" in html, 'value="Giải thể"' in html) == (409, True, True)
    assert client.post(page, {**typed, "units_too": "on"}).status_code == 302
    assert not Organisation.objects.filter(valid_to=None).exists()


def test_a_merger_ends_the_former_ones_the_day_before() -> None:
    mic, most = make.organisation("mic"), make.organisation("most")
    actions.replace_organisations(former=[mic, most], successors=[most], on=MERGED_ON, by=make.TEST)
    assert Organisation.objects.get(key="mic").valid_to == date(2025, 2, 28)
    assert Organisation.objects.get(key="most").valid_to is None
    nothing = refused(lambda: actions.replace_organisations(former=[], successors=[most], on=MERGED_ON, by=make.TEST))
    assert nothing == ("succession_incomplete", "successors", 422)


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([("a", "nobody", None)], "unknown_key"),
        ([("a", "b", "1.5")], "share_out_of_range"),
        ([("a", "b", "0.7"), ("a", "c", "0.7")], "shares_above_whole"),
        ([("a", "b", None), ("b", "a", None)], "succession_cycle"),
    ],
)
def test_successions_that_are_refused(rows: list[tuple[str, str, str | None]], code: str) -> None:
    for key in "abc":
        make.place(key)
    links = [SuccessionRow(old, new, MERGED_ON, Decimal(share) if share else None) for old, new, share in rows]
    assert refused(lambda: actions.add_successions(kind="place", rows=links, by=make.TEST))[0] == code
    assert not Succession.objects.exists()


def test_a_succession_is_recorded_once() -> None:
    make.place("a"), make.place("b")
    rows = [SuccessionRow("a", "b", MERGED_ON, Decimal("0.4"))]
    assert len(actions.add_successions(kind="place", rows=rows, by=make.TEST)) == 1
    assert actions.add_successions(kind="place", rows=rows, by=make.TEST) == []
    assert AuditEvent.objects.filter(kind="place.replaced").count() == 1


def test_a_single_post_has_one_holder_a_day() -> None:
    organisation, first, second = make.organisation(), make.person("leader"), make.person("leader")
    untitled = refused(lambda: actions.add_post(organisation=organisation, title={"vi": ""}, by=make.TEST))
    assert untitled == ("title_missing", "title", 422)
    post = actions.add_post(organisation=organisation, title={"vi": "Bộ trưởng"}, by=make.TEST)
    actions.fill_post(post=post, user=first, from_on=BORN, until_on=LAST, by=make.TEST)
    taken = refused(lambda: actions.fill_post(post=post, user=second, from_on=LAST, by=make.TEST))
    assert taken == ("post_taken", "from_on", 409)
    backwards = refused(
        lambda: actions.fill_post(
            post=post, user=second, from_on=date(2027, 1, 1), until_on=date(2026, 1, 1), by=make.TEST
        )
    )
    assert backwards == ("days_out_of_order", "until_on", 422)
    actions.fill_post(post=post, user=second, from_on=date(2025, 7, 1), by=make.TEST)
    assert PostHolder.objects.count() == 2
    shared = actions.add_post(organisation=organisation, title={"vi": "Thứ trưởng"}, single=False, by=make.TEST)
    for user in (first, second):
        actions.fill_post(post=shared, user=user, from_on=BORN, by=make.TEST)
    assert shared.holders.count() == 2


def test_two_provinces_have_not_one_code_on_one_day() -> None:
    former = place_row("former", code="01", valid_to=LAST)
    actions.add_places(
        rows=[former, place_row("later", code="01", valid_from=MERGED_ON.replace(month=7))], by=make.TEST
    )
    taken = refused(lambda: actions.add_places(rows=[place_row("other", code="01", valid_from=LAST)], by=make.TEST))
    assert taken == ("code_taken", "code", 409)
    changed = {"former": Change({"valid_to": date(2025, 7, 1)})}
    late = refused(lambda: actions.load_places(added=[], changed=changed, by=make.TEST))
    assert late == ("code_taken", "code", 409)
    actions.add_places(rows=[place_row("commune", code="01", level="commune")], by=make.TEST)
    assert set(Place.objects.values_list("key", flat=True)) == {"former", "later", "commune"}


@pytest.mark.parametrize(
    ("address", "made"),
    [("places/later", make.place), ("organisations/later", make.organisation)],
    ids=["place", "organisation"],
)
def test_a_page_says_what_was_not_there_yet(address: str, made: Any) -> None:
    made("later", valid_from=date(2025, 7, 1))
    client = Client(headers={"accept-language": "en"})
    client.force_login(make.person("office"), backend=settings.AUTHENTICATION_BACKENDS[-1])
    for day, said in (("2025-06-30", True), ("2025-07-01", False)):
        page = client.get(f"/desk/{address}/?as_of={day}").content.decode()
        assert ("It was not there yet" in page) is said
        assert ("it is there from 1 Jul 2025 on" in page) is said
