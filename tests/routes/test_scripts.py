"""Markup in every text of the database, on every page kind: it is shown as written and never becomes markup (A10)."""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.db import DatabaseError, connection, transaction
from lxml import etree, html
from playwright.sync_api import Page, expect, sync_playwright
from playwright.sync_api import Route as Asked
from pytest_django.plugin import DjangoDbBlocker

from dotpha.programmes.actions import publish_programme
from dotpha.programmes.models import Programme
from dotpha.programmes.tests import factories as make
from tests.journeys.conftest import ARGUMENTS, chromium
from tests.routes import scripts_in_text, world
from tests.routes.addresses import Route
from tests.routes.scripts_in_text import PAYLOAD
from tests.routes.test_every_route import ROUTES, told

READERS = ("office", "admin", "nobody")
PLAIN = ("application/json", "application/problem+json", "text/plain", "text/csv")
"""No browser reads markup in these: they are sent with `nosniff`."""


@pytest.fixture(scope="module")
def examples(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[tuple[str, str], str]]:
    """The world with the payload in all its texts, and nothing hidden: the public pages show it too."""
    with django_db_blocker.unblock(), transaction.atomic():
        found = world.build()
        publish_programme(programme=Programme.objects.get(key="hidden"), by=make.TEST)
        assert fill() >= 25, "columns that took the payload"
        yield found
        transaction.set_rollback(True)


Answers = list[tuple[Route, str, Any]]


@pytest.fixture(scope="module")
def answers(examples: dict[tuple[str, str], str]) -> Callable[[str], Answers]:
    """What every address answers to a reader: the route, its address, the answer; asked once."""
    readers = world.readers()

    @cache
    def asked(name: str) -> Answers:
        paths = [(route, route.path(examples)) for route in ROUTES]
        return [(route, path, readers[name].client.get(path)) for route, path in paths]

    return asked


def fill() -> int:
    """Put the payload everywhere; answers how many columns hold it. A constraint may keep it out of some."""
    held = 0
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # the record refuses to be changed
        for statement, said in scripts_in_text.statements():
            try:
                with transaction.atomic():
                    cursor.execute(statement, said)
                    held += cursor.rowcount > 0
            except DatabaseError:
                continue
        cursor.execute("SET LOCAL session_replication_role = origin")
    return held


def markup_of(answer: Any) -> list[str]:
    """What of the payload a browser would take for markup, or for an address to go to."""
    kind, words = answer.headers.get("Content-Type", "").partition(";")[0], told(answer)
    if not words or kind in PLAIN:
        assert answer.headers.get("X-Content-Type-Options") == "nosniff"
        return []
    if kind.endswith("xml"):
        return [each.tag for each in etree.fromstring(words.encode()).iter("{*}zx57")]
    if kind != "text/html":
        return []
    page = html.fromstring(words)
    found = [str(each.tag) for each in page.iter("zx57")]
    found += [f"{each.tag} {name}" for each in page.iter() for name in each.attrib if name.startswith("on")]
    return found + [
        f"{each.tag} {name}={value}"
        for each in page.iter()
        for name, value in each.attrib.items()
        if name in ("href", "src", "action", "formaction") and value.strip().lower().startswith("javascript:")
    ]


@pytest.mark.parametrize("name", READERS)
def test_no_text_becomes_markup(name: str, answers: Callable[[str], Answers]) -> None:
    """A10: every address that answers, to whom sees the most and to whom sees only what is public."""
    wrong, shown = [], 0
    for route, _path, answer in answers(name):
        shown += "zx57" in told(answer) if not answer.streaming else 0
        wrong += [(route.pattern, each) for each in markup_of(answer)]
        wrong += [(route.pattern, "an error of ours")] * (answer.status_code >= 500)
    assert wrong == []
    assert name != "office" or shown >= 20, "pages that show the payload"


SITE = "http://testserver"
DRAWN = ("text/html", "image/svg+xml", "application/xml", "application/rss+xml", "application/atom+xml")
"""Kinds of answers that a browser takes for a page and in which scripts could run."""
LISTEN = """
window.refused = [];
document.addEventListener('securitypolicyviolation', event =>
  refused.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""
FOUND = """
() => [
  ...(window.refused ?? []),
  ...(document.title === 'zx57' ? ['a script ran'] : []),
  ...Array.from(document.querySelectorAll('zx57,[onerror],[onzx57],[href^="javascript:"],img[src="x"]'),
    each => each.outerHTML.slice(0, 200)),
]
"""
"""What the page in the browser has of the payload as markup, and what its policy kept from running."""
SPOKEN = {
    "/desk/presence/": {"sentence": PAYLOAD},
    "/desk/palette.json": {"items": [{"kind": PAYLOAD, "title": PAYLOAD, "url": "/desk/"}]},
}
"""What scripts ask for while a page is open, with a name of somebody or something in it."""


def pages_that_show_it(answers: Callable[[str], Answers]) -> dict[str, Any]:
    """By address, every answer with the payload that a browser draws; to the first reader who gets it."""
    found: dict[str, Any] = {}
    for name in READERS:
        for _route, path, answer in answers(name):
            kind = answer.headers.get("Content-Type", "").partition(";")[0]
            if path not in found and not answer.streaming and kind in DRAWN and b"zx57" in answer.content:
                found[path] = answer
    return found


def answering(pages: dict[str, Any], strange: list[str]) -> Callable[[Asked], None]:
    """Answers the browser from memory, the policy of each page with it; keeps what no page of ours asks for."""

    def answer(asked: Asked) -> None:
        path = urlsplit(asked.request.url).path
        file = finders.find(path.removeprefix("/static/")) if path.startswith("/static/") else None
        if asked.request.url.removeprefix(SITE) in pages:
            held = pages[asked.request.url.removeprefix(SITE)]
            asked.fulfill(status=held.status_code, headers=dict(held.headers), body=held.content)
        elif path in SPOKEN:
            asked.fulfill(body=json.dumps(SPOKEN[path]), content_type="application/json")
        elif file:
            is_script = path.endswith(".js")  # how a page looks does not matter here
            kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
            asked.fulfill(body=Path(str(file)).read_bytes() if is_script else b"", content_type=kind)
        else:
            strange.append(asked.request.url)
            asked.abort()

    return answer


def opens_the_palette(page: Page) -> None:
    """What scripts put on the page: the lines of the palette, who else is here."""
    page.keyboard.press("Control+k")
    expect(page.locator("#palette-list a span").first).to_have_text(PAYLOAD)
    page.keyboard.press("Escape")
    expect(page.locator("[data-presence]").first).to_have_text(PAYLOAD)


def test_no_text_runs_in_a_browser(answers: Callable[[str], Answers]) -> None:
    """A10: a browser with the policy of each page on every page that shows the payload: no script ran, none was
    refused, and nothing was asked for that the page itself does not ask for."""
    pages, wrong, strange, said = pages_that_show_it(answers), [], [], []
    assert len(pages) >= 50
    assert {"/desk/tasks/s-1/", "/desk/people/somebody-else/", "/vi/tasks/s-1/", "/vi/programmes/hidden/"} <= set(pages)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        page = browser.new_page()
        page.add_init_script(LISTEN)
        page.on("console", lambda line: said.append(f"{page.url}: {line.text}") if line.type == "error" else None)
        page.route("**/*", answering(pages, strange))
        for path in pages:
            page.goto(SITE + path)
            wrong += [(path, each) for each in page.evaluate(FOUND)]
        assert wrong == []
        page.goto(f"{SITE}/desk/tasks/s-1/")
        opens_the_palette(page)
        wrong += [("in scripts", each) for each in page.evaluate(FOUND)]
        browser.close()
    assert wrong == []
    assert strange == []
    assert [each for each in said if "Content Security Policy" in each or "Refused" in each] == []
