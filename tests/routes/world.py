"""A small world with secrets: what lies in one agency's unpublished programme, in a restricted document."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.conf import settings
from django.test import Client

from dotpha.accounts import scopes
from dotpha.accounts.actions import data_requests
from dotpha.accounts.models import User
from dotpha.accounts.roles import RIGHTS, Role
from dotpha.directory import actions as directory
from dotpha.documents import actions as documents
from dotpha.documents.models import Document
from dotpha.documents.rows import ProvisionRow
from dotpha.documents.tests.test_actions import attach
from dotpha.platform import days, saved_views
from dotpha.programmes import actions
from dotpha.programmes.models import Notice
from dotpha.programmes.tests import factories as make

IN_TASK, IN_PROGRAMME, IN_DOCUMENT = "Zkín-việc-57", "Zkín-chương-trình-57", "Zkín-văn-bản-57"
RIGHT_TO_READ = {IN_TASK: "task.view", IN_PROGRAMME: "programme.view"}
READERS_OF_RESTRICTED = RIGHTS["document.change"] | RIGHTS["document.verify"]
SECRET = {("tasks", "key"), ("reports", "pk"), ("reports", "id"), ("extensions", "pk"), ("extensions", "id"),
          ("blockers", "pk"), ("blockers", "id"), ("programmes", "key"), ("targets", "key"), ("notices", "id"),
          ("personal", "pk"), ("personal-programmes", "id"), ("part-extensions", "id")}  # fmt: skip
"""Parameters that name something of the unpublished programme."""
OF_DOCUMENT = {("documents", "key"), ("files", "pk")}


@dataclass(frozen=True)
class Reader:
    """Somebody who asks: nobody at all, or a person with one role in one scope."""

    name: str
    role: Role | None = None
    scope: str = scopes.ALL
    client: Client = field(default_factory=Client, compare=False)

    @property
    def is_nobody(self) -> bool:
        return self.role is None

    def holds(self, right: str) -> bool:
        """Whether the role has the right somewhere."""
        return self.role in RIGHTS[right]

    def may_read(self, mark: str) -> bool:
        """Whether the secret is for this reader: by role, and never from another agency, place or programme."""
        if mark == IN_DOCUMENT:
            return self.scope == scopes.ALL and self.role in READERS_OF_RESTRICTED
        return self.scope == scopes.ALL and self.holds(RIGHT_TO_READ[mark])


def names() -> list[tuple[str, Role | None, str]]:
    """Each role over everything, each role of an agency elsewhere, and nobody."""
    found: list[tuple[str, Role | None, str]] = [("nobody", None, "")]
    found += [(str(role), role, scopes.ALL) for role in Role]
    agency = [Role.LEADER, Role.OFFICE, Role.FOCAL_POINT, Role.OWNER, Role.APPROVER, Role.INSPECTOR]
    found += [(f"{role}-elsewhere", role, "org/government/most/") for role in agency]
    found += [(f"{role}-elsewhere", role, "place/elsewhere/") for role in (Role.COMMUNE_OFFICER, Role.STEWARD)]
    return found


def build() -> dict[tuple[str, str], str]:
    """Make the world; answers an example of each parameter that an address takes."""
    make.organisation("most"), make.place("elsewhere")
    other = make.person("owner", make.organisation("mof").scope, username="somebody-else")
    own = data_requests.make_request(user=other, kind="access", by=other.actor(), on=days.today())
    hidden = make.programme("hidden", published=False, organisation=make.organisation("mof"),
                            title={"vi": IN_PROGRAMME})  # fmt: skip
    task = make.task(key="s-1", within=hidden, title=IN_TASK, lead="mof", cooperating=("moha",),
                     deadline_text="31/12/2035")  # fmt: skip
    day, by = days.today(), make.owner("mof")
    report = actions.draft_report(task=task, row=actions.ReportRow(IN_TASK, 40), by=by, on=day)
    actions.submit_report(report=report, by=by, on=day)
    extension = actions.request_extension(
        task=task, new_due_on=day.replace(year=2037), reason=IN_TASK, document="", by=by, on=day
    )
    actions.set_part(task=task, organisation=make.organisation("moha"), part_due_on=day, by=make.TEST, on=day)
    later = actions.request_part_extension(
        task=task, organisation=make.organisation("moha"), new_due_on=day.replace(year=2034), reason=IN_TASK,
        by=make.owner("moha"), on=day,
    )  # fmt: skip
    blocker = actions.raise_blocker(
        task=task, kind="funding", text=IN_TASK, asks_of=make.organisation("moh"), by=by, on=day
    )
    view = saved_views.save_view(by=other.actor(), list_name="tasks", name=IN_TASK, query="q=x")
    post = directory.add_post(organisation=make.organisation("mof"), title={"vi": "Bộ trưởng"}, by=make.TEST)
    personal = actions.add_personal_programme(programme=hidden, post=post, from_on=day, by=make.office(), on=day)
    notice = Notice.objects.create(user=other, task=task, step="owner", due_on=day, made_on=day)
    row = actions.TargetRow(key="t-1", title={"vi": IN_PROGRAMME}, year=2030, order=1, result_text=IN_PROGRAMME)
    actions.add_targets(programme=hidden, rows=[row], by=make.office())
    file = _restricted_document()
    numbers = {
        "reports": report.pk, "extensions": extension.pk, "blockers": blocker.pk, "personal": personal.pk,
        "personal-programmes": personal.pk, "part-extensions": later.pk, "posts": post.pk, "notices": notice.pk,
    }  # fmt: skip
    return {
        **{(noun, name): str(pk) for noun, pk in numbers.items() for name in ("pk", "id")},
        ("requests", "pk"): str(own.pk), ("data-requests", "id"): str(own.pk),
        ("tasks", "key"): "s-1", ("targets", "key"): "t-1",
        ("programmes", "key"): "hidden", ("documents", "key"): "restricted-1",
        ("files", "pk"): str(file), ("files", "number"): "1", ("restricted-1", "address"): "dieu-1",
        ("organisations", "key"): "mof", ("parts", "organisation"): "moha", ("places", "key"): "elsewhere",
        ("people", "username"): other.username, ("demo", "username"): "office", ("views", "pk"): str(view.pk),
        ("language", "code"): "en", ("acts", "name"): "cancel",
        ("charts", "name"): "map", ("charts", "kind"): "csv", ("embed", "name"): "map", ("desk", "kind"): "csv",
        ("documents", "kind"): "csv", ("hidden", "kind"): "csv", ("email", "token"): "x",
        ("confirm-email", "key"): "x", ("imports", "key"): "a" * 64, ("key", "uidb36"): "1", ("key", "key"): "x-y",
    }  # fmt: skip


def _restricted_document() -> int:
    """A restricted document with a clause and a file; answers the number of the stored file."""
    document = make.document("restricted-1", title={"vi": IN_DOCUMENT})
    documents.add_provisions(
        document=document, rows=[ProvisionRow("dieu-1", "article", text={"vi": IN_DOCUMENT})], by=make.office()
    )
    file = attach(document, IN_DOCUMENT.encode(), by=make.office()).file.pk
    Document.objects.filter(pk=document.pk).update(mark=Document.Mark.RESTRICTED)
    return int(file)


def readers() -> dict[str, Reader]:
    """Everybody who asks, each in a browser of their own."""
    return {name: Reader(name, role, scope, _browser(name, role, scope)) for name, role, scope in names()}


def _browser(name: str, role: Role | None, scope: str) -> Client:
    client = Client(headers={"accept-language": "en"}, raise_request_exception=False)
    if role is not None:
        user: User = make.person(str(role), scope, username=f"reader-{name}")
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client
