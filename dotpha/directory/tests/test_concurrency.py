"""Two people change the tree at once, in real transactions: no circle closes, no path goes astray."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier

import pytest

from dotpha.directory import actions, queries, rules
from dotpha.directory.models import Organisation
from dotpha.directory.rows import OrganisationRow
from dotpha.platform import days
from dotpha.platform.actors import program
from dotpha.platform.tests import at_once as threads

pytestmark = pytest.mark.django_db(transaction=True)
TEST = program("test")


def row(key: str, parent: str = "") -> OrganisationRow:
    return OrganisationRow(key=key, kind="agency", name={"vi": key}, parent=parent)


def at_once(monkeypatch: pytest.MonkeyPatch, *calls: Callable[[], object]) -> list[str]:
    """Run the calls together, and let each read the tree before another one writes."""
    gate = Barrier(len(calls), timeout=1)
    tree = queries.tree

    def read(model: type[Organisation]) -> object:
        found = tree(model)
        try:
            gate.wait()  # whoever is alone here goes on after a second
        except Exception:  # a broken gate means that the others wait for this one
            gate.abort()
        return found

    with monkeypatch.context() as patched:
        patched.setattr(queries, "tree", read)
        return threads.at_once(*calls)


def under(child: str, parent: str) -> Callable[[], object]:
    one, other = (Organisation.objects.get(key=key) for key in (child, parent))
    return lambda: actions.move_organisation(organisation=one, into=other, from_on=days.today(), by=TEST)


def paths() -> dict[str, str]:
    return dict(Organisation.objects.values_list("key", "path"))


def test_two_moves_do_not_close_a_circle_between_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """No row is common to the two: a goes under the leaf of b's tree, b under the leaf of a's."""
    actions.add_organisations(rows=[row("a"), row("a2", "a"), row("b"), row("b2", "b")], by=TEST)
    assert at_once(monkeypatch, under("a", "b2"), under("b", "a2")) == ["", "parent_cycle"]
    nodes = {key: each.node for key, each in queries.tree(Organisation).items()}
    assert rules.paths(nodes, nodes) == paths()


def test_what_is_added_below_a_moving_one_gets_its_new_path(monkeypatch: pytest.MonkeyPatch) -> None:
    actions.add_organisations(rows=[row("gov"), row("most")], by=TEST)
    add = lambda: actions.add_organisations(rows=[row("unit", "most")], by=TEST)  # noqa: E731
    assert at_once(monkeypatch, under("most", "gov"), add) == ["", ""]
    assert paths() == {"gov": "gov/", "most": "gov/most/", "unit": "gov/most/unit/"}
