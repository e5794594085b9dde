"""Personal data: the table of fields names real columns; a person's copy holds all of theirs and no secret."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as site
from django.test import Client

from dotpha.accounts import personal_fields
from dotpha.accounts.models import EmailChange, User
from dotpha.programmes.tests import factories as make

pytestmark = pytest.mark.django_db
TELLING = {"name", "email", "phone", "username", "password", "digest", "last_login", "locale"}


def client_of(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user, backend=site.AUTHENTICATION_BACKENDS[-1])
    return client


def test_the_table_names_columns_that_are_there_and_every_telling_one_of_accounts() -> None:
    listed = {each.column for each in personal_fields.FIELDS}
    for column in listed:
        app, model, field = column.split(".")
        apps.get_model(app, model)._meta.get_field(field)
    held = {
        f"accounts.{model.__name__}.{field.name}"
        for model in apps.get_app_config("accounts").get_models()
        for field in model._meta.local_concrete_fields
        if field.name in TELLING
    }
    assert held - listed == {"accounts.Token.name"}  # what a token is for


def test_every_personal_field_has_a_time_and_an_end() -> None:
    for each in personal_fields.FIELDS:
        assert each.retention in personal_fields.RETENTIONS
        assert each.retention.days is not None or each.retention is personal_fields.RECORD
        assert "%" not in each.retention.kept


def test_a_person_takes_a_copy_of_the_own_data_alone_in_a_fixed_number_of_queries(
    django_assert_max_num_queries: Any,
) -> None:
    lan, minh = make.person("owner", username="lan", email="lan@example.vn"), make.person("owner", username="minh")
    lan.set_password("bốn-con-ngựa-đỏ-29")
    lan.save()
    client_of(minh)
    client = client_of(lan)
    with django_assert_max_num_queries(18):
        answer = client.get("/desk/me/data/copy.json")
    copy = json.loads(answer.content)
    assert (copy["person"]["email"], copy["roles"][0]["role"]) == ("lan@example.vn", "owner")
    assert [each["kind"] for each in copy["events"]] == ["session.began"]
    said = answer.content.decode()
    assert ("minh" in said, lan.password in said) == (False, False)
    assert Client().get("/desk/me/data/copy.json").status_code == 302


def test_a_person_corrects_the_own_name_at_once_and_the_address_through_its_link(settings: Any) -> None:
    settings.EMAIL = "smtp"
    lan = make.person("owner", username="lan")
    client = client_of(lan)
    page = client.get("/desk/me/data/").content.decode()
    assert "write to the person; find who signs in" in page
    assert "accounts.User" not in page  # names of columns are no words
    given = {"name": "Trần Thị Lan", "email": "lan@example.vn", "version": ""}
    assert client.post("/desk/me/data/", {**given, "name": " "}).status_code == 422
    assert client.post("/desk/me/data/", given).status_code == 302
    lan.refresh_from_db()
    assert (lan.name, lan.email) == ("Trần Thị Lan", "")
    waits = EmailChange.objects.get(user=lan)
    assert (waits.email, waits.agreed_by) == ("lan@example.vn", "lan")
    assert client.post("/desk/me/data/", {"drop_address": waits.pk}).status_code == 302
    assert not EmailChange.objects.filter(ended_at=None).exists()
