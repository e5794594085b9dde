"""Ways along links: the one place that looks for circles. Pure."""

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def path_between(start: Key, goal: Key, onward: Mapping[Key, Iterable[Key]]) -> list[Key] | None:
    """A shortest way from one node to another along `onward`, both ends included, or None.

    Every node is seen once, so the time grows with the number of links; a circle does not hold it up.
    """
    came_from: dict[Key, Key] = {}
    level, seen = [start], {start}
    while level and goal not in seen:
        following: list[Key] = []
        for node in level:
            for each in onward.get(node, ()):
                if each not in seen:
                    seen.add(each)
                    came_from[each] = node
                    following.append(each)
        level = following
    if goal not in seen:
        return None
    way = [goal]
    while way[-1] != start:
        way.append(came_from[way[-1]])
    return way[::-1]
