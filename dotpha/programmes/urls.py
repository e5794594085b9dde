"""Pages of programmes and tasks; mounted under /desk/."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from dotpha.programmes.views import bulk, tasks

app_name = "programmes"

lists: list[URLPattern] = [
    path("tasks/", tasks.tasks, name="tasks"),
    re_path(r"^tasks\.(?P<kind>csv|xlsx|json)$", tasks.twin, name="tasks_twin"),
    path("tasks/change/", bulk.change, name="tasks_change"),
]
"""Lists and boards: of tasks, programmes, extensions, blockers, deadlines."""

single: list[URLPattern] = []
"""The pages of one task, its reports, requests and imports."""

urlpatterns = [*lists, *single]
