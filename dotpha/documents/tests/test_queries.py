"""The register of documents: who may know of what, numbers however written, states and wordings of a day."""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dotpha.documents import actions, clauses, queries
from dotpha.documents.models import Document
from dotpha.documents.rows import ProvisionRow, RelationRow
from dotpha.documents.rules import State
from dotpha.documents.tests.test_actions import TEST, TREE, actor, document, issuer
from dotpha.platform import days, periods
from dotpha.platform.actors import NOBODY
from dotpha.platform.refusals import Refused

pytestmark = pytest.mark.django_db
ONE = timedelta(days=1)
SIGNED = date(2024, 12, 22)
NOW = date(2026, 1, 1)
MARKS = ("internal", "public", "restricted")


def keys(rows: Any) -> list[str]:
    return [each.key for each in rows]


def found(words: str = "", on: date = NOW, **narrowed: Any) -> list[str]:
    return keys(queries.register(TEST, on, words, **narrowed))


def relate(*rows: RelationRow) -> None:
    actions.add_relations(rows=rows, by=TEST)


def state(key: str, on: date) -> State:
    return queries.state(queries.one(TEST, key), on)


# --- who may know of what -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        (None, ["public"]),
        ("", ["public"]),
        ("citizen", ["public"]),
        ("leader", ["internal", "public"]),
        ("owner", ["internal", "public"]),
        ("expert", ["internal", "public"]),
        ("office", ["internal", "public", "restricted"]),
        ("steward", ["internal", "public", "restricted"]),
        ("inspector", ["internal", "public", "restricted"]),
    ],
)
def test_what_is_not_to_be_known_gives_neither_hit_nor_count_nor_card(role: str | None, seen: list[str]) -> None:
    for mark in MARKS:
        document(mark, number="", mark=mark)
    by = NOBODY if role is None else actor(role)
    assert sorted(keys(queries.visible(by))) == seen
    assert sorted(keys(queries.register(by, NOW))) == seen
    assert sorted(keys(queries.register(by, NOW, "dot pha"))) == seen
    for mark in MARKS:
        if mark in seen:
            assert queries.one(by, mark).key == mark
        else:
            assert refused(by, mark) == refused(by, "nothing") == ("not_found", 404)


def refused(by: Any, key: str, address: str = "") -> tuple[str, int]:
    with pytest.raises(Refused) as said:
        clauses.one(by, key, address) if address else queries.one(by, key)
    return said.value.code, said.value.status


def test_provisions_are_hidden_with_their_document() -> None:
    document("public", number="", provisions=TREE)
    document("internal", number="", provisions=TREE, mark="internal")
    assert clauses.one(NOBODY, "public", "III.2").parent.address == "III"
    assert refused(NOBODY, "internal", "III.2") == ("not_found", 404)
    assert refused(NOBODY, "public", "IX") == ("not_found", 404)
    assert clauses.one(TEST, "internal", "III.2").document.key == "internal"


def test_relations_to_hidden_documents_are_not_told() -> None:
    for mark in MARKS:
        document(mark, number="", mark=mark)
    document("plan", number="")
    relate(
        *(RelationRow("plan", "implements", mark) for mark in MARKS),
        *(RelationRow(mark, "guides", "plan") for mark in MARKS),
    )
    plan = queries.one(TEST, "plan")

    def told(by: Any) -> tuple[list[str], list[str]]:
        onward, inward = queries.relations_of(plan, by)
        return sorted(each.target.key for each in onward), sorted(each.source.key for each in inward)

    assert told(NOBODY) == (["public"], ["public"])
    assert told(actor("owner")) == (["internal", "public"], ["internal", "public"])
    assert told(actor("office")) == ([*MARKS], [*MARKS])


# --- the register ---------------------------------------------------------------------------------


def test_the_newest_come_first_and_those_without_a_day_last() -> None:
    document("undated", number="", signed_on=None)
    document("old", number="", signed_on=date(2020, 1, 1))
    document("b", number="")
    document("a", number="")
    assert found() == ["a", "b", "old", "undated"]
    assert found(on=SIGNED) == ["a", "b", "old", "undated"]
    assert found(on=SIGNED - ONE) == ["old", "undated"]


def test_the_register_is_narrowed_by_kind_issuer_and_period() -> None:
    document("nq", issuer=issuer("politburo").key)
    document("qd", number="1131/QĐ-TTg", kind="decision", issuer=issuer("government").key, signed_on=date(2025, 6, 12))
    assert found(kind="decision") == found(issuer="government") == found(period=periods.parse("2025-Q2")) == ["qd"]
    assert found(kind="resolution") == found(issuer="politburo") == found(period=periods.parse("2024-H2")) == ["nq"]
    assert found(kind="decision", period=periods.parse("2024")) == []
    assert found("57-NQ/TW", kind="decision") == []


@pytest.mark.parametrize(
    "written",
    [
        "57-NQ/TW", "57 nq tw", "NQ 57", "nghi quyet 57", "Nghị quyết số 57-NQ/TW ngày 22/12/2024", "resolution 57",
        "résolution 57", "постановление 57", "มติ 57", unicodedata.normalize("NFD", "Nghị quyết 57"),
    ],
)  # fmt: skip
def test_a_number_is_found_however_it_is_written(written: str) -> None:
    document("nq-57")
    document("nq-58", number="58-NQ/TW")
    document("qd-57", number="157/QĐ-TTg", kind="decision")
    assert found(written) == ["nq-57"]


def test_the_number_asked_for_comes_before_newer_words() -> None:
    document("nq-57")
    document("about", number="3-KH/TW", kind="plan", title={"vi": "Thực hiện NQ 57"}, signed_on=date(2025, 3, 1))
    assert found("NQ 57") == ["nq-57", "about"]
    assert found("thuc hien") == ["about"]


def test_words_are_found_in_titles_of_any_language_and_in_provisions_with_or_without_marks() -> None:
    document("titled", number="", title={"vi": "Dữ liệu quốc gia", "en": "National data"})
    text = (ProvisionRow("I", "part", "", {"vi": "Hạ tầng số"}, {"vi": "Bảo đảm an toàn"}),)
    document("worded", number="", title={"vi": "Kế hoạch"}, provisions=text)
    assert found("du lieu quoc") == found("dữ liệu") == found("national") == ["titled"]
    assert found("ha tang") == found("an toàn") == ["worded"]
    assert found(unicodedata.normalize("NFD", "hạ tầng")) == ["worded"]
    assert found("không có đâu") == []
    assert sorted(found("  ")) == ["titled", "worded"]


# --- the state on a day ---------------------------------------------------------------------------


def test_a_document_passes_through_its_states() -> None:
    document(in_force_on=date(2025, 1, 1), expired_on=date(2025, 12, 31))
    days = [SIGNED - ONE, SIGNED, date(2024, 12, 31), date(2025, 1, 1), date(2025, 12, 31), date(2026, 1, 1)]
    assert [state("nq-57", day) for day in days] == [
        State.DRAFT, State.ISSUED, State.ISSUED, State.IN_FORCE, State.IN_FORCE, State.EXPIRED,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "provision", "after"),
    [
        ("replaces", "", State.REPLACED),
        ("repeals", "", State.EXPIRED),
        ("amends", "", State.PARTLY_IN_FORCE),
        ("replaces", "III.2", State.PARTLY_IN_FORCE),
        ("repeals", "III.2", State.PARTLY_IN_FORCE),
        ("supplements", "III.2", State.IN_FORCE),
        ("guides", "", State.IN_FORCE),
    ],
)
def test_what_another_document_does_changes_the_state_from_its_day(kind: str, provision: str, after: State) -> None:
    document(provisions=TREE)
    document("new", number="", signed_on=date(2025, 3, 1))
    relate(RelationRow("new", kind, "nq-57", provision, date(2025, 6, 1)))
    assert state("nq-57", date(2025, 5, 31)) == State.IN_FORCE
    assert state("nq-57", date(2025, 6, 1)) == after
    assert state("new", date(2025, 6, 1)) == State.IN_FORCE


@pytest.mark.parametrize(
    ("facts", "begins"),
    [
        ({"signed_on": date(2025, 3, 1)}, date(2025, 3, 1)),
        ({"signed_on": date(2025, 3, 1), "in_force_on": date(2025, 4, 1)}, date(2025, 4, 1)),
    ],
)
def test_an_effect_without_a_day_begins_with_the_document_that_has_it(facts: dict[str, date], begins: date) -> None:
    document()
    document("new", number="", **facts)
    relate(RelationRow("new", "replaces", "nq-57"))
    assert (state("nq-57", begins - ONE), state("nq-57", begins)) == (State.IN_FORCE, State.REPLACED)


def test_a_draft_has_no_effect_yet() -> None:
    document()
    document("draft", number="", signed_on=None)
    relate(RelationRow("draft", "replaces", "nq-57"))
    assert state("nq-57", NOW) == State.IN_FORCE


def test_states_of_a_list_ask_no_more_for_more_documents() -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as counted:
            states = [queries.state(each, NOW) for each in queries.with_effects(Document.objects.all())]
        assert set(states) == {State.IN_FORCE, State.REPLACED}
        return len(counted)

    document()
    document("new", number="")
    relate(RelationRow("new", "replaces", "nq-57"))
    few = asked()
    for number in range(8):
        document(f"d-{number}", number="")
        relate(RelationRow("new", "replaces", f"d-{number}"))
    assert asked() == few


def test_a_clause_shows_its_own_state_on_each_day_in_one_query() -> None:
    document(provisions=[*TREE, ProvisionRow("III.3", "clause", "III")])
    document("new", number="", signed_on=date(2025, 3, 1))
    relate(RelationRow("new", "replaces", "nq-57", "III.2", date(2025, 6, 1)))

    def told(on: date) -> dict[str, str]:
        return {each.provision.address: each.state.value for each in clauses.structure(queries.one(TEST, "nq-57"), on)}

    assert set(told(date(2025, 5, 31)).values()) == {"in_force"}
    assert told(date(2025, 6, 1)) == {"III": "partly_in_force", "III.2": "replaced", "III.3": "in_force"}
    held = queries.one(TEST, "nq-57")
    with CaptureQueriesContext(connection) as counted:
        clauses.states(held, NOW)
    assert len(counted) == 1


def test_what_acts_on_a_clause_is_told_with_what_acts_on_the_part_around_it() -> None:
    document(provisions=TREE)
    document("new", number="", signed_on=date(2025, 3, 1))
    document("hidden", number="", mark="restricted")
    relate(RelationRow("new", "amends", "nq-57", "III"), RelationRow("hidden", "repeals", "nq-57", "III.2"))
    for by, expected in ((TEST, ["hidden", "new"]), (actor("owner"), ["new"])):
        acting = clauses.acting_on(clauses.one(by, "nq-57", "III.2"), by)
        assert sorted(each.source.key for each in acting) == expected


# --- structure and history ------------------------------------------------------------------------


def test_the_structure_has_the_order_the_depth_and_the_wording_of_the_day() -> None:
    rows = (*TREE, ProvisionRow("III.2.a", "point", "III.2"), ProvisionRow("IV", "part"))
    held = document(provisions=rows)
    provision = held.provisions.get(address="III.2")
    later = date(2025, 6, 1)
    actions.change_wording(provision=provision, heading={}, text={"vi": "Ba"}, from_on=later, by=TEST)
    lines = clauses.structure(queries.one(TEST, held.key), later)
    assert [(each.provision.address, each.depth) for each in lines] == [
        ("III", 0), ("III.2", 1), ("III.2.a", 2), ("IV", 0),
    ]  # fmt: skip

    def wording(on: date) -> dict[str, str] | None:
        line = clauses.structure(queries.one(TEST, held.key), on)[1]
        return line.wording.text if line.wording else None

    asked = [wording(day) for day in (SIGNED - ONE, SIGNED, later - ONE, later)]
    assert asked == [None, {"vi": "Hai"}, {"vi": "Hai"}, {"vi": "Ba"}]


def test_the_structure_has_the_printed_order_whatever_was_entered_first() -> None:
    entered = [("I", "part", ""), ("annex-I", "annex", ""), ("II", "part", ""), ("II.1", "clause", "II"),
               ("annex-I.1", "clause", "annex-I"), ("I.1", "clause", "I"), ("I.2", "clause", "I"),
               ("I.1.a", "point", "I.1"), ("preamble", "preamble", "")]  # fmt: skip
    held = document(provisions=[ProvisionRow(*each) for each in entered])
    actions.add_provisions(document=held, rows=[ProvisionRow("I.3", "clause", "I")], by=TEST)
    told = [each.provision.address for each in clauses.structure(queries.one(TEST, held.key), NOW)]
    assert told == ["preamble", "I", "I.1", "I.1.a", "I.2", "I.3", "II", "II.1", "annex-I", "annex-I.1"]


def test_a_wording_without_a_day_holds_always() -> None:
    held = document(signed_on=None, provisions=TREE)
    assert clauses.structure(queries.one(TEST, held.key), date(1990, 1, 1))[1].wording.text == {"vi": "Hai"}  # type: ignore[union-attr]


def test_a_history_tells_of_one_document_newest_first_and_not_without_end() -> None:
    held = document()
    document("other", number="")
    for number in range(queries.EVENTS_SHOWN):
        actions.change_document(document=held, changes={"source": f"Công báo {number}"}, by=TEST)
    told = [(each.subject, each.kind, each.after.get("source")) for each in queries.history(held, days.today())]
    assert told == [
        ("document:nq-57", "document.changed", f"Công báo {number}") for number in reversed(range(queries.EVENTS_SHOWN))
    ]


def test_a_history_tells_nothing_of_later_days() -> None:
    held = document()
    assert [len(queries.history(held, days.today() - late * ONE)) for late in (0, 1)] == [1, 0]
