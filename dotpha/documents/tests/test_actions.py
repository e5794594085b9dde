"""Documents entered, changed, checked, related: each success with its event, each refusal by its code."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import date
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from dotpha.accounts.models import Grant, User
from dotpha.directory.models import Organisation
from dotpha.documents import actions, numbers, rules
from dotpha.documents.extraction import Reading
from dotpha.documents.models import Attachment, Document, DraftingStep, FileText, Provision, ProvisionText, Relation
from dotpha.documents.rows import DocumentRow, ProvisionRow, RelationRow
from dotpha.platform import days
from dotpha.platform.actors import NOBODY, Actor, program
from dotpha.platform.models import AuditEvent, StoredFile
from dotpha.platform.refusals import Refused
from dotpha.platform.tests import refusals
from dotpha.platform.uploads import Upload

pytestmark = pytest.mark.django_db
TEST = program("test")
SIGNED = date(2024, 12, 22)
LATER = date(2025, 1, 1)
TITLE = {"vi": "Về đột phá phát triển khoa học"}
TREE = (
    ProvisionRow("III", "part", "", {"vi": "Nhiệm vụ"}),
    ProvisionRow("III.2", "clause", "III", {}, {"vi": "Hai"}, verbatim=False),
)
_usernames = (f"person-{number}" for number in itertools.count(1))


def actor(role: str = "", scope: str = "all") -> Actor:
    """A person with one role; with none, a person without any right."""
    user = User.objects.create(username=next(_usernames), name="Người thử")
    if role:
        Grant.objects.create(user=user, role=role, scope=scope, from_on=date(2020, 1, 1), granted_by="test")
    return user.actor()


def issuer(key: str = "politburo") -> Organisation:
    values = {"kind": "ministry", "path": f"party/{key}/", "name": {"vi": key}}
    return Organisation.objects.get_or_create(key=key, defaults=values)[0]


def row(key: str = "nq-57", **facts: Any) -> DocumentRow:
    values = {"kind": "resolution", "title": TITLE, "number": "57-NQ/TW", "signed_on": SIGNED, **facts}
    return DocumentRow(key=key, **values)


def document(key: str = "nq-57", by: Actor = TEST, **facts: Any) -> Document:
    return actions.add_documents(rows=[row(key, **facts)], by=by)[0]


def provision(address: str = "III") -> Provision:
    return document(provisions=TREE).provisions.get(address=address)


def attach(held: Document, data: bytes = b"%PDF-1.7 original", by: Actor = TEST, **facts: Any) -> Attachment:
    upload = Upload(data, "57-nq-tw.pdf", "application/pdf")
    return actions.attach_file(document=held, upload=upload, by=by, **{"on": LATER, **facts})


def events(kind: str) -> list[tuple[str, str, str, dict[str, Any], dict[str, Any], str]]:
    """Subject, who, in which role, before, after and reason of each event of a kind, oldest first."""
    found = AuditEvent.objects.filter(kind=kind).order_by("pk")
    return list(found.values_list("subject", "actor", "role", "before", "after", "reason"))


def written() -> list[list[Any]]:
    """Everything that the actions may write."""
    models = (Document, Provision, ProvisionText, Relation, Attachment, StoredFile, FileText, DraftingStep, AuditEvent)
    return [list(model.objects.order_by("pk").values()) for model in models]


def refused(ask: Callable[[], object]) -> tuple[str, str | None, int]:
    """Code, field and status of the refusal that must come; it leaves everything as it was."""
    before = written()
    found = refusals.refused(ask)
    assert written() == before
    return found


# --- rights ---------------------------------------------------------------------------------------

CHANGES: dict[str, Callable[[Document, Actor], object]] = {
    "add_documents": lambda _held, by: actions.add_documents(rows=[row("new", number="")], by=by),
    "attach_file": lambda held, by: attach(held, b"%PDF-1.7 another", by=by),
    "keep_text": lambda held, by: actions.keep_text(attachment=held.attachments.get(), reading=Reading("empty"), by=by),
    "change_document": lambda held, by: actions.change_document(document=held, changes={"kind": "plan"}, by=by),
    "detach_file": lambda held, by: actions.detach_file(attachment=held.attachments.get(), reason="Nhầm", by=by),
    "record_drafting": lambda held, by: actions.record_drafting(
        document=held, steps={rules.Step.DRAFTING: rules.StepDates(SIGNED)}, by=by, on=LATER
    ),
    "verify_document": lambda held, by: actions.verify_document(document=held, by=by),
    "add_provisions": lambda held, by: actions.add_provisions(document=held, rows=[ProvisionRow("IV", "part")], by=by),
    "change_wording": lambda held, by: actions.change_wording(
        provision=held.provisions.get(address="III"), heading={}, text={"vi": "Khác"}, by=by
    ),
    "add_relations": lambda held, by: actions.add_relations(rows=[RelationRow("other", "guides", held.key)], by=by),
}


def ask(name: str, by: Actor) -> Callable[[], object]:
    held = document(provisions=TREE)
    attach(held)
    document("other", number="")
    return lambda: CHANGES[name](held, by)


@pytest.mark.parametrize(
    ("field", "facts"),
    [
        ("number", {"number": "12-BC/TW (Mật)"}),
        ("title", {"title": {"vi": "Kế hoạch [Tối mật]"}}),
        ("title", {"title": {"vi": "Kế hoạch", "en": "Plan (Tối mật)"}}),
        ("mark", {"mark": "Tuyệt mật"}),
    ],
)
def test_a_state_secret_is_neither_entered_nor_made_of_a_document(field: str, facts: dict[str, Any]) -> None:
    held = document()
    assert refused(lambda: actions.add_documents(rows=[row("new", **{"number": "", **facts})], by=TEST)) == (
        "state_secret", field, 422,
    )  # fmt: skip
    assert refused(lambda: actions.change_document(document=held, changes=facts, by=TEST)) == (
        "state_secret", field, 422,
    )  # fmt: skip


def test_an_unknown_mark_is_refused_and_a_law_on_secrets_is_not() -> None:
    assert refused(lambda: document("new", number="", mark="secret")) == ("unknown_mark", "mark", 422)
    assert document(title={"vi": "Luật Bảo vệ bí mật nhà nước"}).pk


def test_every_action_is_asked_for_its_right() -> None:
    assert sorted(CHANGES) == actions.__all__


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("role", ["", "owner"])
def test_without_the_right_nothing_is_written(name: str, role: str) -> None:
    assert refused(ask(name, actor(role))) == ("forbidden", None, 403)


@pytest.mark.parametrize("name", CHANGES)
def test_an_office_of_one_place_does_not_change_the_register(name: str) -> None:
    assert refused(ask(name, actor("office", issuer().scope))) == ("forbidden", None, 403)


@pytest.mark.parametrize("name", CHANGES)
def test_nobody_is_asked_to_sign_in(name: str) -> None:
    assert refused(ask(name, NOBODY)) == ("sign_in", None, 401)


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("role", ["office", "steward"])
def test_the_office_and_the_steward_change_the_register(name: str, role: str) -> None:
    by = actor(role)
    change = ask(name, by)
    count = AuditEvent.objects.count()
    change()
    assert list(AuditEvent.objects.order_by("pk").values_list("actor", "role", "scope"))[count:] == [
        (by.key, role, "all")
    ]


def test_an_inspector_checks_and_does_not_change() -> None:
    by = actor("inspector")
    held = document()
    assert refused(lambda: actions.change_document(document=held, changes={"kind": "plan"}, by=by))[2] == 403
    assert actions.verify_document(document=held, by=by).verified_by == by.key


# --- adding ---------------------------------------------------------------------------------------


def test_a_document_is_entered_as_written() -> None:
    by = actor("office")
    facts = {
        "issuer": issuer().key, "issuer_text": "Bộ Chính trị", "signatory": "Tổng Bí thư", "in_force_on": LATER,
        "expired_on": date(2030, 1, 1), "mark": "internal", "source": "Công báo", "obtained_on": LATER,
    }  # fmt: skip
    document(by=by, **facts)
    made = Document.objects.get()
    assert {name: getattr(made, name) for name in facts} == {**facts, "issuer": issuer()}
    assert (made.key, made.number, made.kind, made.title) == ("nq-57", "57-NQ/TW", "resolution", TITLE)
    assert (made.signed_on, made.added_by, made.version, made.is_verified) == (SIGNED, by.key, 1, False)
    assert made.number_forms == sorted(numbers.forms("57-NQ/TW", "resolution"))
    after = {"number": "57-NQ/TW", "title": TITLE}
    assert events("document.added") == [("document:nq-57", by.key, "office", {}, after, "")]
    assert events("document.structured") == []


def test_a_key_that_is_held_changes_nothing() -> None:
    document()
    made = actions.add_documents(rows=[row(title={"vi": "Khác"}), row("b", number="")], by=TEST)
    assert [each.key for each in made] == ["b"]
    assert Document.objects.get(key="nq-57").title == TITLE
    assert [each[0] for each in events("document.added")] == ["document:nq-57", "document:b"]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"key": ""}, ("key_unreadable", "key", 422)),
        ({"key": "có-dấu"}, ("key_unreadable", "key", 422)),
        ({"key": "-a"}, ("key_unreadable", "key", 422)),
        ({"key": "a\n"}, ("key_unreadable", "key", 422)),
        ({"key": "x" * 81}, ("key_unreadable", "key", 422)),
        ({"key": "drafting"}, ("key_reserved", "key", 422)),
        ({"number": "1" * 81}, ("too_long", "number", 422)),
        ({"title": {}}, ("title_missing", "title", 422)),
        ({"title": {"vi": "\u200f\x07"}}, ("title_missing", "title", 422)),
        ({"title": {"vi": "  "}}, ("title_missing", "title", 422)),
        ({"issuer": "nobody"}, ("unknown_issuer", "issuer", 422)),
        ({"in_force_on": date(2024, 12, 21)}, ("in_force_before_signed", "in_force_on", 422)),
        ({"expired_on": date(2024, 12, 21)}, ("expired_before_in_force", "expired_on", 422)),
        ({"provisions": (TREE[1],)}, ("unknown_parent", "parent", 422)),
    ],
)
def test_one_bad_row_keeps_all_out(facts: dict[str, Any], expected: tuple[str, str, int]) -> None:
    rows = [row("good", number=""), row(**facts)]
    assert refused(lambda: actions.add_documents(rows=rows, by=TEST)) == expected


def test_a_longest_key_is_taken() -> None:
    assert document("x" * 80).key == "x" * 80


def test_a_second_document_of_one_number_names_the_first() -> None:
    document(issuer=issuer().key)
    with pytest.raises(Refused) as found:
        document("again", issuer=issuer().key)
    assert (found.value.code, found.value.field, found.value.status) == ("document_known", "number", 409)
    assert found.value.facts == {"key": "nq-57"}
    assert Document.objects.count() == 1


@pytest.mark.parametrize("number", ["57 - NQ/TW", "57-nq/tw", "Số 57-NQ/TW", "057-NQ/TW", "57\u200f-NQ/TW", "NQ/TW 57"])
def test_another_spelling_of_a_number_is_no_other_document(number: str) -> None:
    document(issuer=issuer().key)
    again = lambda: document("again", issuer=issuer().key, number=number)  # noqa: E731
    assert refused(again) == ("document_known", "number", 409)


def test_numbers_entered_before_get_their_canonical_form_and_the_second_of_two_waits() -> None:
    fill = import_module("dotpha.documents.migrations.0004_number_keys").fill
    politburo = issuer()
    for key, number, by in (("a", "57-NQ/TW", politburo), ("b", "57 - nq/tw", politburo), ("c", "57-NQ/TW", None)):
        Document.objects.create(
            key=key, number=number, issuer=by, signed_on=SIGNED, added_by="test", added_at=days.now()
        )
    fill(apps, None)
    assert dict(Document.objects.values_list("key", "number_key")) == {"a": "57/nq/tw", "b": "", "c": "57/nq/tw"}


def test_the_database_knows_one_number_however_written() -> None:
    held = document(issuer=issuer().key)
    with pytest.raises(IntegrityError, match="one_document_a_number"), transaction.atomic():
        Document.objects.create(
            key="again", number="57 -NQ/TW", number_key=held.number_key, issuer=held.issuer, signed_on=SIGNED,
            added_by="test", added_at=held.added_at,
        )  # fmt: skip


@pytest.mark.parametrize("facts", [{"issuer": "government"}, {"signed_on": LATER}, {"number": "58-NQ/TW"}])
def test_another_issuer_day_or_number_is_another_document(facts: dict[str, Any]) -> None:
    issuer("government")
    document(issuer=issuer().key)
    document("again", **{"issuer": issuer().key, **facts})
    assert Document.objects.count() == 2


def test_one_number_twice_in_one_list_is_refused() -> None:
    rows = [row(key, issuer=issuer().key) for key in ("a", "b")]
    assert refused(lambda: actions.add_documents(rows=rows, by=TEST)) == ("document_known", "number", 409)


# --- changing -------------------------------------------------------------------------------------


def test_a_change_is_recorded_and_has_to_be_checked_again() -> None:
    by = actor("office")
    held = actions.verify_document(document=document(), by=by)
    changes = {"number": "58-NQ/TW", "kind": "resolution", "in_force_on": LATER, "key": "other", "issuer": issuer()}
    actions.change_document(document=held, changes=changes, version=2, reason="Đính chính", by=by)
    made = Document.objects.get()
    assert (made.key, made.number, made.in_force_on, made.issuer) == ("nq-57", "58-NQ/TW", LATER, issuer())
    assert (made.version, made.verified_by, made.verified_at) == (3, "", None)
    assert made.number_forms == sorted(numbers.forms("58-NQ/TW", "resolution"))
    before = {"number": "57-NQ/TW", "in_force_on": None, "issuer": None}
    after = {"number": "58-NQ/TW", "in_force_on": "2025-01-01", "issuer": "politburo"}
    assert events("document.changed") == [("document:nq-57", by.key, "office", before, after, "Đính chính")]


def test_an_issuer_is_taken_away() -> None:
    held = document(issuer=issuer().key)
    assert actions.change_document(document=held, changes={"issuer": None}, by=TEST).issuer is None
    assert [each[3:5] for each in events("document.changed")] == [({"issuer": "politburo"}, {"issuer": None})]


def test_the_same_values_change_nothing() -> None:
    held = actions.verify_document(document=document(issuer=issuer().key), by=actor("office"))
    changes = {"number": "57-NQ/TW", "title": TITLE, "issuer": issuer()}
    made = actions.change_document(document=held, changes=changes, by=TEST)
    assert (made.version, made.is_verified, events("document.changed")) == (2, True, [])


@pytest.mark.parametrize(
    ("changes", "version", "expected"),
    [
        ({"kind": "plan"}, 2, ("changed_meanwhile", "version", 409)),
        ({"title": {"vi": " "}}, None, ("title_missing", "title", 422)),
        ({"in_force_on": date(2024, 12, 21)}, 1, ("in_force_before_signed", "in_force_on", 422)),
        ({"signed_on": LATER, "expired_on": SIGNED}, 1, ("expired_before_in_force", "expired_on", 422)),
        ({"number": "58 - nq/tw"}, 1, ("document_known", "number", 409)),
        ({"source": "x" * 301}, 1, ("too_long", "source", 422)),
        ({"number": "ﷺ" * 80}, 1, ("number_unreadable", "number", 422)),
    ],
)
def test_a_bad_change_is_refused(changes: dict[str, Any], version: int | None, expected: tuple[Any, ...]) -> None:
    document("nq-58", number="58-NQ/TW", issuer=issuer().key)
    held = document(issuer=issuer().key)
    ask = lambda: actions.change_document(document=held, changes=changes, version=version, by=TEST)  # noqa: E731
    assert refused(ask) == expected


# --- checking -------------------------------------------------------------------------------------


def test_another_person_checks_once() -> None:
    first, second = actor("office"), actor("inspector")
    held = document(by=actor("office"))
    actions.verify_document(document=held, by=first)
    actions.verify_document(document=held, by=second)
    made = Document.objects.get()
    assert (made.verified_by, made.is_verified, made.version) == (first.key, True, 2)
    assert events("document.verified") == [("document:nq-57", first.key, "office", {}, {}, "")]


def test_nobody_checks_an_own_entry() -> None:
    by = actor("office")
    held = document(by=by)
    assert refused(lambda: actions.verify_document(document=held, by=by)) == ("own_entry", None, 403)


AUTHORSHIP: dict[str, Callable[[Document, Actor], object]] = {
    name: CHANGES[name] for name in ("attach_file", "detach_file", "add_provisions", "change_wording")
} | {
    f"change_document {name}": lambda held, by, name=name, value=value: actions.change_document(
        document=held, changes={name: value}, by=by
    )
    for name, value in {
        "number": "58-NQ/TW", "signed_on": date(2024, 12, 21), "in_force_on": LATER, "title": {"vi": "Khác"},
    }.items()
}  # fmt: skip


@pytest.mark.parametrize("name", AUTHORSHIP)
def test_a_change_takes_the_check_back_and_its_author_does_not_check(name: str) -> None:
    held, author, other = document(provisions=TREE), actor("office"), actor("office")
    attach(held)
    actions.verify_document(document=held, by=author)
    AUTHORSHIP[name](held, author)
    held.refresh_from_db()
    assert (held.is_verified, held.verified_by, held.changed_by) == (False, "", [TEST.key, author.key])
    assert refused(lambda: actions.verify_document(document=held, by=author)) == ("own_entry", None, 403)
    assert actions.verify_document(document=held, by=other).verified_by == other.key


def test_recording_the_drafting_leaves_the_check() -> None:
    by = actor("office")
    held = actions.verify_document(document=document(), by=by)
    CHANGES["record_drafting"](held, by)
    held.refresh_from_db()
    assert (held.is_verified, held.version, held.changed_by) == (True, 3, [])


def test_what_was_changed_meanwhile_is_not_confirmed_unseen() -> None:
    held = document()
    actions.change_document(document=held, changes={"number": "58-NQ/TW"}, by=TEST)
    late = lambda: actions.verify_document(document=held, version=1, by=actor("inspector"))  # noqa: E731
    assert refused(late) == ("changed_meanwhile", "version", 409)


def test_the_database_refuses_a_check_by_an_author() -> None:
    held = document()
    with pytest.raises(IntegrityError, match="document_checked_by_no_author"), transaction.atomic():
        Document.objects.filter(pk=held.pk).update(changed_by=["a"], verified_by="a", verified_at=held.added_at)


# --- texts ----------------------------------------------------------------------------------------


def test_texts_are_kept_without_direction_and_control_marks() -> None:
    dirty, plain = "\u202e Về \x07đột  phá\u200f", "Về đột phá"
    held = document(
        title={"vi": dirty, "en": {"text": dirty, "state": "draft"}}, number="57\u200f-NQ/TW", issuer_text=dirty,
        signatory=dirty, source=dirty, provisions=(ProvisionRow("I", "part", "", {"vi": dirty}, {"vi": dirty}),),
    )  # fmt: skip
    assert held.title == {"vi": plain, "en": {"text": plain, "state": "draft"}}
    assert (held.number, held.issuer_text, held.signatory, held.source) == ("57-NQ/TW", plain, plain, plain)
    wording = ProvisionText.objects.get()
    assert (wording.heading, wording.text) == ({"vi": plain}, {"vi": plain})
    changes = {"title": {"vi": f"{dirty} mới"}, "source": dirty}
    assert actions.change_document(document=held, changes=changes, by=TEST).title == {"vi": f"{plain} mới"}
    new = actions.change_wording(provision=wording.provision, heading={}, text={"vi": f"{dirty}\nhai"}, by=TEST)
    assert new.text == {"vi": f"{plain}\nhai"}


def test_the_event_of_the_longest_provision_is_recorded() -> None:
    held = document("k" * 80, provisions=(ProvisionRow("a" * 80, "part"),))
    actions.change_wording(provision=held.provisions.get(), heading={}, text={"vi": "Khác"}, by=TEST)
    assert [each[0] for each in events("provision.reworded")] == [f"provision:{'k' * 80}#{'a' * 80}"]


# --- provisions -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("in_force_on", "begins"), [(None, SIGNED), (LATER, LATER)])
def test_provisions_stand_under_their_parents_with_a_first_wording(in_force_on: date | None, begins: date) -> None:
    document(provisions=TREE, in_force_on=in_force_on)
    stand = Provision.objects.order_by("order").values_list("address", "kind", "parent__address", "order")
    assert list(stand) == [("III", "part", None, 1), ("III.2", "clause", "III", 2)]
    texts = ProvisionText.objects.order_by("pk").values_list("edition", "heading", "text", "verbatim", "from_on")
    assert list(texts) == [(1, {"vi": "Nhiệm vụ"}, {}, True, begins), (1, {}, {"vi": "Hai"}, False, begins)]
    assert events("document.structured") == [("document:nq-57", TEST.key, "program", {}, {"provisions": 2}, "")]


def test_more_provisions_go_behind_those_that_stand() -> None:
    held = document(provisions=TREE)
    made = actions.add_provisions(document=held, rows=[ProvisionRow("III.3", "clause", "III")], by=TEST)
    assert [(each.address, each.parent and each.parent.address, each.order) for each in made] == [("III.3", "III", 3)]
    assert Provision.objects.get(address="III.3").parent == Provision.objects.get(address="III")


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([ProvisionRow("", "part")], ("address_unreadable", "address", 422)),
        ([ProvisionRow("x" * 81, "part")], ("address_unreadable", "address", 422)),
        ([ProvisionRow("III/2", "part")], ("address_unreadable", "address", 422)),
        ([ProvisionRow("III", "part")], ("address_taken", "address", 422)),
        ([ProvisionRow("V", "part"), ProvisionRow("V", "part")], ("address_taken", "address", 422)),
        ([ProvisionRow("V.1", "clause", "V"), ProvisionRow("V", "part")], ("unknown_parent", "parent", 422)),
    ],
)
def test_a_bad_address_keeps_all_out(rows: list[ProvisionRow], expected: tuple[str, str, int]) -> None:
    held = document(provisions=TREE)
    rows = [ProvisionRow("IV", "part"), *rows]
    assert refused(lambda: actions.add_provisions(document=held, rows=rows, by=TEST)) == expected


def test_another_wording_is_another_edition() -> None:
    by = actor("steward")
    held = provision("III.2")
    actions.change_wording(provision=held, heading={}, text={"vi": "Ba"}, from_on=LATER, reason="Sửa", by=by)
    editions = held.texts.order_by("edition").values_list("edition", "text", "verbatim", "from_on")
    assert list(editions) == [(1, {"vi": "Hai"}, False, SIGNED), (2, {"vi": "Ba"}, False, LATER)]
    before, after = {"text": {"vi": "Hai"}}, {"text": {"vi": "Ba"}, "edition": 2}
    assert events("provision.reworded") == [("provision:nq-57#III.2", by.key, "steward", before, after, "Sửa")]


def test_the_same_wording_is_no_edition_and_another_heading_is() -> None:
    held = provision()
    assert actions.change_wording(provision=held, heading={"vi": "Nhiệm vụ"}, text={}, by=TEST).edition == 1
    assert events("provision.reworded") == []
    assert actions.change_wording(provision=held, heading={"vi": "Giải pháp"}, text={}, by=TEST).edition == 2


def test_a_provision_without_wording_gets_its_first() -> None:
    held = Provision.objects.create(document=document(), address="V", kind="part", order=1)
    made = actions.change_wording(provision=held, heading={}, text={"vi": "Năm"}, by=TEST)
    assert (made.edition, made.verbatim, made.from_on) == (1, True, None)
    assert [each[3] for each in events("provision.reworded")] == [{"text": {}}]


# --- relations ------------------------------------------------------------------------------------


def three() -> None:
    for key in "abc":
        document(key, number="", provisions=TREE)


def test_a_relation_is_recorded_once() -> None:
    three()
    rows = [RelationRow("b", "amends", "a", "III.2", LATER), RelationRow("b", "guides", "a")]
    actions.add_relations(rows=rows, by=TEST)
    assert actions.add_relations(rows=rows, by=TEST) == []
    stand = Relation.objects.order_by("pk").values_list(
        "source__key", "kind", "target__key", "provision__address", "provision__document__key", "on"
    )
    assert list(stand) == [("b", "amends", "a", "III.2", "a", LATER), ("b", "guides", "a", None, None, None)]
    assert [(each[0], each[4]) for each in events("document.related")] == [
        ("document:b", {"amends": "a", "provision": "III.2", "on": "2025-01-01"}),
        ("document:b", {"guides": "a", "provision": "", "on": None}),
    ]


@pytest.mark.parametrize(
    ("bad", "expected"),
    [
        (RelationRow("none", "guides", "a"), ("unknown_document", "target", 422)),
        (RelationRow("a", "guides", "none"), ("unknown_document", "target", 422)),
        (RelationRow("a", "amends", "b", "IX"), ("unknown_provision", "provision", 422)),
        (RelationRow("a", "guides", "a"), ("no_relation_to_itself", None, 409)),
        (RelationRow("a", "replaces", "a"), ("replacement_cycle", "target", 422)),
        (RelationRow("a", "replaces", "b"), ("replacement_cycle", "target", 422)),
        (RelationRow("a", "replaces", "c"), ("replacement_cycle", "target", 422)),
    ],
)
def test_one_bad_relation_keeps_all_out(bad: RelationRow, expected: tuple[str, str | None, int]) -> None:
    three()
    actions.add_relations(rows=[RelationRow("b", "replaces", "a")], by=TEST)
    rows = [RelationRow("c", "replaces", "b"), bad]
    assert refused(lambda: actions.add_relations(rows=rows, by=TEST)) == expected


def test_one_relation_twice_in_one_list_is_refused() -> None:
    """Two days for one relation: neither is chosen silently."""
    three()
    rows = [RelationRow("b", "guides", "a"), RelationRow("b", "guides", "a", on=LATER)]
    assert refused(lambda: actions.add_relations(rows=rows, by=TEST)) == ("one_relation_each", None, 409)
