"""Which topic of the help belongs to which page: by the name of its view, else by what the name begins with, else
by its app. So a new page has help from its first day."""

from __future__ import annotations

PAGES = {
    "account": "account",
    "mfa": "account",
    "usersessions": "account",
    "accounts": "people",
    "accounts:me": "account",
    "accounts:own": "account",
    "accounts:own_data": "own_data",
    "accounts:data_request": "data_requests",
    "accounts:own_requests": "own_data",
    "accounts:retention": "data_requests",
    "cockpit": "inbox",
    "cockpit:leader": "leader",
    "cockpit:map": "map",
    "cockpit:chart": "map",
    "cockpit:search": "search",
    "cockpit:record": "record",
    "cockpit:system": "system",
    "cockpit:help": "help",
    "cockpit:tour": "help",
    "directory": "organisations",
    "directory:place": "places",
    "directory:post": "posts",
    "documents": "documents",
    "documents:documents": "documents",
    "documents:document": "document",
    "documents:provision": "document",
    "documents:drafting": "drafting",
    "programmes": "task",
    "programmes:tasks": "tasks",
    "programmes:task_import": "import",
    "programmes:programme": "programmes",
    "programmes:group_add": "programmes",
    "programmes:targets": "programmes",
    "programmes:extension": "extensions",
    "programmes:blocker": "blockers",
    "programmes:calendar": "calendar",
    "programmes:deadlines": "deadlines",
    "programmes:ladder": "ladder",
    "programmes:notices": "notices",
    "programmes:personal": "personal",
    "programmes:report": "report",
}


def topic_of(view_name: str) -> str:
    """The topic of the page with this view: that of the longest beginning of its name."""
    begins = [key for key in PAGES if view_name.startswith(key)]
    return PAGES[max(begins, key=len)] if begins else "help"
