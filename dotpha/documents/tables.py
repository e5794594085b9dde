"""The register of documents as a table."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_tables2 as tables
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from dotpha.documents import finding, kinds, queries, rules
from dotpha.documents.models import Document
from dotpha.platform import numbers
from dotpha.platform.pages import language, url


def _found(place: tuple[Document, finding.Hit]) -> tuple[str, str]:
    """A link to where words were found, and the words around."""
    document, hit = place
    if hit.address:
        address, name = url("documents:provision", document.key, hit.address), hit.address
    else:
        address, name = url("platform:file", hit.file_id), hit.file
        if hit.page:
            name = _("%(file)s, page %(page)s") % {"file": hit.file, "page": hit.page}
    return format_html('<a href="{}">{}</a>', address, name), hit.excerpt


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
        self.hits: dict[int, list[finding.Hit]] = {}

    def render_title(self, value: str, record: Document) -> str:
        """The title, and where the words of the search stand."""
        places = format_html_join("", '<br><span class="sm muted">{}: {}</span>', map(_found, self._hits_of(record)))
        return format_html("{}{}", value, places)

    def value_title(self, value: str) -> str:
        return value

    def _hits_of(self, record: Document) -> list[tuple[Document, finding.Hit]]:
        return [(record, hit) for hit in self.hits.get(record.pk, ())]

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


class DraftTable(tables.Table):
    """Documents that are drafted: the step reached and the one to come, and how late it is."""

    document = tables.Column(_("Document"), orderable=False, accessor="document", attrs={"td": {"class": "ti"}})
    kind = tables.Column(_("Kind"), accessor="document__kind")
    issuer = tables.Column(_("Issued by"), orderable=False, accessor="document", empty_values=())
    reached = tables.Column(_("Step reached"), orderable=False, empty_values=())
    coming = tables.Column(_("Step to come"), orderable=False, empty_values=())
    planned_on = tables.Column(_("Planned for"), orderable=False, empty_values=())
    days_late = tables.Column(_("Days late"))
    issue_on = tables.Column(_("Issue"), orderable=False, empty_values=())

    class Meta:
        template_name = "django_tables2/table.html"

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.on = on

    def render_document(self, value: Document) -> str:
        link = format_html('<a href="{}">{}</a>', url("documents:document", value.key), value.heading.text)
        return format_html("{} · {}", value.number, link) if value.number else link

    def value_document(self, value: Document) -> str:
        return " · ".join(filter(None, (value.number, value.heading.text)))

    def render_kind(self, value: str) -> str:
        return kinds.document_kind(value)

    def render_issuer(self, value: Document) -> str:
        return value.issuer.title.text if value.issuer else value.issuer_text or "–"

    def render_reached(self, value: rules.Step | None) -> str:
        return str(rules.STEP_NAMES[value]) if value else str(_("not begun"))

    def render_coming(self, value: rules.Step | None) -> str:
        return str(rules.STEP_NAMES[value]) if value else "–"

    def render_planned_on(self, value: date | None) -> str:
        return numbers.day(value, language()) or "–"

    def value_planned_on(self, value: date | None) -> date | None:
        return value

    def render_days_late(self, value: int) -> str:
        return format_html('<b class="c-od">{}</b>', numbers.number(value, 0, language())) if value else "–"

    def value_days_late(self, value: int) -> int:
        return value

    def render_issue_on(self, record: queries.Draft) -> str:
        if record.issue_on is None:
            return "–"
        day = numbers.day(record.issue_on, language())
        return day if record.coming is None else str(_("planned: %(day)s")) % {"day": day}

    def value_issue_on(self, value: date | None) -> date | None:
        return value
