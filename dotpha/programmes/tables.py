"""The list of tasks as a table: cells for the screen, plain values for an export."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

import django_tables2 as tables
from django.template import engines
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from dotpha.platform import citations, numbers
from dotpha.platform.pages import language, url
from dotpha.programmes.models import Target, Task
from dotpha.programmes.queries import lists
from dotpha.programmes.queries.summary import NAMES
from dotpha.programmes.rules.lateness import State

SHOWN = ("key", "title", "lead", "state", "percent", "due_on")
"""The columns of a list when nothing is chosen."""

_RIGHT = {"td": {"class": "n"}, "th": {"class": "n"}}
LONGEST_TITLE = 160
SOURCE_UNVERIFIED = _("No second person has checked the document of this clause against its original yet.")


@cache
def macro(file: str, name: str) -> Any:
    """A macro of `platform/jinja2/components`, to write a cell as pages do."""
    return getattr(engines["jinja2"].env.get_template(f"components/{file}.html").module, name)  # type: ignore[attr-defined]


def shorter(text: str, length: int = LONGEST_TITLE) -> str:
    """A text of at most so many signs, cut between words."""
    if len(text) <= length:
        return text
    return text[:length].rpartition(" ")[0].rstrip(",;:–- ") + " …"


def _day(value: date | None) -> str:
    return numbers.day(value, language()) if value else "–"


class TaskTable(tables.Table):
    """Tasks with state. `page_query` is what a link keeps (the moment looked at)."""

    key = tables.Column(_("Key"), attrs={"td": {"class": "key brk no-phone"}, "th": {"class": "no-phone"}})
    title = tables.Column(_("Task"), attrs={"td": {"class": "ti"}})
    lead = tables.Column(_("Lead agency"), empty_values=())
    state = tables.Column(_("State"))
    percent = tables.Column(_("Progress"), attrs=_RIGHT)
    due_on = tables.Column(_("Due date"), empty_values=())
    deadline_text = tables.Column(_("Deadline as written"), orderable=False)
    original_due_on = tables.Column(_("Original due date"))
    extensions_granted = tables.Column(_("Extensions"), orderable=False, attrs=_RIGHT)
    blockers_open = tables.Column(_("Open blockers"), orderable=False, attrs=_RIGHT)
    late_parts = tables.Column(_("Late parts of co-operators"), orderable=False, attrs=_RIGHT)
    cooperating = tables.Column(_("Co-operating agencies"), orderable=False, empty_values=())
    programmes = tables.Column(_("Programme and group"), orderable=False, empty_values=())
    place = tables.Column(_("Place"), orderable=False, empty_values=())
    source_unverified = tables.Column(_("Check of the source"), orderable=False)
    assigned_on = tables.Column(_("Assigned on"))
    started_on = tables.Column(_("Started on"))
    completed_on = tables.Column(_("Completed on"))
    tags = tables.Column(_("Tags"), orderable=False, empty_values=())

    class Meta:
        template_name = "django_tables2/table.html"

    def __init__(
        self,
        rows: Any,
        *,
        on: date,
        columns: Sequence[str] = (),
        past: dict[str, str] | None = None,
        **more: Any,
    ) -> None:
        chosen = [name for name in columns if name in self.base_columns] or list(SHOWN)
        left_out = [name for name in self.base_columns if name not in chosen]
        super().__init__(rows, sequence=[*chosen, "..."], exclude=left_out, **more)
        self.on, self.past, self.chosen = on, past or {}, chosen

    @classmethod
    def choices(cls) -> list[tuple[str, Any]]:
        """Every column with its heading."""
        return [(name, column.verbose_name) for name, column in cls.base_columns.items()]

    def render_key(self, value: str) -> str:
        """Said so that `platform.cells` writes it: a column without its method is asked of the library cell by cell."""
        return value

    def render_title(self, record: Task) -> str:
        link = url("programmes:task", record.key, **self.past)
        text = record.heading.text
        marks = format_html_join("", '<span class="tag2">{}{}</span>', _marks(record))
        return format_html('<a href="{}" title="{}">{}</a>{}{}', link, text, shorter(text), marks, _source(record))

    def value_title(self, record: Task) -> str:
        return record.heading.text

    def render_source_unverified(self, value: bool) -> str:
        return str(_("source unverified")) if value else "–"

    def value_source_unverified(self, value: bool) -> str:
        return str(_("source unverified")) if value else ""

    def render_lead(self, record: Any) -> str:
        lead = record.lead.organisation if record.lead_id else None
        return lead.title.text if lead else str(record.lead_text or _("none"))

    def render_state(self, value: str) -> str:
        return macro("state", "state")(value)  # type: ignore[no-any-return]

    def value_state(self, value: str) -> str:
        return capfirst(str(NAMES[State(value)]))  # as `components/state.html` says it

    def render_percent(self, record: Any, value: int) -> str:
        bar = macro("figures", "progress")(value, None, record.state)
        return format_html('<span class="pcell">{}<span>{}</span></span>', bar, numbers.percent(value, 0, language()))

    def value_percent(self, value: int) -> int:
        return value

    def render_due_on(self, record: Any) -> str:
        return macro("state", "deadline")(record, self.on)  # type: ignore[no-any-return]

    def value_due_on(self, record: Any) -> date | None:
        return record.due_on  # type: ignore[no-any-return]

    def render_cooperating(self, record: Task) -> str:
        return "; ".join(_taking_part(record, self.on)) or "–"

    def value_cooperating(self, record: Task) -> str:
        return "; ".join(_taking_part(record, self.on))

    def render_programmes(self, record: Task) -> str:
        held = [(each.programme.heading.text, each.group) for each in record.memberships.all()]
        return "; ".join(f"{programme} · {group.label.text}" if group else programme for programme, group in held)

    def render_place(self, record: Task) -> str:
        return record.place.title.text if record.place else "–"

    def render_tags(self, value: list[str]) -> str:
        return ", ".join(value)

    def render_original_due_on(self, value: date) -> str:
        return _day(value)

    render_assigned_on = render_started_on = render_completed_on = render_original_due_on

    def value_original_due_on(self, value: date) -> date:
        return value

    value_assigned_on = value_started_on = value_completed_on = value_original_due_on

    def order_key(self, queryset: Any, descending: bool) -> tuple[Any, bool]:
        return _ordered(queryset, "key", descending)

    def order_title(self, queryset: Any, descending: bool) -> tuple[Any, bool]:
        return _ordered(queryset, "title", descending)

    def order_lead(self, queryset: Any, descending: bool) -> tuple[Any, bool]:
        return _ordered(queryset, "lead", descending)

    def order_state(self, queryset: Any, descending: bool) -> tuple[Any, bool]:
        return _ordered(queryset, "state", descending)

    def order_percent(self, queryset: Any, descending: bool) -> tuple[Any, bool]:
        return _ordered(queryset, "percent", descending)

    def order_due_on(self, queryset: Any, descending: bool) -> tuple[Any, bool]:
        return _ordered(queryset, "due_on", descending)

    def order_original_due_on(self, queryset: Any, descending: bool) -> tuple[Any, bool]:
        return _ordered(queryset, "original_due_on", descending)

    def order_assigned_on(self, queryset: Any, descending: bool) -> tuple[Any, bool]:
        return _ordered(queryset, "assigned_on", descending)

    def order_started_on(self, queryset: Any, descending: bool) -> tuple[Any, bool]:
        return _ordered(queryset, "started_on", descending)

    def order_completed_on(self, queryset: Any, descending: bool) -> tuple[Any, bool]:
        return _ordered(queryset, "completed_on", descending)


class TargetTable(tables.Table):
    """Dated targets of a programme."""

    ordinal = tables.Column(_("No."), orderable=False)
    year = tables.Column(_("By the year"), attrs=_RIGHT)
    title = tables.Column(_("Target"), orderable=False, attrs={"td": {"class": "ti"}})
    value = tables.Column(_("To be reached"), orderable=False, empty_values=())
    owner = tables.Column(_("In charge"), orderable=False, empty_values=())
    indicator = tables.Column(_("Indicator"), orderable=False, attrs={"td": {"class": "key"}})
    source = tables.Column(_("Source"), orderable=False, attrs={"td": {"class": "sm muted"}})

    class Meta:
        template_name = "django_tables2/table.html"

    def __init__(self, rows: Any, past: dict[str, str] | None = None) -> None:
        super().__init__(rows)
        self.past = past or {}

    def render_title(self, record: Target) -> str:
        said = f"{record.heading.text} ({_('part of another')})" if record.parent_id else record.heading.text
        return format_html('<a href="{}">{}</a>', url("programmes:target", record.key, **self.past), said)

    def value_title(self, record: Target) -> str:
        return record.heading.text

    def render_value(self, record: Target) -> str:
        return target_value(record) or "–"

    def value_value(self, record: Target) -> str:
        return target_value(record)

    def render_source(self, value: str) -> str:
        return citations.said(value)

    def render_owner(self, record: Target) -> str:
        return record.owner.title.text if record.owner else record.owner_text or "–"


def target_value(target: Target) -> str:
    """The result as the document writes it; without words the number with its comparison and unit."""
    if target.result_text or target.number is None:
        return target.result_text
    said = numbers.number(target.number, None, language())
    if target.comparison == "between" and target.number_high is not None:
        said = f"{said}–{numbers.number(target.number_high, None, language())}"
    signs = {">=": "≥ ", ">": "> ", "<=": "≤ ", "rank_top": "≤ "}
    unit = target.unit if target.unit in ("", "%") else f" {target.unit}"
    return f"{signs.get(target.comparison, '')}{said}{unit}"


def _ordered(rows: Any, name: str, descending: bool) -> tuple[Any, bool]:
    """As the API sorts: tasks without a value last, the key decides ties."""
    return lists.ordered(rows, f"-{name}" if descending else name), True


def _taking_part(task: Task, on: date) -> list[str]:
    held = [each for each in task.assignments.all() if each.part != "lead" and each.from_on <= on]
    return [each.organisation.title.text for each in held if each.until_on is None or each.until_on >= on]


def _source(task: Any) -> str:
    """A small mark on a task whose source nobody has checked: an icon, for very many tasks may bear it."""
    if not task.source_unverified:
        return ""
    mark = '<span class="tag2" title="{}">{}<span class="vh">{}</span></span>'
    return format_html(mark, SOURCE_UNVERIFIED, macro("icons", "icon")("alert-triangle", "s"), _("source unverified"))


def _marks(task: Any) -> list[tuple[str, str]]:
    """What stands out beside the state: icon and words."""
    icon, found = macro("icons", "icon"), []
    if task.blockers_open:
        words = ngettext("%(n)s blocker", "%(n)s blockers", task.blockers_open) % {"n": task.blockers_open}
        found.append((icon("barrier-block", "s"), words))
    if task.late_parts:
        words = ngettext("late part of a co-operator", "%(n)s late parts of co-operators", task.late_parts)
        found.append((icon("users", "s"), words % {"n": task.late_parts} if "%(" in words else words))
    if task.extensions_granted:
        words = ngettext("extended once", "extended %(n)s times", task.extensions_granted)
        found.append((icon("calendar-plus", "s"), words % {"n": task.extensions_granted} if "%(" in words else words))
    if task.waiting_since:
        waits = _("overdue, waits for approval") if task.state == "overdue" else _("waits for approval")
        found.append((icon("clock", "s"), str(waits)))
    return found
