"""A failed job is shown in words, and tried again by an administrator, once."""

from __future__ import annotations

import pytest
from django.db import connection

from dotpha.cockpit import actions
from dotpha.platform.models import AuditEvent
from dotpha.programmes.tests import factories as make
from dotpha.programmes.tests.test_actions_tasks import refused
from dotpha.programmes.tests.test_pages_task import signed_in

pytestmark = pytest.mark.django_db


def failed_job(name: str = "x") -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status)"
            " VALUES ('default', %s, '{\"attachment\": 57}', 'failed') RETURNING id",
            [name],
        )
        return int(cursor.fetchone()[0])


def test_a_failed_job_goes_back_into_the_queue_once() -> None:
    job, admin = failed_job(), make.actor("admin")
    assert refused(lambda: actions.try_again(by=make.office(), job=job))[2] == 403
    actions.try_again(by=admin, job=job)
    assert AuditEvent.objects.latest("pk").kind == "job.tried_again"
    assert refused(lambda: actions.try_again(by=admin, job=job)) == ("job_not_failed", None, 409)
    assert refused(lambda: actions.try_again(by=admin, job=0)) == ("job_not_failed", None, 409)


def test_the_page_says_which_jobs_failed_in_words() -> None:
    failed_job("documents.read_file"), failed_job("of.an.older.release")
    page = signed_in(make.person("admin")).get("/desk/system/").content.decode()
    for said in ("Reading the text of a file", "of.an.older.release", "attachment 57"):
        assert said in page
    assert "documents.read_file" not in page
