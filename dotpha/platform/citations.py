"""Where a fact stands, as registers of a data pack note it in English, in the reader's words (pure).

"193/NQ-CP, annex II, item 8" is read "193/NQ-CP, Phụ lục II, mục 8", and so is the address "annex-II.8"; numbers of
documents stay as they are.
"""

from __future__ import annotations

import re
from re import Match

from django.utils.translation import gettext as _

_ARTICLE = re.compile(r"\bseed (\d+)(?: \(\w\w\))?")
_ADDRESS = re.compile(r"\bannex-([IVXLC]+|\d+)(?:\.([\d.]*\d))?")
_ANNEX = re.compile(r"\b[Aa]nnex ([IVXLC]+|\d+)(?:,? (?:item|no\.) ?([\d.]*\d))?")


def said(source: str) -> str:
    """The same citation with what is not a number or a name in the reader's language."""
    cited = _ANNEX.sub(_annex, _ADDRESS.sub(_annex, source))
    cited = _ARTICLE.sub(lambda found: _("press article %(number)s") % {"number": found.group(1)}, cited)
    return cited.replace("public name of the body; no document consulted", _("public name; no document consulted"))


def _annex(found: Match[str]) -> str:
    number, item = found.groups()
    if item is None:
        return _("Annex %(number)s") % {"number": number}
    return _("Annex %(number)s, item %(item)s") % {"number": number, "item": item}
