"""Scopes as readable paths, matched by their beginning.

"all", "org/government/most/", "place/province-ha-noi/commune-00004/", "programme/resolution57/".
A scope covers itself and everything that lies under it. Paths are those of today, whatever day a page shows: who has
got a commune sees its past too, and who has lost it does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from dotpha.platform.registry import registry

ALL = "all"
_GRAMMAR = re.compile(r"all|(?:org|place)/(?:[a-z0-9][a-z0-9.-]*/)+|programme/[a-z0-9][a-z0-9.-]*/")


def is_scope(text: str) -> bool:
    """Whether the text is a scope of the grammar above."""
    return _GRAMMAR.fullmatch(text) is not None


def of_organisation(path: str) -> str:
    """The scope of an organisation, from its path ("government/most/")."""
    return f"org/{path}"


def of_place(path: str) -> str:
    """The scope of a place, from its path ("province-ha-noi/commune-00004/")."""
    return f"place/{path}"


def of_programme(key: str) -> str:
    """The scope of a programme, from its key."""
    return f"programme/{key}/"


def limit_of(programme: str) -> str:
    """Tells that a thing belongs to a programme without giving that programme's people a right over it.

    No right is held in such a path; a role limited to a body *and* a programme asks for it.
    """
    return f"within/{programme}/"


def names(held: Iterable[str]) -> dict[str, str]:
    """What people call these scopes, by scope: "everything" or the thing's own name. One that names nothing is
    left out."""
    wanted = set(held)
    found = {ALL: str(_("everything"))} if ALL in wanted else {}
    for kind, named in registry.scope_names.items():
        paths = prefixes(wanted, kind)
        if paths:
            found |= {f"{kind}/{path}": name for path, name in named(paths).items()}
    return found


def covers(scope: str, thing: str) -> bool:
    """Whether a right held in `scope` reaches a thing whose scope is `thing`."""
    return scope == ALL or thing.startswith(scope)


def covers_any(scope: str, things: Iterable[str]) -> bool:
    """Whether the scope reaches one of a thing's scopes (a task has its lead's, its places', its programmes')."""
    return scope == ALL or any(thing.startswith(scope) for thing in things)


def prefixes(held: Iterable[str], kind: str) -> list[str]:
    """The paths of one kind ("org", "place", "programme") among held scopes, without the kind."""
    return [scope.partition("/")[2] for scope in held if scope.startswith(f"{kind}/")]
