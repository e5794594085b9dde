"""Mail about one's own account."""

from __future__ import annotations

from django.core.mail import send_mail
from django.utils import translation
from django.utils.translation import gettext as _

from dotpha.accounts.actions import addresses
from dotpha.accounts.models import EmailChange
from dotpha.platform import jobs


@jobs.job("accounts.send_link")
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
