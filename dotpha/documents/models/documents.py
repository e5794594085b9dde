"""Documents, their provisions and relations."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, IntegerField, Q
from django.db.models.lookups import IsNull
from django.utils.translation import gettext_lazy as _

from dotpha.directory.models import Organisation
from dotpha.platform.fields import WordsField
from dotpha.platform.subjects import subject
from dotpha.platform.texts import Text, every, read


class Document(models.Model):
    """A resolution, law, decision, plan …, with its number as printed.

    `number_key` is the canonical form of the number, by which two documents are the same; `number_forms` are
    all folded ways of writing it, which search compares. `changed_by` are those who changed since what is
    checked against the original: they do not check it.
    """

    class Mark(models.TextChoices):
        PUBLIC = "public", _("Public")
        INTERNAL = "internal", _("Internal")
        RESTRICTED = "restricted", _("Restricted")

    key = models.SlugField(_("key"), max_length=80, unique=True)
    number = models.CharField(_("number"), max_length=80, blank=True)
    number_key = models.CharField(_("number for comparing"), max_length=80, blank=True, editable=False)
    number_forms = ArrayField(models.CharField(max_length=80), verbose_name=_("forms of the number"), default=list)
    kind = models.CharField(_("kind"), max_length=40)
    issuer = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("issued by"),
    )
    issuer_text = models.CharField(_("issuer as written"), max_length=300, blank=True)
    signatory = models.CharField(_("signed by (post)"), max_length=200, blank=True)
    title = models.JSONField(_("title"), default=dict)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    in_force_on = models.DateField(_("in force from"), null=True, blank=True)
    expired_on = models.DateField(_("in force until"), null=True, blank=True)
    mark = models.CharField(_("classification"), max_length=12, choices=Mark, default=Mark.PUBLIC)
    source = models.CharField(_("source"), max_length=300, blank=True)
    obtained_on = models.DateField(_("obtained on"), null=True, blank=True)
    added_by = models.CharField(_("added by"), max_length=150)
    added_at = models.DateTimeField(_("added at"))
    changed_by = ArrayField(
        models.CharField(max_length=150), verbose_name=_("changed by"), default=list, blank=True, editable=False
    )
    verified_by = models.CharField(_("checked by"), max_length=150, blank=True)
    verified_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    words = WordsField(_("words"))
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        ordering = [F("signed_on").desc(nulls_last=True), "key"]
        verbose_name = _("document")
        indexes = [
            GinIndex(fields=["words"], name="document_words"),
            GinIndex(fields=["number_forms"], name="document_numbers"),
            models.Index(fields=["signed_on", "key"], name="document_by_day"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["number_key", "issuer", "signed_on"],
                condition=~Q(number_key=""),
                name="one_document_a_number",
                violation_error_message=_("A document of this number, issuer and day is in the register already."),
            ),
            models.CheckConstraint(
                condition=Q(in_force_on=None) | Q(signed_on=None) | Q(in_force_on__gte=F("signed_on")),
                name="document_in_force_after_signed",
                violation_error_message=_("A document is not in force before it is signed."),
            ),
            models.CheckConstraint(
                condition=Q(expired_on=None) | Q(in_force_on=None) | Q(expired_on__gte=F("in_force_on")),
                name="document_expires_after_in_force",
                violation_error_message=_("A document does not expire before it is in force."),
            ),
            models.CheckConstraint(
                condition=Q(verified_at=None, verified_by="")
                | (Q(verified_at__isnull=False) & ~Q(verified_by="") & ~Q(verified_by=F("added_by"))),
                name="document_checked_by_another",
                violation_error_message=_("A document is checked by somebody other than the one who entered it."),
            ),
            models.CheckConstraint(
                condition=IsNull(
                    Func(F("changed_by"), F("verified_by"), function="array_position", output_field=IntegerField()),
                    True,
                ),
                name="document_checked_by_no_author",
                violation_error_message=_("A document is checked by somebody who did not change it."),
            ),
        ]

    def __str__(self) -> str:
        return self.number or self.heading.text

    @property
    def heading(self) -> Text:
        return read(self.title)

    @property
    def search_text(self) -> str:
        return f"{self.number} {self.key} {every(self.title)} {self.issuer_text}"

    @property
    def is_verified(self) -> bool:
        return self.verified_at is not None

    @property
    def subject(self) -> str:
        return subject("document", self.key)


class Provision(models.Model):
    """A part, article, clause, point or annex with an address that does not change ("III.2.a")."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="provisions", verbose_name=_("document"))
    address = models.CharField(_("address"), max_length=80)
    kind = models.CharField(_("kind"), max_length=20)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    order = models.PositiveIntegerField(_("order"))

    class Meta:
        ordering = ["document", "order", "pk"]
        verbose_name = _("provision")
        constraints = [models.UniqueConstraint(fields=["document", "address"], name="one_provision_an_address")]

    def __str__(self) -> str:
        return self.address

    @property
    def subject(self) -> str:
        return subject("provision", f"{self.document.key}#{self.address}")


class ProvisionText(models.Model):
    """The wording of a provision from a day. Changing it adds an edition; the former one stays."""

    provision = models.ForeignKey(Provision, models.PROTECT, related_name="texts", verbose_name=_("provision"))
    edition = models.PositiveIntegerField(_("edition"))
    heading = models.JSONField(_("heading"), default=dict)
    text = models.JSONField(_("text"), default=dict)
    verbatim = models.BooleanField(_("word for word"), default=True)
    from_on = models.DateField(_("from"), null=True, blank=True)
    words = WordsField(_("words"))

    class Meta:
        ordering = ["provision", "-edition"]
        verbose_name = _("wording")
        indexes = [GinIndex(fields=["words"], name="provision_words")]
        constraints = [models.UniqueConstraint(fields=["provision", "edition"], name="one_wording_an_edition")]

    def __str__(self) -> str:
        return read(self.heading).text or read(self.text).text[:80]

    @property
    def search_text(self) -> str:
        return f"{every(self.heading)} {every(self.text)}"


class Relation(models.Model):
    """One document (or one of its provisions) acts on another from a day."""

    class Kind(models.TextChoices):
        IMPLEMENTS = "implements", _("implements")
        GUIDES = "guides", _("guides")
        REFERS_TO = "refers_to", _("refers to")
        AMENDS = "amends", _("amends")
        SUPPLEMENTS = "supplements", _("supplements")
        REPLACES = "replaces", _("replaces")
        REPEALS = "repeals", _("repeals")

    source = models.ForeignKey(Document, models.PROTECT, related_name="relations", verbose_name=_("document"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    target = models.ForeignKey(Document, models.PROTECT, related_name="relations_in", verbose_name=_("acts on"))
    provision = models.ForeignKey(
        Provision,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="relations_in",
        verbose_name=_("provision"),
    )
    on = models.DateField(_("from"), null=True, blank=True)

    class Meta:
        ordering = ["source", "kind", "pk"]
        verbose_name = _("relation")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "kind", "target", "provision"],
                nulls_distinct=False,
                name="one_relation_each",
                violation_error_message=_("This relation is recorded already."),
            ),
            models.CheckConstraint(
                condition=~Q(source=F("target")),
                name="no_relation_to_itself",
                violation_error_message=_("A document does not act on itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.target_id}"
