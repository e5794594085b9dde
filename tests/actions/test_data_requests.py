"""Requests about one's own data: clocks, steps, pages, and the erasure that leaves the record whole (K5)."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.conf import settings as site
from django.core import mail
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from dotpha.accounts import inbox, rules
from dotpha.accounts import jobs as letter_jobs
from dotpha.accounts.actions import data_requests as acts
from dotpha.accounts.actions import erasure, grants, people, tokens
from dotpha.accounts.models import DataRequest, Grant, Token, User
from dotpha.accounts.personal_fields import RequestKind
from dotpha.platform import days, seal
from dotpha.platform.actors import Actor
from dotpha.platform.models import AuditEvent
from dotpha.platform.working_days import working_days_between
from dotpha.programmes.tests import factories as make
from dotpha.programmes.tests.test_actions_tasks import refused

ONE = timedelta(days=1)
DAYS = st.dates(date(2026, 1, 1), date(2029, 12, 31))
KINDS = st.sampled_from(RequestKind.values)
SECRET = "chuyện riêng của Lan"


# --- the rule -------------------------------------------------------------------------------------


def test_each_kind_has_its_time() -> None:
    assert set(rules.COMPLETION_DAYS) == set(RequestKind.values)


@given(DAYS, KINDS, st.integers(0, 15))
def test_the_first_reply_is_due_in_two_working_days_and_never_after_the_end(
    made_on: date, kind: str, extended_by: int
) -> None:
    clock = rules.RequestClock(kind, made_on, extended_by=extended_by)
    assert (clock.complete_by - made_on).days == rules.COMPLETION_DAYS[kind] + extended_by
    assert made_on < clock.reply_by <= clock.complete_by
    assert working_days_between(made_on, clock.reply_by) == 2 or clock.reply_by == clock.complete_by
    assert (clock.state, clock.due_on) == ("new", clock.reply_by)


@given(DAYS, KINDS, st.integers(0, 15), st.integers(0, 60), st.integers(0, 60))
def test_a_step_is_late_from_the_day_after_it_was_due(
    made_on: date, kind: str, extended_by: int, replied_after: int, ended_after: int
) -> None:
    replied_on = made_on + timedelta(days=replied_after)
    ended_on = replied_on + timedelta(days=ended_after)
    new = rules.RequestClock(kind, made_on, extended_by=extended_by)
    in_hand = rules.RequestClock(kind, made_on, replied_on, extended_by)
    for clock in (new, in_hand):
        assert clock.due_on is not None
        assert [clock.is_late(clock.due_on), clock.is_late(clock.due_on + ONE)] == [False, True]
    assert in_hand.state == "in_hand"
    ended = rules.RequestClock(kind, made_on, replied_on, extended_by, ended_on)
    over = (ended_on - made_on).days > rules.COMPLETION_DAYS[kind] + extended_by
    assert (ended.state, ended.due_on) == ("completed", None)
    assert {ended.is_late(made_on + timedelta(days=n)) for n in (0, 30, 400)} == {over}


@given(DAYS, st.integers(-3, 40), st.integers(0, 30))
def test_it_is_extended_once_by_at_most_fifteen_days_while_there_is_time(made_on: date, more: int, after: int) -> None:
    clock = rules.RequestClock("access", made_on)
    on = made_on + timedelta(days=after)
    if 1 <= more <= 15 and after <= 10:
        rules.require_extensible(clock, more, on)
    else:
        code = "time_is_over" if 1 <= more <= 15 else "extension_too_long"
        assert refused(lambda: rules.require_extensible(clock, more, on))[0] == code
    again = rules.RequestClock("access", made_on, extended_by=1)
    assert refused(lambda: rules.require_extensible(again, 5, made_on))[0] == "extended_already"


# --- the steps ------------------------------------------------------------------------------------


def asked(user: User, kind: str = "objection", **more: Any) -> DataRequest:
    return acts.make_request(user=user, kind=kind, text=SECRET, by=user.actor(), on=days.today(), **more)


def steps(request: DataRequest, by: Actor) -> list[Any]:
    rest = {"request": request, "by": by, "on": days.today()}
    return [
        lambda: acts.reply_to_request(reply="x", **rest), lambda: acts.extend_request(days=5, reason="x", **rest),
        lambda: acts.complete_request(answer="x", **rest), lambda: acts.refuse_request(answer="x", **rest),
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_request_goes_its_way_and_the_record_has_none_of_its_words() -> None:
    lan, admin, on = make.person("owner", username="lan"), make.person("admin").actor(), days.today()
    request = asked(lan)
    acts.reply_to_request(request=request, reply=f"Đã nhận: {SECRET}", by=admin, on=on)
    acts.extend_request(request=request, days=15, reason=SECRET, by=admin, on=on)
    done = acts.complete_request(request=request, answer=SECRET, kept=SECRET, by=admin, on=on)
    assert (done.clock.state, done.clock.complete_by, done.ended_by) == (
        "completed", on + timedelta(days=30), admin.key,
    )  # fmt: skip
    events = AuditEvent.objects.filter(kind__startswith="data_request.").order_by("pk")
    assert [each.kind.partition(".")[2] for each in events] == ["made", "replied", "extended", "completed"]
    assert {each.subject for each in events} == {"person:lan"}
    assert SECRET not in str(list(events.values()))


@pytest.mark.django_db
def test_what_is_refused_while_asking() -> None:
    lan, admin, on = make.person("owner", username="lan"), make.person("admin").actor(), days.today()

    def ask(kind: str = "access", text: str = "", by: Actor | None = None, **more: Any) -> Any:
        return refused(lambda: acts.make_request(user=lan, kind=kind, text=text, by=by or lan.actor(), on=on, **more))

    assert ask("dance") == ("unknown_kind", "kind", 422)
    assert ask("correction", " ") == ("text_missing", "text", 422)
    assert ask(text="x" * 4001)[:2] == ("too_long", "text")
    assert ask(by=make.stranger())[2] == 403
    assert ask(by=admin, made_on=on + ONE) == ("day_not_come", "made_on", 422)
    paper = acts.make_request(user=lan, kind="access", made_on=on - 5 * ONE, by=admin, on=on)
    assert (paper.made_on, paper.made_by) == (on - 5 * ONE, admin.key)
    assert ask() == ("asked_already", "kind", 409)


@pytest.mark.django_db
def test_only_another_administrator_decides_once_and_with_words() -> None:
    chief = make.person("admin")
    request, on = asked(chief), days.today()
    assert {refused(step)[0] for step in steps(request, chief.actor())} == {"own_request"}
    assert {refused(step)[2] for step in steps(request, make.stranger())} == {403}
    deputy = make.person("admin").actor()
    assert refused(lambda: acts.refuse_request(request=request, answer=" ", by=deputy, on=on))[0] == "answer_missing"
    acts.reply_to_request(request=request, reply="x", by=deputy, on=on)
    assert refused(steps(request, deputy)[0])[0] == "replied_already"
    assert acts.refuse_request(request=request, answer="x", by=deputy, on=on).clock.state == "refused"
    assert {refused(step)[0] for step in steps(request, deputy)} == {"already_decided"}


# --- erasure --------------------------------------------------------------------------------------


def settled(username: str = "lan") -> User:
    """Somebody with everything that an account can have."""
    user = make.person("owner", username=username, email="lan@example.vn", phone="0912", locale="vi")
    SocialAccount.objects.create(user=user, provider="oidc", uid="42", extra_data={})
    EmailAddress.objects.create(user=user, email="lan@example.vn")
    tokens.issue_token(user=user, name="of Lan", may=["read"], by=user.actor())
    return user


@pytest.mark.django_db
def test_erasure_waits_for_the_end_of_the_roles_and_says_what_is_kept() -> None:
    lan, admin, on = settled(), make.person("admin").actor(), days.today()
    request = asked(lan, "erasure")

    def erase(kept: str) -> Any:
        return acts.complete_request(request=request, answer="x", kept=kept, by=admin, on=on)

    assert refused(lambda: erase(""))[:2] == ("kept_missing", "kept")
    assert refused(lambda: erase("the record")) == ("holds_a_role", None, 409)
    lan.refresh_from_db()
    assert (lan.email, lan.is_active) == ("lan@example.vn", True)
    assert DataRequest.objects.get(pk=request.pk).clock.state == "new"


@pytest.mark.django_db
def test_nobody_takes_the_name_that_an_erasure_will_give() -> None:
    lan, admin = settled(), make.person("admin").actor()
    name = f"{erasure.PSEUDONYM}{lan.pk}"
    assert (
        refused(lambda: people.add_person(username=name, name="x", password="một mật khẩu dài 57", by=admin))[0]
        == "username_erased"
    )


@pytest.mark.django_db
def test_an_erased_account_has_no_name_and_no_way_in_and_the_record_stays_whole() -> None:
    lan, admin, on = settled(), make.person("admin").actor(), days.today()
    client = Client()
    client.force_login(lan, backend=site.AUTHENTICATION_BACKENDS[-1])
    request = asked(lan, "erasure")
    grants.end_grant(grant=Grant.objects.get(user=lan), by=admin, on=on)
    before = list(AuditEvent.objects.order_by("pk").values())
    acts.complete_request(request=request, answer="Đã xóa", kept="Nhật ký", by=admin, on=on)
    lan = User.objects.get(pk=lan.pk)
    assert [lan.username, lan.name, lan.email, lan.phone, lan.locale] == [f"erased-{lan.pk}", "", "", "", ""]
    assert (str(lan), lan.is_active, lan.last_login, lan.has_usable_password()) == (lan.username, False, None, False)
    for model in (SocialAccount, EmailAddress, Token):
        assert not model.objects.filter(user=lan).exists()
    assert client.get("/desk/me/")["Location"].startswith("/account/login/")
    request.refresh_from_db()
    assert (request.text, request.made_by, request.answer, request.kept) == ("", lan.username, "Đã xóa", "Nhật ký")
    assert list(AuditEvent.objects.order_by("pk").values())[: len(before)] == before
    seal.seal_new()
    assert seal.verify() is None
    again = {"name": "Another", "password": "bốn-con-ngựa-đỏ-29", "by": admin}
    assert refused(lambda: people.add_person(username="lan", **again)) == ("username_erased", "username", 409)
    load = {"added": [people.PersonRow("lan", "Another")], "changed": {}, "by": admin}
    assert refused(lambda: people.load_people(**load)) == ("username_erased", "key", 409)


# --- letters ----------------------------------------------------------------------------------------


@pytest.fixture
def letters(settings: Any) -> list[Any]:
    """E-mail is on; jobs are worked off by `sent`."""
    settings.EMAIL = "smtp"
    return mail.outbox


def sent() -> None:
    """Do what waits in the queue, twice: a job runs at least once."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name = 'accounts.mail_answer' RETURNING args")
        waiting = [json.loads(args) for (args,) in cursor.fetchall()]
    for each in [*waiting, *waiting]:
        letter_jobs.mail_answer(**each)


@pytest.mark.django_db
def test_each_answer_is_told_once_by_a_letter_without_any_of_its_words(letters: list[Any]) -> None:
    lan, admin, on = make.person("owner", username="lan"), make.person("admin").actor(), days.today()
    User.objects.filter(pk=lan.pk).update(email="lan@example.vn", locale="fr")
    request = asked(lan)
    acts.reply_to_request(request=request, reply=SECRET, by=admin, on=on)
    acts.extend_request(request=request, days=3, reason=SECRET, by=admin, on=on)
    assert letters == []
    sent()
    acts.refuse_request(request=request, answer=SECRET, by=admin, on=on)
    sent()
    assert [each.to for each in letters] == [["lan@example.vn"]] * 3
    said = "".join(f"{each.subject} {each.body}" for each in letters)
    assert "/desk/me/requests/" in said
    assert "réponse" in said
    for secret in (SECRET, str(lan), "lan@", "bjection", request.get_kind_display()):
        assert secret not in said
    told = AuditEvent.objects.filter(kind="data_request.told").order_by("pk")
    assert [each.after["step"] for each in told] == ["replied", "extended", "ended"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE args::text LIKE '%lan@%'")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db
@pytest.mark.parametrize("lacks", ["mail", "address", "account"])
def test_nobody_is_written_to_who_cannot_be(lacks: str, letters: list[Any], settings: Any) -> None:
    lan, admin, on = make.person("owner", username="lan", email="lan@example.vn"), make.person("admin"), days.today()
    request = asked(lan)
    if lacks == "mail":
        settings.EMAIL = ""
    else:
        change = {"email": ""} if lacks == "address" else {"is_active": False}
        User.objects.filter(pk=lan.pk).update(**change)
    page = client_of(admin).get(f"/desk/people/requests/{request.pk}/").content.decode()
    assert "cannot be told by e-mail" in page
    acts.reply_to_request(request=request, reply="x", by=admin.actor(), on=on)
    assert not acts.mail_answer(request=request, step="replied", by=make.TEST)
    sent()
    assert letters == []


@pytest.mark.django_db
def test_an_erased_person_is_not_written_to(letters: list[Any]) -> None:
    lan, admin, on = settled(), make.person("admin").actor(), days.today()
    request = asked(lan, "erasure")
    grants.end_grant(grant=Grant.objects.get(user=lan), by=admin, on=on)
    acts.complete_request(request=request, answer="x", kept="x", by=admin, on=on)
    sent()
    assert letters == []


# --- programs ---------------------------------------------------------------------------------------


def program_of(user: User) -> Any:
    token = tokens.issue_token(user=user, name="x", may=["read", "write"], by=user.actor())
    client = Client(headers={"authorization": f"Bearer {token}"})

    def ask(path: str, body: Any = None) -> tuple[int, Any]:
        address = f"/api/v1/{path}"
        answer = client.get(address) if body is None else client.post(address, body, "application/json")
        return answer.status_code, answer.json()

    return ask


@pytest.mark.django_db
def test_a_program_asks_and_answers_as_the_pages_do() -> None:
    lan, admin = program_of(make.person("owner", username="lan")), program_of(make.person("admin"))
    status, made = lan("me/data-requests", {"kind": "correction", "text": SECRET})
    assert (status, made["state"], made["username"], made["late"]) == (201, "new", "lan", False)
    one = f"data-requests/{made['id']}"
    assert lan("me/data-requests", {"kind": "correction", "text": "x"})[0] == 409
    assert lan("me/data-requests", {"kind": "objection"})[1]["code"] == "text_missing"
    for refused_to_lan in ("data-requests", one, "data-requests/999999"):
        assert lan(refused_to_lan)[0] == 403
    assert lan(f"{one}/reply", {"reply": "x"})[0] == 403
    assert admin("data-requests/999999")[0] == 404
    assert admin(one)[1] == made
    assert admin(f"{one}/reply", {"reply": " "})[1]["code"] == "answer_missing"
    assert admin(f"{one}/reply", {"reply": "Received"})[1]["state"] == "in_hand"
    assert admin(f"{one}/extend", {"days": 16, "reason": "x"})[0] == 422
    assert admin(f"{one}/extend", {"days": 3, "reason": "Archive"})[1]["extended_by"] == 3
    done = admin(f"{one}/complete", {"answer": "Done", "kept": "the record"})[1]
    assert (done["state"], done["answer"], done["kept"]) == ("completed", "Done", "the record")
    assert admin(f"{one}/refuse", {"answer": "x"})[0] == 409
    assert lan("me/data-requests")[1]["items"] == [done]
    assert lan("me/data")[1]["requests"][0]["answer"] == "Done"


@pytest.mark.django_db
def test_a_program_lists_what_is_due_first_page_by_page(django_assert_max_num_queries: Any) -> None:
    admin, on = make.person("admin"), days.today()
    ask = program_of(admin)
    for name, ago in (("fresh", 0), ("old", 90), ("older", 95)):
        person = make.person("owner", username=name)
        acts.make_request(user=person, kind="access", made_on=on - ago * ONE, by=admin.actor(), on=on)
    with django_assert_max_num_queries(5):
        status, page = ask("data-requests?page_size=2")
    assert status == 200
    assert [each["username"] for each in page["items"]] == ["older", "old"]
    assert {name: page[name] for name in ("count", "page", "page_size")} == {"count": 3, "page": 1, "page_size": 2}
    assert [each["username"] for each in ask("data-requests?page_size=2&page=2")[1]["items"]] == ["fresh"]
    assert ask("data-requests?state=completed")[1]["items"] == []
    paper = {"username": "nobody", "kind": "objection", "text": "x"}
    assert ask("data-requests", paper)[1]["errors"][0]["field"] == "username"
    paper |= {"username": "old", "made_on": (on - ONE).isoformat()}
    assert ask("data-requests", paper)[1]["made_on"] == paper["made_on"]
    assert Client().get("/api/v1/data-requests").status_code == 401
    assert Client().get("/api/v1/me/data").status_code == 401


# --- pages ----------------------------------------------------------------------------------------


def client_of(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user, backend=site.AUTHENTICATION_BACKENDS[-1])
    return client


@pytest.mark.django_db
def test_a_person_asks_and_follows_the_own_requests_alone() -> None:
    lan, minh, admin = make.person("owner"), make.person("owner"), make.person("admin").actor()
    asked(minh)
    client = client_of(lan)
    address = "/desk/me/requests/"
    assert "not asked for anything yet" in client.get(address).content.decode()
    assert client.post(address, {"kind": "correction", "text": ""}).status_code == 422
    assert client.post(address, {"kind": "nothing"}).status_code == 422
    assert client.post(address, {"kind": "access", "text": ""}).status_code == 302
    acts.refuse_request(request=lan.data_requests.get(), answer="Take it yourself", by=admin, on=days.today())
    page = client.get(address).content.decode()
    assert ("Take it yourself" in page, SECRET in page) == (True, False)
    assert client.get("/desk/people/requests/").status_code == 403
    assert client.get(f"/desk/people/requests/{minh.data_requests.get().pk}/").status_code == 403


@pytest.mark.django_db
def test_the_administrator_sees_what_is_late_first_in_a_fixed_number_of_queries(
    django_assert_max_num_queries: Any,
) -> None:
    admin, on = make.person("admin"), days.today()
    names = ["fresh", "old", "done"]
    made = {name: make.person("owner", username=name) for name in names}
    for name, user in made.items():
        user.name = f"Person {name}"
        user.save()
    for name, ago in zip(names, (0, 90, 5), strict=True):
        acts.make_request(user=made[name], kind="access", made_on=on - ago * ONE, by=admin.actor(), on=on)
    acts.complete_request(request=made["done"].data_requests.get(), answer="x", by=admin.actor(), on=on)
    client = client_of(admin)

    def seen(query: str = "") -> list[str]:
        with django_assert_max_num_queries(12):
            page = client.get(f"/desk/people/requests/{query}").content.decode()
        return sorted((name for name in names if f"Person {name}" in page), key=lambda n: page.index(f"Person {n}"))

    assert seen() == ["old", "fresh"]
    assert (seen("?state=late"), seen("?state=completed"), seen("?kind=erasure")) == (["old"], ["done"], [])
    assert seen("?state=nonsense&kind=nonsense&page=x") == ["old", "fresh"]
    duties = inbox.LISTS[0].duties(admin.actor(), on, 10)
    assert (duties[0].url, duties[0].due_on) == (
        f"/desk/people/requests/{made['old'].data_requests.get().pk}/", made["old"].data_requests.get().clock.reply_by,
    )  # fmt: skip
    assert inbox.LISTS[0].count(admin.actor(), on) == 2
    assert inbox.LISTS[0].count(made["old"].actor(), on) == 1  # never one's own
    assert "Person old" in client.get("/desk/inbox/?kind=data_requests").content.decode()


@pytest.mark.django_db
def test_the_administrator_takes_each_step_on_the_page_of_the_request() -> None:
    lan, admin = make.person("owner", username="lan"), make.person("admin")
    client = client_of(admin)
    paper = {"username": "nobody", "kind": "objection", "text": SECRET, "made_on": days.today().isoformat()}
    assert client.post("/desk/people/requests/", paper).status_code == 422
    answer = client.post("/desk/people/requests/", {**paper, "username": "Lan"})
    request = lan.data_requests.get()
    address = f"/desk/people/requests/{request.pk}/"
    assert (answer.status_code, answer["Location"]) == (302, address)
    for bad in ({"act": "reply"}, {"act": "extend", "days": "16", "reason": "x"}, {"act": "complete", "answer": " "}):
        assert client.post(address, bad).status_code == 422
    assert client.post(address, {"act": "reply", "reply": "Received"}).status_code == 302
    assert client.post(address, {"act": "extend", "days": "3", "reason": "Archive"}).status_code == 302
    assert client.post(address, {"act": "refuse", "answer": "The law asks for it"}).status_code == 302
    request.refresh_from_db()
    assert (request.clock.state, request.reply, request.extended_by) == ("refused", "Received", 3)
    assert "The law asks for it" in client.get(address).content.decode()
    assert client.post(address, {"act": "reply", "reply": "x"}).status_code == 409
    assert client.get("/desk/people/requests/999999/").status_code == 404


@pytest.mark.django_db
def test_a_copy_of_own_data_is_that_of_now() -> None:
    """It ignored a moment of the past, and so answered another question than the one asked."""
    lan = program_of(make.person("owner", username="lan"))
    assert lan("me/data")[1]["person"]["username"] == "lan"
    for field, said in (("known_at", "2025-01-01T00:00:00%2B07:00"), ("as_of", "2025-01-01")):
        status, told = lan(f"me/data?{field}={said}")
        assert (status, told["code"], told["errors"][0]["field"]) == (422, "copy_of_now", field)
