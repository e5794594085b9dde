"""Where each role lands after signing in."""

from __future__ import annotations

from dotpha.accounts.roles import Role

LANDINGS: list[tuple[Role, str]] = [
    (Role.LEADER, "cockpit:leader"),
    (Role.OFFICE, "cockpit:inbox"),
    (Role.FOCAL_POINT, "cockpit:inbox"),
    (Role.OWNER, "cockpit:inbox"),
    (Role.COMMUNE_OFFICER, "cockpit:inbox"),
    (Role.APPROVER, "cockpit:inbox"),
    (Role.INSPECTOR, "programmes:tasks"),
    (Role.ADMIN, "accounts:people"),
    (Role.STEWARD, "directory:organisations"),
    (Role.EDITOR, "cockpit:inbox"),
    (Role.EXPERT, "cockpit:inbox"),
]


def landing_of(roles: set[Role]) -> str:
    """The name of the page of what a person with these roles must do today; the first role that fits decides."""
    return next((name for role, name in LANDINGS if role in roles), "cockpit:inbox")
