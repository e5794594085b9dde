"""Rules of the directory: days, tree, successions and shares, holders of posts."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dotpha.directory import rules
from dotpha.directory.rules import Days, Holding, Node, successions
from dotpha.directory.rules.successions import Link
from dotpha.platform.refusals import Refused
from dotpha.platform.tests.refusals import code

BEGIN = date(2025, 7, 1)
ONE = timedelta(days=1)
FIVE = [BEGIN + n * ONE for n in range(5)]
HALF = Decimal("0.5")


@st.composite
def spans(draw: st.DrawFn) -> Days:
    """Days within five, open on either side or on both."""
    first, last = draw(st.none() | st.sampled_from(FIVE)), draw(st.none() | st.sampled_from(FIVE))
    if first and last and last < first:
        first, last = last, first
    return Days(first, last)


# A day before and one after the five stand for all the days that an open end reaches.
AXIS = [BEGIN - ONE, *FIVE, BEGIN + 5 * ONE]


@given(spans(), spans())
def test_covering_and_meeting_are_told_day_by_day(one: Days, other: Days) -> None:
    mine, others = ({day for day in AXIS if each.holds(day)} for each in (one, other))
    assert one.covers(other) is (others <= mine)
    assert one.meets(other) is bool(mine & others)
    assert one.meets(other) is other.meets(one)


@pytest.mark.parametrize(("last", "expected"), [(-1, "days_out_of_order"), (0, ""), (1, "")])
def test_the_end_comes_not_before_the_beginning(last: int, expected: str) -> None:
    assert code(lambda: rules.require_days(Days(BEGIN, BEGIN + last * ONE))) == expected


def test_open_days_are_in_order() -> None:
    asked = [code(lambda d=d: rules.require_days(d)) for d in (Days(), Days(BEGIN), Days(None, BEGIN))]
    assert asked == ["", "", ""]


@pytest.mark.parametrize(
    ("days", "above", "expected"),
    [
        (Days(BEGIN), Days(), ""),
        (Days(BEGIN), Days(BEGIN), ""),
        (Days(), Days(BEGIN, BEGIN), ""),
        (Days(BEGIN), Days(BEGIN, BEGIN), ""),
        (Days(BEGIN, BEGIN + ONE), Days(BEGIN, BEGIN), "parent_not_valid"),
        (Days(BEGIN - ONE), Days(BEGIN), "parent_not_valid"),
    ],
)
def test_a_child_stays_within_the_days_of_its_parent(days: Days, above: Days, expected: str) -> None:
    assert code(lambda: rules.require_within("a", days, "b", above)) == expected


def found(nodes: dict[str, Node], keys: list[str], most: int = 280) -> dict[str, tuple[str, str | None]]:
    return {key: (each.code, each.field) for key, each in rules.tree_refusals(nodes, keys, most).items() if str(each)}


def test_what_speaks_against_a_place_in_the_tree() -> None:
    """c stands under b, b under a; x under nobody known, y under x, p and q under each other, r under p."""
    short = Days(BEGIN, BEGIN)
    nodes = {
        "a": Node("", short), "b": Node("a"), "c": Node("b", Days(BEGIN, BEGIN + ONE)), "x": Node("none"),
        "y": Node("x"), "p": Node("q"), "q": Node("p"), "r": Node("p"), "s": Node("a", Days(BEGIN, BEGIN + ONE)),
    }  # fmt: skip
    assert found(nodes, list(nodes)) == {
        "x": ("unknown_parent", "parent"),
        "p": ("parent_cycle", "parent"),
        "q": ("parent_cycle", "parent"),
        "r": ("parent_cycle", "parent"),
        "s": ("parent_not_valid", "parent"),
    }
    assert found(nodes, ["a"]) == {"a": ("parent_not_valid", "valid_to")}, "s would lie outside the days of a"
    assert found(nodes, ["b"]) == {}
    assert found(nodes, ["c"], most=5) == {"c": ("tree_too_deep", "parent")}
    assert found(nodes, ["c"], most=6) == {}


def test_the_circle_is_shown_from_the_one_that_asked() -> None:
    with pytest.raises(Refused) as caught:
        rules.require_way_up("a", {"a": Node("c"), "b": Node("a"), "c": Node("b")}, {})
    assert caught.value.facts["way"] == "a → c → b → a"


def test_a_way_up_of_thousands_is_given_up_early() -> None:
    """A file may hold a chain or a circle of all its rows: it is refused in seconds, with a way that can be read."""
    chain = {str(n): Node(str(n + 1) if n < 2999 else "") for n in range(3000)}
    circle = {**chain, "2999": Node("0")}
    for nodes in (chain, circle):
        for keys in (list(nodes), list(nodes)[::-1]):
            refusals = rules.tree_refusals(nodes, keys, 280)
            assert {each.code for each in refusals.values()} == {"tree_too_deep"}
            assert len(refusals) > 2900


@given(st.lists(st.integers(0, 9), min_size=10, max_size=10))
def test_a_circle_is_refused_exactly_where_the_way_up_does_not_end(above: list[int]) -> None:
    """Ten nodes; each stands under another one, or under none where it names itself."""
    nodes = {str(n): Node("" if parent == n else str(parent)) for n, parent in enumerate(above)}

    def ends(key: str) -> bool:
        for _step in nodes:
            key = nodes[key].parent
            if not key:
                return True
        return False

    refused = set(rules.tree_refusals(nodes, list(nodes), 280))
    assert refused == {key for key in nodes if not ends(key)}
    whole = [key for key in nodes if key not in refused]
    paths = rules.paths(nodes, whole)
    assert all(paths[key] == paths.get(nodes[key].parent, "") + f"{key}/" for key in whole)


@pytest.mark.parametrize(
    ("begun", "ended", "expected"),
    [(BEGIN, BEGIN - 9 * ONE, BEGIN), (None, BEGIN, BEGIN + ONE), (BEGIN, None, BEGIN), (None, None, None)],
)
def test_from_which_day_a_successor_stands_in(begun: date | None, ended: date | None, expected: date | None) -> None:
    assert successions.replaced_on(begun, ended) == expected


# --- successions and shares -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        (["0.5", "0.5"], ""),
        (["0.5", "0.4"], ""),
        (["0.5", "0.51"], "shares_above_whole"),
        (["1", None], ""),
        ([None, None], ""),
        (["0"], "share_out_of_range"),
        (["-0.1"], "share_out_of_range"),
        (["1.01"], "share_out_of_range"),
    ],
)
def test_shares_are_parts_of_one_whole(shares: list[str | None], expected: str) -> None:
    links = [Link("old", f"n{at}", BEGIN, None if each is None else Decimal(each)) for at, each in enumerate(shares)]
    assert code(lambda: successions.require_shares(links)) == expected


def test_shares_of_other_days_and_bodies_are_other_wholes() -> None:
    links = [Link("a", "x", BEGIN, Decimal(1)), Link("a", "y", BEGIN + ONE, Decimal(1)), Link("b", "x", BEGIN, HALF)]
    assert code(lambda: successions.require_shares(links)) == ""


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        ([], ""),
        ([("a", "b"), ("b", "c"), ("a", "c")], ""),
        ([("a", "a")], "succession_cycle"),
        ([("a", "b"), ("b", "c"), ("c", "a")], "succession_cycle"),
    ],
)
def test_no_body_replaces_itself_in_the_end(links: list[tuple[str, str]], expected: str) -> None:
    given_links = [Link(old, new, BEGIN) for old, new in links]
    assert code(lambda: successions.require_no_succession_cycle(given_links)) == expected


def test_a_place_is_itself_until_the_day_of_its_succession() -> None:
    links = [Link("ha-tay", "ha-noi", BEGIN)]
    assert [successions.shares_on("ha-tay", links, BEGIN + n * ONE) for n in (-1, 0)] == [{"ha-tay": 1}, {"ha-noi": 1}]


def test_parts_are_followed_through_every_later_step() -> None:
    """a goes half to b and half to c; later b becomes d, and c goes to d and e by a quarter and the rest."""
    links = [
        Link("a", "b", BEGIN, HALF), Link("a", "c", BEGIN, HALF), Link("b", "d", BEGIN + ONE),
        Link("c", "d", BEGIN + 2 * ONE, Decimal("0.25")), Link("c", "e", BEGIN + 2 * ONE, Decimal("0.75")),
    ]  # fmt: skip
    assert successions.shares_on("a", links, BEGIN + ONE) == {"d": HALF, "c": HALF}
    assert successions.shares_on("a", links, BEGIN + 2 * ONE) == {"d": Decimal("0.625"), "e": Decimal("0.375")}


@pytest.mark.parametrize("later", [False, True])
def test_a_share_that_nobody_knows_makes_the_whole_answer_unknown(later: bool) -> None:
    first = [Link("z", "a", BEGIN)] if later else []
    links = [*first, Link("a", "b", BEGIN + ONE, HALF), Link("a", "c", BEGIN + ONE)]
    assert successions.shares_on("z" if later else "a", links, BEGIN + ONE) is None


def test_a_place_that_goes_on_keeps_what_it_did_not_give_away() -> None:
    links = [Link("a", "a", BEGIN, Decimal("0.7")), Link("a", "b", BEGIN, Decimal("0.3"))]
    assert successions.shares_on("a", links, BEGIN) == {"a": Decimal("0.7"), "b": Decimal("0.3")}


@st.composite
def histories(draw: st.DrawFn) -> list[Link]:
    """Up to four generations; each place goes to one or more of the next, by shares that make at most one."""
    links: list[Link] = []
    for step in range(draw(st.integers(1, 4))):
        for at in range(3):
            heirs = draw(st.lists(st.integers(0, 2), max_size=3, unique=True))
            parts = draw(st.lists(st.integers(1, 33), min_size=len(heirs), max_size=len(heirs)))
            for heir, part in zip(heirs, parts, strict=True):
                links.append(Link(f"{step}{at}", f"{step + 1}{heir}", BEGIN + step * ONE, Decimal(part) / 100))
    return links


@given(histories(), st.integers(-1, 5))
def test_nothing_is_invented_on_the_way(links: list[Link], after: int) -> None:
    assert code(lambda: successions.require_shares(links)) == ""
    found = successions.shares_on("00", links, BEGIN + after * ONE)
    assert found is not None
    assert sum(found.values()) <= 1
    assert all(share > 0 for share in found.values())


# --- holders of posts -----------------------------------------------------------------------------


@given(spans(), st.lists(spans(), max_size=4))
def test_a_post_has_one_holder_on_a_day(new: Days, held: list[Days]) -> None:
    holdings = [Holding(f"p{at}", each) for at, each in enumerate(held)]
    refused = code(lambda: rules.require_single_holder(Holding("new", new), holdings)) == "post_taken"
    assert refused is any(each.holds(day) and new.holds(day) for each in held for day in AXIS)


def test_what_lies_in_a_place_may_be_as_old_as_what_the_place_replaced() -> None:
    nodes = {"new": Node(days=Days(BEGIN)), "child": Node("new", Days(BEGIN - 9 * ONE))}
    links = [Link("old", "middle", BEGIN - 5 * ONE), Link("middle", "new", BEGIN)]
    first = {"old": BEGIN - 10 * ONE, "middle": BEGIN - 5 * ONE, "new": BEGIN}
    since = successions.begun_by(first, links)
    assert since == {"middle": BEGIN - 10 * ONE, "new": BEGIN - 10 * ONE}
    assert [each.code for each in rules.tree_refusals(nodes, ["child"], 99).values()] == ["parent_not_valid"]
    assert rules.tree_refusals(nodes, ["child"], 99, since) == {}
    assert rules.tree_refusals(nodes, ["new"], 99, since) == {}
    assert successions.begun_by({**first, "old": None}, links)["new"] is None
