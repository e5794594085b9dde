"""Small worlds for tests of programmes: organisations, people with rights, a programme, tasks."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

from dotpha.accounts.models import Grant, User
from dotpha.directory.models import Organisation, Place
from dotpha.documents.models import Document
from dotpha.platform import days
from dotpha.platform.actors import Actor, program
from dotpha.platform.registry import Duty, registry
from dotpha.programmes import actions
from dotpha.programmes.models import Programme, Task
from dotpha.programmes.task_row import TaskRow

TEST = program("test")
DAY = date(2025, 3, 1)
_numbers = itertools.count(1)


def place(key: str = "", **facts: Any) -> Place:
    """A province, unless told otherwise."""
    key = key or f"province-{next(_numbers)}"
    values = {"code": "01", "level": "province", "kind": "province", "short": key, "path": f"{key}/", **facts}
    return Place.objects.get_or_create(key=key, defaults={"name": {"vi": key}, **values})[0]


def organisation(key: str = "", **facts: Any) -> Organisation:
    """A ministry, unless told otherwise."""
    key = key or f"ministry-{next(_numbers)}"
    values = {"kind": "ministry", "path": f"government/{key}/", "name": {"vi": f"Bộ {key}"}, **facts}
    return Organisation.objects.get_or_create(key=key, defaults=values)[0]


def document(key: str = "nq-57", **facts: Any) -> Document:
    values = {"kind": "resolution", "signed_on": DAY, "added_by": "test", "added_at": days.now(), **facts}
    return Document.objects.get_or_create(key=key, defaults={"title": {"vi": "Nghị quyết"}, **values})[0]


def programme(key: str = "resolution57", **facts: Any) -> Programme:
    """A programme, made once for each key; published unless told otherwise."""
    held = Programme.objects.filter(key=key).first()
    if held:
        return held
    publish = facts.pop("published", True)
    title = facts.pop("title", {"vi": "Nghị quyết 57"})
    made = actions.add_programme(
        key=key, title=title, document=facts.pop("document", None) or document(), by=TEST, **facts
    )
    return actions.publish_programme(programme=made, by=TEST) if publish else made


def row(**values: Any) -> TaskRow:
    """A task row of the least that a task needs. `title` may be a plain text."""
    title = values.pop("title", "Xây dựng cơ sở dữ liệu quốc gia")
    values = {"key": f"t-{next(_numbers)}", "lead": "most", "deadline_text": "30/6/2026", **values}
    return TaskRow(title=title if isinstance(title, dict) else {"vi": title}, **values)


def task(on: date | None = None, within: Programme | None = None, **values: Any) -> Task:
    """A task in the main programme, led by the Ministry "most" unless told otherwise."""
    made = row(**values)
    for key in (made.lead, *made.co_leads, *made.cooperating):
        organisation(key)
    return actions.add_task(programme=within or programme(), row=made, by=TEST, on=on or days.today())


def person(role: str, scope: str = "all", username: str = "", **facts: Any) -> User:
    """A person with one role in one scope, for ever."""
    user = User.objects.create(username=username or f"{role}-{next(_numbers)}", name=f"Người {role}", **facts)
    Grant.objects.create(user=user, role=role, scope=scope, from_on=date(2020, 1, 1), granted_by="test")
    return user


def actor(role: str, scope: str = "all") -> Actor:
    """A person as one who acts."""
    return person(role, scope).actor()


def owner(key: str = "most") -> Actor:
    """Somebody who reports for an organisation."""
    return actor("owner", organisation(key).scope)


def approver(key: str = "most") -> Actor:
    """Somebody who approves for an organisation."""
    return actor("approver", organisation(key).scope)


def office() -> Actor:
    """Somebody of the standing office."""
    return actor("office")


def stranger() -> Actor:
    """A person without any right."""
    return User.objects.create(username=f"stranger-{next(_numbers)}").actor()


def duties(by: Actor, key: str, on: date) -> list[Duty]:
    """What a list of the inbox holds for somebody on a day; its figure says as many."""
    held = next(each for each in registry.inbox if each.key == key)
    found = held.duties(by, on, 200)
    assert held.count(by, on) == len(found)
    return list(found)
