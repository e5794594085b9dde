"""Tables of the platform: the record of events, stored files, saved views, answers to repeat."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from dotpha.platform.subjects import LONGEST

_XID = Cast(
    Cast(models.Func(function="pg_current_xact_id", output_field=models.TextField()), models.TextField()),
    models.BigIntegerField(),
)


class AuditEvent(models.Model):
    """One thing that happened. Rows are added, never changed (a trigger refuses it); no foreign
    keys, so the record outlives what it speaks of. `kind` is a verb in the past ("task.added")."""

    at = models.DateTimeField(_("at"))
    kind = models.CharField(_("what happened"), max_length=60)
    subject = models.CharField(_("subject"), max_length=LONGEST)
    actor = models.CharField(_("who"), max_length=150)
    actor_name = models.CharField(_("name"), max_length=300)
    role = models.CharField(_("in which role"), max_length=40, blank=True)
    scope = models.CharField(_("in which scope"), max_length=300, blank=True)
    holder = models.CharField(_("for whom"), max_length=150, blank=True)
    origin = models.CharField(_("from where"), max_length=200, blank=True)
    request_id = models.CharField(_("request"), max_length=40, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    before = models.JSONField(_("before"), default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField(_("after"), default=dict, encoder=DjangoJSONEncoder)
    xid = models.BigIntegerField(_("transaction"), db_default=_XID)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("event")
        indexes = [
            models.Index(fields=["subject", "id"], name="audit_by_subject", opclasses=["text_pattern_ops", "int8_ops"]),
            models.Index(fields=["actor", "id"], name="audit_by_actor"),
            models.Index(fields=["kind", "id"], name="audit_by_kind"),
            models.Index(fields=["at"], name="audit_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class Seal(models.Model):
    """The place of an event in the sealed order. Each digest covers the event and the digest
    before it, so no event can be changed, removed or added later without being found."""

    position = models.BigIntegerField(_("position"), primary_key=True)
    event_id = models.BigIntegerField(_("event"))
    previous = models.CharField(_("digest before"), max_length=64)
    digest = models.CharField(_("digest"), max_length=64)
    sealed_at = models.DateTimeField(_("sealed at"))

    class Meta:
        ordering = ["position"]
        verbose_name = _("seal")
        constraints = [
            models.UniqueConstraint(fields=["event_id"], name="one_seal_an_event"),
            models.UniqueConstraint(fields=["previous"], name="seals_do_not_fork"),
            models.UniqueConstraint(fields=["digest"], name="one_digest_a_seal"),
            models.CheckConstraint(condition=Q(position__gt=0), name="seals_start_at_one"),
        ]
        indexes = [models.Index(fields=["sealed_at", "position"], name="seal_by_time")]

    def __str__(self) -> str:
        return f"{self.position} {self.digest[:12]}"


class Unsealed(models.Model):
    """An event that waits for its seal. A trigger adds the row, the sealer takes it away."""

    event_id = models.BigIntegerField(_("event"), primary_key=True)
    xid = models.BigIntegerField(_("transaction"))

    class Meta:
        ordering = ["event_id"]
        verbose_name = _("event without a seal")

    def __str__(self) -> str:
        return str(self.event_id)


class StoredFile(models.Model):
    """A file as it was given, kept by its content. `subject` names the thing it belongs to,
    which also decides who may read it."""

    class Mark(models.TextChoices):
        PUBLIC = "public", _("Public")
        INTERNAL = "internal", _("Internal")
        RESTRICTED = "restricted", _("Restricted")

    sha256 = models.CharField(_("SHA-256"), max_length=64)
    name = models.CharField(_("file name"), max_length=200)
    media_type = models.CharField(_("type"), max_length=120)
    size = models.BigIntegerField(_("size in bytes"))
    mark = models.CharField(_("classification"), max_length=12, choices=Mark, default=Mark.INTERNAL)
    subject = models.CharField(_("belongs to"), max_length=LONGEST, db_index=True)
    added_at = models.DateTimeField(_("added at"))
    added_by = models.CharField(_("added by"), max_length=150)
    is_declared = models.BooleanField(_("whoever added it looked for marks of State secrecy"), default=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("file")
        constraints = [
            models.CheckConstraint(
                condition=Q(size__gt=0),
                name="file_not_empty",
                violation_error_message=_("This file is empty."),
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex="^[0-9a-f]{64}$"),
                name="file_has_digest",
                violation_error_message=_("A file needs its SHA-256."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SavedView(models.Model):
    """A list as somebody likes it: its address under a name; shared within a scope or private."""

    owner = models.CharField(_("owner"), max_length=150)
    list_name = models.CharField(_("list"), max_length=60)
    name = models.CharField(_("name"), max_length=80)
    query = models.TextField(_("address"), blank=True)
    shared_scope = models.CharField(_("shared in"), max_length=300, blank=True)
    is_default = models.BooleanField(_("opens first"), default=False)
    added_at = models.DateTimeField(_("added at"))

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("saved view")
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "list_name", "name"],
                name="one_view_a_name",
                violation_error_message=_("You already have a view of this name. Choose another name."),
            ),
            models.UniqueConstraint(
                fields=["owner", "list_name"],
                condition=Q(is_default=True),
                name="one_default_view",
                violation_error_message=_("Another view opens first already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Answer(models.Model):
    """The answer once given to a write with an Idempotency-Key, to be given again."""

    actor = models.CharField(_("who"), max_length=150)
    key = models.CharField(_("key"), max_length=200)
    digest = models.CharField(_("digest of the request"), max_length=64)
    status = models.PositiveSmallIntegerField(_("status"), null=True)
    content_type = models.CharField(_("content type"), max_length=80, blank=True)
    body = models.TextField(_("body"), blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["pk"]
        verbose_name = _("stored answer")
        constraints = [models.UniqueConstraint(fields=["actor", "key"], name="one_answer_a_key")]
        indexes = [models.Index(fields=["at"], name="answer_by_time")]

    def __str__(self) -> str:
        return self.key


class RateCount(models.Model):
    """How often something was tried in a window of time, for limits."""

    key = models.CharField(_("what"), max_length=200)
    window = models.DateTimeField(_("window"))
    count = models.PositiveIntegerField(_("count"), default=0)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("rate count")
        constraints = [models.UniqueConstraint(fields=["key", "window"], name="one_count_a_window")]

    def __str__(self) -> str:
        return f"{self.key} {self.count}"


class Presence(models.Model):
    """Somebody has a record open. Rows older than a minute mean nothing."""

    subject = models.CharField(_("record"), max_length=LONGEST)
    actor = models.CharField(_("who"), max_length=150)
    actor_name = models.CharField(_("name"), max_length=300)
    seen_at = models.DateTimeField(_("seen at"))

    class Meta:
        ordering = ["pk"]
        verbose_name = _("presence")
        constraints = [models.UniqueConstraint(fields=["subject", "actor"], name="one_presence_each")]

    def __str__(self) -> str:
        return f"{self.actor} at {self.subject}"


class JobFailure(models.Model):
    """Why a job failed when it failed last. The row goes with its job; the words are for whoever mends it."""

    class Reason(models.TextChoices):
        CONNECTION = "connection", _("A server was not reached, or refused. Check the outgoing connections.")
        DATABASE = "database", _("The database refused, or was not there.")
        STORAGE = "storage", _("A file could not be read or written. Check the space and rights of the data directory.")
        REFUSED = "refused", _("A rule refuses it as things stand.")
        ENDED = "ended", _("The worker ended in its midst, each time it was tried.")
        PRODUCT = "product", _("An error of the product. Its trace is in the log of the worker.")

    job = models.BigIntegerField(_("job"), primary_key=True)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason)
    detail = models.CharField(_("error"), max_length=80, blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["job"]
        verbose_name = _("failure of a job")

    def __str__(self) -> str:
        return f"{self.job} {self.reason} {self.detail}"
