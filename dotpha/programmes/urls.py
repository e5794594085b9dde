"""Pages of programmes and tasks; mounted under /desk/."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from dotpha.programmes.views import blockers, bulk, calendar, deadlines, extensions, programmes, tasks

app_name = "programmes"

lists: list[URLPattern] = [
    path("tasks/", tasks.tasks, name="tasks"),
    re_path(r"^tasks\.(?P<kind>csv|xlsx|json)$", tasks.twin, name="tasks_twin"),
    path("tasks/change/", bulk.change, name="tasks_change"),
    path("programmes/", programmes.programmes, name="programmes"),
    path("programmes/add/", programmes.programme_add, name="programme_add"),
    path("programmes/<slug:key>/", programmes.programme, name="programme"),
    path("programmes/<slug:key>/targets/", programmes.targets, name="targets"),
    path("extensions/", extensions.extensions, name="extensions"),
    path("blockers/", blockers.blockers, name="blockers"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("deadlines/", deadlines.deadlines, name="deadlines"),
]
"""Lists and boards: of tasks, programmes, extensions, blockers, deadlines."""

single: list[URLPattern] = []
"""The pages of one task, its reports, requests and imports."""

urlpatterns = [*lists, *single]
