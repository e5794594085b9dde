"""Changes that cannot be judged row by row: one of them at a time."""

from __future__ import annotations

from django.db import connection
from django.db.models import Model


def one_writer(model: type[Model]) -> None:
    """Let nobody else write rows of this model before the transaction ends. Reading goes on."""
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {connection.ops.quote_name(model._meta.db_table)} IN SHARE ROW EXCLUSIVE MODE")
