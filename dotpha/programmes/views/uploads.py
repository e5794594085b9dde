"""Files that come with a form: taken as bytes, checked by their content."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from dotpha.platform import inspection
from dotpha.platform.refusals import Refused


def checked(given: Any) -> tuple[bytes, str, str]:
    """The content, the safe name and the type of an uploaded file; refused as the limits of files say."""
    if given.size > inspection.MOST_BYTES:
        raise Refused(
            "file_too_large",
            _("This file is larger than 50 MB. Give a smaller one, or a link to it."),
            field="file",
            status=413,
        )
    data = given.read()
    found = inspection.inspect(data, given.name)
    return data, found.name, found.media_type
