"""The fixed list of roles and the one table of rights: right -> roles that have it.

`docs/rights.md` is written from this table and a test holds the two together. A role is held
within a scope and a period (`models.Grant`); the table says what it allows there.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """Who somebody is in the work of a programme (requirements, section K)."""

    LEADER = "leader", _("Leader")
    OFFICE = "office", _("Standing office")
    FOCAL_POINT = "focal_point", _("Focal point")
    COMMUNE_OFFICER = "commune_officer", _("Commune officer")
    OWNER = "owner", _("Task owner")
    APPROVER = "approver", _("Approver")
    INSPECTOR = "inspector", _("Inspector")
    EXPERT = "expert", _("Council expert")
    CITIZEN = "citizen", _("Citizen")
    EDITOR = "editor", _("Portal editor")
    STEWARD = "steward", _("Data steward")
    ADMIN = "admin", _("Administrator")


R = Role
_READERS = {R.LEADER, R.OFFICE, R.FOCAL_POINT, R.COMMUNE_OFFICER, R.OWNER, R.APPROVER, R.INSPECTOR}
_STAFF = set(R) - {R.CITIZEN}
_DOERS = {R.FOCAL_POINT, R.OWNER, R.COMMUNE_OFFICER}

RIGHTS: dict[str, set[Role]] = {
    # reading
    "desk.open": set(R),
    "directory.view": _STAFF,
    "document.view": _STAFF,
    "programme.view": _STAFF,
    "task.view": _READERS,
    "audit.view": {R.INSPECTOR, R.ADMIN, R.OFFICE},
    "person.view": {R.ADMIN, R.INSPECTOR},
    "system.view": {R.ADMIN},
    # directory and documents
    "directory.change": {R.STEWARD},
    "document.change": {R.OFFICE, R.STEWARD},
    "document.verify": {R.OFFICE, R.STEWARD, R.INSPECTOR},
    # programmes and tasks
    "programme.add": {R.OFFICE, R.FOCAL_POINT},
    "programme.change": {R.OFFICE, R.FOCAL_POINT},
    "programme.publish": {R.OFFICE},
    "task.add": {R.OFFICE, R.FOCAL_POINT},
    "task.change": {R.OFFICE, R.FOCAL_POINT},
    "task.cancel": {R.OFFICE},
    "task.assign": {R.OFFICE, R.LEADER},
    "task.accept": {R.FOCAL_POINT, R.OWNER, R.COMMUNE_OFFICER},
    "task.break_down": {R.OFFICE, R.FOCAL_POINT},
    "task.reopen": {R.OFFICE, R.INSPECTOR, R.APPROVER},
    # reports
    "report.write": _DOERS,
    "report.approve": {R.APPROVER},
    "report.verify": {R.OFFICE, R.INSPECTOR},
    # deadlines
    "extension.request": _DOERS,
    "extension.decide": {R.LEADER, R.OFFICE, R.APPROVER},
    "extension.decide_first": {R.OFFICE, R.APPROVER},  # whose inbox a request reaches at once
    "extension.oversee": {R.LEADER},  # whose inbox it reaches when nobody has decided in time
    # overdue ladder: the head of an agency and the office are told; a step is acknowledged or contested
    "ladder.head": {R.LEADER, R.APPROVER},
    "ladder.office": {R.OFFICE},
    "ladder.acknowledge": _DOERS | {R.LEADER, R.OFFICE, R.APPROVER},
    "ladder.contest": _DOERS | {R.APPROVER},
    "ladder.decide": {R.OFFICE},
    # blockers
    "blocker.raise": _DOERS,
    "blocker.answer": {R.FOCAL_POINT, R.APPROVER, R.LEADER, R.COMMUNE_OFFICER},
    "blocker.decide": {R.LEADER, R.OFFICE},
    "blocker.oversee": {R.OFFICE},  # whose inbox one reaches when the body asked has not answered in time
    # personal action programmes
    "personal.view": {R.LEADER, R.OFFICE, R.FOCAL_POINT, R.APPROVER, R.INSPECTOR},
    "personal.write": {R.LEADER, R.OFFICE, R.FOCAL_POINT},
    "personal.decide": {R.LEADER, R.OFFICE},
    # people
    "grant.change": {R.ADMIN},
    "person.change": {R.ADMIN},
    "delegation.add": _STAFF,
}

RIGHT_NAMES = {
    "desk.open": _("open the desk"),
    "directory.view": _("read the directory"),
    "document.view": _("read documents"),
    "programme.view": _("read programmes"),
    "task.view": _("read tasks"),
    "audit.view": _("read the record of changes"),
    "person.view": _("see people and their rights"),
    "system.view": _("see the state of the system"),
    "directory.change": _("change the directory"),
    "document.change": _("change documents"),
    "document.verify": _("check documents against the original"),
    "programme.add": _("add programmes"),
    "programme.change": _("change programmes"),
    "programme.publish": _("publish programmes"),
    "task.add": _("add tasks"),
    "task.change": _("change tasks"),
    "task.cancel": _("cancel tasks"),
    "task.assign": _("assign tasks"),
    "task.accept": _("accept tasks"),
    "task.break_down": _("break tasks down"),
    "task.reopen": _("reopen tasks"),
    "report.write": _("write reports"),
    "report.approve": _("approve reports"),
    "report.verify": _("verify reports"),
    "extension.request": _("ask for a later due date"),
    "extension.decide": _("decide on due dates"),
    "extension.decide_first": _("receive requests for a later date first"),
    "extension.oversee": _("receive requests left undecided"),
    "ladder.head": _("be told of late tasks as head of an agency"),
    "ladder.office": _("be told of late tasks as standing office"),
    "ladder.acknowledge": _("acknowledge a step of the overdue ladder"),
    "ladder.contest": _("contest a step of the overdue ladder"),
    "ladder.decide": _("decide on contested steps"),
    "blocker.raise": _("raise blockers"),
    "blocker.answer": _("answer blockers"),
    "blocker.decide": _("decide on blockers"),
    "blocker.oversee": _("receive blockers left unanswered"),
    "personal.view": _("see personal action programmes"),
    "personal.write": _("write personal action programmes"),
    "personal.decide": _("adopt personal action programmes"),
    "grant.change": _("give roles and take them away"),
    "person.change": _("change people"),
    "delegation.add": _("lend rights"),
}
"""Each right of the table in words, after "may"."""

APART: list[tuple[str, str]] = [
    ("report.write", "report.approve"),
    ("extension.request", "extension.decide"),
]
"""Pairs that one account must not hold over the same thing without a dated exception (A6)."""

SECOND_FACTOR: set[Role] = {R.LEADER, R.OFFICE, R.APPROVER, R.INSPECTOR, R.ADMIN}
"""Roles that approve, confirm, administer or inspect: they sign in with a second factor (K1)."""


def right_name(right: str) -> str:
    """A right in the reader's words; one that has left the table keeps its old name."""
    return str(RIGHT_NAMES.get(right, right))


def rights_of(role: Role) -> set[str]:
    """Every right that a role has within its scope."""
    return {right for right, roles in RIGHTS.items() if role in roles}
