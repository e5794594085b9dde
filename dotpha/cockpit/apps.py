from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CockpitConfig(AppConfig):
    """The desk's own pages, over all floors."""

    name = "dotpha.cockpit"

    def ready(self) -> None:
        from dotpha.cockpit import helptext, tour  # noqa: PLC0415 -- models are not ready at import time
        from dotpha.platform import audit, pages  # noqa: PLC0415
        from dotpha.platform.registry import RUNNING, WORK, MenuItem, registry  # noqa: PLC0415

        audit.register(
            {
                "job.tried_again": _("put a failed job back into the queue"),
                "tour.ended": _("ended the tour of the desk"),
            }
        )
        pages.frame_fillers.append(tour.fill)
        pages.frame_fillers.append(helptext.fill)
        registry.add(
            helptext.SOURCE,
            MenuItem("inbox", _("To do today"), "cockpit:inbox", "inbox", "desk.open", 10, "i"),
            MenuItem("leader", _("Overview"), "cockpit:leader", "dashboard", "task.view", 15, "o"),
            MenuItem("map", _("Map"), "cockpit:map", "map", "task.view", 32, "m", group=WORK),
            MenuItem(
                "record", _("Record of changes"), "cockpit:record", "history", "audit.view", 90, "r", group=RUNNING
            ),
            MenuItem("system", _("System"), "cockpit:system", "settings", "system.view", 95, "s", group=RUNNING),
        )
