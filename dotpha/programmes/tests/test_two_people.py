"""Two people at one programme, target or draft: the second save shows both texts, the third one decides."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from dotpha.programmes import actions
from dotpha.programmes.models import Programme, Report
from dotpha.programmes.tests import factories as make
from dotpha.programmes.tests.test_pages_task import of, owner_client

pytestmark = pytest.mark.django_db
CELLS = re.compile(r'<td class="pre">(.*?)</td>')


def beside(text: str) -> list[str]:
    """What was typed and what is recorded, as they stand side by side."""
    return CELLS.findall(text.partition('<table class="tb" data-both>')[2].partition("</table>")[0])


def decides(client: Client, address: str, said: dict[str, Any], stale: str) -> str:
    """Save over what somebody else has saved: refused with both texts, then taken. Answers the page between."""
    refused = client.post(address, {**said, "version": stale})
    text = refused.content.decode()
    assert refused.status_code == 409
    shown = re.search(r'name="version" value="(\d+)"', text)
    assert shown is not None
    assert client.post(address, {**said, "version": shown[1]}).status_code == 302
    return text


def test_a_programme() -> None:
    held, address = make.programme(), "/desk/programmes/resolution57/change/"
    said = {"title_vi": "Của người trước", "report_every": "month", "version": str(held.version)}
    assert of("office").post(address, said).status_code == 302
    text = decides(of("office"), address, {**said, "title_vi": "Của tôi", "report_every": "quarter"}, said["version"])
    assert beside(text) == ["Của tôi", "Của người trước", "Every quarter", "Every month"]
    held.refresh_from_db()
    assert held.heading.text == "Của tôi"


def test_an_error_of_another_kind_does_not_hide_that_somebody_else_has_saved() -> None:
    held, address = make.programme(), "/desk/programmes/resolution57/change/"
    said = {"title_vi": "Của người trước", "version": str(held.version)}
    of("office").post(address, said)
    second = of("office")
    text = second.post(address, {**said, "title_vi": ""}).content.decode()
    assert f'name="version" value="{held.version}"' in text
    assert second.post(address, {**said, "title_vi": "Của tôi"}).status_code == 409
    assert Programme.objects.get().heading.text == "Của người trước"


def test_a_target() -> None:
    row = actions.TargetRow(key="a", title={"vi": "Mục tiêu"}, year=2030, order=1, comparison=">=", number=Decimal(60))
    actions.add_targets(programme=make.programme(), rows=[row], by=make.TEST)
    said = {"title_vi": "Của người trước", "year": "2030", "comparison": ">=", "number": "60", "reason": "in sai"}
    address = "/desk/targets/a/change/"
    assert of("office").post(address, {**said, "version": "1"}).status_code == 302
    text = decides(of("office"), address, {**said, "title_vi": "Của tôi", "year": "2035"}, "1")
    assert beside(text) == ["Của tôi", "Của người trước", "2035", "2030"]


def test_a_draft_of_a_report() -> None:
    task = make.task(key="nq03-001", deadline_text="31/12/2030", assigned_on=date(2025, 3, 1))
    first, second = owner_client(), owner_client()
    said = {"percent": "10", "summary": "Đã họp", "keep": "1"}
    first.post(f"/desk/tasks/{task.key}/report/", said)
    draft = Report.objects.get()
    address = f"/desk/reports/{draft.pk}/"
    first.post(address, {**said, "summary": "Của người trước", "version": str(draft.version)})
    text = decides(second, address, {**said, "summary": "Của tôi"}, str(draft.version))
    assert beside(text) == ["Của tôi", "Của người trước"]
