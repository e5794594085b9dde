"""People, the roles they hold within scopes, delegations and tokens. Facts only."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dotpha.accounts.roles import Role, right_name
from dotpha.platform.actors import Actor
from dotpha.platform.subjects import subject

_SCOPE = r"^(all|(org|place)/([a-z0-9][a-z0-9.-]*/)+|programme/[a-z0-9][a-z0-9.-]*/)$"
_PERIOD = _("The last day must not be before the first.")


class User(AbstractUser):
    """A person who signs in. The name is how others see it; demonstration accounts are marked."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("name"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    locale = models.CharField(_("language"), max_length=5, blank=True)
    is_demo = models.BooleanField(_("demonstration account"), default=False)
    tour_ended_at = models.DateTimeField(_("tour ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("person")
        ordering = ["username"]

    def __str__(self) -> str:
        return self.name or self.username

    @property
    def subject(self) -> str:
        return subject("person", self.username)

    def actor(self, origin: str = "", request_id: str = "") -> Actor:
        """This person as one who acts."""
        return Actor(self.username, str(self), self.pk, origin=origin, request_id=request_id)


class Grant(models.Model):
    """A role held by a person within one scope from a day until a day (the last day included)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="grants", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=20, choices=Role)
    scope = models.CharField(_("scope"), max_length=300)
    programme = models.CharField(_("only in the programme"), max_length=80, blank=True)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)
    granted_by = models.CharField(_("granted by"), max_length=150)
    exception_reason = models.TextField(_("reason for an exception"), blank=True)

    class Meta:
        ordering = ["user", "role", "scope", "from_on", "pk"]
        verbose_name = _("right")
        indexes = [models.Index(fields=["role", "scope"], name="grant_by_role")]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")),
                name="grant_period",
                violation_error_message=_PERIOD,
            ),
            models.CheckConstraint(
                condition=Q(scope__regex=_SCOPE),
                name="grant_scope_of_the_grammar",
                violation_error_message=_("This is not a scope."),
            ),
            models.UniqueConstraint(
                fields=["user", "role", "scope", "programme", "from_on"],
                name="one_grant_each",
                violation_error_message=_("This person holds this role in this scope already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.scope}"

    @property
    def subject(self) -> str:
        return subject("grant", self.pk)


class Delegation(models.Model):
    """Named rights of a grant, lent to another person for at most 90 days. Not lent on."""

    grant = models.ForeignKey(Grant, models.PROTECT, related_name="delegations", verbose_name=_("right"))
    to_user = models.ForeignKey(User, models.PROTECT, related_name="delegations", verbose_name=_("to"))
    rights = ArrayField(models.CharField(max_length=40), verbose_name=_("rights"))
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"))
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_by = models.CharField(_("ended by"), max_length=150, blank=True)

    class Meta:
        ordering = ["-from_on", "pk"]
        verbose_name = _("delegation")
        constraints = [
            models.CheckConstraint(
                condition=Q(until_on__gte=F("from_on")),
                name="delegation_period",
                violation_error_message=_PERIOD,
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by="") | Q(ended_at__isnull=False) & ~Q(ended_by=""),
                name="delegation_ended_by_someone",
                violation_error_message=_("A delegation is ended by somebody."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.grant_id} to {self.to_user_id}"

    @property
    def subject(self) -> str:
        return subject("delegation", self.pk)

    @property
    def rights_named(self) -> list[str]:
        """What is lent, in the reader's words."""
        return [right_name(right) for right in self.rights]


class Token(models.Model):
    """A key for programs. Only its digest is kept; the key itself is shown once."""

    user = models.ForeignKey(User, models.PROTECT, related_name="tokens", verbose_name=_("person"))
    name = models.CharField(_("name"), max_length=80)
    digest = models.CharField(_("digest"), max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=20), verbose_name=_("may"))
    added_at = models.DateTimeField(_("added at"))
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        ordering = ["-added_at", "pk"]
        verbose_name = _("token")

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        return subject("token", self.pk)


class EmailChange(models.Model):
    """A new address that waits: for the link sent to it, and for privileged roles for a second person's word.

    Whether it has expired the dates tell. Once it is over, the address is forgotten here.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="email_changes", verbose_name=_("person"))
    email = models.EmailField(_("new address"), blank=True)
    asked_by = models.CharField(_("asked by"), max_length=150)
    asked_at = models.DateTimeField(_("asked at"))
    proved_at = models.DateTimeField(_("link opened at"), null=True, blank=True)
    agreed_by = models.CharField(_("agreed by"), max_length=150, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        verbose_name = _("change of an address")
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at=None) & ~Q(email="") | Q(ended_at__isnull=False, email=""),
                name="email_change_forgets_when_over",
                violation_error_message=_("An address that waits is kept; one that is over is forgotten."),
            ),
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(ended_at=None),
                name="one_open_email_change",
                violation_error_message=_("This is asked for already."),
            ),
        ]

    def __str__(self) -> str:
        return f"address of {self.user_id}"

    @property
    def subject(self) -> str:
        return self.user.subject


class Recovery(models.Model):
    """A way back in for a person with a privileged role: one administrator asks, another one confirms (K1).

    A new password waits as its digest and is emptied once it is decided.
    """

    class What(models.TextChoices):
        PASSWORD = "password", _("New password")
        SECOND_FACTOR = "second_factor", _("Second factor taken away")

    user = models.ForeignKey(User, models.PROTECT, related_name="recoveries", verbose_name=_("person"))
    what = models.CharField(_("what"), max_length=20, choices=What)
    password = models.CharField(_("digest of the new password"), max_length=128, blank=True)
    asked_by = models.CharField(_("asked by"), max_length=150)
    asked_at = models.DateTimeField(_("asked at"))
    decided_by = models.CharField(_("decided by"), max_length=150, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    is_confirmed = models.BooleanField(_("confirmed"), default=False)

    class Meta:
        ordering = ["asked_at", "pk"]
        verbose_name = _("way back in")
        constraints = [
            models.CheckConstraint(
                condition=Q(is_confirmed=False) | ~Q(decided_by=F("asked_by")),
                name="recovery_confirmed_by_another",
                violation_error_message=_("Another administrator confirms this."),
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, decided_by="", is_confirmed=False)
                | Q(decided_at__isnull=False, password="") & ~Q(decided_by=""),
                name="recovery_decided_by_someone",
                violation_error_message=_("This is decided by somebody, and the password is then forgotten here."),
            ),
            models.UniqueConstraint(
                fields=["user", "what"],
                condition=Q(decided_at=None),
                name="one_open_recovery_each",
                violation_error_message=_("This is asked for already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.user_id}"

    @property
    def subject(self) -> str:
        return self.user.subject
