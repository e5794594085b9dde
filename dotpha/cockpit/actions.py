"""Changes made from the desk's own pages."""

from __future__ import annotations

from django.db import connection
from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights
from dotpha.accounts.models import User
from dotpha.platform import advice, audit, days
from dotpha.platform.action import action
from dotpha.platform.actors import Actor
from dotpha.platform.refusals import Refused


@action
def try_again(*, by: Actor, job: int) -> None:
    """Put a failed job back into the queue."""
    by = rights.require(by, "system.view", ["all"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs WHERE id = %s FOR UPDATE", [job])
        row = cursor.fetchone()
        if row is None or row[0] != "failed":
            raise Refused(
                "job_not_failed", _("This job is not among the failed ones any more."), do=advice.LOOK, status=409
            )
        cursor.execute(
            "SELECT procrastinate_retry_job_v2(%s, now(), NULL, NULL, NULL)",
            [job],
        )
    audit.record("job.tried_again", f"job:{job}", by)


@action
def end_tour(*, by: Actor) -> None:
    """The person has seen the tour, or skipped it: it does not come back by itself, here or on another device."""
    if by.user_id is None:
        raise Refused("sign_in", _("Sign in, or send a valid token."), status=401)
    user = User.objects.select_for_update(of=("self",)).get(pk=by.user_id)
    if user.tour_ended_at is not None:
        return
    user.tour_ended_at = days.now()
    user.save(update_fields=["tour_ended_at"])
    audit.record("tour.ended", user, by)
