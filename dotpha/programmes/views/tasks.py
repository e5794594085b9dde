"""The list of tasks: ready and saved views, conditions, columns, choice of rows, export."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from dotpha.accounts import rights, scopes
from dotpha.platform import advice, days, exports, saved_views
from dotpha.platform.late import LateData, arrange
from dotpha.platform.models import SavedView
from dotpha.platform.pages import PAST, desk_page, past_of, render, url
from dotpha.platform.refusals import Refused
from dotpha.programmes.actions import recorded
from dotpha.programmes.filters import TaskFilters, without
from dotpha.programmes.queries import about, lists, overview
from dotpha.programmes.queries.lists import Asked
from dotpha.programmes.queries.programmes import may_add, visible_programmes
from dotpha.programmes.queries.register import with_row
from dotpha.programmes.queries.tasks import detailed, with_details
from dotpha.programmes.rows import REGISTER as REGISTER_COLUMNS
from dotpha.programmes.rows import write_row
from dotpha.programmes.rules.breakdown import counted
from dotpha.programmes.tables import TaskTable

if TYPE_CHECKING:
    from dotpha.programmes.queries.tasks import TaskRows

PAGE = 50
LIST = "tasks"
REGISTER = "register"
LOOKS = ("sort", "columns", "page", "picked", "view", "export", "sheet", "conditions")
"""Parts of the address that change how the list looks, not what it holds."""
COUNTED_VIEWS = 6
MOST_PICKED = 500
UNDO = "tasks_undo"
"""Where the session keeps what the last change of many tasks can be taken back to."""


@desk_page("GET")
def tasks(request: Any) -> HttpResponseBase:
    """Tasks that satisfy the conditions in the address, page by page; or all of them as a file."""
    own = first_view(request)
    if own:
        return redirect(own)
    form = TaskFilters(request.GET, by=request.actor, on=request.on)
    valid = form.is_valid()
    if request.GET.get("export"):
        return export(request, task_table(request, form), form)
    found, views = counts_of(request, form, valid=valid)
    tally = {state: each["n"] for state, each in found.items()} if valid else {}
    table = task_table(request, form, sum(tally.get(state, 0) for state in form.asked.states or tally) if valid else 0)
    arrange(request, table, PAGE)
    opened = not valid or "conditions" in request.GET
    if opened:
        form.offer()  # some hundred names: read only for who looks at the choices
    page = {
        "form": form,
        "conditions_open": opened,
        "table": table,
        "total": table.page.paginator.count,
        "past": past_of(request),
        "now": days.now(),
        "undo": undo_once(request),
        "may_add": not request.in_past and may_add(request.actor),
        "limited": scopes.ALL not in rights.reach(request.actor, "task.view"),
        "counts": counted(tally) if valid else None,
        "about": about_list(request, form, found) if valid else None,
        "chips": chips(request, form) if valid else [],
        "hidden": hidden(request, "page", "picked", "conditions"),
        "kept": hidden(request, *form.fields, "page", "picked", "conditions"),
        "kept_words": hidden(request, "q", "page", "picked", "conditions") or [("view", "all")],
        "kept_columns": hidden(request, "columns", "page"),
        **tabs(request, form, views),
        **columns(request, table),
        **picked(request, table),
    }
    return render(request, "programmes/tasks.html", page, status=200 if valid else 422)


def counts_of(request: Any, form: TaskFilters, *, valid: bool) -> tuple[dict[str, dict[str, int]], dict[str, int]]:
    """How many tasks that fit stand in each state, with what they rest on; how many stand behind each ready view."""
    if valid and form.asks_only_for_a_programme:  # then the ready views count the same tasks
        flags = sorted({*overview.COUNTED, *about.RESTS})
        found = overview.flagged(form.in_every_state, request.on, flags)
        return found, overview.views(found)
    base = lists.listed(request.actor, asked_by_all(request), request.on)
    views = overview.views(overview.flagged(base, request.on, overview.COUNTED))
    return overview.flagged(form.in_every_state, request.on, about.RESTS) if valid else {}, views


def about_list(request: Any, form: TaskFilters, found: dict[str, dict[str, int]]) -> about.About:
    """What stands behind the number of tasks that fit."""
    asked = form.asked
    programme = visible_programmes(request.actor).filter(key=asked.programme).first() if asked.programme else None
    return about.of_count(request.actor, form.rows(), request.on, programme, found, asked.states)


def undo_once(request: Any) -> int:
    """How many tasks the last change of many touched, on the first page after it; 0 afterwards."""
    held = request.session.get(UNDO)
    if not held or held["shown"] or request.in_past:
        return 0
    request.session[UNDO] = {**held, "shown": True}
    return len(held["was"])


def task_table(request: Any, form: TaskFilters, total: int | None = None) -> TaskTable:
    """The table of what is asked for, with the columns and the order of the address; by due date without any.

    `total`: how many tasks that are, where they have been counted already.
    """
    asked = [part for each in request.GET.getlist("columns") for part in each.split(",")]
    columns = list(dict.fromkeys(asked))
    if not form.is_valid():
        return TaskTable([], on=request.on, columns=columns)
    heavy = {"cooperating", "programmes"} & set(columns)

    def related(held: TaskRows) -> TaskRows:
        filled = lists.with_relations(held, request.actor) if heavy else held
        return filled.select_related("place") if "place" in columns else filled

    def fill(keys: list[int]) -> TaskRows:
        return related(detailed(request.on, original=form.asked.original).filter(pk__in=keys))

    def whole(held: TaskRows) -> TaskRows:
        return related(with_details(held, request.on))

    data = LateData(lists.ordered(form.rows()), fill, whole, total)
    table = TaskTable(data, on=request.on, columns=columns, past=past_of(request))
    table.order_by = request.GET.get("sort") or "due_on"
    return table


def export(request: Any, table: TaskTable, form: TaskFilters) -> HttpResponseBase:
    """Every row that fits, with the columns and the order of the screen, as CSV, XLSX or JSON; or as a register."""
    if request.GET.get("sheet") == REGISTER:
        return register(request, form)
    columns, rows = exports.plain(table)
    return exports.answer(request, LIST, _("Tasks"), columns, rows, form.line if form.is_valid() else "")


def register(request: Any, form: TaskFilters) -> HttpResponseBase:
    """Every task that fits as a row of a task register, which an import takes back (contracts, section 5).

    It has the ledger whole, so it is that of today; what was known at an earlier moment can be asked for.
    """
    if request.on != request.today:
        raise Refused(
            "register_of_today",
            _("A register for an import is that of today."),
            do=advice.TODAY_VIEW,
            field="as_of",
            status=400,
        )
    asked = form.asked if form.is_valid() else None
    tasks = with_row(lists.ordered(form.rows()), request.actor) if asked else []
    rows = [write_row(recorded.register_row(each, asked.programme if asked else "")) for each in tasks]
    names = {each: each for each in REGISTER_COLUMNS}
    return exports.answer(request, REGISTER, _("Task register"), names, rows, form.line if asked else "")


def first_view(request: Any) -> str:
    """Where the list opens when nothing is asked: the person's own default view, if there is one."""
    if set(request.GET) - set(PAST):
        return ""
    view = SavedView.objects.filter(owner=request.actor.key, list_name=LIST, is_default=True).first()
    return view_address(view, past_of(request)) if view else ""


def view_address(view: SavedView, past: dict[str, str]) -> str:
    """The address of a saved view, at the moment looked at."""
    query = QueryDict(view.query, mutable=True)
    query["view"] = str(view.pk)
    query.update(past)
    return f"{reverse('programmes:tasks')}?{query.urlencode()}"


def asked_only(query: QueryDict) -> str:
    """What a list's address asks for, in a fixed order, without its look."""
    read = query.copy()
    for name in LOOKS:
        read.pop(name, None)
    return saved_views.normal(read.urlencode())


def asked_by_all(request: Any) -> Asked:
    """What every ready view keeps of the address, and is counted within: the programme and the words looked for."""
    return Asked(programme=request.GET.get("programme", ""), q=request.GET.get("q", "").strip())


def tabs(request: Any, form: TaskFilters, numbers: dict[str, int]) -> dict[str, Any]:
    """The ready views with their counts, then the saved ones; which is open, and whether it was changed."""
    past, asked = past_of(request), asked_by_all(request)
    kept = {"programme": asked.programme, "q": asked.q}
    ready = [
        (_("All"), numbers["all"], {}),
        (_("Overdue"), numbers["overdue"], {"state": "overdue"}),
        (_("Due soon"), numbers["due_soon"], {"state": "due_soon"}),
        (_("With blockers"), numbers["blocked"], {"only": "blocked"}),
        (_("Wait for approval"), numbers["waiting"], {"only": "waiting"}),
        (_("Deadline to be settled"), numbers["unsettled"], {"only": "unsettled"}),
    ]
    views = my_views(request)
    chosen = next((each for each in views if str(each.pk) == request.GET.get("view")), None)
    here = asked_only(request.GET)
    shown = []
    for label, number, query in ready:
        address = url("programmes:tasks", view="all", **kept, **query, **past)
        conditions = {name: said for name, said in {**kept, **query}.items() if said}
        active = chosen is None and here == saved_views.normal(urlencode(conditions))
        shown.append({"label": label, "url": address, "count": number, "active": active})
    for place, view in enumerate(views):
        count = count_of(view, form) if place < COUNTED_VIEWS else None
        shown.append({"label": view.name, "url": view_address(view, past), "count": count, "active": view == chosen})
    changed = chosen is not None and saved_views.normal(address_kept(request)) != chosen.query
    return {
        "tabs": shown,
        "view": chosen,
        "changed": changed,
        "reset": view_address(chosen, past) if chosen else "",
        "owns_view": chosen is not None and chosen.owner == request.actor.key,
        "keep_query": address_kept(request),
        "share_scopes": share_scopes(request),
    }


def share_scopes(request: Any) -> list[tuple[str, str]]:
    """The scopes in which this person holds a role, each with its name: where a view may be shared."""
    held = rights.scopes_held(request.actor)
    names = scopes.names(held)
    return sorted((scope, names.get(scope, scope)) for scope in held)


def my_views(request: Any) -> list[SavedView]:
    """The person's own views of this list and those shared with it."""
    return list(saved_views.views_of(request.actor, LIST, list(rights.scopes_held(request.actor))))


def count_of(view: SavedView, like: TaskFilters) -> int | None:
    """How many tasks a saved view holds; None when its conditions no longer hold."""
    form = TaskFilters(QueryDict(view.query), by=like.by, on=like.on)
    return form.rows().count() if form.is_valid() else None


def address_kept(request: Any) -> str:
    """The address as a saved view keeps it: conditions, columns and order."""
    read = request.GET.copy()
    for name in ("page", "picked", "view", "export", "sheet", "conditions", *PAST):
        read.pop(name, None)
    return str(saved_views.normal(read.urlencode()))


def chips(request: Any, form: TaskFilters) -> list[dict[str, str]]:
    """The conditions in force, each with the address without it."""
    path = reverse("programmes:tasks")
    return [
        {"label": words, "url": f"{path}?{without(request.GET, name, value) or 'view=all'}"}
        for name, value, words in form.chips()
    ]


def columns(request: Any, table: TaskTable) -> dict[str, Any]:
    """Every column to choose from: those shown first, in their order, each with its place one to the left."""
    names = dict(TaskTable.choices())
    shown = table.chosen
    listed = []
    for name in [*shown, *(name for name in names if name not in shown)]:
        at = shown.index(name) if name in shown else 0
        earlier = [*shown[: at - 1], name, shown[at - 1], *shown[at + 1 :]] if at else []
        listed.append({"name": name, "label": names[name], "shown": name in shown, "earlier": earlier})
    return {"columns": listed}


def picked(request: Any, table: TaskTable) -> dict[str, Any]:
    """The rows chosen so far: those of this page, and those of other pages, which stay in the address."""
    keys = list(dict.fromkeys(request.GET.getlist("picked")))[:MOST_PICKED]
    here = {row.record.key: row.record.pk for row in table.paginated_rows}
    change = rights.standings(request.actor)
    may_change = any(change.may(right) for right in ("task.change", "task.assign", "task.cancel", "task.add"))
    return {
        "picked": keys,
        "picked_here": [here[key] for key in keys if key in here],
        "picked_pairs": [("picked", key) for key in keys if key not in here],
        "may_pick": may_change and not request.in_past,
    }


def hidden(request: Any, *left_out: str) -> list[tuple[str, str]]:
    """The address as hidden fields of a form, without the fields that the form itself has."""
    return [(key, value) for key, values in request.GET.lists() if key not in left_out for value in values]
