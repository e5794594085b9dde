"""Changes of one record by two people: the second one is told, and loses nothing."""

from __future__ import annotations

import hashlib

from django.utils.translation import gettext_lazy as _

from dotpha.platform.refusals import Refused


def require_version(given: int | None, held: int) -> None:
    """Refuse a change of what somebody else changed meanwhile."""
    if given is not None and given != held:
        raise Refused(
            "changed_meanwhile",
            _(
                "Somebody changed this meanwhile. Your text is kept: "
                "compare it with what is recorded now, then send again."
            ),
            field="version",
            status=409,
        )


def mark_of(*read: object) -> str:
    """Names plain values that somebody looked at: the same for the same ones. A change carries it back, and is refused
    where it would be made to something else than was read."""
    return hashlib.sha256(repr(read).encode()).hexdigest()[:32]
