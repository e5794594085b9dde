from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    """Programmes, their tasks, and all that is reported, asked and decided about them."""

    name = "dotpha.programmes"

    def ready(self) -> None:
        from dotpha.platform import audit  # noqa: PLC0415 -- models are not ready at import time
        from dotpha.platform.registry import registry  # noqa: PLC0415
        from dotpha.programmes import (  # noqa: PLC0415
            inbox,
            inbox_checks,
            inbox_ladder,
            inbox_parts,
            inbox_reports,
            links,
            menu,
            panels,
            search,
        )
        from dotpha.programmes.events import KINDS  # noqa: PLC0415

        audit.register(KINDS)
        registry.add(
            *menu.MENU,
            *panels.PANELS,
            *inbox.LISTS,
            *inbox_parts.LISTS,
            *inbox_checks.LISTS,
            *inbox_ladder.LISTS,
            *inbox_reports.LISTS,
            search.TASKS,
            search.PROGRAMMES,
        )
        registry.subject_urls.update(links.SUBJECTS)
        registry.subject_names.update(links.NAMES)
        registry.scope_names["programme"] = links.names_of_programmes
        registry.file_readers["programme"] = links.may_read_programme
        registry.file_readers["target"] = links.may_read_target
        registry.file_readers["report"] = links.may_read_report
        registry.file_readers["task"] = links.may_read_task
