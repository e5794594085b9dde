"""What places and organisations lay in on a day: the rule and the queries from the database agree on every day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from dotpha.directory import queries
from dotpha.directory.models import Organisation, OrganisationParent, Place, PlaceParent
from dotpha.directory.queries.then import lying, lying_in, parents_then, sorted_by_parent
from dotpha.directory.rules.lying import Lying, parent_on

FIRST = date(2025, 7, 1)
DAYS = [FIRST + timedelta(days=each) for each in range(4)]
ABOVE = "pq"
LIES = st.sampled_from(["", *ABOVE])
SPANS = st.tuples(st.dictionaries(st.sampled_from(DAYS), LIES, max_size=4), LIES)


MODELS: dict[Any, tuple[Any, str, dict[str, Any]]] = {
    Place: (PlaceParent, "place", {"code": "", "level": "province", "short": "x"}),
    Organisation: (OrganisationParent, "organisation", {}),
}


def made(model: Any, key: str, parent: Any = None) -> Any:
    """A row whose name is its key."""
    facts = {"kind": "province", "name": {"vi": key}, "path": key, **MODELS[model][2], "parent": parent}
    return model.objects.create(key=key, **{**facts, **({"short": key} if model is Place else {})})


def stored(model: Any, spans: dict[str, list[Lying]]) -> None:
    """Things, and those that lie in them as these spans say: the later ones are written first."""
    former, owner, _facts = MODELS[model]
    above = {key: made(model, key) for key in ABOVE}
    for key, known in spans.items():
        thing = made(model, key, above.get(known[-1].parent))
        for each in reversed(known[:-1]):
            former.objects.create(**{owner: thing}, parent=above.get(each.parent), until_on=each.until)


def compared(model: Any, spans: dict[str, list[Lying]]) -> None:
    """On each day, each query finds what the rule says."""
    rows = model.objects.filter(key__in=spans)
    called = {each.sort_key: each.key for each in model.objects.filter(key__in=ABOVE)}
    now = {key: each.node.parent for key, each in queries.tree(model).items() if key in spans}
    for day in [FIRST - timedelta(days=1), *DAYS, DAYS[-1] + timedelta(days=1)]:
        rule = {key: parent_on(known, day) for key, known in spans.items()}
        assert {each.key: each.parent_shown.key if each.parent_shown else "" for each in lying(rows, day)} == rule
        for above in ABOVE:
            inside = {key for key, parent in rule.items() if parent == above}
            assert {each.key for each in lying_in(rows, day, above)} == inside
        assert {each.key: called.get(each.parent_sorted, "") for each in sorted_by_parent(rows, day)} == rule
        assert {**now, **parents_then(model, day)} == rule


@pytest.mark.django_db
@pytest.mark.parametrize("model", MODELS)
@settings(max_examples=8)
@given(said=st.lists(SPANS, min_size=2, max_size=2))
def test_rule_and_queries_agree_on_what_things_lay_in_on_a_day(
    model: Any, said: list[tuple[dict[date, str], str]]
) -> None:
    spans = {
        key: [*(Lying(former[until], until) for until in sorted(former)), Lying(now)]
        for key, (former, now) in zip("ab", said, strict=True)
    }
    with transaction.atomic():
        stored(model, spans)
        compared(model, spans)
        transaction.set_rollback(True)
