"""Every kind of job, killed or failed at every point: its effect is there once, and nothing is stuck (F3)."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.utils import translation

from dotpha.accounts import imports as people_imports
from dotpha.accounts.actions import addresses, data_requests
from dotpha.accounts.models import EmailChange, User
from dotpha.directory import imports as directory_imports
from dotpha.documents.tests.test_actions import attach
from dotpha.platform import courses, days, jobs, parking
from dotpha.platform.models import JobFailure
from dotpha.programmes import actions, imports
from dotpha.programmes.tests import factories as make
from tests.expectations.people import body, enter
from tests.resilience import every_point
from tests.resilience.every_point import Outcome, Points, rows

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=4_000)
FILE = b"key,title,lead,deadline\n" + b"".join(b"r-%d,Viec so %d,most,30/6/2030\n" % (n, n) for n in range(3))


@dataclass(frozen=True)
class Kind:
    """A kind of job: the world that it works on, how it is asked for there, and what it must have done."""

    world: Callable[[], Any]
    ask: Callable[[Any], None]
    told: dict[str, int]
    letters: int = 0


def reader_with_address(username: str = "lan") -> User:
    return make.person("owner", make.organisation("most").scope, username=username, email=f"{username}@example.vn")


def asked_for_an_address() -> User:
    return reader_with_address()


def answered_request() -> Any:
    lan = reader_with_address()
    make.person("admin", username="admin")
    return data_requests.make_request(user=lan, kind="access", by=lan.actor(), on=days.today())


def reply(request: Any) -> None:
    by = User.objects.get(username="admin").actor()
    data_requests.reply_to_request(request=request, reply="Đã nhận", by=by, on=days.today())


def people_past_their_time() -> None:
    for number in range(2):
        old = make.person("owner", username=f"gone-{number}", is_active=False, email=f"gone-{number}@example.vn")
        User.objects.filter(pk=old.pk).update(date_joined=days.now() - LONG_AGO)
    lan = reader_with_address()
    EmailChange.objects.create(user=lan, email="new@example.vn", asked_by="lan", asked_at=days.now() - LONG_AGO)


def late_tasks() -> list[User]:
    day, people = days.today(), [reader_with_address("lan"), reader_with_address("minh")]
    for key in ("late-1", "late-2"):
        make.task(key=key, deadline_text=(day - timedelta(2)).isoformat(), assigned_on=day - timedelta(100))
    return people


def give(people: list[User]) -> None:
    actions.give_notices(user=people[0], by=make.TEST, on=days.today())


def lost_jobs() -> None:
    attach(make.document())
    worker = every_point.new_worker()
    jobs.defer("accounts.send_link", change=0)
    rows("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", worker)
    rows("UPDATE procrastinate_jobs SET attempts = 5 WHERE task_name = 'accounts.send_link'")
    rows("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")


def someone_who_imports() -> Any:
    make.programme(), make.organisation("most")
    return make.person("office", username="importer").actor(origin="desk /desk/tasks/import/")


def begin_import(by: Any) -> None:
    programme = make.programme()
    given = imports.Given.typed(by, document="", assigned_on="")
    seen = imports.preview(FILE, "r.csv", programme, by, days.today(), {}, given)
    whole = {"document": "", "assigned_on": ""}
    asked = {"programme": programme.key, "typed": {}, "whole": whole, "looked": seen.digest, "skip": False}
    begin_of("programmes.import_file", FILE, by, asked)


def steward_who_imports() -> Any:
    return make.person("steward", username="importer").actor(origin="desk /desk/places/import/")


def begin_organisations(by: Any) -> None:
    data = b"key,name_vi,kind\n" + b"".join(b"body-%d,Co quan %d,agency\n" % (n, n) for n in range(3))
    seen = directory_imports.preview(data, "r.csv", directory_imports.SHAPES["organisations"], by)
    begin_of("directory.import_file", data, by, {"shape": "organisations", "looked": seen.digest, "skip": False})


def administrator_who_imports() -> Any:
    return make.person("admin", username="importer").actor(origin="desk /desk/people/import/")


def begin_people(by: Any) -> None:
    data = b"key,name\n" + b"".join(b"person-%d,Nguoi %d\n" % (n, n) for n in range(3))
    seen = people_imports.preview(data, "r.csv", by)
    begin_of("accounts.import_file", data, by, {"looked": seen.digest, "skip": False})


def begin_of(job: str, data: bytes, by: Any, asked: dict[str, Any]) -> None:
    key = parking.park(data, "r.csv", by)
    parking.beside(key, by, courses.ENDING).unlink(missing_ok=True)
    courses.begin(job, key, by, rows=3, asked=asked)


KINDS = {
    "accounts.import_file": Kind(administrator_who_imports, begin_people, {"person.added": 3}),
    "accounts.send_link": Kind(
        asked_for_an_address, lambda lan: addresses.ask(lan, "new@example.vn", lan.actor()), {}, letters=1
    ),
    "accounts.mail_answer": Kind(answered_request, reply, {"data_request.told": 1}, letters=1),
    "accounts.keep_retention": Kind(
        people_past_their_time, lambda _none: jobs.defer("accounts.keep_retention"), {"personal.erased": 1}
    ),
    "directory.import_file": Kind(steward_who_imports, begin_organisations, {"organisation.added": 3}),
    "documents.read_file": Kind(make.document, lambda held: attach(held) and None, {"document.file_read": 1}),
    "platform.take_up_lost": Kind(
        lost_jobs, lambda _none: jobs.defer("platform.take_up_lost"), {"document.file_read": 1}
    ),
    "programmes.give_notices": Kind(
        late_tasks, lambda _people: jobs.defer("programmes.give_notices"), {"notice.given": 2}, letters=2
    ),
    "programmes.import_file": Kind(someone_who_imports, begin_import, {"task.added": 3}),
    "programmes.mail_notices": Kind(late_tasks, give, {"notice.mailed": 1}, letters=1),
}
"""Every kind; `told` are events of it, with how often each is in the record once all is done."""


def test_every_kind_of_job_is_killed_here() -> None:
    assert set(KINDS) == set(jobs.labels), "a kind of job stands in no row of this table"


@pytest.fixture(params=sorted(KINDS))
def kind(request: pytest.FixtureRequest, settings: Any) -> str:
    settings.EMAIL = "smtp"
    return str(request.param)


@pytest.fixture
def world(kind: str) -> Any:
    for table in ("periodic_defers", "jobs", "workers"):
        rows(f"DELETE FROM procrastinate_{table}")
    return KINDS[kind].world()


@contextmanager
def taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    mail.outbox.clear()


def done(kind: str, world: Any, points: Points) -> Outcome:
    """What came of a job that met this fault; everything is taken back."""
    with taken_back():
        KINDS[kind].ask(world)
        every_point.work_off(kind, points)
        return Outcome()


def done_well(kind: str, world: Any) -> tuple[Outcome, int]:
    """What comes of the job when nothing happens to it, and how many points it has."""
    points = Points()
    outcome = done(kind, world, points)
    assert sum(outcome.letters.values()) == KINDS[kind].letters
    told = {name: sum(n for row, n in outcome.held.items() if name in row) for name in KINDS[kind].told}
    assert told == KINDS[kind].told
    return outcome, points.count


@pytest.mark.parametrize("by_error", [False, True], ids=["killed", "failed"])
def test_a_fault_at_every_point(kind: str, world: Any, by_error: bool) -> None:
    """F3: the fault is moved step by step through the job until it no longer hits."""
    well, points = done_well(kind, world)
    assert points >= 3, "the job does nothing here"
    wrong = []
    for at in range(1, points + 1):
        fault = Points(at, by_error)
        found = done(kind, world, fault)
        assert fault.where, "the fault did not hit"
        if (found.held, found.queue) != (well.held, well.queue):
            differs = (found.held - well.held, well.held - found.held, found.queue, well.queue)
            wrong.append((at, fault.where, differs))
        if any(found.letters[each] not in (n, n + 1) for each, n in well.letters.items()) or (
            found.letters.keys() - well.letters.keys()
        ):
            wrong.append((at, fault.where, found.letters))
    assert wrong == [], f"{len(wrong)} of {points} points: {wrong[:3]}"
    print(f"{kind}: {points} points")


def test_a_job_that_fails_for_good_is_on_the_desk_with_its_reason(kind: str, world: Any) -> None:
    """F3: what was given up shows why, in words."""
    with taken_back():
        KINDS[kind].ask(world)
        every_point.work_off(kind, Points(2, by_error=True, always=True))
        [(number, attempts)] = rows(
            "SELECT id, attempts FROM procrastinate_jobs WHERE status = 'failed' AND task_name = %s", kind
        )
        assert attempts == jobs.MOST_ATTEMPTS
        kept = JobFailure.objects.get(job=number)
        page = html.unescape(body(enter("admin"), "/desk/system/"))
        with translation.override("en"):
            assert str(jobs.labels[kind]) in page
            assert kept.get_reason_display() in page
        assert kept.detail in page
        assert kept.reason in ("database", "storage")
