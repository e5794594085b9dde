"""Who acts: a person or a named program, as plain values.

The platform lies under accounts, so it knows a person only by these values.
"""

from dataclasses import dataclass


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


NOBODY = Actor(key="", name="")
