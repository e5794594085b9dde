"""The API of programmes and tasks: the same queries and actions as the pages."""

from dotpha.programmes.api import (
    blockers,
    files,
    imports,
    ladder,
    missing,
    part_extensions,
    parts,
    personal,
    reading,
    targets,
    writing,
)
from dotpha.programmes.api.routing import router

__all__ = [
    "blockers",
    "files",
    "imports",
    "ladder",
    "missing",
    "part_extensions",
    "parts",
    "personal",
    "reading",
    "router",
    "targets",
    "writing",
]
