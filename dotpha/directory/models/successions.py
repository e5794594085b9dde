"""Which organisation or place replaces which. Facts only."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dotpha.directory.models.organisations import Organisation
from dotpha.directory.models.places import Place


class Succession(models.Model):
    """One organisation or place replaces another from a day, with its share of the former one."""

    old_place = models.ForeignKey(
        Place,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="successions",
        verbose_name=_("former place"),
    )
    new_place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="predecessions", verbose_name=_("place")
    )
    old_organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="successions",
        verbose_name=_("former organisation"),
    )
    new_organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessions",
        verbose_name=_("organisation"),
    )
    on = models.DateField(_("from"))
    share = models.DecimalField(_("share"), max_digits=9, decimal_places=6, null=True, blank=True)
    document = models.CharField(_("by document"), max_length=100, blank=True)

    class Meta:
        ordering = ["on", "pk"]
        verbose_name = _("succession")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    old_place__isnull=False,
                    new_place__isnull=False,
                    old_organisation=None,
                    new_organisation=None,
                )
                | Q(
                    old_place=None,
                    new_place=None,
                    old_organisation__isnull=False,
                    new_organisation__isnull=False,
                ),
                name="succession_of_one_kind",
                violation_error_message=_("A place replaces a place, an organisation an organisation."),
            ),
            models.CheckConstraint(
                condition=Q(share=None) | Q(share__gt=0, share__lte=1),
                name="succession_share",
                violation_error_message=_("A share lies between 0 and 1."),
            ),
            models.UniqueConstraint(fields=["old_place", "new_place", "on"], name="one_place_succession"),
            models.UniqueConstraint(
                fields=["old_organisation", "new_organisation", "on"], name="one_organisation_succession"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.on}"
