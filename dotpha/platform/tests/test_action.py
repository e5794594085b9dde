"""The frame of every change: what the database refuses leaves as a whole sentence."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pytest
from django.utils import translation

from dotpha.platform import days
from dotpha.platform.action import action, has_own_sentence
from dotpha.platform.actors import Actor, program
from dotpha.platform.models import RateCount, SavedView, StoredFile
from dotpha.platform.refusals import Refused

pytestmark = pytest.mark.django_db
TEST = program("test")
TWICE = "This is recorded already. Open it again and see how it stands now."


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@action
def keep(*, size: int, sha256: str, by: Actor) -> None:
    StoredFile.objects.create(
        sha256=sha256, name="a", media_type="text/csv", size=size, subject="a:b", added_at=days.now(), added_by=by.key
    )


def sentence_of(refusal: Refused) -> tuple[str, str, int]:
    return refusal.code, str(refusal), refusal.status


def test_a_constraint_without_a_sentence_is_told_in_ours() -> None:
    moment = days.now()
    RateCount.objects.create(key="k", window=moment)

    @action
    def twice(*, by: Actor) -> None:
        RateCount.objects.create(key="k", window=moment)

    with pytest.raises(Refused) as found:
        twice(by=TEST)
    assert sentence_of(found.value) == ("one_count_a_window", TWICE, 409)


def test_a_constraint_with_a_sentence_keeps_it() -> None:
    with pytest.raises(Refused) as found:
        keep(size=0, sha256="0" * 64, by=TEST)
    assert sentence_of(found.value) == (
        "file_not_empty",
        "This file is empty. Correct it.",
        409,
    )


def test_a_key_that_is_unique_alone_is_told_in_ours() -> None:
    @action
    def again(*, by: Actor) -> None:
        StoredFile.objects.create(
            pk=stored, sha256="0" * 64, name="a", media_type="a", size=1, subject="a:b", added_at=days.now(),
            added_by="a",
        )  # fmt: skip

    keep(size=1, sha256="0" * 64, by=TEST)
    stored = StoredFile.objects.get().pk
    with pytest.raises(Refused) as found:
        again(by=TEST)
    assert (str(found.value), found.value.status) == (TWICE, 409)


def test_a_template_is_no_sentence() -> None:
    named = {each.name: has_own_sentence(each) for each in (*RateCount._meta.constraints, *SavedView._meta.constraints)}
    assert named == {"one_count_a_window": False, "one_view_a_name": True, "one_default_view": True}


@dataclass(frozen=True)
class Row:
    title: str
    tags: tuple[str, ...] = ()
    size: int = 0


@action
def tell(*, reason: str = "", title: Mapping[str, str] | None = None, rows: Sequence[Row] = (), by: Actor) -> None:
    RateCount.objects.create(key="told", window=days.now())


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"reason": "Trình duyệt\nTỐI MẬT"}, "reason"),
        ({"reason": unicodedata.normalize("NFD", "12/KH (Mật)")}, "reason"),
        ({"title": {"vi": "Đề án", "en": "Đề án (Mật)"}}, "title"),
        ({"rows": [Row("Một"), Row("Hai", ("số hoá", "MẬT"))]}, "tags"),
        ({"rows": [Row("TUYÖT MËT")]}, "title"),
    ],
)
def test_no_action_keeps_a_text_with_a_mark_of_secrecy(given: dict[str, object], field: str) -> None:
    """K3: whatever shape the text comes in, and nothing of the change is kept."""
    with pytest.raises(Refused) as found:
        tell(**given, by=TEST)  # type: ignore[arg-type]
    assert (found.value.code, found.value.field) == ("state_secret", field)
    assert not RateCount.objects.exists()


def test_what_only_speaks_of_secrecy_is_kept() -> None:
    tell(reason="Bảo vệ bí mật nhà nước, an ninh mật mã", rows=[Row("Bảo mật")], by=TEST)
    assert RateCount.objects.count() == 1
