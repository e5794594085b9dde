from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProgrammesConfig(AppConfig):
    """Programmes, their tasks, and all that is reported, asked and decided about them."""

    name = "dotpha.programmes"

    def ready(self) -> None:
        from dotpha.platform import audit  # noqa: PLC0415 -- models are not ready at import time
        from dotpha.platform.registry import MenuItem, registry  # noqa: PLC0415
        from dotpha.programmes import inbox, inbox_parts, links, panels, search  # noqa: PLC0415
        from dotpha.programmes.events import KINDS  # noqa: PLC0415
        from dotpha.programmes.queries import ladder  # noqa: PLC0415

        audit.register(KINDS)
        registry.add(
            MenuItem("tasks", _("Tasks"), "programmes:tasks", "list-check", "task.view", 20, "t"),
            MenuItem("programmes", _("Programmes"), "programmes:programmes", "layout-grid", "programme.view", 25, "p"),
            MenuItem("calendar", _("Calendar"), "programmes:calendar", "calendar-due", "task.view", 30, "c"),
            MenuItem("blockers", _("Blockers"), "programmes:blockers", "barrier-block", "task.view", 35, "b"),
            MenuItem("extensions", _("Extensions"), "programmes:extensions", "calendar-plus", "task.view", 40, "e"),
            MenuItem(
                "deadlines",
                _("Deadlines to settle"),
                "programmes:deadlines",
                "hourglass",
                "task.change",
                45,
                "n",
            ),
            MenuItem("ladder", _("Overdue ladder"), "programmes:ladder", "trending-up", "task.view", 42),
            MenuItem("notices", _("Notices"), "programmes:notices", "bell", "task.view", 15, count=ladder.unseen),
            *panels.PANELS,
            *inbox.LISTS,
            *inbox_parts.LISTS,
            search.TASKS,
            search.PROGRAMMES,
        )
        registry.subject_urls.update(links.SUBJECTS)
        registry.scope_names["programme"] = links.names_of_programmes
        registry.file_readers["report"] = links.may_read_report
        registry.file_readers["task"] = links.may_read_task
