"""The words for kinds of places and organisations, for lists and filters. Kinds that a pack adds show as written."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

PLACE_KINDS = {
    "city": _("Centrally run city"),
    "province": _("Province"),
    "district": _("District"),
    "ward": _("Ward"),
    "commune": _("Commune"),
    "special_zone": _("Special zone"),
}
ORGANISATION_KINDS = {
    "party_central": _("Central Party body"),
    "steering_committee": _("Steering committee"),
    "advisory": _("Advisory council"),
    "state": _("State body"),
    "government": _("Government"),
    "ministry": _("Ministry"),
    "ministry_level": _("Ministry-level agency"),
    "government_agency": _("Agency of the Government"),
    "agency": _("Agency under a ministry"),
    "party_committee": _("Party committee"),
    "provincial_party_committee": _("Provincial Party committee"),
    "provincial_peoples_committee": _("Provincial People's Committee"),
    "commune_peoples_committee": _("Commune People's Committee"),
    "mass_organisation": _("Mass organisation"),
    "university": _("University or institute"),
    "enterprise": _("Enterprise"),
    "media": _("Media agency"),
    "group": _("Group of organisations"),
}
LOCAL_KINDS = {"provincial_party_committee", "provincial_peoples_committee", "commune_peoples_committee"}
LEVELS = {"city": "province", "province": "province", "district": "district"}
"""Kind of a place -> its level; every other kind is one of communes."""


def level_of(kind: str) -> str:
    """The level of a place of this kind."""
    return LEVELS.get(kind, "commune")


def has_place(kind: str) -> bool:
    """Whether a place that a file gives for an organisation of this kind is the one it governs.

    That of a ministry or university is only its address: rights in that place must not reach it.
    """
    return kind in LOCAL_KINDS


def place_kind(kind: str) -> str:
    """The word for a kind of place."""
    return str(PLACE_KINDS.get(kind, kind))


def organisation_kind(kind: str) -> str:
    """The word for a kind of organisation."""
    return str(ORGANISATION_KINDS.get(kind, kind))
