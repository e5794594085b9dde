"""Where a fact stands, as registers of a data pack note it in English, in the reader's words (pure).

"193/NQ-CP, annex II, item 8" is read "193/NQ-CP, Phụ lục II, mục 8", and so is the address "annex-II.8"; numbers of
documents stay as they are.
"""

from __future__ import annotations

import re
from re import Match

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_ARTICLE = re.compile(r"\bseed (\d+)(?: \(\w\w\))?")
_ADDRESS = re.compile(r"\bannex-([IVXLC]+|\d+)(?:\.([\d.]*\d))?")
_ANNEX = re.compile(r"\b[Aa]nnex ([IVXLC]+|\d+)(?:,? (?:item|no\.) ?([\d.]*\d))?")

_PHRASES = {
    "public name of the body; no document consulted": gettext_lazy("public name; no document consulted"),
    "Python package vietnamadminunits 1.0.4 (MIT)": gettext_lazy("open register of administrative units"),
    "province list annexed to the 2025 merger scheme": gettext_lazy("list of provinces with the merger scheme of 2025"),
    "structure of the Government from 01/03/2025": gettext_lazy("structure of the Government from 01/03/2025"),
    "first meeting of the Central Steering Committee": gettext_lazy("first meeting of the Central Steering Committee"),
    "national conference": gettext_lazy("national conference"),
    "MOST direction on 238 villages, August 2025": gettext_lazy(
        "direction of the Ministry of Science and Technology on 238 villages, August 2025"
    ),
    "Deputy Prime Minister's meeting 30/09/2025 on 11 strategic technologies": gettext_lazy(
        "meeting of the Deputy Prime Minister on 11 strategic technologies, 30/09/2025"
    ),
    "task: three research universities": gettext_lazy("task of three research universities"),
    "DTI 2024 announcement, MOST 21/10/2025": gettext_lazy(
        "announcement of the DTI of 2024, Ministry of Science and Technology, 21/10/2025"
    ),
    "GII 2025 announcement": gettext_lazy("announcement of the GII of 2025"),
    "Project 06": gettext_lazy("Project 06"),
    "National Data Centre visit 29/12/2025": gettext_lazy("working visit to the National Data Centre, 29/12/2025"),
    "MOST measurement notice 22/12/2025": gettext_lazy(
        "notice on measurement of the Ministry of Science and Technology, 22/12/2025"
    ),
}
"""What registers note in place of a document, by words for it."""


def said(source: str) -> str:
    """The same citation with what is not a number or a name in the reader's language."""
    cited = _ANNEX.sub(_annex, _ADDRESS.sub(_annex, source))
    cited = _ARTICLE.sub(lambda found: _("press article %(number)s") % {"number": found.group(1)}, cited)
    for noted, words in _PHRASES.items():
        cited = re.sub(rf"(?<!\w){re.escape(noted)}(?!\w)", str(words), cited)
    return cited


def _annex(found: Match[str]) -> str:
    number, item = found.groups()
    if item is None:
        return _("Annex %(number)s") % {"number": number}
    return _("Annex %(number)s, item %(item)s") % {"number": number, "item": item}
