"""The API of programmes and tasks: the same queries and actions as the pages."""

from dotpha.programmes.api import parts, reading, writing
from dotpha.programmes.api.routing import router

__all__ = ["parts", "reading", "router", "writing"]
