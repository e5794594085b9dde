"""Organisations, their validity and former names. Facts only."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dotpha.accounts import scopes
from dotpha.directory.models.lying import Lies
from dotpha.directory.models.places import PERIOD, Place
from dotpha.platform import text
from dotpha.platform.fields import WordsField
from dotpha.platform.subjects import subject
from dotpha.platform.texts import Text, every, read


def _sort_key(name: dict[str, Any]) -> str:
    """By which names of today and of then stand in one order."""
    return text.sort_key(read(name, "vi").text)[:300]


class Organisation(Lies, models.Model):
    """A body or unit, as a tree. `members` of a group ("all ministries") are kinds, resolved on a day."""

    key = models.SlugField(_("key"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=40)
    name = models.JSONField(_("name"), default=dict)
    abbreviations = ArrayField(
        models.CharField(max_length=40), verbose_name=_("abbreviations"), default=list, blank=True
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("belongs to")
    )
    path = models.CharField(_("path"), max_length=280)
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="organisations", verbose_name=_("place")
    )
    member_kinds = ArrayField(
        models.CharField(max_length=40), verbose_name=_("kinds of members"), default=list, blank=True
    )
    sort_key = models.CharField(_("sort key"), max_length=300, default="")
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    words = WordsField(_("words"))
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        ordering = ["sort_key", "key"]
        verbose_name = _("organisation")
        indexes = [
            models.Index(fields=["sort_key", "key"], name="organisation_by_name"),
            models.Index(fields=["kind", "sort_key", "key"], name="organisation_by_kind"),
            models.Index(fields=["path"], name="organisation_by_path", opclasses=["text_pattern_ops"]),
            GinIndex(fields=["words"], name="organisation_words"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
                name="organisation_period",
                violation_error_message=PERIOD,
            ),
        ]

    def __str__(self) -> str:
        return self.title.text

    def save(self, *args: object, **kwargs: object) -> None:
        self.sort_key = self.sorted_by
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def sorted_by(self) -> str:
        return _sort_key(self.name)

    names_then: dict[str, Any] | None = None
    """Its name on the day that was asked for, where it bore another one (`queries.organisations`)."""

    @property
    def title(self) -> Text:
        return read(self.names)

    @property
    def names(self) -> dict[str, Any]:
        return self.names_then or self.name

    @property
    def search_text(self) -> str:
        return f"{self.key} {' '.join(self.abbreviations)} {every(self.name)}"

    @property
    def is_group(self) -> bool:
        return self.kind == "group"

    @property
    def scope(self) -> str:
        """In the tree of today, also where a page shows an earlier day: rights are those of today."""
        return scopes.of_organisation(self.path)

    @property
    def subject(self) -> str:
        return subject("organisation", self.key)


class OrganisationName(models.Model):
    """A name that an organisation bore until a day: a rename is a dated fact, not an overwrite."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="former_names", verbose_name=_("organisation")
    )
    name = models.JSONField(_("name"), default=dict)
    until_on = models.DateField(_("until"))
    document = models.CharField(_("by document"), max_length=100, blank=True)
    sort_key = models.CharField(_("sort key"), max_length=300, default="")
    words = WordsField(_("words"))

    class Meta:
        ordering = ["organisation", "until_on", "pk"]
        verbose_name = _("former name")
        indexes = [GinIndex(fields=["words"], name="organisation_name_words")]
        constraints = [models.UniqueConstraint(fields=["organisation", "until_on"], name="one_name_until_a_day")]

    def __str__(self) -> str:
        return read(self.name).text

    def save(self, *args: object, **kwargs: object) -> None:
        self.sort_key = _sort_key(self.name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def search_text(self) -> str:
        return f"{self.organisation.key} {' '.join(self.organisation.abbreviations)} {every(self.name)}"


class OrganisationParent(models.Model):
    """What an organisation belonged to until a day: that it belongs to another one since is a dated fact (A1).

    Nothing is recorded to move on a day to come: `Organisation.parent` and `path`, by which rights reach, are those of
    today.
    """

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="former_parents", verbose_name=_("organisation")
    )
    parent = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="former_children",
        verbose_name=_("belonged to"),
    )  # fmt: skip
    until_on = models.DateField(_("until"))
    document = models.CharField(_("by document"), max_length=100, blank=True)

    class Meta:
        ordering = ["organisation", "until_on", "pk"]
        verbose_name = _("what an organisation belonged to")
        indexes = [models.Index(fields=["until_on", "organisation"], name="organisation_parent_by_day")]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "until_on"], name="one_organisation_parent_until_a_day")
        ]

    def __str__(self) -> str:
        return str(self.parent) if self.parent else "–"
