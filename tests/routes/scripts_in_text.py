"""A payload in every text of the database, for tests that look whether any of it becomes markup (reliability A10)."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import models

PAYLOAD = "\"'><zx57 onzx57=1></script><script>document.title='zx57'</script><img src=x onerror=document.title='zx57'>"
SHORT = "<zx57 "
IN_ADDRESS = "javascript:document.title='zx57'"
ADDRESSES = {"url", "link", "source_url"}
NOT_WORDS = {
    "key", "path", "address", "code", "sha256", "digest", "previous", "subject", "username", "password", "scope",
    "role", "kind", "query", "list_name", "sort_key", "folded", "words", "media_type", "name_sha256", "locale",
    "holder", "request_id", "content_type", "shared_scope", "number", "step", "part", "group", "period", "mark",
}  # fmt: skip
"""Fields that hold no words of people: names in addresses, digests, what the product itself chose."""


_IN_JSON = (
    "CASE WHEN jsonb_typeof(v) IN ('number', 'boolean', 'null') OR v #>> '{}' ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}'"
    " THEN v ELSE to_jsonb(%s::text) END"
)
"""What a JSON text holds afterwards in place of a value `v`: numbers and days stay, for nobody writes words there."""


def is_words(field: Any) -> bool:
    """Whether people write this field: a text without choices, which nothing else refers to."""
    is_text = isinstance(field, models.CharField | models.TextField | models.JSONField)
    return is_text and not (field.choices or field.unique or field.name in NOT_WORDS)


def statements() -> list[tuple[str, list[str]]]:
    """An SQL statement for each such column, and its parameters; to be run past triggers, each on its own.

    A text in languages gets the payload in each that it has; a long enough column the whole, another its beginning.
    """
    found: list[tuple[str, list[str]]] = []
    for model in apps.get_models():
        if not model.__module__.startswith("dotpha."):
            continue
        for field in filter(is_words, model._meta.concrete_fields):
            column, table = f'"{field.column}"', f'"{model._meta.db_table}"'
            if isinstance(field, models.JSONField):
                said = f"(SELECT jsonb_object_agg(k, {_IN_JSON}) FROM jsonb_each({column}) AS held(k, v))"
                where = f"jsonb_typeof({column}) = 'object' AND {column} <> '{{}}'"
                found.append((f"UPDATE {table} SET {column} = {said} WHERE {where}", [PAYLOAD]))
            else:
                longest = field.max_length or len(PAYLOAD)
                said = IN_ADDRESS if field.name in ADDRESSES else PAYLOAD if longest >= len(PAYLOAD) else SHORT
                found.append((f"UPDATE {table} SET {column} = %s WHERE {column} <> ''", [said[:longest]]))
    return found
