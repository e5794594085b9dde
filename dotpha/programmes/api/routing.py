"""The one router of programmes: reading and writing share addresses, so they share it too."""

from ninja import Router

router = Router(tags=["tasks"])
