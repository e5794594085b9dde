"""Marks of State secrecy on a document (K3). Pure.

A mark stands alone on its line, in a frame or in capitals near the top ("MẬT", "TỐI MẬT", "TUYỆT MẬT"); the same words
inside running text ("bảo mật", "an ninh mật mã") are no mark.
"""

import re
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from dotpha.platform.refusals import Refused
from dotpha.platform.text import nfc

_MARK = re.compile(r"^\W*(?:độ mật\s*:?\s*)?(tuyệt\s+mật|tối\s+mật|mật)\W*$", re.IGNORECASE)
_LINES = 60  # a mark stands on the first page


def secret_mark(lines: Iterable[str]) -> str | None:
    """The mark of secrecy among the first lines of a document, or None."""
    for number, line in enumerate(lines):
        if number == _LINES:
            return None
        found = _MARK.match(nfc(line).strip())
        if found:
            return " ".join(found[1].split()).capitalize()
    return None


def require_open(lines: Iterable[str]) -> None:
    """Refuse a document that bears a mark of State secrecy."""
    mark = secret_mark(lines)
    if mark:
        raise Refused(
            "state_secret",
            _("This document is marked “%(mark)s”. It does not belong here: use the channel for State secrets."),
            field="file",
            mark=mark,
        )
