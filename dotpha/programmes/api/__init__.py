"""The API of programmes and tasks: the same queries and actions as the pages."""

from dotpha.programmes.api import ladder, parts, reading, writing
from dotpha.programmes.api.routing import router

__all__ = ["ladder", "parts", "reading", "router", "writing"]
