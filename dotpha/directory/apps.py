from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

KINDS = {
    "place.added": _("added the place"),
    "place.changed": _("corrected the place"),
    "place.replaced": _("recorded which place it replaces"),
    "place.renamed": _("gave the place a new name or kind"),
    "place.moved": _("recorded what the place lies in from a day"),
    "place.move_taken_back": _("took back the last move of the place"),
    "place.ended": _("recorded the end of the place"),
    "organisation.added": _("added the organisation"),
    "organisation.changed": _("changed the organisation"),
    "organisation.renamed": _("gave the organisation a new name"),
    "organisation.moved": _("recorded what the organisation belongs to from a day"),
    "organisation.move_taken_back": _("took back the last move of the organisation"),
    "organisation.ended": _("recorded the end of the organisation"),
    "organisation.replaced": _("recorded which organisation it replaces"),
    "post.added": _("added a post"),
    "post.filled": _("recorded who holds a post"),
    "post.left": _("recorded who left a post"),
}
"""What events of the directory say after the name of who did it."""


class DirectoryConfig(AppConfig):
    """Organisations and places as they were on any day."""

    name = "dotpha.directory"

    def ready(self) -> None:
        from dotpha.directory import names, queries, search  # noqa: PLC0415 -- models are not ready at import time
        from dotpha.platform import audit  # noqa: PLC0415
        from dotpha.platform.registry import REGISTERS, MenuItem, registry  # noqa: PLC0415

        audit.register(KINDS)
        registry.add(
            MenuItem(
                "organisations",
                _("Organisations"),
                "directory:organisations",
                "building",
                "directory.view",
                65,
                "a",
                group=REGISTERS,
            ),
            MenuItem("places", _("Places"), "directory:places", "map-pin", "directory.view", 66, "l", group=REGISTERS),
            search.ORGANISATIONS,
            search.PLACES,
        )
        registry.scope_names |= {"org": queries.names_of_bodies, "place": queries.names_of_places}
        registry.subject_names |= {"organisation": names.of_organisations, "place": names.of_places}
        registry.subject_urls["organisation"] = lambda key: f"/desk/organisations/{key}/"
        registry.subject_urls["place"] = lambda key: f"/desk/places/{key}/"
