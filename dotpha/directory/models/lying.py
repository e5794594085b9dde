"""What places and organisations share of what they lie in: the parent of today, and those until a day."""

from __future__ import annotations

from typing import Any, Self


class Lies:
    """A thing with a `parent`, by which rights reach, and `former_parents`, each until a day."""

    parent: Any
    former_parents: Any

    @property
    def parent_shown(self) -> Self | None:
        """What it lay in on the day that was asked for: the first of `lay_in`, which `then.lying` reads along."""
        then: list[Any] = self.__dict__.get("lay_in", [])
        found: Self | None = then[0].parent if then else self.parent
        return found

    @property
    def last_move(self) -> Any:
        """What it lay in until its last move; None where none is on record."""
        former: list[Any] = list(self.former_parents.all())
        return max(former, key=lambda each: each.until_on, default=None)
