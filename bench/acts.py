"""Thirty acts of every day, each with the same limit: what somebody waits for must feel immediate (expectation 40)."""

from __future__ import annotations

from urllib.parse import quote

LIMIT = 400.0
"""Milliseconds at the 95th percentile until the answer of the server is whole, with 6,300 tasks."""

PAGES = {
    "the inbox": "/desk/inbox/",
    "the leader's page": "/desk/leader/",
    "the map": "/desk/map/",
    "the list of tasks": "/desk/tasks/?view=all",
    "overdue tasks": "/desk/tasks/?state=overdue",
    "tasks with two conditions": "/desk/tasks/?state=overdue&state=due_soon&lead=most",
    "tasks in another order": "/desk/tasks/?view=all&sort=-key",
    "the next page of tasks": "/desk/tasks/?view=all&page=2",
    "tasks with other columns": "/desk/tasks/?view=all&columns=key,title,cooperating,programmes,tags",
    "tasks of a day in the past": "/desk/tasks/?view=all&as_of=2026-01-15",
    "words in tasks": f"/desk/tasks/?q={quote('cơ sở dữ liệu')}",
    "the conditions of the list": "/desk/tasks/?view=all&conditions=1",
    "one task": "/desk/tasks/nq03-001/",
    "one task, all its history": "/desk/tasks/nq03-001/?history=all",
    "the form of a task": "/desk/tasks/nq03-001/edit/",
    "the form of a new task": "/desk/tasks/add/",
    "an act on a task": "/desk/tasks/nq03-001/acts/assign/",
    "programmes": "/desk/programmes/",
    "one programme": "/desk/programmes/resolution57/",
    "its targets": "/desk/programmes/resolution57/targets/",
    "extensions": "/desk/extensions/",
    "blockers": "/desk/blockers/",
    "the calendar": "/desk/calendar/",
    "deadlines to be settled": "/desk/deadlines/",
    "documents": "/desk/documents/",
    "one document": "/desk/documents/nq-57/",
    "one organisation": "/desk/organisations/most/",
    "the search": f"/desk/search/?q={quote('khoa học')}",
    "the palette": f"/desk/palette.json?q={quote('co so')}",
    "help on a page": "/desk/help/",
}
"""What is done, and its address; the office does it."""
