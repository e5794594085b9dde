"""The lines of the desk's menu that programmes add."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from dotpha.platform.registry import FOLLOWED, WORK, MenuItem
from dotpha.programmes.queries import ladder

MENU = (
    MenuItem("notices", _("Notices"), "programmes:notices", "bell", "task.view", 12, count=ladder.unseen),
    MenuItem("tasks", _("Tasks"), "programmes:tasks", "list-check", "task.view", 20, "t", group=WORK),
    MenuItem(
        "programmes",
        _("Programmes"),
        "programmes:programmes",
        "layout-grid",
        "programme.view",
        25,
        "p",
        group=WORK,
    ),
    MenuItem(
        "personal",
        _("Personal programmes"),
        "programmes:personal",
        "user-check",
        "personal.view",
        28,
        group=WORK,
    ),
    MenuItem("calendar", _("Calendar"), "programmes:calendar", "calendar-due", "task.view", 30, "c", group=WORK),
    MenuItem("blockers", _("Blockers"), "programmes:blockers", "barrier-block", "task.view", 40, "b", group=FOLLOWED),
    MenuItem(
        "extensions", _("Extensions"), "programmes:extensions", "calendar-plus", "task.view", 42, "e", group=FOLLOWED
    ),
    MenuItem("ladder", _("Overdue ladder"), "programmes:ladder", "trending-up", "task.view", 44, group=FOLLOWED),
    MenuItem(
        "missing", _("Missing reports"), "programmes:missing_reports", "file-text", "task.view", 45, group=FOLLOWED
    ),
    MenuItem(
        "deadlines",
        _("Deadlines to settle"),
        "programmes:deadlines",
        "hourglass",
        "task.change",
        46,
        "n",
        group=FOLLOWED,
    ),
)
