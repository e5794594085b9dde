"""From task rows to tasks, thousands at a time: what a row may say, and the rows it becomes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dotpha.directory import queries as directory
from dotpha.directory.models import Organisation, Place, Post
from dotpha.documents import queries as documents
from dotpha.documents.models import Provision
from dotpha.platform import advice
from dotpha.platform.actors import Actor
from dotpha.platform.refusals import Refused
from dotpha.platform.text import nearest
from dotpha.platform.texts import read
from dotpha.programmes.actions.bodies import ended
from dotpha.programmes.models import Programme, Task, TaskGroup
from dotpha.programmes.queries import reach
from dotpha.programmes.task_row import TaskRow

KEY = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9_-])?")
MOST_GUESSES = 100
"""Unknown agencies of a file for which the nearest names are looked for: each takes some hundredths of a second."""


@dataclass
class Register:
    """What the rows of one programme refer to, read once. Values are primary keys."""

    programme: Programme
    issued_on: date
    organisations: Mapping[str, int]
    groups: Mapping[str, int]
    provisions: Mapping[str, int]
    places: Mapping[str, int]
    tasks: dict[str, int]
    last_days: Mapping[str, date]
    posts: Mapping[str, int | None]  # by `post_name`; None where two posts are called so
    coming: frozenset[str]  # keys of the rows themselves
    above: Mapping[str, str]  # task -> the task above it, for every task over one that is named as parent
    unseen: frozenset[str] = frozenset()  # tasks named as parents that the person may not read
    near: dict[str, str] = field(default_factory=dict)
    gone: dict[tuple[str, date, str], Refused] = field(default_factory=dict)

    def assigned_on(self, row: TaskRow) -> date:
        """The day of assignment: the row's own, else that of the programme's document."""
        return row.assigned_on or self.issued_on

    @cached_property
    def labels(self) -> dict[str, str]:
        """The whole directory, read once and only when a row names somebody whom nobody knows."""
        return directory.labels()

    def with_posts(self, row: TaskRow) -> TaskRow:
        """The row with its posts as `post_name` writes them: a title alone is one of the lead agency."""
        return replace(
            row,
            accountable_post=self._of_lead(row.lead, row.accountable_post),
            approver_post=self._of_lead(row.lead, row.approver_post),
        )

    def _of_lead(self, lead: str, said: str) -> str:
        named = f"{lead}/{said}"
        return named if said and said not in self.posts and named in self.posts else said

    def nearest_to(self, said: str) -> str:
        """The three bodies whose names are most like a text, looked for once for each; empty after `MOST_GUESSES`."""
        if said not in self.near and len(self.near) < MOST_GUESSES:
            self.near[said] = nearest_in(self.labels, said)
        return self.near.get(said, "")

    def ended(self, key: str, on: date, column: str) -> Refused:
        """The refusal of a body that has ended: its successors are asked once, however many rows name it."""
        held = self.gone.get((key, on, column))
        if held is None:
            held = self.gone[key, on, column] = ended(Organisation.objects.get(key=key), on, column)
        return held


def register_for(programme: Programme, rows: Sequence[TaskRow], by: Actor, on: date) -> Register:
    """Read everything that these rows name: a fixed number of queries, however many rows there are.

    A clause or a task above that this person may not read is not known here, as one that is not there.
    """
    document = programme.document
    named = {key for row in rows for key in (row.lead, *row.co_leads, *row.cooperating)}
    bodies = list(Organisation.objects.filter(key__in=named).values_list("key", "pk", "valid_to"))
    tasks = {row.key for row in rows} | {row.parent for row in rows}
    return Register(
        programme=programme,
        issued_on=document.signed_on or document.in_force_on or on,
        organisations={key: pk for key, pk, _last in bodies},
        last_days={key: last for key, _pk, last in bodies if last},
        groups=dict(programme.groups.values_list("key", "pk")),
        provisions=_provisions({row.provision for row in rows if row.provision}, by),
        places=_keys(Place.objects.filter(key__in={row.place for row in rows if row.place})),
        tasks=_keys(Task.objects.filter(key__in=tasks)),
        posts=_posts([row for row in rows if row.accountable_post or row.approver_post]),
        coming=frozenset(row.key for row in rows),
        above=_above(rows),
        unseen=_unseen({row.parent for row in rows if row.parent}, by),
    )


def post_name(post: Post | None) -> str:
    """A post as a register names it: key of its organisation, "/", its title. No post: nothing."""
    return f"{post.organisation.key}/{read(post.title, 'vi').text}" if post else ""


def _posts(naming: Sequence[TaskRow]) -> dict[str, int | None]:
    """The posts of the agencies that these rows name with a post, and of their leads."""
    said = {each for row in naming for each in (row.accountable_post, row.approver_post)}
    bodies = {each.partition("/")[0] for each in said} | {row.lead for row in naming}
    found: dict[str, int | None] = {}
    rows = Post.objects.filter(organisation__key__in=bodies).select_related("organisation") if bodies else ()
    for post in rows:
        name = post_name(post)
        found[name] = None if name in found else post.pk
    return found


def _above(rows: Sequence[TaskRow]) -> dict[str, str]:
    """What stands above the tasks named as parents: a query for each storey, of which there are few."""
    found = {row.key: row.parent for row in rows if row.parent}
    asked = set(found.values()) - set(found)
    while asked:
        told = dict(Task.objects.filter(key__in=asked, parent__isnull=False).values_list("key", "parent__key"))
        found |= told
        asked = set(told.values()) - set(found)
    return found


def _keys(rows: Any) -> dict[str, int]:
    return dict(rows.values_list("key", "pk"))


def _unseen(parents: set[str], by: Actor) -> frozenset[str]:
    """Those of these tasks that a person may not read, nor knows as what stands above a task which they may.

    Whoever names one is told what they would be told of none.
    """
    inside = reach.held(by, "task.view")
    if inside is None or not parents:
        return frozenset()
    told = reach.within(Task.objects.filter(parent__key__in=parents), by).values("parent")
    hidden = Task.objects.filter(key__in=parents).exclude(inside | reach.published() | Q(pk__in=told))
    return frozenset(hidden.values_list("key", flat=True))


def _provisions(named: Iterable[str], by: Actor) -> dict[str, int]:
    """Clauses of documents that the person may read, and those that a task names which they may."""
    wanted = set(named)
    if not wanted:
        return {}
    keys = {each.partition("#")[0] for each in wanted}
    told = reach.within(Task.objects.filter(provision__document__key__in=keys), by).values("provision")
    known = Q(document__in=documents.visible(by)) | Q(pk__in=told)
    rows = Provision.objects.filter(known, document__key__in=keys).values_list("document__key", "address", "pk")
    return {f"{document}#{address}": pk for document, address, pk in rows if f"{document}#{address}" in wanted}


def nearest_in(labels: Mapping[str, str], said: str) -> str:
    """The three bodies whose names are most like a text, by name and key."""
    return "; ".join(list(dict.fromkeys(labels[each] for each in nearest(said, labels, count=6)))[:3]) or "–"


def unknown_organisation(said: str, column: str, near: str | None = None) -> Refused:
    """The refusal of an organisation that nobody knows, naming the three whose names are most like it, if any."""
    if near is None:
        near = nearest_in(directory.labels(), said)
    if not near:
        return Refused(
            "unknown_organisation",
            _("“%(text)s” is not in the directory."),
            do=advice.FIND,
            field=column,
            text=said[:80],
        )
    return Refused(
        "unknown_organisation",
        _("“%(text)s” is not in the directory. Nearest: %(nearest)s."),
        do=advice.ONE_OF,
        field=column,
        text=said[:80],
        nearest=near,
    )


def resolved_group(row: TaskRow, groups: Sequence[TaskGroup]) -> TaskRow:
    """The row with its group by key, where it was named by number or by title."""
    for group in groups:
        if row.group and row.group in (group.key, str(group.order), group.heading.text, group.label.text):
            return replace(row, group=group.key)
    return row
