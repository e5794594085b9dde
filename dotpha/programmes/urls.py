"""Pages of programmes and tasks; mounted under /desk/."""

from __future__ import annotations

from django.urls import URLPattern, path

from dotpha.platform.twins import listed
from dotpha.programmes.views import (
    blockers,
    bulk,
    calendar,
    changing,
    deadlines,
    extensions,
    imports,
    ladder,
    missing,
    parts,
    personal,
    programme_change,
    programmes,
    reports,
    requests,
    splitting,
    targets,
    task,
    task_data,
    tasks,
)

app_name = "programmes"

lists: list[URLPattern] = [
    *listed("tasks", tasks.tasks, "tasks"),
    path("tasks/change/", bulk.change, name="tasks_change"),
    path("tasks/undo/", bulk.undo, name="tasks_undo"),
    *listed("programmes", programmes.programmes, "programmes"),
    path("programmes/add/", programme_change.programme_add, name="programme_add"),
    path("programmes/<slug:key>/", programmes.programme, name="programme"),
    path("programmes/<slug:key>/change/", programme_change.programme_change, name="programme_change"),
    path("programmes/<slug:key>/groups/add/", programme_change.group_add, name="group_add"),
    *listed("programmes/<slug:key>/targets", targets.targets, "targets"),
    path("programmes/<slug:key>/targets/add/", targets.target_add, name="target_add"),
    path("targets/<str:key>/", targets.target, name="target"),
    path("targets/<str:key>/change/", targets.target_change, name="target_change"),
    path("personal/", personal.personal, name="personal"),
    path("personal/add/", personal.personal_add, name="personal_add"),
    path("personal/<int:pk>/", personal.personal_one, name="personal_one"),
    *listed("extensions", extensions.extensions, "extensions"),
    *listed("blockers", blockers.blockers, "blockers"),
    *listed("ladder", ladder.ladder, "ladder"),
    *listed("missing-reports", missing.missing, "missing_reports"),
    path("notices/", ladder.notices, name="notices"),
    path("calendar/", calendar.calendar, name="calendar"),
    *listed("deadlines", deadlines.deadlines, "deadlines"),
]
"""Lists and boards: of tasks, programmes, extensions, blockers, deadlines."""

single: list[URLPattern] = [
    path("tasks/add/", changing.task_add, name="task_add"),
    path("tasks/import/", imports.task_import, name="task_import"),
    path("tasks/<str:key>.json", task_data.task_twin, name="task_twin"),
    path("tasks/<str:key>/", task.task, name="task"),
    path("tasks/<str:key>/edit/", changing.task_edit, name="task_edit"),
    path("tasks/<str:key>/split/", splitting.task_split, name="task_split"),
    path("tasks/<str:key>/parts/<slug:organisation>/", parts.part, name="part"),
    path("tasks/<str:key>/acts/<slug:name>/", changing.act, name="act"),
    path("tasks/<str:key>/report/", reports.report_add, name="report_add"),
    path("tasks/<str:key>/extension/", requests.extension_add, name="extension_add"),
    path("tasks/<str:key>/blocker/", requests.blocker_add, name="blocker_add"),
    path("reports/<int:pk>/", reports.report, name="report"),
    path("reports/<int:pk>/discard/", reports.discard_report, name="discard_report"),
    path("extensions/<int:pk>/", requests.extension, name="extension"),
    path("blockers/<int:pk>/", requests.blocker, name="blocker"),
]
"""The pages of one task, its reports, requests and imports."""

urlpatterns = [*lists, *single]
