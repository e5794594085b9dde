""" "task:57-012": how audit, panels, search and links name a thing without a foreign key."""

from typing import Protocol

LONGEST = 200
"""Signs that a subject may have. The longest is a provision: its kind, a document's key of 80, its address of 80."""


class Named(Protocol):
    """A thing with a subject of its own."""

    @property
    def subject(self) -> str: ...


def subject(kind: str, key: object) -> str:
    """The name of a thing in the record; `kind` is the model's word, `key` its stable key."""
    return f"{kind}:{key}"


def split(name: str) -> tuple[str, str]:
    """Kind and key of a subject."""
    kind, _, key = name.partition(":")
    return kind, key
