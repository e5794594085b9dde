"""The card of a task as it is typed: days that do not exist, provisions, keys and groups that are proposed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dotpha.accounts.models import User
from dotpha.directory.models import Post, PostHolder
from dotpha.documents import numbers
from dotpha.documents.models import Document, Provision, ProvisionText
from dotpha.platform import text
from dotpha.programmes import actions
from dotpha.programmes.models import Membership, Programme, Task
from dotpha.programmes.tests import factories as make
from dotpha.programmes.tests.test_pages_task import of, page, sent

pytestmark = pytest.mark.django_db
ADD = "/desk/tasks/add/"
TYPED = {"programme": "resolution57", "title": "Xây dựng đề án", "lead": "most", "key": "k-1", "deadline": "2030"}


@pytest.fixture(autouse=True)
def world() -> None:
    make.organisation("most")
    make.programme()


def add(status: int, **typed: Any) -> str:
    answer: str = sent(of("office"), ADD, {**TYPED, **typed}, status).content.decode()
    return answer


def test_a_day_that_does_not_exist_is_told_at_the_field_before_anything_is_kept() -> None:
    said = add(422, deadline="31/02/2027")
    assert "The day 31/02/2027 is in no calendar." in said
    assert 'type="checkbox" name="as_printed"' in said
    assert not Task.objects.exists()
    add(302, deadline="31/02/2027", as_printed="on")
    assert (Task.objects.get().deadline_text, Task.objects.get().deadline_kind) == ("31/02/2027", "unknown")


def test_words_that_nobody_can_read_are_still_taken() -> None:
    assert 'name="as_printed"' not in page(of("office"), f"{ADD}?programme=resolution57")
    add(302, deadline="sớm nhất có thể")
    assert Task.objects.get().deadline_kind == "unknown"


def test_a_child_and_a_changed_card_ask_the_same() -> None:
    task = make.task(key="t", deadline_text="31/02/2027")
    child = {"title": "Con", "lead": "most", "deadline": "30/2/2027", "key": "t-1"}
    client = of("office")
    assert "30/2/2027 is in no calendar" in sent(client, "/desk/tasks/t/acts/break_down/", child, 422).content.decode()
    edited = {"title": "Khác", "deadline": "31/02/2027", "version": task.version, "reason": "x", "document": "1/QĐ"}
    sent(client, "/desk/tasks/t/edit/", edited)  # what the card has already is not asked again
    task.refresh_from_db()
    assert task.heading.text == "Khác"


def test_keys_are_proposed_and_can_be_changed() -> None:
    client = of("office")
    assert 'name="key" value="resolution57-001"' in page(client, f"{ADD}?programme=resolution57")
    make.task(key="resolution57-007")
    assert 'name="key" value="resolution57-008"' in page(client, f"{ADD}?programme=resolution57")
    for act in ("copy", "break_down"):
        assert 'name="key" value="resolution57-007-1"' in page(client, f"/desk/tasks/resolution57-007/acts/{act}/")


def test_after_copying_one_stands_at_the_copy_with_the_way_to_the_original() -> None:
    make.task(key="t")
    client = of("office")
    answer = sent(client, "/desk/tasks/t/acts/copy/", {"key": "t-1"})
    assert answer["Location"] == "/desk/tasks/t-1/"
    assert 'The task was copied. <a href="/desk/tasks/t/">The original: t</a>' in page(client, "/desk/tasks/t-1/")


def test_groups_of_the_chosen_programme_are_offered_without_scripts() -> None:
    make.task(key="t")
    first, other = make.programme(), make.programme("other")
    for programme, key, order in ((first, "g2", 2), (other, "g5", 5)):
        actions.add_group(programme=programme, key=key, order=order, title={"vi": f"Nhóm {order}"}, by=make.TEST)
    client, address = of("office"), "/desk/tasks/t/acts/move/"
    shown = page(client, address)
    assert '<option value="g2">2. Nhóm 2</option>' in shown
    assert "g5" not in shown
    typed = {"programme": "other", "group": "g2", "groups_of": "resolution57"}
    again = sent(client, address, typed, 422).content.decode()
    assert "These are the task groups of the other programme" in again
    assert '<option value="g5">5. Nhóm 5</option>' in again
    assert 'name="groups_of" value="other"' in again
    sent(client, address, {**typed, "group": "g5", "groups_of": "other"})
    assert Membership.objects.get(programme=other).group == other.groups.get()


def a_clause() -> Provision:
    document = make.document("nq-57", number="57-NQ/TW")
    document.number_forms = sorted(numbers.forms("57-NQ/TW", "resolution"))
    document.number = "57-NQ/TW"
    document.save()
    return Provision.objects.create(document=document, address="II.1", kind="item", order=1)


def test_a_task_is_added_under_a_clause_from_its_page() -> None:
    provision = a_clause()
    client = of("office")
    address = "/desk/tasks/add/?programme=resolution57&amp;provision=57-NQ%2FTW%23II.1"
    assert f'href="{address}">Add a task under this clause</a>' in page(client, "/desk/documents/nq-57/II.1/")
    shown = page(client, address.replace("&amp;", "&"))
    assert 'value="57-NQ/TW#II.1"' in shown
    assert '<option value="57-NQ/TW#II.1">57-NQ/TW#II.1</option>' in shown
    add(302, provision="57-NQ/TW#II.1")
    task = Task.objects.get()
    assert (task.provision, task.memberships.get().provision) == (provision, provision)


def test_a_clause_that_nobody_knows_is_refused_at_its_field() -> None:
    a_clause()
    assert "is no clause here" in add(422, provision="57-NQ/TW#IX.9")
    assert not Task.objects.exists()


def test_the_clause_of_a_task_is_changed_on_its_card() -> None:
    provision = a_clause()
    make.task(key="t")
    client = of("office")
    task = Task.objects.get()
    typed = {"title": task.heading.text, "deadline": task.deadline_text, "version": task.version}
    sent(client, "/desk/tasks/t/edit/", {**typed, "provision": "nghị quyết 57-NQ/TW#II.1"})
    assert Task.objects.get().provision == provision
    assert 'value="57-NQ/TW#II.1"' in page(client, "/desk/tasks/t/edit/")


@pytest.mark.parametrize(
    ("said", "status", "answer"),
    [
        ("II.1", 302, "II.1"),
        ("phat trien ha tang so", 302, "II.1"),
        ("57-NQ/TW#Phát triển hạ tầng số", 302, "II.1"),
        ("kinh te so", 302, "III"),
        ("Nhân lực", 422, "may mean any of these: 57-NQ/TW#II.2; 57-NQ/TW#II.3."),
        ("Phát triển hạ tầng", 422, "Nearest: 57-NQ/TW#II.1 Phát triển hạ tầng số"),
    ],
)
def test_a_clause_is_typed_by_number_or_heading(said: str, status: int, answer: str) -> None:
    first = a_clause()
    Programme.objects.update(document=first.document)
    for number, heading in enumerate(("Phát triển hạ tầng số", "Nhân lực", "Nhân lực"), start=1):
        facts = {"document": first.document, "kind": "item", "order": number}
        clause, _made = Provision.objects.get_or_create(address=f"II.{number}", defaults=facts)
        ProvisionText.objects.create(provision=clause, edition=1, heading={"vi": heading})
    elsewhere = Provision.objects.create(document=make.document("nq-1"), address="III", kind="item", order=1)
    named = {"heading": {"vi": "Kinh tế số"}, "words": text.tsvector("Kinh tế số")}
    ProvisionText.objects.create(provision=elsewhere, edition=1, **named)
    shown = add(status, provision=said)
    assert answer in shown if status == 422 else Task.objects.get().provision.address == answer  # type: ignore[union-attr]


def test_a_place_is_typed_by_name() -> None:
    place = make.place("sl", name={"vi": "Tỉnh Sơn La"}, short="Sơn La", words=text.tsvector("Sơn La"))
    assert '<option value="Tỉnh Sơn La"></option>' in page(of("office"), f"{ADD}?programme=resolution57")
    add(302, place="son la")
    assert Task.objects.get().place == place
    assert 'value="Tỉnh Sơn La"' in page(of("office"), "/desk/tasks/k-1/edit/")
    assert "Nearest: Tỉnh Sơn La." in add(422, key="k-2", place="Sơn Lâm")


def test_the_card_names_the_posts_and_who_held_them_then() -> None:
    """A change of holder rewrites nothing: an earlier day shows the one of that day (A5)."""
    bodies = {key: make.organisation(key) for key in ("most", "mof")}
    post = Post.objects.create(organisation=bodies["most"], title={"vi": "Bộ trưởng"})
    for name, first, last in (("cũ", date(2025, 1, 1), date(2026, 2, 28)), ("mới", date(2026, 3, 1), None)):
        person = User.objects.create(username=f"holder-{first:%Y%m}", name=f"Người {name}")
        PostHolder.objects.create(post=post, user=person, from_on=first, until_on=last)
    task = make.task(key="a", assigned_on=date(2026, 1, 5))
    client = of("office")
    address = f"/desk/tasks/{task.key}/"
    data = {
        "title": task.heading.text, "deadline": task.deadline_text, "version": "1",
        "accountable_post": "most/Bộ trưởng", "approver_post": "mof/Không có",
    }  # fmt: skip
    said = client.post(f"{address}edit/", data)
    assert (said.status_code, 'id="id_approver_post_error"' in said.content.decode()) == (422, True)
    assert client.post(f"{address}edit/", {**data, "approver_post": ""}).status_code == 302
    now, then = (client.get(address + query).content.decode() for query in ("", "?as_of=2026-02-01"))
    assert ("Người mới" in now, "Người cũ" in now) == (True, False)
    assert ("Người mới" in then, "Người cũ" in then) == (False, True)


def test_a_clause_that_one_may_not_know_of_is_neither_shown_nor_proposed_nor_wiped() -> None:
    provision = a_clause()
    programme = make.programme("own", organisation=make.organisation("most"), document=provision.document)
    task = make.task(key="t", within=programme, title="Một việc", deadline_text="2030", provision="nq-57#II.1")
    client, address = of("focal_point", make.organisation("most").scope), "/desk/tasks/t/edit/"
    assert page(client, address).count('value="57-NQ/TW#II.1"') == 2
    Document.objects.update(mark=Document.Mark.RESTRICTED)
    for each in (address, "/desk/tasks/add/?programme=own"):
        assert 'value="57-NQ/TW#II.1"' not in page(client, each)
    typed = {"title": "Một việc", "deadline": "2030", "tags": "mới", "version": task.version}
    sent(client, address, {**typed, "provision": ""})
    task.refresh_from_db()
    assert (task.provision, task.tags) == (provision, ["mới"])


def test_who_may_not_change_a_card_gets_neither_its_form_nor_its_button() -> None:
    """The lead of somebody else's programme: page, API and action ask the same (fault 5)."""
    task = make.task(key="t", within=make.programme("p"))
    client = of("focal_point", make.organisation("most").scope)
    assert "/tasks/t/edit/" not in page(client, "/desk/tasks/t/")
    page(client, "/desk/tasks/t/edit/", 403)
    sent(client, "/desk/tasks/t/edit/", {"title": "x", "deadline": "2030", "version": task.version}, 403)


def test_a_card_takes_nothing_typed_in_what_needs_another_right() -> None:
    """A focal point's own programme: the words are theirs to change, deadline and agencies those of who assigns."""
    task = make.task(key="t", within=make.programme("own", organisation=make.organisation("most")), title="Một việc")
    client = of("focal_point", make.organisation("most").scope)
    assert "/tasks/t/edit/" in page(client, "/desk/tasks/t/")
    typed = {"title": "Một việc", "tags": "mới", "deadline": "31/12/2040", "version": task.version}
    sent(client, "/desk/tasks/t/edit/", typed)
    after = Task.objects.get()
    assert (after.tags, after.deadline_text) == (["mới"], task.deadline_text)
