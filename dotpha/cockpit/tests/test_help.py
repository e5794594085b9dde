"""Help where one stands: each page has its topic, each topic its two languages, no link leads nowhere."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver, resolve
from django.utils import translation

from dotpha.accounts.roles import Role
from dotpha.cockpit import helptext
from dotpha.cockpit.helppages import PAGES, topic_of
from dotpha.programmes.tests import factories as make

LANGUAGES = ("vi", "en")
KNOWN = {helptext.page_of(role) for role in Role} | {"province"}


def desk_views() -> set[str]:
    """The names of the views of the desk and of the account pages, which have its frame."""

    def names(patterns: object, space: str = "") -> list[str]:
        found = []
        for each in patterns.url_patterns:  # type: ignore[attr-defined]
            if hasattr(each, "url_patterns"):
                inner = f"{space}{each.namespace}:" if getattr(each, "namespace", None) else space
                found += names(each, inner)
            elif each.name:
                found.append(space + each.name)
        return found

    apps = ("cockpit:", "programmes:", "documents:", "directory:", "accounts:", "account_", "mfa_", "usersessions")
    return {name for name in names(get_resolver()) if name.startswith(apps)}


def test_every_page_of_the_desk_has_its_own_topic() -> None:
    assert desk_views() >= {"cockpit:inbox", "programmes:tasks", "documents:document", "mfa_index"}
    assert {name for name in desk_views() if topic_of(name) == "help"} == {"cockpit:help", "cockpit:tour"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_topic_is_written_and_speaks_to_known_roles(lang: str) -> None:
    written = helptext.topics(lang)
    assert {each.key for each in written} == set(PAGES.values())
    assert [each.key for each in written if not each.title or not each.text.strip()] == []
    assert {role for each in written for role, _line in each.roles} <= KNOWN


def test_both_languages_speak_to_the_same_roles() -> None:
    told = [[(each.key, [role for role, _line in each.roles]) for each in helptext.topics(lang)] for lang in LANGUAGES]
    assert told[0] == told[1]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_link_of_help_leads_nowhere(lang: str) -> None:
    texts = [path.read_text("utf-8") for path in helptext.pages(lang).values()]
    texts += [f"{each.text} {each.roles}" for each in helptext.topics(lang)]
    links = [link for text in texts for link in re.findall(r"\]\((/[^)\s]*)\)", text)]
    assert links
    for link in links:
        assert resolve(link)  # raises where there is no page


def test_marks_become_elements_and_what_is_written_stays_text() -> None:
    said = helptext.html("The tab *New*, **bold**, `code`, 2 * 3 * 4 and <b>")
    assert said == "<p>The tab <i>New</i>, <b>bold</b>, <code>code</code>, 2 * 3 * 4 and &lt;b&gt;</p>"


def desk(role: str, scope: str = "all") -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(make.person(role, scope), backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def read(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


@pytest.mark.django_db
def test_the_question_mark_opens_the_help_of_this_page_for_my_role() -> None:
    leader, office = desk("leader"), desk("office")
    address = re.search(r'data-help="([^"]+)"', read(leader, "/desk/blockers/"))
    assert address is not None
    html = read(leader, address.group(1))
    assert "<h1>Blockers</h1>" in html
    assert "Take a blocker up and name the day" in html
    assert "send a blocker on to another body" not in html
    assert "send a blocker on to another body" in read(office, address.group(1))


@pytest.mark.django_db
def test_whoever_works_for_a_place_reads_the_lines_of_provinces() -> None:
    make.place("p-1")
    assert "The page of your province" in read(desk("focal_point", "place/p-1/"), "/desk/help/?page=places")
    assert "The page of your province" not in read(desk("focal_point", "org/a/"), "/desk/help/?page=places")


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["page=nothing", "page=", "role=nobody", "page=%3Cscript%3E"])
def test_help_that_is_not_there_falls_back_to_the_how_to_of_the_role(query: str) -> None:
    assert "Standing office" in read(desk("office"), f"/desk/help/?{query}")


@pytest.mark.django_db
def test_search_finds_help_without_marks() -> None:
    with translation.override("vi"):
        found = helptext.SOURCE.find(make.office(), "vuong mac", helptext.date(2026, 1, 1), 5)
    assert found[0].key == "blockers"
    assert helptext.SOURCE.find(make.office(), "", helptext.date(2026, 1, 1), 5) == []


@pytest.mark.django_db
def test_the_help_of_every_page_opens() -> None:
    """A crawl over the lists of the desk: the link of each page's question mark opens its own topic."""
    make.programme()
    client = desk("office")
    for path in ("inbox/", "leader/", "tasks/", "programmes/", "calendar/", "blockers/", "extensions/", "documents/",
                 "organisations/", "places/", "audit/", "help/", "search/", "tasks/import/"):  # fmt: skip
        link = re.search(r'data-help="([^"]+)"', read(client, f"/desk/{path}"))
        assert link is not None
        html = read(client, link.group(1).replace("&amp;", "&"))
        assert f"<h1>{helptext.topic('en', link.group(1).rpartition('=')[2]).title}</h1>" in html  # type: ignore[union-attr]
