"""Work of programmes that nobody waits for: notices of due dates and their letters, long imports."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from dotpha.accounts import queries as people
from dotpha.accounts.long_imports import import_long
from dotpha.accounts.models import User
from dotpha.platform import days, importing
from dotpha.platform.actors import Actor, program
from dotpha.platform.jobs import job
from dotpha.programmes import actions, imports
from dotpha.programmes.models import Programme

GIVER = "notices"


@job("programmes.give_notices", _("Telling people of the tasks that concern them today"), cron="5 0-10 * * *")
def give_notices() -> None:
    """Tell everybody who works of what concerns them today. Every hour of a working day (from 7:05 in Viet Nam):
    what was told is not told again, and an hour without a worker is made up for by the next."""
    on = days.today()
    for user in people.working(on).iterator():
        actions.give_notices(user=user, by=program(GIVER), on=on)


@job("programmes.import_file", _("Importing a long file"))
def import_file(user: int, key: str) -> None:
    """Import a parked file that somebody looked at, while they do something else. Begun again, it finds its rows."""
    import_long(user, key, "/desk/tasks/import/", _import)


def _import(data: bytes, name: str, by: Actor, asked: Mapping[str, Any]) -> dict[str, int]:
    """What the page of the import (`views/imports.py`) or the API does with a short file; answers the counts."""
    programme, on = Programme.objects.get(key=asked["programme"]), days.today()
    given = imports.Given.typed(by, **asked["whole"])
    seen = imports.preview(data, name, programme, by, on, asked["typed"], given)
    if asked.get("unseen"):
        seen = imports.without_doubtful_leads(seen)
    keep = partial(imports.apply, seen, programme, by, on, skip_bad_rows=asked["skip"])
    return importing.kept(seen, asked["looked"], keep)


@job("programmes.mail_notices", _("Sending a person the notices of the day by e-mail"))
def mail_notices(user: int) -> None:
    """Send one person the digest of the day, unless it has been sent or e-mail was turned off meanwhile."""
    found = User.objects.filter(pk=user).first()
    if found is not None and settings.EMAIL:
        actions.mail_notices(user=found, by=program(GIVER), on=days.today())
