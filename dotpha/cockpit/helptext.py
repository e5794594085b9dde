"""Our own how-to files as HTML: headings, paragraphs, lists, links, emphasis. Nothing else is in them."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

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
    safe = re.sub(r"`(.+?)`", r"<code>\1</code>", safe)
    return re.sub(r"\[(.+?)\]\((/[^)\s]*)\)", r'<a href="\2">\1</a>', safe)
