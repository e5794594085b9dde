"""Sealing in tests, while the server may be at work for itself."""

from __future__ import annotations

import time

from dotpha.platform import seal
from dotpha.platform.models import AuditEvent, Seal


def sealed() -> int:
    """Seal all there is: what the server does by itself (its statistics) lets the newest events wait for its end."""
    until = time.monotonic() + 30
    position = seal.seal_new()
    while Seal.objects.count() < AuditEvent.objects.count() and time.monotonic() < until:
        time.sleep(0.05)
        position = seal.seal_new()
    return position
