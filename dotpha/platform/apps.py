from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlatformConfig(AppConfig):
    """Refusals, record, past, files, pages: what every app stands on."""

    name = "dotpha.platform"

    def ready(self) -> None:
        from dotpha.platform import audit  # noqa: PLC0415 -- models are not ready at import time

        audit.register(
            {
                "view.saved": _("saved a view"),
                "view.removed": _("removed a view"),
                "file.added": _("added a file"),
                "file.declared": _("looked at a file that cannot be read: it bears no mark of State secrecy"),
            }
        )
