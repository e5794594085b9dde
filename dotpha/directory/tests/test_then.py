"""What places lay in on a day: the rule and the queries that read it from the database agree on every day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from dotpha.directory import queries
from dotpha.directory.models import Place, PlaceParent
from dotpha.directory.queries.then import lying, lying_in, parents_then, sorted_by_parent
from dotpha.directory.rules.lying import Lying, parent_on

FIRST = date(2025, 7, 1)
DAYS = [FIRST + timedelta(days=each) for each in range(4)]
ABOVE = "pq"
LIES = st.sampled_from(["", *ABOVE])
SPANS = st.tuples(st.dictionaries(st.sampled_from(DAYS), LIES, max_size=4), LIES)


def stored(spans: dict[str, list[Lying]]) -> None:
    """Provinces, and places that lie in them as these spans say: the later ones are written first."""
    facts = {"name": {"vi": "Xã"}, "code": "", "valid_from": None}
    above = {
        key: Place.objects.create(
            key=key, level="province", kind="province", short=key, sort_key=key, path=key, **facts
        )
        for key in ABOVE
    }
    for key, known in spans.items():
        place = Place.objects.create(
            key=key, level="commune", kind="commune", short=key, sort_key=key, path=key,
            parent=above.get(known[-1].parent), **facts,
        )  # fmt: skip
        for each in reversed(known[:-1]):
            PlaceParent.objects.create(place=place, parent=above.get(each.parent), until_on=each.until)


def compared(spans: dict[str, list[Lying]]) -> None:
    """On each day, each query finds what the rule says."""
    rows = Place.objects.filter(key__in=spans)
    called = {each.sort_key: each.key for each in Place.objects.filter(key__in=ABOVE)}
    now = {key: each.node.parent for key, each in queries.tree(Place).items() if key in spans}
    for day in [FIRST - timedelta(days=1), *DAYS, DAYS[-1] + timedelta(days=1)]:
        rule = {key: parent_on(known, day) for key, known in spans.items()}
        assert {each.key: each.parent_shown.key if each.parent_shown else "" for each in lying(rows, day)} == rule
        for above in ABOVE:
            inside = {key for key, parent in rule.items() if parent == above}
            assert {each.key for each in lying_in(rows, day, above)} == inside
        assert {each.key: called.get(each.parent_sorted, "") for each in sorted_by_parent(rows, day)} == rule
        assert {**now, **parents_then(day)} == rule


@pytest.mark.django_db
@settings(max_examples=12)
@given(st.lists(SPANS, min_size=2, max_size=2))
def test_rule_and_queries_agree_on_what_places_lay_in_on_a_day(said: list[tuple[dict[date, str], str]]) -> None:
    spans = {
        key: [*(Lying(former[until], until) for until in sorted(former)), Lying(now)]
        for key, (former, now) in zip("ab", said, strict=True)
    }
    with transaction.atomic():
        stored(spans)
        compared(spans)
        transaction.set_rollback(True)
