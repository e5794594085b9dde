"""Every field and constraint speaks to people."""

from __future__ import annotations

from django.apps import apps
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db import models
from django.db.migrations import operations
from django.db.migrations.loader import MigrationLoader
from django.utils.functional import Promise

from dotpha.platform.action import has_own_sentence

OWN = [config for config in apps.get_app_configs() if config.name.startswith("dotpha.")]


def test_every_field_has_a_name_in_six_languages() -> None:
    silent = [
        f"{model.__name__}.{field.name}"
        for config in OWN
        for model in config.get_models()
        for field in model._meta.local_concrete_fields
        if not field.primary_key
        and field.model.__module__.startswith("dotpha.")
        and not isinstance(field.verbose_name, Promise)
    ]
    assert silent == []


def test_every_check_has_a_sentence() -> None:
    silent = [
        constraint.name
        for config in OWN
        for model in config.get_models()
        for constraint in model._meta.constraints
        if isinstance(constraint, models.CheckConstraint)
        and not has_own_sentence(constraint)
        and config.label != "platform"
    ]
    assert silent == []


def test_every_model_has_a_total_order() -> None:
    loose = [model.__name__ for config in OWN for model in config.get_models() if not model._meta.ordering]
    assert loose == []


LARGE = {"task", "assignment", "membership", "product", "report", "evidence", "extension", "step", "auditevent"}


def test_no_migration_locks_a_large_table_while_it_reads_it() -> None:
    """After an app's first migration an index is built concurrently, a check is added before rows are held to it."""
    locking = []
    for (app, name), migration in MigrationLoader(None).disk_migrations.items():
        if app not in {config.label for config in OWN} or name.startswith("0001"):
            continue
        made = {each.name_lower for each in migration.operations if isinstance(each, operations.CreateModel)}
        for each in migration.operations:
            reads = isinstance(each, operations.AddIndex | operations.AddConstraint)
            reads = reads and not isinstance(each, AddIndexConcurrently | AddConstraintNotValid)
            if reads and each.model_name_lower in LARGE - made:
                locking.append(f"{app}.{name}: {each.describe()}")
    assert locking == []
