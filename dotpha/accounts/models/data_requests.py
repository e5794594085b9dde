"""What people ask for about their own data. Facts only."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dotpha.accounts.models.people import User
from dotpha.accounts.personal_fields import RequestKind
from dotpha.accounts.rules import RequestClock


class DataRequest(models.Model):
    """A request of a person about the own data: when it came, what was answered, how it ended (K5).

    State and lateness are told by the days (`clock`). Its words stand here alone, never in the record of changes.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="data_requests", verbose_name=_("person"))
    kind = models.CharField(_("what is asked for"), max_length=20, choices=RequestKind)
    text = models.TextField(_("in the person's words"), blank=True)
    made_on = models.DateField(_("received on"))
    made_by = models.CharField(_("recorded by"), max_length=150)
    replied_on = models.DateField(_("first reply on"), null=True, blank=True)
    replied_by = models.CharField(_("first reply by"), max_length=150, blank=True)
    reply = models.TextField(_("first reply"), blank=True)
    extended_by = models.PositiveSmallIntegerField(_("extended by days"), default=0)
    extension_reason = models.TextField(_("reason of the extension"), blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    ended_by = models.CharField(_("ended by"), max_length=150, blank=True)
    is_refused = models.BooleanField(_("refused"), default=False)
    answer = models.TextField(_("answer"), blank=True)
    kept = models.TextField(_("what is kept, and why"), blank=True)

    class Meta:
        ordering = ["made_on", "pk"]
        verbose_name = _("request about own data")
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on=None, ended_by="", answer="", is_refused=False)
                | Q(ended_on__isnull=False) & ~Q(ended_by="") & ~Q(answer=""),
                name="data_request_ended_with_an_answer",
                violation_error_message=_("A request is ended by somebody, with an answer."),
            ),
            models.CheckConstraint(
                condition=Q(extended_by=0, extension_reason="")
                | Q(extended_by__gte=1, extended_by__lte=15) & ~Q(extension_reason=""),
                name="data_request_extended_with_a_reason",
                violation_error_message=_("A request is extended by 1 to 15 days, with a reason."),
            ),
            models.UniqueConstraint(
                fields=["user", "kind"],
                condition=Q(ended_on=None),
                name="one_open_data_request_each",
                violation_error_message=_("This is asked for already, and waits for its end."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.user_id}"

    @property
    def subject(self) -> str:
        return self.user.subject

    @property
    def clock(self) -> RequestClock:
        return RequestClock(self.kind, self.made_on, self.replied_on, self.extended_by, self.ended_on, self.is_refused)
