"""Work of programmes that nobody waits for: notices of due dates and their letters."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from dotpha.accounts import queries as people
from dotpha.accounts.models import User
from dotpha.platform import days
from dotpha.platform.actors import program
from dotpha.platform.jobs import job
from dotpha.programmes import actions

GIVER = "notices"


@job("programmes.give_notices", _("Telling people of the tasks that concern them today"), cron="5 0-10 * * *")
def give_notices() -> None:
    """Tell everybody who works of what concerns them today. Every hour of a working day (from 7:05 in Viet Nam):
    what was told is not told again, and an hour without a worker is made up for by the next."""
    on = days.today()
    for user in people.working(on).iterator():
        actions.give_notices(user=user, by=program(GIVER), on=on)


@job("programmes.mail_notices", _("Sending a person the notices of the day by e-mail"))
def mail_notices(user: int) -> None:
    """Send one person the digest of the day, unless it has been sent or e-mail was turned off meanwhile."""
    found = User.objects.filter(pk=user).first()
    if found is not None and settings.EMAIL:
        actions.mail_notices(user=found, by=program(GIVER), on=days.today())
