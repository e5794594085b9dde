"""What a refusal says, for the tests of every app."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dotpha.platform.refusals import Refused


def code(ask: Callable[[], object]) -> str:
    """The code of the refusal, or nothing where there is none."""
    try:
        ask()
    except Refused as refusal:
        return refusal.code if str(refusal) else "no sentence"
    return ""


def refused(ask: Callable[[], object]) -> tuple[str, str | None, int]:
    """Code, field and status of the refusal that must come, with every place of its sentence filled."""
    with pytest.raises(Refused) as found:
        ask()
    assert "%(" not in str(found.value)
    return found.value.code, found.value.field, found.value.status
