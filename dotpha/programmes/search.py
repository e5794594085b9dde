"""Tasks and programmes among the hits of the search."""

from __future__ import annotations

from datetime import date

from django.db.models import Func, Q
from django.utils.translation import gettext_lazy as _

from dotpha.platform import text
from dotpha.platform.actors import Actor
from dotpha.platform.pages import url
from dotpha.platform.registry import Found, SearchSource
from dotpha.platform.spelling import Wanted
from dotpha.platform.texts import each as spoken
from dotpha.programmes.models import Task
from dotpha.programmes.queries import tasks, told
from dotpha.programmes.queries.programmes import visible_programmes


def _tasks(by: Actor, words: str, on: date, limit: int) -> list[Found]:
    """Tasks whose words or key fit: those with few other words first, parts of agencies behind.

    Which ones is settled over keys alone; only of these the lead is read.
    """
    fits = tasks.within(tasks.assigned(on), by).filter(words__matches=words)
    shortest = fits.alias(many=Func("words", function="length")).order_by("is_part", "many", "key").values("pk")[:limit]
    of_key = fits.filter(key__iexact=words.strip()).values("pk")
    chosen = Task.objects.filter(Q(pk__in=shortest) | Q(pk__in=of_key))
    found = list(tasks.named(tasks.with_lead(chosen, on)).defer("words").order_by("is_part", "key"))
    found.sort(key=lambda task: task.key.lower() != words.strip().lower())
    return [
        Found(
            "task",
            task.key,
            task.heading.text,
            url("programmes:task", task.key),
            tasks.lead_of(task),
            spoken(task.title),
        )
        for task in found[:limit]
    ]


def _programmes(by: Actor, words: str, on: date, limit: int) -> list[Found]:
    """Programmes by title, key or the number of their document; case and marks do not matter."""
    if isinstance(words, Wanted):
        return []  # few titles, held against the words as they are written
    asked = text.fold(words)
    programmes = list(visible_programmes(by))
    documents = told.documents_of(by, programmes)
    numbers = {each.pk: documents[each.pk].number if each.pk in documents else "" for each in programmes}
    found = [
        each
        for each in programmes
        if asked
        in text.fold(f"{each.key} {each.heading.text} {' '.join(map(str, each.title.values()))} {numbers[each.pk]}")
    ]
    return [
        Found(
            "programme",
            each.key,
            each.heading.text,
            url("programmes:programme", each.key),
            numbers[each.pk],
            (numbers[each.pk], *spoken(each.title)),
        )
        for each in found[:limit]
    ]


TASKS = SearchSource("task", _("Tasks"), _tasks, 10)
PROGRAMMES = SearchSource("programme", _("Programmes"), _programmes, 20)
