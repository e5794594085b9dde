"""Letters about one's own account, and the nightly erasure of what is past its time."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.core.mail import send_mail
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dotpha.accounts import imports
from dotpha.accounts.actions import addresses, data_requests, retention
from dotpha.accounts.long_imports import import_long
from dotpha.accounts.models import DataRequest, EmailChange
from dotpha.platform import days, importing, jobs
from dotpha.platform.actors import Actor, program

KEEPER = "retention"
WRITER = "letters"


@jobs.job("accounts.send_link", gettext_lazy("Sending the link that confirms an e-mail address"))
def send_link(change: int) -> None:
    """Send the link that confirms a new address; nothing where it is over meanwhile."""
    found = EmailChange.objects.select_related("user").filter(pk=change, ended_at=None, proved_at=None).first()
    if found is None:
        return
    with translation.override(found.user.locale or "vi"):
        send_mail(
            _("Confirm your e-mail address"),
            _(
                "This address was given for the account “%(name)s” of Dotpha. Open the link within three days to"
                " confirm it:\n\n%(link)s\n\nIf this is not your account, do nothing."
            )
            % {"name": found.user.username, "link": addresses.link_of(found)},
            None,
            [found.email],
        )


@jobs.job("accounts.mail_answer", gettext_lazy("Writing to a person that there is an answer about own data"))
def mail_answer(request: int, step: str) -> None:
    """Tell the person of one step, unless that was done or the request is gone."""
    found = DataRequest.objects.filter(pk=request).first()
    if found is not None:
        data_requests.mail_answer(request=found, step=step, by=program(WRITER))


@jobs.job(
    "accounts.keep_retention", gettext_lazy("Erasing personal data whose time is over"), cron="30 18 * * *", alone=True
)
def keep_retention() -> None:
    """Every night, at 1:30 in Viet Nam; what a missed night left, the next one erases."""
    retention.keep(keeper=program(KEEPER), on=days.today(), now=days.now())


@jobs.job("accounts.import_file", gettext_lazy("Importing a long file"))
def import_file(user: int, key: str) -> None:
    """Import a parked file of people that somebody looked at, while they do something else."""
    import_long(user, key, "/desk/people/import/", _import)


def _import(data: bytes, name: str, by: Actor, asked: Mapping[str, Any]) -> dict[str, int]:
    """What the page of the import does with a short file (`views/people.py`); answers the counts."""
    seen = imports.preview(data, name, by)
    return importing.kept(seen, asked["looked"], partial(imports.apply, seen, by, skip_bad_rows=asked["skip"]))
