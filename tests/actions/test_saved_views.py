"""Lists as people like them: shared only where their owner works."""

from __future__ import annotations

from typing import Any

import pytest

from dotpha.accounts import rights
from dotpha.accounts.models import Grant
from dotpha.platform import saved_views
from dotpha.platform.actors import Actor
from dotpha.platform.models import SavedView
from dotpha.platform.tests.refusals import refused
from dotpha.programmes.tests import factories as make

pytestmark = pytest.mark.django_db


def save(by: Actor, **facts: Any) -> SavedView:
    return saved_views.save_view(
        **{"by": by, "list_name": "tasks", "name": "Quá hạn", "query": "state=overdue", **facts}
    )


def of(by: Actor) -> list[SavedView]:
    return list(saved_views.views_of(by, "tasks", list(rights.scopes_held(by))))


def test_a_view_is_shared_only_where_one_holds_a_role() -> None:
    by = make.actor("owner", make.organisation("moh").scope)
    for scope in ("all", make.organisation("mof").scope, "org/government/", "x"):
        assert refused(lambda scope=scope: save(by, shared_scope=scope)) == ("not_held", "shared_scope", 403)
    assert not SavedView.objects.exists()
    own = save(by, shared_scope=make.organisation("moh").scope)
    colleague, other = make.actor("approver", make.organisation("moh").scope), make.actor("owner", "org/other/")
    assert of(colleague) == [own]
    assert not of(other)


def test_only_who_works_for_everybody_shares_with_everybody() -> None:
    for by in (make.actor("citizen"), make.stranger()):
        assert refused(lambda by=by: save(by, shared_scope="all"))[0] == "not_held"
    limited = make.person("office")
    Grant.objects.filter(user=limited).update(programme="resolution57")
    assert refused(lambda: save(limited.actor(), shared_scope="all"))[0] == "not_held"
    assert save(limited.actor(), shared_scope="programme/resolution57/")
    assert save(make.actor("office"), shared_scope="all")


@pytest.mark.parametrize(
    "facts", [{"list_name": "x" * 61}, {"list_name": "\x00"}, {"name": "\x00"}, {"name": "x" * 81}]
)
def test_a_view_that_cannot_be_kept_is_refused_with_a_sentence(facts: dict[str, str]) -> None:
    assert refused(lambda: save(make.actor("owner"), **facts))[1] == next(iter(facts))
    assert not SavedView.objects.exists()


def test_a_nul_in_the_address_of_a_view_is_left_out() -> None:
    """An address with one is refused: a view of it would never open."""
    assert save(make.actor("owner"), query="state=overdue&q=a%00b").query == "q=ab&state=overdue"
