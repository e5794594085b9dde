"""Demonstration accounts: one click, one role. Only where the site listens on loopback."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dotpha.accounts import scopes
from dotpha.accounts.models import Grant, User
from dotpha.accounts.roles import Role
from dotpha.platform import audit, database
from dotpha.platform.action import action
from dotpha.platform.actors import Actor, program

BEGIN = date(2024, 12, 22)  # the day of the Resolution: nobody acts before it
NATIONAL: list[tuple[str, Role, str]] = [
    ("leader", Role.LEADER, "Lãnh đạo Ban Chỉ đạo"),
    ("office", Role.OFFICE, "Văn phòng Thường trực"),
    ("steward", Role.STEWARD, "Quản lý dữ liệu"),
    ("inspector", Role.INSPECTOR, "Cán bộ kiểm tra"),
    ("editor", Role.EDITOR, "Biên tập viên Trang tin"),
    ("council", Role.EXPERT, "Chuyên gia hội đồng"),
    ("admin", Role.ADMIN, "Quản trị hệ thống"),
]
AGENCIES = ("most", "mof", "mps", "moet", "moha", "moit", "mofa", "mae", "moh", "government-office")
PROVINCES = ("01", "79", "48", "31")
COMMUNES_EACH = 2

DUTIES = [
    ("leader", _("Sees the whole, assigns tasks, decides on extensions and blockers.")),
    ("office", _("Keeps programmes and tasks, imports annexes, confirms what was reported.")),
    ("inspector", _("Reads everything, the record of changes too; checks reports.")),
    ("agency.", _("Reports on the tasks of its agency, asks for extensions, raises blockers.")),
    ("approver.", _("Approves or returns the reports and requests of its body.")),
    ("province.", _("Reports on the tasks of its province, asks for extensions, raises blockers.")),
    ("commune.", _("Reports on the tasks of its commune and answers blockers.")),
    ("admin", _("Adds people, gives roles, looks after the system.")),
    ("steward", _("Keeps organisations, places and documents in order.")),
    ("editor", _("Reads documents and the directory for the public pages.")),
    ("council", _("Reads programmes and documents; scores are not part of this version yet.")),
    ("citizen", _("Has no task on the desk; reads the public pages.")),
]
"""The beginning of a user name -> what its role does, in a line of the sign-in page and of an empty inbox."""


def duty_of(username: str) -> Any:
    """What the role of a demonstration account does, in one line."""
    return next((line for begins, line in DUTIES if username.startswith(begins)), "")


GROUPS = [
    (_("Leadership and office"), ("office", "leader", "inspector")),
    (_("Agencies"), ("agency.", "approver.")),
    (_("Provinces and communes"), ("province.", "commune.")),
    (_("Keepers of the system"), ("admin", "steward", "editor", "council", "citizen")),
]
"""How the sign-in page groups them: a heading and the beginnings of user names."""


def title_of(user: User) -> str:
    """How the sign-in page names an account: the role of a national one in the reader's words, else its name."""
    roles = {username: role for username, role, _name in NATIONAL}
    role = roles.get(user.username)
    return str(role.label) if role and get_language() != "vi" else user.name


def names() -> list[str]:
    """User names of the demonstration accounts that exist."""
    return sorted(User.objects.filter(is_demo=True).values_list("username", flat=True))


def ensure(organisations: dict[str, tuple[str, str]], places: dict[str, tuple[str, str, str]]) -> None:
    """Make the demonstration accounts that are missing.

    `organisations`: key -> (name, path). `places`: user name ending -> (name, path, level), communes
    among them; the caller knows the directory, which stands above accounts.
    """
    by = program("demonstration")
    for username, role, name in NATIONAL:
        _account(username=username, name=name, held=[(role, scopes.ALL)], by=by)
    _account(username="citizen", name="Công dân", held=[(Role.CITIZEN, scopes.ALL)], by=by)
    for key, (name, path) in organisations.items():
        scope = scopes.of_organisation(path)
        own = [(Role.FOCAL_POINT, scope), (Role.OWNER, scope)]
        _account(username=f"agency.{key}", name=f"Đầu mối {name}", held=own, by=by)
        _account(username=f"approver.{key}", name=f"Người phê duyệt {name}", held=[(Role.APPROVER, scope)], by=by)
    for code, (name, path, level) in places.items():
        scope = scopes.of_place(path)
        if level == "province":
            own = [(Role.FOCAL_POINT, scope), (Role.OWNER, scope)]
            _account(username=f"province.{code}", name=f"Đầu mối {name}", held=own, by=by)
            _account(
                username=f"approver.province.{code}", name=f"Người phê duyệt {name}",
                held=[(Role.APPROVER, scope)], by=by,
            )  # fmt: skip
        else:
            _account(username=f"commune.{code}", name=f"Cán bộ {name}", held=[(Role.COMMUNE_OFFICER, scope)], by=by)


def _account(*, username: str, name: str, held: list[tuple[Role, str]], by: Actor) -> None:
    if not User.objects.filter(username=username).exists():
        add_demo_account(username=username, name=name, held=held, by=by)


@action
def add_demo_account(*, username: str, name: str, held: list[tuple[Role, str]], by: Actor) -> User:
    """One demonstration account with its roles; only programs make them."""
    from dotpha.accounts import rights  # noqa: PLC0415 -- rights reads the models of this app

    by = rights.require(by, "person.change", [scopes.ALL])
    user = User.objects.create(username=username, name=name, is_demo=True, password=make_password(password()))
    for role, scope in held:
        Grant.objects.create(user=user, role=role, scope=scope, from_on=BEGIN, granted_by=by.key)
    audit.record("person.added", user, by, after={"name": name, "roles": [str(role) for role, _s in held]})
    return user


def password() -> str:
    """The password of every demonstration account: given, else kept in the data directory."""
    import os  # noqa: PLC0415

    return os.environ.get("DOTPHA_DEMO_PASSWORD") or database.secret("demo_password") or ""


def is_open() -> bool:
    """Whether one click may sign in: asked for, and only this machine reaches the site."""
    return bool(settings.DEMO) and settings.HOST in ("127.0.0.1", "localhost", "::1")
