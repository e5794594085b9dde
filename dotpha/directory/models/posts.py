"""Official posts and who held them. Facts only."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dotpha.directory.models.organisations import Organisation
from dotpha.directory.models.places import PERIOD
from dotpha.platform.subjects import subject
from dotpha.platform.texts import read


class Post(models.Model):
    """An official post in an organisation: a decision points to it and shows who held it then."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="posts", verbose_name=_("organisation"))
    title = models.JSONField(_("title"), default=dict)
    single = models.BooleanField(_("one holder at a time"), default=True)

    class Meta:
        ordering = ["organisation", "pk"]
        verbose_name = _("post")

    def __str__(self) -> str:
        return read(self.title).text

    @property
    def subject(self) -> str:
        return subject("post", self.pk)


class PostHolder(models.Model):
    """Who held a post from a day until a day."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="holders", verbose_name=_("post"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="posts", verbose_name=_("person"))
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        ordering = ["post", "from_on", "pk"]
        verbose_name = _("holder")
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")),
                name="holder_period",
                violation_error_message=PERIOD,
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.post_id}"
