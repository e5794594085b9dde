"""Nothing leaves this machine but what `platform/outgoing.py` lists (K7)."""

from __future__ import annotations

import ast
import contextlib
import importlib
import ipaddress
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.test import Client

from dotpha.accounts.actions import data_requests
from dotpha.accounts.models import EmailChange
from dotpha.documents.tests.test_actions import attach
from dotpha.platform import days, doctor, jobs, outgoing
from dotpha.programmes.tests import factories as make
from tests.routes import world
from tests.routes.addresses import routes

ROOT = Path(__file__).resolve().parents[2]
OPENS = {
    "aiohttp", "asyncio", "django.core.mail", "ftplib", "http.client", "httpx", "imaplib", "nntplib", "poplib",
    "psycopg", "psycopg_pool", "requests", "smtplib", "socket", "socketserver", "telnetlib", "urllib.request",
    "urllib3", "websockets", "xmlrpc",
}  # fmt: skip
"""What can open a connection; whoever imports one of them, or a part of it, does."""


def opened(source: str) -> set[str]:
    """The modules of `OPENS` that a source imports, anywhere in it."""
    named: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            named |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            named |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
    return {way for way in OPENS for name in named if name == way or name.startswith(f"{way}.")}


def test_only_the_listed_modules_can_open_a_connection() -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for folder in ("dotpha", "config")
        for path in (ROOT / folder).glob("**/*.py")
        if "tests" not in path.parts and opened(path.read_text("utf-8"))
    }
    assert found == {module for way in outgoing.WAYS for module in way.modules}


@pytest.mark.parametrize(
    "source", ["import smtplib", "def f():\n from urllib import request", "import http.client as x"]
)
def test_the_search_finds_what_it_looks_for(source: str) -> None:
    assert opened(source)
    assert not opened("from urllib.parse import quote\nfrom http import HTTPStatus")


def test_the_list_in_the_handbook_is_current(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "scripts")
    script = importlib.import_module("outgoing_doc")
    assert script.TARGET.read_text("utf-8") == script.page(), "run scripts/outgoing_doc.py"


@pytest.mark.django_db
def test_the_doctor_names_where_connections_lead_and_no_secret(settings: Any) -> None:
    assert set(outgoing.open_now()) == {"database", "own"}
    settings.EMAIL, settings.EMAIL_HOST, settings.EMAIL_HOST_PASSWORD = "smtp", "mail.example.vn", "a secret"
    settings.OIDC_ISSUER, settings.OIDC_CLIENT_SECRET = "https://sso.example.vn", "a secret"
    found = doctor.examine()["outgoing"]
    assert (found["mail"], found["sign_in"]) == ("mail.example.vn:25", "https://sso.example.vn")
    assert "a secret" not in json.dumps(found)
    assert f"{settings.DATABASES['default']['PASSWORD'] or 'a secret'}@" not in json.dumps(found)


# --- what pages and jobs do -----------------------------------------------------------------------

_asked: list[str] | None = None


def _watch(event: str, values: tuple[Any, ...]) -> None:
    """Note every host that Python is asked to reach or to look up, while a test listens."""
    if _asked is None:
        return
    if event in ("socket.connect", "socket.sendto") and isinstance(values[1], tuple):
        _asked.append(str(values[1][0]))
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        _asked.append(str(values[0]))


sys.addaudithook(_watch)  # cannot be fooled by a library that kept the real functions; it cannot be taken back either


@pytest.fixture
def asked() -> Iterator[list[str]]:
    global _asked
    _asked = []
    yield _asked
    _asked = None


def beyond(hosts: list[str]) -> list[str]:
    """Hosts that are not this machine."""
    return [host for host in hosts if not is_here(host)]


def is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def test_the_watch_sees_an_outside_host(asked: list[str]) -> None:
    import socket  # noqa: PLC0415 -- what the other tests find nobody doing

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as outside, contextlib.suppress(OSError):
        super(socket.socket, outside).connect(("203.0.113.57", 57))  # past the guard of all tests; nothing is sent
    socket.getaddrinfo("203.0.113.58", 57)
    assert beyond(asked) == ["203.0.113.57", "203.0.113.58"]


@pytest.mark.django_db
def test_no_page_reaches_beyond_this_machine(asked: list[str], settings: Any) -> None:
    settings.EMAIL = "smtp"
    examples = world.build()
    client = Client(raise_request_exception=False)
    client.force_login(make.person("admin"), backend=site.AUTHENTICATION_BACKENDS[-1])
    seen = [client.get(route.path(examples)).status_code for route in routes()]
    assert seen.count(200) > 40, "the pages did not open, so they prove nothing"
    assert beyond(asked) == []


@pytest.mark.django_db
def test_no_job_reaches_beyond_this_machine(asked: list[str], settings: Any) -> None:
    settings.EMAIL = "smtp"
    lan = make.person("owner", username="lan", email="lan@example.vn")
    attachment = attach(make.document())
    change = EmailChange.objects.create(user=lan, email="new@example.vn", asked_by="lan", asked_at=days.now())
    request = data_requests.make_request(user=lan, kind="access", by=lan.actor(), on=days.today())
    given: dict[str, dict[str, Any]] = {
        "accounts.send_link": {"change": change.pk},
        "accounts.mail_answer": {"request": request.pk, "step": "replied"},
        "accounts.keep_retention": {}, "platform.take_up_lost": {}, "programmes.give_notices": {},
        "programmes.mail_notices": {"user": lan.pk}, "programmes.import_file": {"user": lan.pk, "key": "gone"},
        "accounts.import_file": {"user": lan.pk, "key": "gone"},
        "directory.import_file": {"user": lan.pk, "key": "gone"},
        "documents.read_file": {"attachment": attachment.pk},
    }  # fmt: skip
    assert set(given) == set(jobs.labels), "a job is not tried here"
    for name, arguments in given.items():
        jobs.works[name](**arguments)
    assert beyond(asked) == []
