"""Two at once: no circle of successors or replacements is closed, no more is given away than the whole."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from dotpha.directory import actions as directory
from dotpha.directory.models import Succession
from dotpha.directory.rows import SuccessionRow
from dotpha.directory.rules import successions as succession_rules
from dotpha.documents import actions as documents
from dotpha.documents import rules as document_rules
from dotpha.documents.models import Relation
from dotpha.documents.rows import RelationRow
from dotpha.platform.refusals import Refused
from dotpha.programmes.tests import factories as make

racing = pytest.mark.django_db(transaction=True)


def both(first: Callable[[], object], second: Callable[[], object]) -> None:
    def run(act: Callable[[], object]) -> None:
        try:
            act()
        except Refused:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[each]) for each in (first, second)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()


def waiting(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> None:
    """Let both get past a rule before either writes; one that waits for the other's lock is let go after a second."""
    barrier, rule = threading.Barrier(2, timeout=1), getattr(module, name)

    def slow(*given: Any, **more: Any) -> Any:
        answer = rule(*given, **more)
        with contextlib.suppress(threading.BrokenBarrierError):
            barrier.wait()
        return answer

    monkeypatch.setattr(module, name, slow)


@racing
def test_two_successions_at_once_close_no_circle(monkeypatch: pytest.MonkeyPatch) -> None:
    make.organisation("a"), make.organisation("b")
    waiting(monkeypatch, succession_rules, "require_no_succession_cycle")
    add = lambda old, new: directory.add_successions(  # noqa: E731
        kind="organisation", rows=[SuccessionRow(old, new, date(2025, 3, 1))], by=make.TEST
    )
    both(lambda: add("a", "b"), lambda: add("b", "a"))
    assert Succession.objects.count() == 1


@racing
def test_two_shares_at_once_do_not_exceed_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:

    for key in "abc":
        make.place(key)
    waiting(monkeypatch, succession_rules, "require_no_succession_cycle")
    add = lambda new: directory.add_successions(  # noqa: E731
        kind="place", rows=[SuccessionRow("a", new, date(2025, 3, 1), Decimal("0.8"))], by=make.TEST
    )
    both(lambda: add("b"), lambda: add("c"))
    assert Succession.objects.count() == 1


@racing
def test_two_documents_do_not_replace_each_other_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    make.document("a"), make.document("b")
    waiting(monkeypatch, document_rules, "require_no_replacement_cycle")
    add = lambda one, other: documents.add_relations(  # noqa: E731
        rows=[RelationRow(one, "replaces", other, "", None)], by=make.TEST
    )
    both(lambda: add("a", "b"), lambda: add("b", "a"))
    assert Relation.objects.count() == 1
