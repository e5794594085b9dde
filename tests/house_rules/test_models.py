"""Every field and constraint speaks to people."""

from __future__ import annotations

from django.apps import apps
from django.db import models
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
