"""What was known at a moment: the same models and queries, answered from what was recorded by then.

`KeepPast("Task")` in a migration gives a table a twin for old rows in the schema `past`, a trigger
that fills it, and a view that shows the rows of any moment. Inside `known_at(moment)` the schema
`past` comes first, so an unchanged query reads the view. A view over a union cannot be written to:
changing the past is refused by the database.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.migrations.operations.base import Operation

_asked: ContextVar[datetime | None] = ContextVar("known_at", default=None)
_MOMENT = "current_setting('dotpha.known_at')::timestamptz"


class KeepPast(Operation):
    """Keep every earlier row of a model. Repeat it in the migration that changes the table."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, name: str) -> None:
        self.name = name

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (self.__class__.__name__, [self.name], {})

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Django's own picture of the models does not change."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = to_state.apps.get_model(app_label, self.name)
        columns = [field.column for field in model._meta.local_concrete_fields]
        schema_editor.execute(_keep(model._meta.db_table, columns), params=None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        table = from_state.apps.get_model(app_label, self.name)._meta.db_table
        schema_editor.execute(
            f"DROP VIEW IF EXISTS past.{table}; DROP TRIGGER IF EXISTS keep_past ON public.{table};"
            f" DROP FUNCTION IF EXISTS past.keep_{table}(); DROP TABLE IF EXISTS past.{table}_rows;"
            f" ALTER TABLE public.{table} DROP COLUMN IF EXISTS recorded_at",
            params=None,
        )

    def describe(self) -> str:
        return f"Keep every earlier row of {self.name}"


def _add_new_columns(table: str) -> str:
    """The SQL that gives the kept rows each column that the table has gained since."""
    return f"""
        DO $do$ DECLARE missing record; BEGIN
            FOR missing IN
                SELECT a.attname, format_type(a.atttypid, a.atttypmod) AS kind FROM pg_attribute a
                WHERE a.attrelid = 'public.{table}'::regclass AND a.attnum > 0 AND NOT a.attisdropped
                  AND a.attname NOT IN (
                    SELECT attname FROM pg_attribute
                    WHERE attrelid = 'past.{table}_rows'::regclass AND attnum > 0 AND NOT attisdropped)
            LOOP
                EXECUTE format('ALTER TABLE past.{table}_rows ADD COLUMN %I %s', missing.attname, missing.kind);
            END LOOP;
        END $do$;
    """


def _keep(table: str, columns: list[str]) -> str:
    """The SQL that keeps the past of a table. Names come from our own models, never from input."""
    names = ", ".join(f'"{column}"' for column in columns)
    old = ", ".join(f'old."{column}"' for column in columns)
    return f"""
        CREATE SCHEMA IF NOT EXISTS past;
        DROP VIEW IF EXISTS past.{table};
        ALTER TABLE public.{table}
            ADD COLUMN IF NOT EXISTS recorded_at timestamptz NOT NULL DEFAULT clock_timestamp();
        CREATE TABLE IF NOT EXISTS past.{table}_rows AS
            SELECT {names}, recorded_at FROM public.{table} WITH NO DATA;
        {_add_new_columns(table)}
        ALTER TABLE past.{table}_rows ADD COLUMN IF NOT EXISTS kept_until timestamptz NOT NULL;
        CREATE INDEX IF NOT EXISTS {table}_rows_kept_until ON past.{table}_rows (kept_until);
        CREATE OR REPLACE FUNCTION past.keep_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO past.{table}_rows ({names}, recorded_at, kept_until)
                VALUES ({old}, old.recorded_at, clock_timestamp());
            IF TG_OP = 'DELETE' THEN RETURN old; END IF;
            new.recorded_at := clock_timestamp();
            RETURN new;
        END $$;
        DROP TRIGGER IF EXISTS keep_past ON public.{table};
        CREATE TRIGGER keep_past BEFORE UPDATE OR DELETE ON public.{table}
            FOR EACH ROW EXECUTE FUNCTION past.keep_{table}();
        CREATE VIEW past.{table} AS
            SELECT {names}, recorded_at FROM public.{table} WHERE recorded_at <= {_MOMENT}
            UNION ALL
            SELECT {names}, recorded_at FROM past.{table}_rows
            WHERE recorded_at <= {_MOMENT} AND kept_until > {_MOMENT};
    """


@contextmanager
def known_at(moment: datetime | None) -> Iterator[None]:
    """Answer every query inside from what had been recorded by `moment`; None means now."""
    if moment is None:
        yield
        return
    token = _asked.set(moment)
    try:
        with _reading(moment):
            yield
    finally:
        _asked.reset(token)


def moment() -> datetime | None:
    """The moment of knowledge asked for; None for now. The record of events, which only grows, is cut by it."""
    return _asked.get()


@contextmanager
def _reading(moment: datetime) -> Iterator[None]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('dotpha.known_at', %s, true)", [moment.isoformat()])
        cursor.execute("SET LOCAL search_path = past, public")
        try:
            yield
        finally:
            if not connection.needs_rollback:
                cursor.execute("SET LOCAL search_path = public")


@contextmanager
def present() -> Iterator[None]:
    """Read inside what holds now, whatever moment is asked for: the rights of a reader are those of today."""
    if moment() is None:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path = public")
        try:
            yield
        finally:
            if not connection.needs_rollback:
                cursor.execute("SET LOCAL search_path = past, public")
