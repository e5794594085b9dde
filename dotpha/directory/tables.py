"""Lists of organisations and places as tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from dotpha.directory import kinds
from dotpha.directory.models import Organisation, Place
from dotpha.platform import numbers
from dotpha.platform.pages import language, url


def _link(address: str, label: str) -> str:
    return format_html('<a href="{}">{}</a>', address, label)


class _OfADay(tables.Table):
    """Rows of a day, whose links keep it."""

    def __init__(self, data: Any, past: Mapping[str, str], **more: Any) -> None:
        """`past`: the times asked about, as the address names them, which the links keep."""
        super().__init__(data, **more)
        self.past = past


class OrganisationTable(_OfADay):
    """Organisations of a day."""

    name = tables.Column(
        _("Organisation"), order_by=("sorted_then", "key"), accessor="title__text", attrs={"td": {"class": "ti"}}
    )
    abbreviations = tables.Column(_("Abbreviation"), orderable=False)
    kind = tables.Column(_("Kind"), order_by=("kind", "sorted_then", "key"))
    parent = tables.Column(_("Belongs to"), order_by=("parent_sorted", "sorted_then", "key"), accessor="parent_shown")
    valid_from = tables.DateColumn(verbose_name=_("Since"))

    class Meta:
        order_by = "name"
        template_name = "django_tables2/table.html"

    def render_name(self, record: Organisation) -> str:
        return _link(url("directory:organisation", record.key, **self.past), record.title.text)

    def render_abbreviations(self, record: Organisation) -> str:
        return ", ".join(record.abbreviations)

    def render_kind(self, record: Organisation) -> str:
        return kinds.organisation_kind(record.kind)

    def render_parent(self, value: Organisation) -> str:
        return _link(url("directory:organisation", value.key, **self.past), value.title.text)

    def render_valid_from(self, value: Any) -> str:
        return numbers.day(value, language())


class PlaceTable(_OfADay):
    """Places of a day."""

    code = tables.Column(_("Code"), order_by=("code", "key"))
    name = tables.Column(
        _("Place"), order_by=("sorted_then", "key"), accessor="title__text", attrs={"td": {"class": "ti"}}
    )
    kind = tables.Column(_("Kind"), order_by=("kind", "code", "key"))
    parent = tables.Column(_("Lies in"), order_by=("parent_sorted", "code", "key"), accessor="parent_shown")
    population = tables.Column(_("Population"), attrs={"td": {"class": "n"}, "th": {"class": "n"}})
    area_km2 = tables.Column(_("Area, km²"), attrs={"td": {"class": "n"}, "th": {"class": "n"}})

    class Meta:
        order_by = "code"
        template_name = "django_tables2/table.html"

    def render_name(self, record: Place) -> str:
        return _link(url("directory:place", record.key, **self.past), record.title.text)

    def render_kind(self, record: Place) -> str:
        return kinds.place_kind(record.kind_shown)

    def render_parent(self, value: Place) -> str:
        return _link(url("directory:place", value.key, **self.past), value.title.text)

    def render_population(self, value: int) -> str:
        return numbers.number(value, 0, language())

    def render_area_km2(self, value: Any) -> str:
        return numbers.number(value, 2, language())
