"""Provinces and communes, their validity and former names. Facts only."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dotpha.accounts import scopes
from dotpha.directory.models.lying import Lies
from dotpha.platform import text
from dotpha.platform.fields import WordsField
from dotpha.platform.subjects import subject
from dotpha.platform.texts import Text, every, read

PERIOD = _("The end must come after the beginning.")


def _sort_key(short: str, name: dict[str, Any]) -> str:
    """By which names of today and of then stand in one order."""
    return text.sort_key(short or read(name, "vi").text)[:200]


class Place(Lies, models.Model):
    """A province or commune, or one of before 1 July 2025. Its last valid day is included; an empty end is open."""

    class Level(models.TextChoices):
        PROVINCE = "province", _("Province")
        DISTRICT = "district", _("District")
        COMMUNE = "commune", _("Commune")

    key = models.SlugField(_("key"), max_length=80, unique=True)
    code = models.CharField(_("official code"), max_length=10)
    level = models.CharField(_("level"), max_length=10, choices=Level)
    kind = models.CharField(_("kind"), max_length=40)
    name = models.JSONField(_("name"), default=dict)
    short = models.CharField(_("short name"), max_length=120)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("lies in")
    )
    path = models.CharField(_("path"), max_length=200)
    sort_key = models.CharField(_("sort key"), max_length=200, default="")
    latitude = models.DecimalField(_("latitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=9, decimal_places=6, null=True, blank=True)
    area_km2 = models.DecimalField(_("area in km²"), max_digits=12, decimal_places=2, null=True, blank=True)
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    tile_row = models.SmallIntegerField(_("row on the tile map"), null=True, blank=True)
    tile_column = models.SmallIntegerField(_("column on the tile map"), null=True, blank=True)
    abbreviation = models.CharField(_("abbreviation"), max_length=8, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    words = WordsField(_("words"))
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        ordering = ["code", "key"]
        verbose_name = _("place")
        indexes = [
            models.Index(fields=["level", "code", "key"], name="place_by_level"),
            models.Index(fields=["path"], name="place_by_path", opclasses=["text_pattern_ops"]),
            GinIndex(fields=["words"], name="place_words"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
                name="place_period",
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
        """The sort key of the Vietnamese name, whoever writes the row."""
        return _sort_key(self.short, self.name)

    names_then: dict[str, Any] | None = None
    short_then: str | None = None
    kind_then: str | None = None
    """What it was called on the day that was asked for, where it was called otherwise (`queries.places`)."""

    @property
    def title(self) -> Text:
        return read(self.names)

    @property
    def names(self) -> dict[str, Any]:
        return self.names_then or self.name

    @property
    def short_shown(self) -> str:
        return self.short_then or self.short

    @property
    def kind_shown(self) -> str:
        return self.kind_then or self.kind

    @property
    def search_text(self) -> str:
        return f"{self.key} {self.code} {self.short} {every(self.name)}"

    @property
    def scope(self) -> str:
        """In the tree of today, also where a page shows an earlier day: rights are those of today."""
        return scopes.of_place(self.path)

    @property
    def subject(self) -> str:
        return subject("place", self.key)


class PlaceName(models.Model):
    """The name and kind that a place bore until a day: a rename or a change of kind is a dated fact (A2)."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="former_names", verbose_name=_("place"))
    name = models.JSONField(_("name"), default=dict)
    short = models.CharField(_("short name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=40)
    until_on = models.DateField(_("until"))
    document = models.CharField(_("by document"), max_length=100, blank=True)
    sort_key = models.CharField(_("sort key"), max_length=200, default="")
    words = WordsField(_("words"))

    class Meta:
        ordering = ["place", "until_on", "pk"]
        verbose_name = _("former name")
        indexes = [GinIndex(fields=["words"], name="place_name_words")]
        constraints = [models.UniqueConstraint(fields=["place", "until_on"], name="one_place_name_until_a_day")]

    def __str__(self) -> str:
        return read(self.name).text

    def save(self, *args: object, **kwargs: object) -> None:
        self.sort_key = _sort_key(self.short, self.name)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def search_text(self) -> str:
        return f"{self.place.key} {self.place.code} {self.short} {every(self.name)}"


class PlaceParent(models.Model):
    """What a place lay in until a day: that it lies in another one since is a dated fact, as its name is (A2).

    Nothing is recorded to move on a day to come: `Place.parent` and `path`, by which rights reach, are those of today.
    """

    place = models.ForeignKey(Place, models.PROTECT, related_name="former_parents", verbose_name=_("place"))
    parent = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="former_children", verbose_name=_("lay in")
    )
    until_on = models.DateField(_("until"))
    document = models.CharField(_("by document"), max_length=100, blank=True)

    class Meta:
        ordering = ["place", "until_on", "pk"]
        verbose_name = _("what a place lay in")
        indexes = [models.Index(fields=["until_on", "place"], name="place_parent_by_day")]
        constraints = [models.UniqueConstraint(fields=["place", "until_on"], name="one_place_parent_until_a_day")]

    def __str__(self) -> str:
        return str(self.parent) if self.parent else "–"
