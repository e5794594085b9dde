"""Where the things of programmes open, and who may read the files that belong to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from dotpha.platform import days
from dotpha.platform.actors import Actor
from dotpha.programmes.models import Programme, Target, Task
from dotpha.programmes.queries import records, tasks
from dotpha.programmes.queries.programmes import visible_programmes

SUBJECTS: dict[str, Callable[[str], str | None]] = {
    "task": lambda key: f"/desk/tasks/{key}/",
    "programme": lambda key: f"/desk/programmes/{key}/",
    "target": lambda key: f"/desk/targets/{key}/",
    "report": lambda number: f"/desk/reports/{number}/",
    "extension": lambda number: f"/desk/extensions/{number}/",
    "personal": lambda number: f"/desk/personal/{number}/",
    "blocker": lambda number: f"/desk/blockers/{number}/",
}
"""The kind of a subject -> the address of its page."""


def _tasks(by: Actor, keys: list[str]) -> dict[str, str]:
    return {each.key: each.heading.text for each in tasks.within(Task.objects.filter(key__in=keys), by)}


def _programmes(by: Actor, keys: list[str]) -> dict[str, str]:
    return {each.key: each.heading.text for each in visible_programmes(by).filter(key__in=keys)}


NAMES: dict[str, Callable[[Actor, list[str]], dict[str, str]]] = {"task": _tasks, "programme": _programmes}
"""The kind of a subject -> the names of such things that a reader may see, by key."""


def names_of_programmes(paths: Iterable[str]) -> dict[str, str]:
    """The titles of the programmes of these paths ("resolution57/"), by path."""
    rows = Programme.objects.filter(key__in=[path.strip("/") for path in paths])
    return {f"{each.key}/": each.heading.text for each in rows}


def may_read_report(by: Actor, number: str) -> bool:
    """Whether this person sees the report that a file belongs to."""
    return (
        number.isdecimal()
        and len(number) < 19
        and records.visible_reports(by, days.today()).filter(pk=int(number)).exists()
    )


def may_read_programme(by: Actor, key: str) -> bool:
    """Whether this person sees the programme, and so who else has it open."""
    return visible_programmes(by).filter(key=key).exists()


def may_read_target(by: Actor, key: str) -> bool:
    """Whether this person sees the target, and so who else has it open."""
    return Target.objects.filter(key=key, programme__in=visible_programmes(by).values("pk")).exists()


def may_read_task(by: Actor, key: str) -> bool:
    """Whether this person sees the task that a file belongs to."""
    return bool(by.key) and tasks.within(tasks.assigned(days.today()), by).filter(key=key).exists()
