"""What a change of a record changes: the values that differ, before and after, as the record of events wants them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def set_changed(
    thing: object, wanted: Mapping[str, Any], names: Iterable[str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Set those attributes `names` of a thing that are wanted otherwise; answers their (before, after).

    What is not wanted, or is as it was, is left alone and told in neither: two empty mappings mean no change.
    """
    after = {name: wanted[name] for name in names if name in wanted and getattr(thing, name) != wanted[name]}
    before = {name: getattr(thing, name) for name in after}
    for name, value in after.items():
        setattr(thing, name, value)
    return before, after
