"""The other rules of tasks: extensions, progress, occurrences, breakdown, clarity, blockers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dotpha.platform.tests.refusals import code
from dotpha.platform.working_days import is_working_day, working_days_between
from dotpha.programmes.models import Blocker
from dotpha.programmes.rules import blockers, breakdown, clarity, deadlines, extensions, occurrences, progress
from dotpha.programmes.rules.breakdown import Child, Counts
from dotpha.programmes.rules.lateness import DONE, Change, State, TaskDates
from dotpha.programmes.tests.histories import days, histories

DUE = date(2025, 6, 30)
ON = date(2025, 6, 1)
ONE = timedelta(days=1)
OPEN = TaskDates(original_due_on=DUE)


# --- extensions -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dates", "wanted", "on", "expected"),
    [
        (OPEN, DUE + ONE, ON, ""),
        (OPEN, DUE, ON, "not_later"),
        (OPEN, DUE + 5 * ONE, DUE + 5 * ONE, "not_later"),
        (OPEN, DUE + 6 * ONE, DUE + 5 * ONE, ""),
        (TaskDates(), DUE, ON, "task_has_no_due_date"),
        (TaskDates(original_due_on=DUE, changes=(Change(ON, None),)), DUE + ONE, ON, "task_has_no_due_date"),
        (TaskDates(original_due_on=DUE, completed_on=ON), DUE + ONE, ON, "task_closed"),
        (TaskDates(original_due_on=DUE, cancelled_on=ON), DUE + ONE, ON, "task_closed"),
    ],
)
def test_what_may_be_asked_for(dates: TaskDates, wanted: date, on: date, expected: str) -> None:
    assert code(lambda: extensions.require_extendable(dates, wanted, on)) == expected


@given(days(), st.none() | days())
def test_a_grant_never_lies_before_its_own_day(granted_on: date, new_due_on: date | None) -> None:
    refused = code(lambda: extensions.require_grantable(new_due_on, granted_on)) == "due_before_grant"
    assert refused is (new_due_on is not None and new_due_on < granted_on)
    assert (code(lambda: extensions.require_order([(granted_on, new_due_on)])) != "") is refused


@pytest.mark.parametrize(
    ("dates", "document", "expected"),
    [
        (OPEN, "57-NQ/TW", ""),
        (OPEN, "  ", "document_missing"),
        (TaskDates(original_due_on=DUE, changes=(Change(ON, None),)), "57-NQ/TW", "already_suspended"),
        (TaskDates(original_due_on=DUE, cancelled_on=ON), "57-NQ/TW", "task_closed"),
    ],
)
def test_what_may_be_suspended(dates: TaskDates, document: str, expected: str) -> None:
    assert code(lambda: extensions.require_suspendable(dates, ON, document)) == expected


@pytest.mark.parametrize(
    ("dates", "asked", "decides", "decided", "new", "expected"),
    [
        (OPEN, 1, 2, False, DUE, ""),
        (OPEN, 1, 1, False, DUE, "own_request"),
        (OPEN, None, None, False, DUE, ""),
        (OPEN, 1, 2, True, DUE, "already_decided"),
        (OPEN, 1, 2, False, ON - ONE, "due_before_grant"),
        (TaskDates(completed_on=ON), 1, 2, False, DUE, "task_closed"),
    ],
)
def test_who_may_decide(dates: TaskDates, asked: int, decides: int, decided: bool, new: date, expected: str) -> None:
    def decide() -> None:
        extensions.require_decidable(dates, asked, decides, is_decided=decided, new_due_on=new, on=ON)

    assert code(decide) == expected


def test_a_reason_of_blanks_is_none() -> None:
    assert code(lambda: extensions.require_reason(" \n")) == "reason_missing"
    assert code(lambda: extensions.require_reason("x")) == ""


def test_late_begins_the_day_after_the_due_date() -> None:
    assert [extensions.is_late_request(OPEN, DUE + n * ONE) for n in (0, 1)] == [False, True]
    assert extensions.is_late_request(TaskDates(), DUE) is False


@given(histories())
def test_the_ledger_leads_from_the_original_to_the_date_in_force(dates: TaskDates) -> None:
    """Each line begins where the one before ended, and the days added make up the whole way."""
    lines = extensions.ledger(dates)
    assert [line.number for line in lines] == list(range(1, len(dates.changes) + 1))
    assert [line.old_due_on for line in lines] == [dates.original_due_on, *(line.new_due_on for line in lines)][:-1]
    assert [line.granted_on for line in lines] == sorted(each.granted_on for each in dates.changes)
    if lines:
        open_ended = TaskDates(original_due_on=dates.original_due_on, changes=dates.changes)
        assert lines[-1].new_due_on == open_ended.due_on(date.max)
    if lines and all(line.days_added is not None for line in lines):
        added = sum(line.days_added or 0 for line in lines)
        assert dates.original_due_on is not None
        assert dates.original_due_on + timedelta(days=added) == lines[-1].new_due_on


def test_from_or_to_no_date_no_days_are_added() -> None:
    asked = [extensions.days_added(*pair) for pair in ((None, DUE), (DUE, None), (DUE, DUE - ONE), (ON, DUE))]
    assert asked == [None, None, -1, 29]


# --- progress -------------------------------------------------------------------------------------


def claim(percent: int, **facts: object) -> progress.Claim:
    return progress.Claim(percent, ON, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "known", "expected"),
    [
        (claim(0), progress.Known(), ""),
        (claim(-1), progress.Known(), "percent_out_of_range"),
        (claim(101), progress.Known(), "percent_out_of_range"),
        (claim(29), progress.Known(last_approved_percent=30), "percent_lower"),
        (claim(29, lower_reason=" "), progress.Known(last_approved_percent=30), "percent_lower"),
        (claim(29, lower_reason="counted anew"), progress.Known(last_approved_percent=30), ""),
        (claim(30), progress.Known(last_approved_percent=30), ""),
        (claim(10), progress.Known(needs_period=True), "period_missing"),
        (claim(10, period="2025-Q2"), progress.Known(needs_period=True), ""),
        (claim(100), progress.Known(), "completion_missing"),
        (claim(99, completed_on=ON), progress.Known(), "not_complete"),
        (claim(100, completed_on=ON), progress.Known(), ""),
        (claim(100, completed_on=ON + ONE), progress.Known(), "completed_in_future"),
        (claim(100, completed_on=ON - ONE), progress.Known(started_on=ON), "completed_before_start"),
        (claim(100, completed_on=ON), progress.Known(started_on=ON), ""),
        (claim(100, completed_on=ON), progress.Known(products={7: "Đề án"}), "evidence_missing"),
        (claim(100, completed_on=ON, evidence={7: 1}), progress.Known(products={7: "Đề án"}), ""),
        (claim(100, completed_on=ON, waivers={7: " "}), progress.Known(products={7: "Đề án"}), "evidence_missing"),
        (claim(100, completed_on=ON, waivers={7: "dropped"}), progress.Known(products={7: "Đề án"}), ""),
    ],
)
def test_what_a_report_may_claim(said: progress.Claim, known: progress.Known, expected: str) -> None:
    assert code(lambda: progress.require_claimable(said, known, ON)) == expected


def test_a_completion_after_its_submission_is_refused() -> None:
    """Slow approval is nobody's fault, but a report cannot tell of what came after it."""
    assert code(lambda: progress.require_fair_completion(ON, None, ON - ONE, ON)) == "completed_after_submission"


def test_the_products_without_proof_are_named_in_their_order() -> None:
    assert progress.unproved({3: "c", 1: "a", 2: "b"}, {1: 1}, {2: ""}) == ["c", "b"]


def test_two_products_of_the_same_words_share_no_proof() -> None:
    assert progress.unproved({1: "Báo cáo", 2: "Báo cáo"}, {1: 2}, {}) == ["Báo cáo"]


@pytest.mark.parametrize(
    ("authors", "approver", "expected"),
    [((1, 1), 1, "own_report"), ((1, 2), 2, "own_report"), ((1, None), 2, ""), ((None, None), None, "")],
)
def test_nobody_approves_an_own_report(authors: tuple[int | None, ...], approver: int | None, expected: str) -> None:
    assert code(lambda: progress.require_other_approver(authors, approver)) == expected


@pytest.mark.parametrize(
    ("products", "expected"),
    [([], ""), ([("a", True)], ""), ([("a", True), ("b", False)], "product_unconfirmed")],
)
def test_every_product_is_confirmed_or_none(products: list[tuple[str, bool]], expected: str) -> None:
    assert code(lambda: progress.require_confirmed(products)) == expected


# --- occurrences ----------------------------------------------------------------------------------


@given(st.sampled_from(sorted(occurrences.FREQUENCIES)), days(), days(), st.integers(-10, 40))
def test_occurrences_cover_the_days_without_gap(every: str, first: date, last: date, grace: int) -> None:
    first, last = sorted((first, last))
    found = [each.period for each in occurrences.occurrences("recurring", every, first, last, grace)]
    assert found[0].first_day <= first <= found[0].last_day
    assert found[-1].first_day <= last <= found[-1].last_day
    assert [a.last_day + ONE for a in found[:-1]] == [b.first_day for b in found[1:]]
    due = [each.due_on for each in occurrences.occurrences("continuous", every, first, last, grace)]
    assert due == [each.last_day + timedelta(days=grace) for each in found]


def test_a_leap_february_ends_on_its_29th() -> None:
    found = occurrences.occurrences("recurring", "month", date(2028, 2, 29), date(2028, 3, 1))
    assert [(str(each.period), each.due_on) for each in found] == [
        ("2028-02", date(2028, 2, 29)),
        ("2028-03", date(2028, 3, 31)),
    ]


@pytest.mark.parametrize(
    ("kind", "every", "first", "last", "expected"),
    [
        ("date", "month", ON, DUE, "not_a_series"),
        ("recurring", "week", ON, DUE, "frequency_unknown"),
        ("recurring", "", ON, DUE, "frequency_unknown"),
        ("recurring", "month", DUE, ON, "days_out_of_order"),
        ("recurring", "month", date(2025, 1, 1), date(2044, 12, 31), ""),
        ("recurring", "month", date(2025, 1, 1), date(2045, 1, 1), "too_many_occurrences"),
    ],
)
def test_which_occurrences_are_refused(kind: str, every: str, first: date, last: date, expected: str) -> None:
    assert code(lambda: occurrences.occurrences(kind, every, first, last)) == expected


def test_making_them_twice_adds_none() -> None:
    planned = occurrences.occurrences("recurring", "quarter", date(2025, 1, 1), date(2025, 12, 31))
    assert [str(each.period) for each in occurrences.missing(planned, {"2025-Q1", "2025-Q3"})] == ["2025-Q2", "2025-Q4"]
    assert occurrences.missing(planned, {str(each.period) for each in planned}) == []


# --- breakdown ------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=25))
def test_links_that_were_let_in_never_close_a_circle(wanted: list[tuple[int, int]]) -> None:
    """Whatever is asked, what was let in can be put in an order, and nothing harmless was refused."""
    links: dict[str, list[str]] = {}
    for one, other in wanted:
        task, needs = str(one), str(other)
        reaches = _reached(needs, links)
        refused = code(lambda t=task, n=needs: breakdown.require_no_dependency_cycle(t, n, links)) != ""
        assert refused is (task in reaches)
        if not refused:
            links.setdefault(task, []).append(needs)


def _reached(begin: str, links: dict[str, list[str]]) -> set[str]:
    found, waiting = {begin}, [begin]
    while waiting:
        new = [each for each in links.get(waiting.pop(), ()) if each not in found]
        found.update(new)
        waiting += new
    return found


def test_followers_far_and_near_that_cannot_end_in_time() -> None:
    """a slips to the end of June: b is due before, c is not, d behind c is; e has no date; the circle ends."""
    links = {
        "a": [("b", ON), ("c", DUE + ONE), ("e", None)],
        "c": [("d", DUE - ONE), ("a", ON)],
        "e": [("f", ON)],
    }
    assert breakdown.blocked_successors("a", DUE, links) == ["b", "d", "f"]
    assert breakdown.blocked_successors("a", None, links) == []


def test_coverage_counts_only_those_expected() -> None:
    found = breakdown.coverage(["hanoi", "hue", "hanoi", "hcm"], ["hue", "elsewhere"])
    assert (found.covered, found.expected, found.missing) == (1, 3, ("hanoi", "hcm"))


def test_spreading_names_each_member_once_and_those_with_a_part_not_at_all() -> None:
    drafts = breakdown.spread("p", "Việc", ["b", "a", "b", "c"], ["a"])
    assert [(each.lead, each.parent, each.title) for each in drafts] == [("b", "p", "Việc"), ("c", "p", "Việc")]


def test_the_first_agency_named_leads() -> None:
    assert breakdown.choose_lead(["most", "mof", "most"]) == ("most", ["mof"])
    assert code(lambda: breakdown.choose_lead([])) == "lead_missing"


@given(st.lists(st.sampled_from(State)), st.lists(st.sampled_from(State)))
def test_counts_add_up_however_the_tasks_are_split(one: list[State], other: list[State]) -> None:
    whole = breakdown.count_states([*one, *other])
    assert breakdown.count_states(one) + breakdown.count_states(other) == whole
    assert whole.assigned + whole.cancelled == len(one) + len(other)
    assert Counts() + whole == whole


children = st.builds(
    Child,
    st.sampled_from(State),
    st.none() | st.integers(0, 100),
    st.floats(0.01, 100, allow_nan=False),
)


@given(st.lists(children))
def test_a_roll_up_lies_between_its_parts(many: list[Child]) -> None:
    found = breakdown.roll_up(many)
    counting = [each for each in many if each.state is not State.CANCELLED]
    values = [100 if each.state in DONE else each.percent for each in counting]
    known = [each for each in values if each is not None]
    assert found.reported == len(known)
    assert found.counts.assigned == len(counting)
    if known:
        assert found.percent is not None
        assert min(known) - 1e-9 <= found.percent <= max(known) + 1e-9
    else:
        assert found.percent is None


def test_a_roll_up_weighs_and_never_takes_silence_for_nothing() -> None:
    parts = [
        Child(State.DONE_LATE, 3, 1),
        Child(State.OVERDUE, 20, 3),
        Child(State.NOT_STARTED),
        Child(State.CANCELLED, 0),
    ]
    found = breakdown.roll_up(parts)
    assert (found.percent, found.reported, found.counts) == (
        40.0,
        2,
        Counts(done_late=1, in_time=1, overdue=1, cancelled=1),
    )
    with pytest.raises(ValueError, match="positive"):
        breakdown.roll_up([Child(State.OVERDUE, 1, 0)])


# --- clarity --------------------------------------------------------------------------------------

CLEAR = clarity.Card("Xây dựng", "most", "Quý II/2025", "quarter", "post", "post", products=1)


@pytest.mark.parametrize(
    ("lacks", "card"),
    [
        ([], CLEAR),
        (["time"], clarity.Card("Xây dựng", "most", "khi phù hợp", "unknown", "post", "post", 1)),
        ([], clarity.Card("Xây dựng", "most", "thường xuyên", "continuous", "post", "post", 0, indicators=1)),
        (["person", "authority", "result"], clarity.Card("Xây dựng", "most", "2025", "year")),
        (["person", "work", "responsibility", "time", "authority", "result"], clarity.Card(" ", None, " ", "year")),
    ],
)
def test_which_clarities_a_card_lacks(lacks: list[str], card: clarity.Card) -> None:
    assert [each.value for each in clarity.missing(card)] == lacks


def test_the_share_of_an_issuer_counts_clarities_not_cards() -> None:
    assert clarity.share([CLEAR, clarity.Card("Xây dựng", "most", "2025", "year")]) == (9, 12)
    assert clarity.share([]) == (0, 0)


@pytest.mark.parametrize(
    ("card", "needs_all", "expected"),
    [
        (clarity.Card("", "most", "2025"), False, "wording_missing"),
        (clarity.Card("Xây dựng", None, "2025"), False, "lead_missing"),
        (clarity.Card("Xây dựng", "most", ""), False, "deadline_missing"),
        (clarity.Card("Kế hoạch (Tối mật)", "most", "2025"), False, "state_secret"),
        (clarity.Card("Sửa Luật Bảo vệ bí mật nhà nước", "most", "2025"), False, ""),
        (clarity.Card("Xây dựng", "most", "2025"), False, ""),
        (clarity.Card("Xây dựng", "most", "2025"), True, "not_clear"),
        (CLEAR, True, ""),
    ],
)
def test_which_card_may_be_assigned(card: clarity.Card, needs_all: bool, expected: str) -> None:
    assert code(lambda: clarity.require_assignable(card, needs_all=needs_all)) == expected


# --- blockers -------------------------------------------------------------------------------------


@settings(deadline=None)  # the first look at a year builds its calendar
@given(days(), st.integers(1, 30))
def test_the_day_of_the_answer_is_a_working_day_so_many_on(raised_on: date, count: int) -> None:
    by = blockers.respond_by(raised_on, count)
    assert (is_working_day(by), working_days_between(raised_on, by)) == (True, count)


@pytest.mark.parametrize(
    ("past", "expected"),
    [(-3, None), (0, None), (1, "body_asked"), (4, "body_asked"), (5, "head_of_body"), (15, "office"), (30, "meeting")],
)
def test_the_ladder_is_climbed_by_working_days(past: int, expected: str | None) -> None:
    begin = date(2025, 9, 15)
    calendar = {begin + n * ONE: (begin + n * ONE).weekday() < 5 for n in range(-30, 90)}
    on = begin + past * ONE
    while working_days_between(begin, on, calendar) < past:
        on += ONE
    assert blockers.escalation_step(begin, on, calendar) == expected


@pytest.mark.parametrize(
    ("kind", "text", "asks_of", "expected"),
    [
        ("law", "x", "mof", ""),
        ("weather", "x", "mof", "blocker_kind"),
        ("law", " ", "mof", "text_missing"),
        ("law", "x", None, "asks_of_missing"),
    ],
)
def test_which_blocker_may_be_raised(kind: str, text: str, asks_of: str | None, expected: str) -> None:
    assert code(lambda: blockers.require_raisable(kind, text, asks_of)) == expected


@pytest.mark.parametrize(
    ("said", "resolved", "consents", "decision", "expected"),
    [
        ("paid", False, True, "", ""),
        ("paid", False, False, "12/QĐ", ""),
        ("paid", False, False, " ", "consent_missing"),
        (" ", False, True, "", "resolution_missing"),
        ("paid", True, True, "", "already_resolved"),
    ],
)
def test_which_blocker_may_be_closed(said: str, resolved: bool, consents: bool, decision: str, expected: str) -> None:
    def close() -> None:
        blockers.require_resolvable(said, is_resolved=resolved, requester_consents=consents, decision=decision)

    assert code(close) == expected


def test_rules_and_tables_know_the_same_kinds() -> None:
    assert {each.value for each in blockers.Kind} == set(Blocker.Kind.values) == {each.value for each in blockers.NAMES}


# --- deadlines in digits of other scripts ---------------------------------------------------------


@pytest.mark.parametrize("digits", ["30/6/2026", "๓๐/๖/๒๐๒๖", "30/፮/2026", "３０/⑥/２０２６"])
def test_a_deadline_is_read_in_the_digits_of_any_script(digits: str) -> None:
    assert deadlines.parse(digits, date(2025, 1, 1)).due == date(2026, 6, 30)
