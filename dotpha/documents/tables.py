"""The register of documents as a table."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from dotpha.documents import kinds, queries
from dotpha.documents.models import Document
from dotpha.platform import numbers
from dotpha.platform.pages import language, url


class DocumentTable(tables.Table):
    """Documents known on a day, with the state derived for it."""

    number = tables.Column(_("Number"), order_by=("number", "key"), empty_values=())
    title = tables.Column(_("Document"), orderable=False, accessor="heading__text", attrs={"td": {"class": "ti"}})
    kind = tables.Column(_("Kind"), order_by=("kind", "key"))
    issuer = tables.Column(_("Issued by"), order_by=("issuer__sort_key", "key"))
    signed_on = tables.DateColumn(verbose_name=_("Signed on"), order_by=("signed_on", "key"))
    state = tables.Column(_("State"), orderable=False, empty_values=())

    class Meta:
        template_name = "django_tables2/table.html"

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on

    def render_number(self, record: Document) -> str:
        return format_html('<a href="{}">{}</a>', url("documents:document", record.key), record.number or record.key)

    def value_number(self, record: Document) -> str:
        return record.number

    def render_kind(self, record: Document) -> str:
        return kinds.document_kind(record.kind)

    def render_issuer(self, record: Document) -> str:
        return record.issuer.title.text if record.issuer else record.issuer_text

    def render_signed_on(self, value: date) -> str:
        return numbers.day(value, language())

    def value_signed_on(self, value: date) -> date:
        return value

    def render_state(self, record: Document) -> str:
        return str(kinds.STATES[queries.state(record, self.on)])
