"""A signed, short-lived name for the event process: it checks a signature, not a session."""

from __future__ import annotations

from django.core import signing

_SALT = "live"
LONGEST = 12 * 3600  # seconds


def issue(user_key: str) -> str:
    """A token that names a person to the event process."""
    return signing.dumps(user_key, salt=_SALT)


def check(token: str) -> str | None:
    """The person a token names, or None when it is not ours or too old."""
    try:
        return str(signing.loads(token, salt=_SALT, max_age=LONGEST))
    except signing.BadSignature:
        return None
