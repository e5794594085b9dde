"""Reading personal action programmes: what a person may see, states, tasks and what is still missing (C4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights, scopes
from dotpha.directory.models import Post, PostHolder
from dotpha.platform import advice, days
from dotpha.platform.actors import Actor
from dotpha.platform.refusals import Refused
from dotpha.platform.spans import valid_on
from dotpha.programmes.models import PersonalProgramme, PersonalStep, Programme, Task
from dotpha.programmes.queries import reach, tasks
from dotpha.programmes.rules import personal as rules


def visible(by: Actor) -> QuerySet[PersonalProgramme]:
    """Those of posts and programmes in which this person has the right, and those of a post that is theirs today."""
    rows = PersonalProgramme.objects.select_related("programme", "post__organisation__place")
    held = rights.reach(by, "personal.view")
    if scopes.ALL in held:
        return rows
    keys = [path.strip("/") for path in scopes.prefixes(held, "programme")]
    inside = Q(programme__key__in=keys) | reach.paths(held, "post__organisation")
    for key, limited in rights.reach_within(by, "personal.view").items():
        inside |= Q(programme__key=key) & reach.paths(limited, "post__organisation")
    today = days.today()
    own = PostHolder.objects.filter(post=OuterRef("post"), user=by.user_id, from_on__lte=today)
    own = own.filter(Q(until_on=None) | Q(until_on__gte=today))
    return rows.filter(inside | Exists(own)) if by.user_id else rows.none()


def listed(by: Actor, on: date) -> QuerySet[PersonalProgramme]:
    """Those of `visible` that had been added by the end of a day."""
    return visible(by).filter(added_at__lt=days.end_of(on))


def posts_to_write_for(by: Actor) -> QuerySet[Post]:
    """The posts for which this person may add a personal action programme, in some programme at least."""
    rows = Post.objects.select_related("organisation").order_by("organisation__sort_key", "pk")
    held = rights.reach(by, "personal.write")
    if scopes.ALL in held or scopes.prefixes(held, "programme"):
        return rows
    within = [scope for limited in rights.reach_within(by, "personal.write").values() for scope in limited]
    return rows.filter(reach.paths([*held, *within], "organisation"))


def one(by: Actor, number: int) -> PersonalProgramme:
    """The one of this number, or a refusal that does not tell whether it exists."""
    found = visible(by).filter(pk=number).first() if number < 2**63 else None
    if found is None:
        raise Refused("not_found", _("There is nothing here under this number."), do=advice.FIND, status=404)
    return found


def scopes_of(programme: Programme, post: Post) -> list[str]:
    """The scopes in which a right over the personal action programme of a post may be held."""
    own = tasks.organisation_scopes(post.organisation)
    return [*own, scopes.of_programme(programme.key), scopes.limit_of(programme.key)]


def states(rows: Sequence[PersonalProgramme], on: date) -> dict[int, rules.State]:
    """The state of each on a day: one query for all of them and for those that may have replaced them."""
    posts = {each.post_id for each in rows}
    steps: dict[int, list[PersonalStep]] = defaultdict(list)
    adopted: dict[tuple[int, int], list[PersonalStep]] = defaultdict(list)
    for step in PersonalStep.objects.filter(personal__post__in=posts).select_related("personal").order_by("pk"):
        steps[step.personal_id].append(step)
        if step.kind == "adopted":
            adopted[step.personal.post_id, step.personal.programme_id].append(step)
    found = {}
    for each in rows:
        held = steps[each.pk]
        last = max((step.pk for step in held), default=0)
        later = [step.on for step in adopted[each.post_id, each.programme_id] if step.pk > last]
        found[each.pk] = rules.state([(step.kind, step.on) for step in held], later, on)
    return found


def candidates(by: Actor, on: date, programme: Programme, post: Post) -> Any:
    """The tasks of a programme for which a post is accountable, as far as this person sees them, cancelled ones out."""
    rows = tasks.visible(by, on).filter(memberships__programme=programme, accountable_post=post)
    return tasks.named(rows.exclude(state="cancelled")).order_by("due_on", "key")


@dataclass(frozen=True)
class Content:
    """The tasks of a personal action programme that a reader sees, in their order; those left out of it, though its
    post is accountable for them; how many of its tasks this reader may not see."""

    lines: list[Any]
    left_out: list[Any]
    hidden: int

    @property
    def accountable(self) -> int:
        """How many tasks this reader sees for which the post is accountable: what a complete programme holds."""
        return len(self.lines) + len(self.left_out)


def content(by: Actor, on: date, personal: PersonalProgramme) -> Content:
    """What stands in a personal action programme, with the state of each task on a day, and what does not."""
    order: dict[int, int] = dict(personal.lines.values_list("task_id", "order"))
    seen = list(tasks.named(tasks.visible(by, on).filter(pk__in=order)))
    seen.sort(key=lambda task: order[task.pk])
    left = [each for each in candidates(by, on, personal.programme, personal.post) if each.pk not in order]
    return Content(seen, left, len(order) - len(seen))


def unseen_lines(personal: PersonalProgramme, by: Actor, on: date, chosen: Sequence[int]) -> list[Task]:
    """The tasks of a personal action programme beside those chosen that this person may not see, in their order."""
    seen = tasks.visible(by, on).filter(pk__in=personal.lines.values("task")).values("pk")
    lines = personal.lines.exclude(task__in=chosen).exclude(task__in=seen)
    return [line.task for line in lines.select_related("task").order_by("order")]


def holders(rows: Sequence[PersonalProgramme], on: date) -> dict[int, str]:
    """Who holds the post of each on a day, by post: one query; a post that nobody holds is left out."""
    held = PostHolder.objects.filter(valid_on(on), post__in={each.post_id for each in rows})
    held = held.select_related("user").order_by("from_on", "pk")
    return {each.post_id: str(each.user) for each in held}
