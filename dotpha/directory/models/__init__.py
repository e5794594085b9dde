"""Organisations, places, their validity and successors, posts. Facts only."""

from dotpha.directory.models.organisations import Organisation, OrganisationName, OrganisationParent
from dotpha.directory.models.places import Place, PlaceName, PlaceParent
from dotpha.directory.models.posts import Post, PostHolder
from dotpha.directory.models.successions import Succession

__all__ = [
    "Organisation", "OrganisationName", "OrganisationParent", "Place", "PlaceName", "PlaceParent", "Post", "PostHolder",
    "Succession",
]  # fmt: skip
