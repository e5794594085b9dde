"""The description of the API: nothing in it is left without words, and its page opens in every language."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings

from dotpha.connectors.api import api


@pytest.mark.django_db
@pytest.mark.parametrize("code", [code for code, _name in settings.LANGUAGES])
def test_the_page_opens_in_every_language(client: Any, code: str) -> None:
    answer = client.get("/api/v1/docs", headers={"Accept-Language": code})
    assert answer.status_code == 200
    assert answer.headers["Content-Language"] == code
    assert "/api/v1/tasks/{key}/reports" in answer.content.decode()


def test_every_operation_field_and_parameter_says_what_it_means() -> None:
    schema = api.get_openapi_schema()
    silent = []
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            if not (operation.get("summary") and operation.get("description")):
                silent.append(f"{method} {path}")
            silent += [
                f"{method} {path} {each['name']}"
                for each in operation.get("parameters", [])
                if not each.get("description")
            ]
    for name, held in schema["components"]["schemas"].items():
        silent += [
            f"{name}.{field}" for field, said in held.get("properties", {}).items() if not said.get("description")
        ]
    assert silent == []
