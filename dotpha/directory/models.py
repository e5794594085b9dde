"""Organisations, places, their validity and successors, posts. Facts only."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dotpha.accounts import scopes
from dotpha.platform import text
from dotpha.platform.fields import WordsField
from dotpha.platform.subjects import subject
from dotpha.platform.texts import Text, every, read

_PERIOD = _("The end must come after the beginning.")


class Place(models.Model):
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
                violation_error_message=_PERIOD,
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
        return text.sort_key(self.short or read(self.name, "vi").text)[:200]

    @property
    def title(self) -> Text:
        return read(self.name)

    @property
    def search_text(self) -> str:
        return f"{self.key} {self.code} {self.short} {every(self.name)}"

    @property
    def scope(self) -> str:
        return scopes.of_place(self.path)

    @property
    def subject(self) -> str:
        return subject("place", self.key)


class Organisation(models.Model):
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
                violation_error_message=_PERIOD,
            ),
        ]

    def __str__(self) -> str:
        return self.title.text

    def save(self, *args: object, **kwargs: object) -> None:
        self.sort_key = self.sorted_by
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def sorted_by(self) -> str:
        return text.sort_key(read(self.name, "vi").text)[:300]

    @property
    def title(self) -> Text:
        return read(self.name)

    @property
    def search_text(self) -> str:
        return f"{self.key} {' '.join(self.abbreviations)} {every(self.name)}"

    @property
    def is_group(self) -> bool:
        return self.kind == "group"

    @property
    def scope(self) -> str:
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

    class Meta:
        ordering = ["organisation", "until_on", "pk"]
        verbose_name = _("former name")
        constraints = [models.UniqueConstraint(fields=["organisation", "until_on"], name="one_name_until_a_day")]

    def __str__(self) -> str:
        return read(self.name).text


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
                violation_error_message=_PERIOD,
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.post_id}"
