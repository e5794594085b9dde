"""Lists of an empty database: each says in a sentence what belongs there, and leads on by a button."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from dotpha.documents.tests.test_pages import enter
from tests.routes.addresses import routes

pytestmark = pytest.mark.django_db

TWIN = ".<twin:kind>"
LISTS = sorted(route.pattern.removesuffix(TWIN) for route in routes() if route.pattern.endswith(TWIN))
OTHERS = ["desk/inbox", "desk/leader", "desk/notices", "desk/calendar", "desk/personal"]
NEVER_EMPTY = {"desk/people", "desk/audit"}
"""Whoever looks at them stands in them: there is no empty database with somebody in it."""


def crawled() -> list[str]:
    return [path for path in [*LISTS, *OTHERS] if "<" not in path and path not in NEVER_EMPTY]


def test_the_crawl_finds_the_lists() -> None:
    assert {"desk/tasks", "desk/documents", "desk/places", "desk/blockers", "desk/ladder"} <= set(crawled())


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("path", crawled())
def test_an_empty_list_explains_itself(path: str, language: str) -> None:
    """3. Empty pages explain themselves: crawl every list on an empty database: each shows one sentence and one
    button, no bare table. (The same HTML serves every width; `journeys/test_pages.py` sees both.)"""
    html = read(enter("office", language), path)
    main = html.partition('id="main"')[2].partition("</main>")[0]
    boxes = re.findall(r'class="card-b empty">(.*?)</div>', main, re.DOTALL)
    assert boxes, path
    assert all(re.search(r"<p>[^<]+\.</p>", box) for box in boxes)
    assert len([box for box in boxes if re.search(r'<a class="btn btn-sm" href="[^"]+">[^<]+</a>', box)]) >= 1
    assert not [table for table in re.findall(r"<tbody>(.*?)</tbody>", main, re.DOTALL) if not table.strip()]


def read(client: Client, path: str) -> str:
    answer = client.get(f"/{path}/")
    assert answer.status_code == 200, path
    return answer.content.decode()
