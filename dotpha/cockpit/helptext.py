"""Our own how-to files as HTML: headings, paragraphs, lists, links, emphasis. Nothing else is in them.

A how-to of a role is a file of `docs/howto/<language>/`. Help on a page is a topic of `docs/howto/pages/<language>.md`:
a heading "key: Title", what the page is for, then a line "- role: what this role does here" for some roles.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from dotpha.cockpit.helppages import topic_of
from dotpha.platform import text as words
from dotpha.platform.actors import Actor
from dotpha.platform.pages import language, url
from dotpha.platform.registry import Found, SearchSource

ROLE_PAGES = {"focal_point": "agency", "owner": "agency", "commune_officer": "commune"}


def page_of(role: str) -> str:
    """The how-to file of a role."""
    return ROLE_PAGES.get(role, role)


def pages(lang: str) -> dict[str, Path]:
    """Role -> its how-to in this language; readers of other languages than Vietnamese get the English one."""
    folder = Path(settings.BASE_DIR) / "docs" / "howto" / ("vi" if lang == "vi" else "en")
    return {path.stem: path for path in sorted(folder.glob("*.md"))}


def heading(path: Path) -> str:
    """The first line of a how-to, which names whom it is for."""
    return path.read_text("utf-8").partition("\n")[0].lstrip("# ")


def html(text: str) -> SafeString:
    """A how-to file as HTML. Everything is escaped first; only our few marks become elements."""
    blocks: list[str] = []
    for block in re.split(r"\n\s*\n", text.strip()):
        lines = block.split("\n")
        if lines[0].startswith("#"):
            level = min(len(lines[0]) - len(lines[0].lstrip("#")) + 1, 4)
            blocks.append(f"<h{level}>{_inline(lines[0].lstrip('# '))}</h{level}>")
            lines = lines[1:]
        if lines and re.match(r"(?:\d+\.|-) ", lines[0]):
            kind = "ul" if lines[0].startswith("-") else "ol"
            items = "".join(f"<li>{_inline(re.sub(r'^(?:[0-9]+[.]|-) ', '', line))}</li>" for line in lines)
            blocks.append(f"<{kind}>{items}</{kind}>")
        elif lines:
            blocks.append(f"<p>{_inline(' '.join(lines))}</p>")
    return mark_safe("\n".join(blocks))  # escaped in _inline


def _inline(text: str) -> str:
    safe = str(escape(text))
    safe = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", safe)
    safe = re.sub(r"\*(\S[^*]*?)\*", r"<i>\1</i>", safe)
    safe = re.sub(r"`(.+?)`", r"<code>\1</code>", safe)
    return re.sub(r"\[(.+?)\]\((/[^)\s]*)\)", r'<a href="\2">\1</a>', safe)


@dataclass(frozen=True)
class Topic:
    """Help on a page: what the page is for, and what a role does there, by the how-to of the role."""

    key: str
    title: str
    text: str
    roles: tuple[tuple[str, str], ...]

    @property
    def body(self) -> SafeString:
        return html(self.text)

    def for_roles(self, pages: Iterable[str]) -> list[SafeString]:
        """The lines of these roles, each as HTML."""
        held = set(pages)
        return [mark_safe(_inline(line)) for role, line in self.roles if role in held]  # escaped in _inline


def topics(lang: str) -> tuple[Topic, ...]:
    """Help on every page, in the order of the file; in English for readers of other languages than Vietnamese."""
    return _topics("vi" if lang == "vi" else "en")


@cache
def _topics(lang: str) -> tuple[Topic, ...]:
    file = Path(settings.BASE_DIR) / "docs" / "howto" / "pages" / f"{lang}.md"
    return tuple(_topic(part) for part in re.split(r"^## ", file.read_text("utf-8"), flags=re.MULTILINE)[1:])


def _topic(part: str) -> Topic:
    head, _line, body = part.partition("\n")
    key, _colon, title = head.partition(": ")
    lines = body.strip().split("\n")
    roles = [line[2:].partition(": ") for line in lines if line.startswith("- ")]
    told = "\n".join(line for line in lines if not line.startswith("- "))
    return Topic(key, title.strip(), told, tuple((role, line) for role, _colon, line in roles))


def topic(lang: str, key: str) -> Topic | None:
    """Help on one page, None where there is none of this key."""
    return next((each for each in topics(lang) if each.key == key), None)


def fill(request: HttpRequest) -> dict[str, Any]:
    """The address of the help on this page, for every page of the desk."""
    match = request.resolver_match
    return {"help_url": url("cockpit:help", page=topic_of(match.view_name) if match else None)}


def _find(by: Actor, asked: str, on: date, limit: int) -> list[Found]:
    """Topics that hold every word asked for; marks and case do not matter."""
    wanted = words.fold(asked).split()
    if not by.key or not wanted:
        return []
    found = [
        each
        for each in topics(language())
        if all(word in words.fold(f"{each.title} {each.text} {each.roles}") for word in wanted)
    ]
    found.sort(key=lambda each: wanted[0] not in words.fold(each.title))
    return [Found("help", each.key, each.title, url("cockpit:help", page=each.key)) for each in found[:limit]]


SOURCE = SearchSource("help", _("Help"), _find, 90)
