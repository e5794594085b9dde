"""Two people at one document: the second save shows both texts, the third one decides."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from dotpha.documents.tests.test_actions import TREE, document
from dotpha.documents.tests.test_pages import enter, read, send

pytestmark = pytest.mark.django_db
CELLS = re.compile(r'<td class="pre">(.*?)</td>')
OLD = {"number": "57-NQ/TW", "kind": "resolution", "mark": "public"}


def decides(address: str, said: dict[str, Any]) -> str:
    """Two people open one page, the second one saves over the first; answers the page that shows both."""
    second = enter("steward")
    stale = version_on(read(second, address))
    assert send(enter("office"), address, **said, version=stale)[0] == 302
    mine = {**said, **{name: said[name].replace("trước", "sau") for name in said if "trước" in said[name]}}
    status, text = send(second, address, **mine, version=stale)
    assert status == 409
    assert send(second, address, **mine, version=version_on(text))[0] == 302
    return text


def version_on(text: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', text)
    assert found is not None
    return found[1]


def test_a_card() -> None:
    document("nq-57")
    text = decides("nq-57/change/", {**OLD, "title_vi": "Lời người trước"})
    assert CELLS.findall(text)[:2] == ["Lời người sau", "Lời người trước"]


def test_a_wording() -> None:
    document("nq-57", provisions=TREE)
    said = {"heading": "Lời trước", "text": "Hai trước", "from_on": "2025-06-01", "reason": "in sai"}
    text = decides("nq-57/III.2/wording/", said)
    assert CELLS.findall(text) == ["Lời sau", "Lời trước", "Hai sau", "Hai trước"]


def test_who_may_read_a_document_is_told_who_else_has_it_open() -> None:
    document("nq-57")
    office, steward = enter("office"), enter("steward")
    for subject, status in (("document:nq-57", 200), ("document:nq-58", 404)):
        assert present(office, subject).status_code == status
    assert present(steward, "document:nq-57").json()["sentence"].startswith("Also open at:")


def present(client: Client, subject: str) -> Any:
    return client.post("/desk/presence/", {"subject": subject})
