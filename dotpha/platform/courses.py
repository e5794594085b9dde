"""The course of a long import: how far it is, the wish to stop it, its end (expectation 24).

It lies in a file beside the parked one that is imported, for it is read while the one transaction of the work is still
open; a work that is stopped leaves nothing half done, for that transaction is taken back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from django.utils import translation
from django.utils.translation import gettext as _

from dotpha.platform import jobs, numbers, parking
from dotpha.platform.actors import Actor
from dotpha.platform.pages import language
from dotpha.platform.refusals import Refused

AT_ONCE = 500
"""Rows that are imported while one waits; a longer file gets a course."""
RUNS, DONE, REFUSED, STOPPED, LOST = "runs", "done", "refused", "stopped", "lost"
ORIGIN = "origin"
"""In what a work was begun with: where, of one that was begun elsewhere than on a page."""
ENDING, STOP = "course", "stop"


class Stopped(Exception):  # noqa: N818 -- no error: somebody wished it
    """Whoever began this work wants it stopped."""


@dataclass(frozen=True)
class Course:
    """One long import by a job. `asked` is what the work was begun with, `counts` what came of it, `said` why it was
    refused."""

    job: str
    key: str
    rows: int
    language: str
    asked: dict[str, Any]
    state: str = RUNS
    done: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    said: str = ""

    @property
    def is_over(self) -> bool:
        return self.state != RUNS

    @property
    def tags(self) -> str:
        """How its end is shown among the messages of a page."""
        return "success" if self.state == DONE else "warning"

    @property
    def message(self) -> str:
        """What came of it, in a sentence."""
        if self.state == REFUSED:
            return _("The import was refused: %(why)s") % {"why": self.said}
        if self.state == STOPPED:
            return _("The import was stopped. Nothing was imported.")
        counts = {name: numbers.number(count, 0, language()) for name, count in self.counts.items()}
        return _("Imported: %(accepted)s new, %(changed)s changed, %(unchanged)s unchanged.") % counts


R = TypeVar("R")
_watch: ContextVar[Callable[[int], None] | None] = ContextVar("watch", default=None)


def step(rows: int = 0) -> None:
    """So many further rows are done. Ends the work, and with it its transaction, when it is to be stopped."""
    watch = _watch.get()
    if watch is not None:
        watch(rows)


def in_parts(rows: Sequence[R], size: int) -> Iterator[Sequence[R]]:
    """Rows part by part, each told of as done when the next one is asked for."""
    for first in range(0, len(rows), size):
        part = rows[first : first + size]
        yield part
        step(len(part))


def begin(job: str, key: str, by: Actor, *, rows: int, asked: dict[str, Any]) -> None:
    """Let a worker import a parked file, and tell its course from now on; one that runs already goes on."""
    held = of(key, by)
    if held is None or held.is_over or not _is_asked(held, by):
        parking.beside(key, by, STOP).unlink(missing_ok=True)
        _write_whole(parking.beside(key, by, parking.ASKED), asked)
        _write(Course(job, key, rows, language(), asked), by)
        jobs.defer(job, one_at_a_time=f"{job}:{by.user_id}:{key}", user=by.user_id, key=key)


def _is_asked(course: Course, by: Actor) -> bool:
    """Whether a job still waits or works for a course: one that was given up leaves its course behind."""
    return jobs.is_asked(course.job, user=by.user_id, key=course.key)


def of(key: str, by: Actor) -> Course | None:
    """The course of a parked file; None where it has none."""
    try:
        return Course(**json.loads(parking.beside(key, by, ENDING).read_text("utf-8")))
    except (FileNotFoundError, ValueError, Refused):
        return None


def asked(key: str, by: Actor) -> dict[str, Any]:
    """What the last long import of a parked file was begun with: what was typed comes back when it was refused."""
    try:
        found: dict[str, Any] = json.loads(parking.beside(key, by, parking.ASKED).read_text("utf-8"))
    except (FileNotFoundError, ValueError, Refused):  # a full disk may leave half a file
        return {}
    return found


def looked_at(key: str, by: Actor) -> Course | None:
    """The course of a long import that was begun over the API; one that no job does any more is over (`LOST`).

    The end of such a one is told there, as often as it is asked for, and on no page.
    """
    held = of(key, by)
    if held is None or ORIGIN not in held.asked:
        return None
    if not held.is_over and not _is_asked(held, by):
        held = of(key, by)  # its job may have ended between the two looks
        return replace(held, state=LOST) if held and not held.is_over else held
    return held


def stop(key: str, by: Actor) -> None:
    """Stop a work at its next row, or at once where no job does it; one that is over stays as it ended."""
    held = of(key, by)
    if held is None or held.is_over:
        return
    if _is_asked(held, by):
        parking.beside(key, by, STOP).touch()
    else:
        _write(replace(held, state=STOPPED), by)


def ended(by: Actor) -> list[Course]:
    """The courses of this person that are over and were not told of yet; they are told of once."""
    found = [of(path.stem, by) for path in parking.all_beside(by, ENDING)]
    over = [each for each in found if each is not None and each.is_over and ORIGIN not in each.asked]
    for each in over:
        parking.beside(each.key, by, ENDING).unlink(missing_ok=True)
    return over


def run(key: str, by: Actor, work: Callable[[Mapping[str, Any]], dict[str, int]]) -> None:
    """Do the work of a course that is not over, and take its file away when it is done.

    An error of ours leaves it running, for the job is tried again.
    """
    course = of(key, by)
    if course is None or course.is_over:
        return
    watching = _watch.set(_Watch(course, by))
    try:
        with translation.override(course.language):
            try:
                course = replace(course, state=DONE, done=course.rows, counts=work(course.asked))
            except Refused as refusal:
                course = replace(course, state=REFUSED, said=str(refusal))
            except Stopped:
                course = replace(course, state=STOPPED)
    finally:
        _watch.reset(watching)
    _write(course, by)
    if course.state == DONE:
        parking.forget(key, by)


class _Watch:
    """Writes down how far a work is, and ends it when the wish to stop it is there."""

    def __init__(self, course: Course, by: Actor) -> None:
        self.course, self.by, self.stop = replace(course, done=0), by, parking.beside(course.key, by, STOP)

    def __call__(self, rows: int) -> None:
        if self.stop.exists():
            raise Stopped
        if rows:
            self.course = replace(self.course, done=min(self.course.rows, self.course.done + rows))
            _write(self.course, self.by)


def _write(course: Course, by: Actor) -> None:
    _write_whole(parking.beside(course.key, by, ENDING), asdict(course))


def _write_whole(path: Path, said: dict[str, Any]) -> None:
    """Write a file whole or not at all: it is read while it is written, and a machine may stop in between."""
    new = path.with_suffix(f"{path.suffix}.new")
    new.write_text(json.dumps(said), "utf-8")
    new.replace(path)
