"""The daily head of the record: what others keep, and what a change after the day does to it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from dotpha.platform import audit, commands, days, heads
from dotpha.platform.actors import program
from dotpha.platform.models import Seal
from dotpha.platform.tests.sealing import sealed as seal_all
from dotpha.platform.zone import ZONE

pytestmark = pytest.mark.django_db
TODAY = date(2026, 5, 4)


def sealed(*moments: str) -> list[Seal]:
    """A chain of seals made at these moments of Vietnamese time."""
    made = []
    for number, moment in enumerate(moments, 1):
        at = datetime.fromisoformat(moment).replace(tzinfo=ZONE)
        previous = made[-1].digest if made else ""
        made.append(Seal(position=number, event_id=number, previous=previous, digest=f"{number:064x}", sealed_at=at))
    return Seal.objects.bulk_create(made)


def test_each_ended_day_has_its_last_digest_the_newest_first() -> None:
    made = sealed("2026-05-01T23:59", "2026-05-02T00:00", "2026-05-02T17:30", "2026-05-04T08:00")
    assert heads.daily(TODAY) == [
        heads.Head(date(2026, 5, 2), 3, made[2].digest),
        heads.Head(date(2026, 5, 1), 1, made[0].digest),
    ]
    assert heads.daily(TODAY, limit=1) == [heads.Head(date(2026, 5, 2), 3, made[2].digest)]
    assert heads.daily(date(2026, 5, 1)) == []


def test_kept_heads_agree_until_something_is_altered() -> None:
    sealed("2026-05-01T09:00", "2026-05-02T09:00")
    kept = heads.lines(heads.daily(TODAY))
    assert heads.differing(kept) == []
    other = kept.replace(f"{2:064x}", f"{9:064x}")
    assert heads.differing(other) == [f"2026-05-02,2,{9:064x}"]
    assert heads.differing("day,position,digest\r\nnonsense\n2026-05-01,1,xyz\n") == ["nonsense", "2026-05-01,1,xyz"]


@pytest.mark.parametrize(("altered", "code"), [(False, 0), (True, 1)])
@pytest.mark.django_db(transaction=True)
def test_the_command_compares_a_kept_file(tmp_path: Path, capsys: Any, altered: bool, code: int) -> None:
    with transaction.atomic():
        audit.record("export.made", "list:1", program("test"))
    seal_all()
    last = Seal.objects.latest("position")
    digest = "0" * 64 if altered else last.digest
    file = tmp_path / "heads.csv"
    file.write_text(f"day,position,digest\r\n2026-05-01,{last.position},{digest}\r\n", "ascii")
    assert commands.verify(SimpleNamespace(heads=file)) == code  # type: ignore[arg-type]
    said = "Not a head of this chain" if altered else "Every kept head is in the chain."
    assert said in capsys.readouterr().out
    assert commands.verify(SimpleNamespace(heads=tmp_path / "none")) == 2  # type: ignore[arg-type]


@pytest.mark.parametrize("number", [1, 5])
def test_anybody_reads_and_downloads_them_in_a_fixed_number_of_queries(
    number: int, django_assert_max_num_queries: Any
) -> None:
    moments = [datetime(2026, 5, 1, 9) + timedelta(days=each) for each in range(number)]
    made = sealed(*(each.isoformat() for each in moments))
    client = Client()
    with django_assert_max_num_queries(4):
        page = client.get("/en/data/record/").content.decode()
    assert all(each.digest in page for each in made)
    file = client.get("/en/data/record/heads.csv")
    assert file.content.decode() == heads.lines(heads.daily(days.today()))
    assert file.content.decode().count("\r\n") == number + 1


def test_the_first_day_says_that_there_is_none_yet() -> None:
    assert "The first head appears here tomorrow." in Client().get("/en/data/record/").content.decode()
