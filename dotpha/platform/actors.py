"""Who acts: a person or a named program, as plain values.

The platform lies under accounts, so it knows a person only by these values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True)
class Actor:
    """Somebody who reads or changes.

    `key` is the user name, or "program:<name>". `role` and `scope` are those under which the
    present act is allowed; `rights.require` fills them in, together with `holder` (user name)
    when the right was delegated. `origin` says where the request came from (an address in the
    desk, "api", "command"), never a person's network address.
    """

    key: str
    name: str
    user_id: int | None = None
    role: str = ""
    scope: str = ""
    holder: str = ""
    origin: str = ""
    request_id: str = ""

    def __str__(self) -> str:
        return self.name or self.key


def program(name: str) -> Actor:
    """A named program of this installation: it has every right, and every act carries its name."""
    return Actor(key=f"program:{name}", name=name, origin="command")


PROGRAMS: dict[str, StrPromise] = {
    "program:datapack": _("the data pack"),
    "program:command": _("the command line"),
    "program:demonstration": _("the demonstration"),
    "program:sample": _("the sample data"),
    "program:sign-in": _("the sign-in"),
    "program:reader of files": _("the reader of files"),
    "program:notices": _("the giver of notices"),
    "program:letters": _("the writer of letters"),
    "program:retention": _("the retention of personal data"),
}
"""How people read who acted where it was no person. A program that is not here shows the name it gave itself."""


def shown(key: str, name: str) -> str:
    """Who acted, in the reader's words: a person's name, or what a program is (its own name, if no words are known)."""
    return str(PROGRAMS.get(key) or name or key.removeprefix("program:"))


NOBODY = Actor(key="", name="")
