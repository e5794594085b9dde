"""The lines of the desk's menu that programmes add."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dotpha.platform.registry import MenuItem
from dotpha.programmes.queries import ladder

MENU = (
    MenuItem("notices", _("Notices"), "programmes:notices", "bell", "task.view", 15, count=ladder.unseen),
    MenuItem("tasks", _("Tasks"), "programmes:tasks", "list-check", "task.view", 20, "t"),
    MenuItem(
        "programmes",
        _("Programmes"),
        "programmes:programmes",
        "layout-grid",
        "programme.view",
        25,
        "p",
    ),
    MenuItem(
        "personal",
        _("Personal programmes"),
        "programmes:personal",
        "user-check",
        "personal.view",
        28,
    ),
    MenuItem("calendar", _("Calendar"), "programmes:calendar", "calendar-due", "task.view", 30, "c"),
    MenuItem("blockers", _("Blockers"), "programmes:blockers", "barrier-block", "task.view", 35, "b"),
    MenuItem("extensions", _("Extensions"), "programmes:extensions", "calendar-plus", "task.view", 40, "e"),
    MenuItem("ladder", _("Overdue ladder"), "programmes:ladder", "trending-up", "task.view", 42),
    MenuItem("missing", _("Missing reports"), "programmes:missing_reports", "file-text", "task.view", 43),
    MenuItem(
        "deadlines",
        _("Deadlines to settle"),
        "programmes:deadlines",
        "hourglass",
        "task.change",
        45,
        "n",
    ),
)
