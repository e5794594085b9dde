"""A synthetic load: tasks that are realistic in shape and marked as sample everywhere, and its removal.

Nothing in it happened. Titles begin with “(Mẫu)”, the programme's key with `sample-`, every task has `is_sample`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _

from dotpha.accounts import scopes
from dotpha.accounts.models import Grant
from dotpha.accounts.roles import Role
from dotpha.datapacks.phrases import ACTS, DEADLINES, OBJECTS, OBSTACLES, REASONS
from dotpha.directory.models import Organisation
from dotpha.documents.models import Document
from dotpha.platform import advice, days
from dotpha.platform.action import action
from dotpha.platform.actors import Actor
from dotpha.platform.refusals import Refused
from dotpha.programmes import actions
from dotpha.programmes import models as programmes
from dotpha.programmes.models import Blocker, Programme, Report, Task
from dotpha.programmes.rules.deadlines import Deadline, parse
from dotpha.programmes.task_row import Change, TaskRow

SIZES = {"small": 140, "province": 6_300, "national": 100_000}
BATCH = 5_000
TRIED_EVERY = 20  # every so many tasks are led by a commune that one can enter as
SEED = 57
FIRST_DAY = date(2025, 1, 9)
TITLE = {
    "vi": "Dữ liệu mẫu", "en": "Sample data", "ru": "Образец данных", "fr": "Données d’exemple", "th": "ข้อมูลตัวอย่าง",
    "ms": "Data contoh",
}  # fmt: skip


@dataclass(frozen=True)
class Leads:
    """Who may lead: agencies, provinces and communes; `tried` are the communes that have a demonstration account."""

    agencies: Sequence[str]
    provinces: Sequence[str]
    communes: Sequence[str]
    tried: Sequence[str]

    def one(self, number: int, random: Random) -> str:
        """An agency in one of four, a province in one of three, else a commune; now and then one that can be tried."""
        if self.tried and number % TRIED_EVERY == 0:
            return self.tried[number // TRIED_EVERY % len(self.tried)]
        shares = [(self.agencies, 25), (self.provinces, 33), (self.communes, 42)]
        held = [(keys, weight) for keys, weight in shares if keys]
        keys = random.choices([keys for keys, _w in held], [weight for _k, weight in held])[0]
        return random.choice(keys)


def load_sample(size: str, by: Actor) -> int:
    """Add the sample programme of a size; answers the number of tasks. Refuses a second one."""
    if size not in SIZES:
        raise Refused("unknown_size", _("A sample is small, province or national."), do=advice.ONE_OF, field="size")
    if Programme.objects.filter(key=f"sample-{size}").exists():
        raise Refused("sample_there", _("This sample is there already. Drop it first: dotpha sample drop."), status=409)
    with transaction.atomic():
        return _load(SIZES[size], f"sample-{size}", by)


def _load(count: int, key: str, by: Actor) -> int:
    today = days.today()
    document = Document.objects.filter(signed_on__isnull=False).order_by("signed_on", "key").first()
    leads = _leads()
    if document is None or not leads.agencies:
        raise Refused(
            "directory_empty", _("A sample needs the organisations and documents of a data pack."), do=advice.LOAD_PACK
        )
    programme = actions.add_programme(
        key=key,
        title=TITLE,
        document=document,
        from_on=FIRST_DAY,
        until_on=date(2030, 12, 31),
        is_sample=True,
        by=by,
    )
    groups = [
        actions.GroupRow(f"{key}-{n}", {"vi": f"(Mẫu) Nhóm {n}", "en": f"(Sample) Group {n}"}, n) for n in range(1, 8)
    ]
    actions.add_groups(programme=programme, rows=groups, by=by)
    random = Random(SEED)
    numbers = range(1, count + 1)
    for first in range(0, count, BATCH):
        rows = [_row(key, number, leads, random, today) for number in numbers[first : first + BATCH]]
        tasks = actions.add_tasks(programme=programme, rows=rows, by=by, on=today)
        Report.objects.bulk_create(_reports(tasks, random, today), batch_size=2000)
        Blocker.objects.bulk_create(_blockers(tasks, leads, random, today), batch_size=2000)
    return count


def _leads() -> Leads:
    def keys(*kinds: str, **more: Any) -> list[str]:
        rows = Organisation.objects.filter(kind__in=kinds, valid_to=None, **more).order_by("key")
        return list(rows.values_list("key", flat=True))

    officers = Grant.objects.filter(user__is_demo=True, role=Role.COMMUNE_OFFICER).values_list("scope", flat=True)
    paths = scopes.prefixes(officers, "place")
    return Leads(
        keys("ministry", "ministry_level", "government_agency"),
        keys("provincial_peoples_committee"),
        keys("commune_peoples_committee"),
        keys("commune_peoples_committee", place__path__in=paths),
    )


def _row(programme: str, number: int, leads: Leads, random: Random, today: date) -> TaskRow:
    assigned_on = FIRST_DAY + timedelta(days=random.randrange((today - FIRST_DAY).days - 30))
    phrase, deadline = _deadline(assigned_on, random)
    due_on = deadline.due
    started_on, completed_on, cancelled_on, percent = _course(assigned_on, due_on, random, today)
    changes = _changes(assigned_on, due_on, completed_on or today, random)
    return TaskRow(
        key=f"{programme}-{number:06d}",
        title={"vi": f"(Mẫu) {random.choice(ACTS)} {random.choice(OBJECTS)} ({number})"},
        lead=leads.one(number, random),
        cooperating=tuple(random.sample(list(leads.agencies), random.choice([0, 1, 1, 2, 3]))),
        products=(
            random.choice(("Báo cáo", "Quyết định", "Kế hoạch", "Hệ thống đưa vào vận hành", "Văn bản hướng dẫn")),
        ),
        deadline_text=phrase,
        deadline_kind=str(deadline.kind),
        deadline_start_on=deadline.start,
        due_on=due_on,
        group=f"{programme}-{1 + number % 7}",
        ordinal=str(number),
        assigned_on=assigned_on,
        started_on=started_on,
        completed_on=completed_on,
        cancelled_on=cancelled_on,
        cancel_reason="Dữ liệu mẫu" if cancelled_on else "",
        percent=percent,
        extensions=changes,
        source="synthetic sample",
        is_sample=True,
    )


def _deadline(assigned_on: date, random: Random) -> tuple[str, Deadline]:
    """A wording and what it says; one that would end before the task was given speaks of the year after."""
    shape = random.choices([each for each, _w in DEADLINES], [weight for _e, weight in DEADLINES])[0]
    month, day = random.randrange(1, 13), random.randrange(1, 29)
    said = shape.format(year=assigned_on.year + random.randrange(2), month=month, day=day)
    deadline = parse(said, assigned_on)
    if deadline.due and deadline.due < assigned_on:
        said = shape.format(year=assigned_on.year + 1, month=month, day=day)
        deadline = parse(said, assigned_on)
    return said, deadline


Course = tuple[date | None, date | None, date | None, int | None]


def _course(assigned_on: date, due_on: date | None, random: Random, today: date) -> Course:
    """Start, completion, cancellation and percent: most end near their date, some never begin."""
    luck = random.random()
    started_on = min(assigned_on + timedelta(days=random.randrange(1, 60)), today, due_on or today)
    if luck < 0.02:
        return None, None, min(started_on + timedelta(days=random.randrange(90)), today), None
    if luck < 0.17:
        return None, None, None, None
    planned = due_on or assigned_on + timedelta(days=240)
    finished = planned + timedelta(days=round(random.gauss(-8, 28)))
    if finished <= today and luck < 0.85:
        return started_on, max(finished, started_on), None, 100
    return started_on, None, None, random.randrange(5, 100, 5)


def _changes(assigned_on: date, due_on: date | None, before: date, random: Random) -> tuple[Change, ...]:
    """One task in eight was given another date, some of them twice or three times."""
    found: list[Change] = []
    granted_on = assigned_on
    while due_on and random.random() < (0.12 if not found else 0.3):
        granted_on = granted_on + timedelta(days=random.randrange(10, 80))
        new_due_on = max(due_on, granted_on) + timedelta(days=random.randrange(15, 120))
        if granted_on >= before or len(found) == 3:
            break
        found.append(Change(granted_on, new_due_on, random.choice(REASONS)))
        due_on = new_due_on
    return tuple(found)


def _reports(tasks: Sequence[Task], random: Random, today: date) -> Iterator[Report]:
    """One to three approved reports before the one that states the percent."""
    moment = days.now()
    for task in tasks:
        until = task.completed_on or today
        if not task.started_on or (until - task.started_on).days < 20:
            continue
        for step in range(random.choice([0, 1, 1, 2, 3])):
            reported_on = task.started_on + (until - task.started_on) * (step + 1) / 5
            yield Report(
                task=task, percent=10 + step * 15, summary=f"(Mẫu) {random.choice(OBJECTS)}: đã làm một phần.",
                reported_on=reported_on, drafted_at=moment, submitted_at=moment, approved_at=moment,
            )  # fmt: skip


def _blockers(tasks: Sequence[Task], leads: Leads, random: Random, today: date) -> Iterator[Blocker]:
    """One open task in twenty waits for somebody else."""
    asked = {each.key: each for each in Organisation.objects.filter(key__in=leads.agencies)}
    moment = days.now()
    for task in tasks:
        if task.completed_on or task.cancelled_on or random.random() > 0.05:
            continue
        raised_on = today - timedelta(days=random.randrange(1, 40))
        if raised_on < task.assigned_on:
            continue
        kind, words = random.choice(OBSTACLES)
        yield Blocker(
            task=task, kind=kind, text=f"(Mẫu) {words}",
            asks_of=asked[random.choice(leads.agencies)], raised_on=raised_on,
            respond_by=raised_on + timedelta(days=14),
            raised_at=moment,
        )  # fmt: skip


def drop_sample(by: Actor) -> int:
    """Remove every sample programme with its tasks and their kept past; answers the number of tasks.

    The record of events stays: it tells that a sample was there.
    """
    return _drop(by=by)


@action
def _drop(*, by: Actor) -> int:
    tasks = Task.objects.filter(is_sample=True)
    count = tasks.count()
    for model, way in _hanging_on(Task):
        _remove(model.objects.filter(**{f"{way}is_sample": True}))
    _remove(tasks)
    for model in (programmes.Target, programmes.TaskGroup):
        _remove(model.objects.filter(programme__is_sample=True))
    _remove(Programme.objects.filter(is_sample=True))
    return count


def _hanging_on(root: type[models.Model]) -> list[tuple[Any, str]]:
    """The models that point to it, near or far, with the way there; what hangs on others comes before them."""
    found: list[tuple[Any, str]] = [(root, "")]
    for model, way in found:  # grows while it is walked
        pointing = [each for each in model._meta.related_objects if each.related_model is not model]
        found += [(each.related_model, f"{each.field.name}__{way}") for each in pointing]
    return found[:0:-1]


def _remove(rows: Any) -> None:
    """Delete rows and what is kept of their past, past the foreign keys that protect real ones."""
    table = rows.model._meta.db_table
    keys = list(rows.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE id = ANY(%s)", [keys])  # noqa: S608 -- a model's own table
        cursor.execute("SELECT to_regclass(%s)", [f"past.{table}_rows"])
        if cursor.fetchone() != (None,):
            cursor.execute(f"DELETE FROM past.{table}_rows WHERE id = ANY(%s)", [keys])  # noqa: S608 -- as above
