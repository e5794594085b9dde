"""The description of the API as a page, made from the same document that programs read."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from dotpha.connectors.api import api
from dotpha.platform.pages import render

METHODS = ("get", "post", "patch", "put", "delete")


@require_GET
def docs(request: HttpRequest) -> HttpResponse:
    """Every operation with its parameters, body and answers."""
    schema: dict[str, Any] = api.get_openapi_schema()
    operations = [
        {
            "method": method.upper(),
            "path": path,
            "body": body_of(operation, schema),
            "call": call_of(method, path, operation, schema),
            **operation,
        }
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    ]
    return render(request, "connectors/docs.html", {"info": schema["info"], "operations": operations})


def body_schema(operation: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of an operation's JSON body; empty without one."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    held: dict[str, Any] = schema.get("components", {}).get("schemas", {}).get(name, {})
    return held


def call_of(method: str, path: str, operation: dict[str, Any], schema: dict[str, Any]) -> str:
    """An example of the operation for a command line: needed fields of the body and those with an example."""
    held = body_schema(operation, schema)
    body = {
        field: said["examples"][0] if said.get("examples") else "…"
        for field, said in held.get("properties", {}).items()
        if said.get("examples") or field in held.get("required", [])
    }
    lines = [f"curl -X {method.upper()} '{path}'"] if method != "get" else [f"curl '{path}'"]
    if method != "get":
        lines.append("  -H 'Authorization: Bearer TOKEN' -H 'Content-Type: application/json'")
    if body:
        lines.append(f"  -d '{json.dumps(body, ensure_ascii=False)}'")
    return " \\\n".join(lines)


def body_of(operation: dict[str, Any], schema: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields of an operation's JSON body: name, type, whether it is needed, description."""
    held = body_schema(operation, schema)
    return [
        {
            "name": field,
            "type": said.get("type") or " | ".join(each.get("type", "object") for each in said.get("anyOf", [])),
            "required": field in held.get("required", []),
            "description": said.get("description", ""),
        }
        for field, said in held.get("properties", {}).items()
    ]
