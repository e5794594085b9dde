"""What organisations and places are called, for pages that know only their keys."""

from __future__ import annotations

from dotpha.directory.models import Organisation, Place
from dotpha.platform.actors import Actor


def of_organisations(by: Actor, keys: list[str]) -> dict[str, str]:
    """The names of organisations by key: the directory is open to everybody on the desk."""
    return {each.key: each.title.text for each in Organisation.objects.filter(key__in=keys)}


def of_places(by: Actor, keys: list[str]) -> dict[str, str]:
    """The names of places by key."""
    return {each.key: each.title.text for each in Place.objects.filter(key__in=keys)}
