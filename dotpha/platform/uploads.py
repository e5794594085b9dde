"""Files that come with a form: taken as bytes, checked by their content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from dotpha.platform import inspection
from dotpha.platform.refusals import Refused

EVERY_KIND = tuple(inspection.MEDIA_TYPES)


@dataclass(frozen=True)
class Upload:
    """A file that was given with a form, checked by its content."""

    data: bytes
    name: str
    media_type: str


def checked(given: Any, allowed: tuple[str, ...] = EVERY_KIND) -> Upload:
    """The content, the safe name and the type of an uploaded file; refused as the limits of files say."""
    if given.size > inspection.MOST_BYTES:
        raise Refused(
            "file_too_large",
            _("This file is larger than 50 MB. Give a smaller one, or a link to it."),
            field="file",
            status=413,
        )
    data = given.read()
    found = inspection.inspect(data, given.name, allowed)
    return Upload(data, found.name, found.media_type)
