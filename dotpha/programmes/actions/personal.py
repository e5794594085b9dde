"""Personal action programmes: add, choose tasks, submit, return, adopt (C4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights
from dotpha.directory.models import Post
from dotpha.platform import advice, audit, days
from dotpha.platform.action import action
from dotpha.platform.actors import Actor
from dotpha.platform.refusals import Refused
from dotpha.platform.versions import require_version
from dotpha.programmes.actions.steps import require_reason
from dotpha.programmes.models import PersonalLine, PersonalProgramme, PersonalStep, Programme, Task
from dotpha.programmes.queries import personal as queries
from dotpha.programmes.rules import personal as rules


@action
def add_personal_programme(
    *,
    programme: Programme,
    post: Post,
    from_on: date,
    until_on: date | None = None,
    tasks: Sequence[Task] = (),
    by: Actor,
    on: date,
) -> PersonalProgramme:
    """Begin the personal action programme of a post. Adopted, it replaces the one before it."""
    by = rights.require(by, "personal.write", queries.scopes_of(programme, post))
    if until_on is not None and until_on < from_on:
        raise Refused("period", _("The end must come after the beginning."), do=advice.ONE_DAY, field="until_on")
    _require_accountable(programme, post, tasks)
    personal = PersonalProgramme.objects.create(
        programme=programme, post=post, from_on=from_on, until_on=until_on, added_at=days.now(), added_by_id=by.user_id
    )
    _set_lines(personal, tasks)
    after = {"programme": programme.key, "post": post.pk, "from_on": from_on, "until_on": until_on}
    audit.record("personal.added", personal, by, after={**after, "tasks": [each.key for each in tasks]})
    return personal


def _require_accountable(programme: Programme, post: Post, tasks: Sequence[Task]) -> None:
    """Refuse a task of another post, or of no part of the programme: each line is one the member answers for."""
    held = set(programme.memberships.filter(task__in=tasks).values_list("task_id", flat=True))
    for task in tasks:
        if task.accountable_post_id != post.pk or task.pk not in held:
            raise Refused(
                "personal_task",
                _("The post is not accountable for the task %(key)s of this programme. Name it on the task first."),
                field="tasks",
                key=task.key,
            )


def _set_lines(personal: PersonalProgramme, tasks: Sequence[Task]) -> None:
    personal.lines.exclude(task__in=tasks).delete()
    for order, task in enumerate(tasks, 1):
        PersonalLine.objects.update_or_create(personal=personal, task=task, defaults={"order": order})


def _locked(personal: PersonalProgramme, on: date) -> tuple[PersonalProgramme, rules.State]:
    """The programme, read again and locked, with its state on a day."""
    rows = PersonalProgramme.objects.select_for_update(of=("self",)).select_related("programme", "post__organisation")
    found = rows.get(pk=personal.pk)
    return found, queries.states([found], on)[found.pk]


def _scopes(personal: PersonalProgramme) -> list[str]:
    return queries.scopes_of(personal.programme, personal.post)


def _record_step(
    personal: PersonalProgramme, kind: str, by: Actor, on: date, reason: str = "", document: str = ""
) -> None:
    PersonalStep.objects.create(
        personal=personal, kind=kind, on=on, at=days.now(), by_id=by.user_id, reason=reason, document=document
    )


@action
def choose_personal_tasks(
    *, personal: PersonalProgramme, tasks: Sequence[Task], version: int | None = None, by: Actor, on: date
) -> PersonalProgramme:
    """Say which tasks stand in a draft, in this order. Those left out leave it.

    Tasks that the writer may not see stay, after the chosen ones: nobody leaves out what was not shown to them.
    """
    by = rights.require(by, "personal.write", _scopes(personal))
    personal, held = _locked(personal, on)
    require_version(version, personal.version)
    rules.require_draft(held)
    _require_accountable(personal.programme, personal.post, tasks)
    tasks = [*tasks, *queries.unseen_lines(personal, by, on, [each.pk for each in tasks])]
    before = list(personal.lines.order_by("order").values_list("task__key", flat=True))
    _set_lines(personal, tasks)
    personal.version += 1
    personal.save(update_fields=["version"])
    after = {"tasks": [each.key for each in tasks]}
    audit.record("personal.changed", personal, by, before={"tasks": before}, after=after)
    return personal


@action
def submit_personal_programme(*, personal: PersonalProgramme, by: Actor, on: date) -> PersonalProgramme:
    """Put a draft before those who adopt it. It is not changed any more unless it is returned."""
    by = rights.require(by, "personal.write", _scopes(personal))
    personal, held = _locked(personal, on)
    rules.require_draft(held)
    rules.require_lines(personal.lines.count())
    _record_step(personal, "submitted", by, on)
    audit.record("personal.submitted", personal, by, after={"on": on})
    return personal


@action
def return_personal_programme(*, personal: PersonalProgramme, reason: str, by: Actor, on: date) -> PersonalProgramme:
    """Send a submitted programme back with what is to be mended."""
    by = rights.require(by, "personal.decide", _scopes(personal))
    personal, held = _locked(personal, on)
    rules.require_submitted(held)
    reason = require_reason(reason)
    _record_step(personal, "returned", by, on, reason=reason)
    audit.record("personal.returned", personal, by, after={"on": on}, reason=reason)
    return personal


@action
def adopt_personal_programme(*, personal: PersonalProgramme, document: str, by: Actor, on: date) -> PersonalProgramme:
    """Adopt a submitted programme by a document: from today it stands in the place of the one adopted before."""
    by = rights.require(by, "personal.decide", _scopes(personal))
    personal, held = _locked(personal, on)
    rules.require_submitted(held)
    last = personal.steps.filter(kind="submitted").order_by("-pk").first()
    rules.require_others(last.by_id if last else None, by.user_id)
    if not document.strip():
        raise Refused("document_missing", _("Name the document that adopts it."), field="document")
    _record_step(personal, "adopted", by, on, document=document.strip())
    audit.record("personal.adopted", personal, by, after={"on": on, "document": document.strip()})
    return personal
