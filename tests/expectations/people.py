"""Who looks at pages in these tests."""

from __future__ import annotations

from django.conf import settings
from django.test import Client

from dotpha.programmes.tests import factories as make

LANGUAGES = ("vi", "en", "ru", "fr", "th", "ms")


def enter(role: str, language: str = "en", scope: str = "all") -> Client:
    """A browser in which somebody with this role is signed in."""
    client = Client(headers={"accept-language": language})
    client.force_login(make.person(role, scope), backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def body(client: Client, address: str, status: int = 200) -> str:
    """What is written at an address, a file to its end."""
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    said = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    return said.decode("utf-8-sig")
