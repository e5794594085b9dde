"""What is put into a published programme is public at once, and each page says so before; a document that is not public
is not named to the public with the programme that carries it out."""

from __future__ import annotations

import html
from datetime import date

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dotpha.programmes import actions
from dotpha.programmes.models import Programme, Task
from dotpha.programmes.tests import factories as make

pytestmark = pytest.mark.django_db
SAID = "is public: what you put into it can be read by everybody as soon as it is kept."
ASSIGNED = date(2025, 3, 1)
REGISTER = "key,title,lead,deadline\nnew-1,Một việc mới,most,31/12/2035\n".encode()


def signed_in(role: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(make.person(role, locale="en"), backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


@pytest.fixture
def office() -> Client:
    return signed_in("office")


def read(client: Client, address: str) -> str:
    answer = client.get(address, follow=True)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


@pytest.mark.parametrize("published", [True, False])
@pytest.mark.parametrize(
    "address",
    [
        "/desk/tasks/add/?programme=resolution57", "/desk/tasks/import/?programme=resolution57",
        "/desk/tasks/one/split/", "/desk/tasks/one/acts/copy/", "/desk/tasks/one/acts/break_down/",
    ],
)  # fmt: skip
def test_pages_that_add_say_so_before(office: Client, address: str, published: bool) -> None:
    make.task(key="one", within=make.programme(published=published), assigned_on=ASSIGNED)
    assert (f"“Nghị quyết 57” {SAID}" in read(office, address)) is published


def test_an_act_that_adds_nothing_says_nothing(office: Client) -> None:
    make.task(key="one", assigned_on=ASSIGNED)
    assert SAID not in read(office, "/desk/tasks/one/acts/suspend/")


def test_moving_marks_the_public_programmes(office: Client) -> None:
    make.task(key="one", assigned_on=ASSIGNED)
    make.programme("inner", title={"vi": "Kế hoạch nội bộ"}, published=False)
    shown = read(office, "/desk/tasks/one/acts/move/")
    assert ">Nghị quyết 57 (public)</option>" in shown
    assert ">Kế hoạch nội bộ</option>" in shown
    assert "marked “public” can be read by everybody as soon as it is kept." in shown


@pytest.mark.parametrize("verb", ["move", "copy", "group"])
def test_a_change_of_many_says_so_before_it_is_kept(office: Client, verb: str) -> None:
    inner = make.programme("inner", title={"vi": "Kế hoạch nội bộ"}, published=False)
    make.task(key="one", within=inner, assigned_on=ASSIGNED)
    group = actions.add_group(programme=make.programme(), key="g1", title={"vi": "Nhóm"}, order=1, by=make.TEST)
    address = f"/desk/tasks/change/?picked=one&verb={verb}"
    assert "Nghị quyết 57 (public)" in read(office, address)
    chosen = {"group": group.pk} if verb == "group" else {"programme": "resolution57"}
    look = html.unescape(office.post(address, {"verb": verb, **chosen}).content.decode())
    assert f"“Nghị quyết 57” {SAID}" in look
    assert not Task.objects.get(key="one").memberships.filter(programme__key="resolution57").exists()


def test_a_file_that_is_looked_at_says_so(office: Client) -> None:
    make.organisation("most")
    make.programme()
    sent = {"programme": "resolution57", "file": SimpleUploadedFile("register.csv", REGISTER)}
    looked = html.unescape(office.post("/desk/tasks/import/", sent, follow=True).content.decode())
    assert "nothing is kept yet" in looked
    assert f"“Nghị quyết 57” {SAID}" in looked


@pytest.fixture
def closed() -> Programme:
    """A published programme that carries out a restricted document."""
    document = make.document("qd-99", number="99/QĐ-TTg", mark="restricted")
    return make.programme("closed", title={"vi": "Chương trình kín"}, document=document)


@pytest.mark.parametrize(
    "address",
    ["/en/programmes/closed/", "/api/v1/programmes", "/api/v1/programmes/closed", "/api/v1/search?q=99/QĐ-TTg"],
)
def test_a_document_that_is_not_public_is_not_named_to_the_public(closed: Programme, address: str) -> None:
    shown = Client().get(address).content.decode()
    assert ("closed" in shown) is ("search" not in address)
    assert "99/QĐ-TTg" not in shown
    assert "qd-99" not in shown


DESK = ["/desk/programmes/closed/", "/desk/programmes/", "/desk/programmes.csv", "/desk/search/?q=kín"]


@pytest.mark.parametrize("address", DESK)
@pytest.mark.parametrize(("role", "named"), [("office", True), ("owner", False)])
def test_nor_to_staff_who_may_not_know_of_it(closed: Programme, address: str, role: str, named: bool) -> None:
    answer = signed_in(role).get(address)
    shown = b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode()
    assert "Chương trình kín" in shown
    assert ("99/QĐ-TTg" in shown) is named


def test_plans_that_a_reader_may_not_see_are_not_listed_under_a_programme(closed: Programme) -> None:
    make.programme("plan-inner", published=False, parent=closed)
    make.programme("plan-open", parent=closed)
    assert Client().get("/api/v1/programmes/closed").json()["layers"] == ["plan-open"]
