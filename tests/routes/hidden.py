"""What may be read, and beside it what may not: every text of the hidden rows says `WORD`, their keys begin with it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from dotpha.accounts.actions import data_requests
from dotpha.directory import actions as directory
from dotpha.directory.models import Post
from dotpha.documents import actions as documents
from dotpha.documents.models import Document, Provision
from dotpha.documents.rows import ProvisionRow, RelationRow
from dotpha.documents.tests.test_actions import attach
from dotpha.platform import audit, days, saved_views
from dotpha.programmes import actions
from dotpha.programmes.models import Membership, Notice, Programme, Task
from dotpha.programmes.tests import factories as make
from tests.routes import scripts_in_text

ONE_DAY = timedelta(days=1)
WORD = "zkin57"
DUE = "31/12/2035"
BODIES = ("most", "mof", "moha", "moh")


def build_open() -> dict[tuple[str, str], str]:
    """What everybody may read, or one agency alone; answers an example of each parameter that names something of it."""
    for key in BODIES:
        make.organisation(key)
    make.place("elsewhere", name={"vi": "Nơi khác"})
    clause = ProvisionRow("dieu-1", "article", text={"vi": "Điều một"})
    documents.add_provisions(document=make.document("open-1"), rows=[clause], by=make.office())
    attach(make.document("open-1"), b"%PDF-1.7 open", by=make.office())
    seen = make.programme("open", document=make.document("open-1"), title={"vi": "Chương trình mở"})
    make.person("owner", make.organisation("mof").scope, username=f"{WORD}-person")
    for key, lead in (("v-1", "most"), ("v-2", "moh")):
        make.task(key=key, within=seen, title=f"Việc mở {key}", lead=lead, deadline_text=DUE, products=("Một đề án",))
    posts = [
        directory.add_post(organisation=make.organisation(key), title={"vi": "Bộ trưởng"}, by=make.TEST)
        for key in ("most", "mof")
    ]
    target = actions.TargetRow(key="v-target", title={"vi": "Mục tiêu mở"}, year=2030, order=1)
    actions.add_targets(programme=seen, rows=[target], by=make.office())
    return {
        ("tasks", "key"): "v-1", ("programmes", "key"): "open", ("targets", "key"): "v-target",
        ("documents", "key"): "open-1", ("open-1", "address"): "dieu-1", ("files", "number"): "1",
        ("organisations", "key"): "most", ("places", "key"): "elsewhere", ("parts", "organisation"): "most",
        ("posts", "pk"): str(posts[0].pk), ("open", "kind"): "csv", ("acts", "name"): "cancel",
    }  # fmt: skip


def numbers() -> dict[str, int]:
    """The greatest number of each of our tables: what is added from here on is above it."""
    return {model._meta.db_table: _greatest(model) for model in _ours()}


def _ours() -> Iterable[Any]:
    for model in apps.get_models():
        if model.__module__.startswith("dotpha.") and isinstance(model._meta.pk, models.AutoField):
            yield model


def _greatest(model: Any) -> int:
    return int(model._default_manager.aggregate(most=models.Max("pk"))["most"] or 0)


def hide() -> dict[tuple[str, str], str]:
    """A programme that is not published, a restricted document, what hangs on them, what is another person's own."""
    before, day, by = numbers(), days.today(), make.owner("mof")
    document = _document()
    programme = make.programme(f"{WORD}-programme", published=False, organisation=make.organisation("mof"),
                               title={"vi": WORD}, document=document)  # fmt: skip
    for order, key in enumerate((f"{WORD}-group", f"{WORD}-other"), start=1):
        actions.add_group(programme=programme, key=key, title={"vi": WORD}, order=order, by=make.office())
    target = actions.TargetRow(key=f"{WORD}-target", title={"vi": WORD}, year=2030, order=1, result_text=WORD)
    actions.add_targets(programme=programme, rows=[target], by=make.office())
    for number, due in (("task", DUE), ("late", (day - 20 * ONE_DAY).isoformat()), ("third", DUE)):
        make.task(key=f"{WORD}-{number}", within=programme, title=WORD, lead="mof", cooperating=("moha",),
                  deadline_text=due, assigned_on=day - 90 * ONE_DAY, products=(WORD,), source=WORD,
                  group=f"{WORD}-group", provision=f"{WORD}-document#dieu-1")  # fmt: skip
    made = {**_of_task(Task.objects.get(key=f"{WORD}-task"), by), **_of_a_person(programme)}
    fill(before)
    return {
        **{(noun, name): number for noun, number in made.items() for name in ("pk", "id")},
        ("tasks", "key"): f"{WORD}-task", ("programmes", "key"): f"{WORD}-programme",
        ("targets", "key"): f"{WORD}-target", ("documents", "key"): f"{WORD}-document",
        (f"{WORD}-document", "address"): "dieu-1", ("files", "number"): "1", (f"{WORD}-programme", "kind"): "csv",
        ("parts", "organisation"): "moha", ("acts", "name"): "cancel", ("people", "username"): f"{WORD}-person",
    }  # fmt: skip


def _document() -> Document:
    held = make.document(f"{WORD}-document", title={"vi": WORD}, number="957-ZK/TW", number_forms=["957-zk/tw"])
    clause = ProvisionRow("dieu-1", "article", text={"vi": WORD})
    documents.add_provisions(document=held, rows=[clause], by=make.office())
    attach(held, f"%PDF-1.7 {WORD}".encode(), by=make.office())
    documents.add_relations(rows=[RelationRow(held.key, "implements", "open-1")], by=make.office())
    Document.objects.filter(pk=held.pk).update(mark=Document.Mark.RESTRICTED)
    return held


def _of_task(task: Task, by: Any) -> dict[str, str]:
    """What is said about a hidden task, and what is asked of another body for it."""
    day, moha = days.today(), make.organisation("moha")
    report = actions.draft_report(task=task, row=actions.ReportRow(WORD, 40), by=by, on=day)
    actions.submit_report(report=report, by=by, on=day)
    extension = actions.request_extension(
        task=task, new_due_on=day.replace(year=2037), reason=WORD, document="", by=by, on=day
    )
    actions.set_part(task=task, organisation=moha, part_due_on=day, by=make.TEST, on=day)
    later = actions.request_part_extension(
        task=task, organisation=moha, new_due_on=day.replace(year=2034), reason=WORD, by=make.owner("moha"), on=day
    )
    blocker = actions.raise_blocker(
        task=task, kind="funding", text=WORD, asks_of=make.organisation("moh"), by=by, on=day
    )
    found = {"reports": report, "extensions": extension, "part-extensions": later, "blockers": blocker}
    return {noun: str(each.pk) for noun, each in found.items()}


def _of_a_person(programme: Programme) -> dict[str, str]:
    """What is one person's own: a request about own data, a view, a notice; and the programme of a post."""
    other, day = make.person("owner", make.organisation("mof").scope), days.today()
    own = data_requests.make_request(user=other, kind="access", text=WORD, by=other.actor(), on=day)
    view = saved_views.save_view(by=other.actor(), list_name="tasks", name=WORD, query=f"q={WORD}")
    notice = Notice.objects.create(user=other, task=Task.objects.get(key=f"{WORD}-late"), step="owner", due_on=day,
                                   made_on=day)  # fmt: skip
    post = Post.objects.get(organisation__key="mof")
    personal = actions.add_personal_programme(programme=programme, post=post, from_on=day, by=make.office(), on=day)
    return {
        "requests": str(own.pk), "data-requests": str(own.pk), "views": str(view.pk), "notices": str(notice.pk),
        "personal": str(personal.pk), "personal-programmes": str(personal.pk),
    }  # fmt: skip


def speak() -> None:
    """Let the agency of a published task say on it what is for those alone who may see the task."""
    before, day, by = numbers(), days.today(), make.owner("moh")
    task, moha = Task.objects.get(key="v-2"), make.organisation("moha")
    report = actions.draft_report(task=task, row=actions.ReportRow(WORD, 40), by=by, on=day)
    actions.submit_report(report=report, by=by, on=day)
    later = actions.request_extension(
        task=task, new_due_on=day.replace(year=2037), reason=WORD, document="", by=by, on=day
    )
    actions.grant_extension(extension=later, answer=WORD, by=make.office(), on=day)
    actions.request_extension(task=task, new_due_on=day.replace(year=2038), reason=WORD, document="", by=by, on=day)
    actions.raise_blocker(task=task, kind="funding", text=WORD, asks_of=moha, by=by, on=day)
    actions.set_part(task=task, organisation=moha, part_due_on=day, by=make.TEST, on=day)
    fill({**before, "programmes_assignment": numbers()["programmes_assignment"]})


def tie() -> None:
    """Let a task that may be read hang together with hidden ones in every way that it can."""
    before, day, by = numbers(), days.today(), make.office()
    seen, hidden = Task.objects.get(key="v-1"), Task.objects.get(key=f"{WORD}-task")
    programme = Programme.objects.get(key=f"{WORD}-programme")
    group = programme.groups.get(key=f"{WORD}-group")
    actions.move_task(task=seen, programme=programme, group=group, by=by, on=day)
    _regroup(seen, programme, by)
    actions.add_dependency(task=seen, needs=hidden, by=by, on=day)
    actions.add_dependency(task=Task.objects.get(key=f"{WORD}-late"), needs=seen, by=by, on=day)
    actions.merge_tasks(task=Task.objects.get(key=f"{WORD}-third"), into=seen, reason="gộp lại", by=by, on=day)
    clause = Provision.objects.get(document__key=f"{WORD}-document")
    Task.objects.filter(pk=seen.pk).update(parent=hidden, provision=clause)
    Membership.objects.filter(task=seen).update(provision=clause)
    Programme.objects.filter(key="open").update(parent=programme)
    documents.add_relations(rows=[RelationRow(f"{WORD}-document", "amends", "open-1")], by=by)
    fill({**before, "platform_auditevent": _greatest_event()})


def _regroup(task: Task, programme: Programme, by: Any) -> None:
    """Another group of the hidden programme; and one as it was recorded once, without its programme."""
    row = make.row(key=task.key, group=f"{WORD}-other", given=frozenset({"group"}))
    actions.change_task(task=task, row=row, programme=programme, by=by, on=days.today())
    audit.record("task.changed", task, by, before={"group": ""}, after={"group": f"{WORD}-group"})


def _greatest_event() -> int:
    """The events of what may be read are part of its history; their words stay."""
    return numbers()["platform_auditevent"]


def fill(before: dict[str, int]) -> None:
    """Let every text of the rows above these numbers say the word, past triggers; a constraint may keep it out."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # the record refuses to be changed
        for model in _ours():
            for field in filter(scripts_in_text.is_words, model._meta.concrete_fields):
                _fill_column(cursor, model._meta, field, before[model._meta.db_table])
        cursor.execute("SET LOCAL session_replication_role = origin")


def _fill_column(cursor: Any, table: Any, field: Any, above: int) -> None:
    column = f'"{field.column}"'
    said, where = "%s", f"{column} <> ''"
    if isinstance(field, models.JSONField):
        said = f"(SELECT jsonb_object_agg(k, to_jsonb(%s::text)) FROM jsonb_object_keys({column}) k)"
        where = f"jsonb_typeof({column}) = 'object' AND {column} <> '{{}}'"
    try:
        with transaction.atomic():
            statement = f'UPDATE "{table.db_table}" SET {column} = {said} WHERE {where} AND "{table.pk.column}" > %s'
            cursor.execute(statement, [WORD, above])
    except DatabaseError:
        return
