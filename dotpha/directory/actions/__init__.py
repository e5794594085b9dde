"""Every change of the directory. Verb and noun; the modules split them by noun."""

from dotpha.directory.actions.events import (
    end_organisation,
    move_organisation,
    rename_organisation,
    replace_organisations,
    take_back_organisation_move,
)
from dotpha.directory.actions.organisations import add_organisations, change_organisation, load_organisations
from dotpha.directory.actions.place_events import move_place, record_place_event, rename_place, take_back_move
from dotpha.directory.actions.places import add_places, load_places
from dotpha.directory.actions.posts import add_post, fill_post, leave_post
from dotpha.directory.actions.successions import add_successions

__all__ = [
    "add_organisations",
    "add_places",
    "add_post",
    "add_successions",
    "change_organisation",
    "end_organisation",
    "fill_post",
    "leave_post",
    "load_organisations",
    "load_places",
    "move_organisation",
    "move_place",
    "record_place_event",
    "rename_organisation",
    "rename_place",
    "replace_organisations",
    "take_back_move",
    "take_back_organisation_move",
]
