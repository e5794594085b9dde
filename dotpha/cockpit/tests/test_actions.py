"""A failed job is tried again by an administrator, once."""

from __future__ import annotations

import pytest
from django.db import connection

from dotpha.cockpit import actions
from dotpha.platform.models import AuditEvent
from dotpha.programmes.tests import factories as make
from dotpha.programmes.tests.test_actions_tasks import refused

pytestmark = pytest.mark.django_db


def failed_job() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status)"
            " VALUES ('default', 'x', 'failed') RETURNING id"
        )
        return int(cursor.fetchone()[0])


def test_a_failed_job_goes_back_into_the_queue_once() -> None:
    job, admin = failed_job(), make.actor("admin")
    assert refused(lambda: actions.try_again(by=make.office(), job=job))[2] == 403
    actions.try_again(by=admin, job=job)
    assert AuditEvent.objects.latest("pk").kind == "job.tried_again"
    assert refused(lambda: actions.try_again(by=admin, job=job)) == ("job_not_failed", None, 409)
    assert refused(lambda: actions.try_again(by=admin, job=0)) == ("job_not_failed", None, 409)
