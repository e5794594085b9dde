"""Days are read as people write them, and days and numbers are shown in the reader's form (expectations 19 and 35)."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.utils import translation
from django.utils.html import strip_tags

from dotpha.platform import days, numbers
from dotpha.programmes import actions
from dotpha.programmes.models import Task
from dotpha.programmes.tests import factories as make
from tests.expectations.people import LANGUAGES, body, enter

pytestmark = pytest.mark.django_db
DAY = date(2026, 9, 2)
WRITTEN = {
    "2/9/2026": ("vi", DAY), "2-9-26": ("vi", DAY), "2 tháng 9": ("vi", DAY), "30/6": ("vi", date(2026, 6, 30)),
    "quý II": ("vi", date(2026, 6, 30)), "cuối năm": ("vi", date(2026, 12, 31)), "2 сентября": ("ru", DAY),
    "2 ก.ย. 2569": ("th", DAY), "2 September 2026": ("en", DAY), "1er mars 2026": ("fr", date(2026, 3, 1)),
    "2 Ogos 2026": ("ms", date(2026, 8, 2)), "II кв. 2026": ("ru", date(2026, 6, 30)),
}  # fmt: skip
"""As in the expectation, and one of each further language."""


@pytest.fixture(autouse=True)
def new_years_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(days, "today", lambda: date(2026, 1, 1))


def typed(deadline: str, **more: str) -> dict[str, str]:
    return {"title": "Xây dựng cơ sở dữ liệu", "lead": "most", "key": "x-1", "deadline": deadline,
            "assigned_on": "2026-01-01", **more}  # fmt: skip


@pytest.mark.parametrize("written", WRITTEN)
def test_a_day_as_people_write_it_is_read_aloud_before_it_is_kept(written: str) -> None:
    """19. Dates as people write them: the reading is shown before saving."""
    language, day = WRITTEN[written]
    make.programme()
    make.organisation("most")
    office = enter("office", language)
    looked = office.post("/desk/tasks/add/", typed(written, look="1"))
    [shown] = re.findall(r'<div class="note info">(.*?)</div>', looked.content.decode())
    assert numbers.day(day, language) in shown
    assert not Task.objects.exists()
    assert office.post("/desk/tasks/add/", typed(written)).status_code == 302
    assert Task.objects.get().original_due_on == day


def test_words_that_name_no_day_are_met_with_an_example() -> None:
    """19. Dates as people write them: what is unknown is refused with an example; a deadline that no one can date is
    said so beside one, and kept only to be settled."""
    make.programme()
    make.organisation("most")
    for language in LANGUAGES:
        office = enter("office", language)
        looked = office.post("/desk/tasks/add/", typed("sớm nhất có thể", look="1")).content.decode()
        [shown] = re.findall(r'<div class="note info">(.*?)</div>', looked)
        assert "31/12/2025" in shown
        refused = office.post("/desk/tasks/add/", typed("30/6/2026", started_on="mai"))
        assert refused.status_code == 422
        assert "30/6/2026" in str(re.findall(r'id="id_started_on_error">(.*?)</p>', refused.content.decode()))


MANY = 1001
PAGES = (
    "/desk/leader/", "/desk/tasks/", "/desk/tasks/t-0001/", "/desk/programmes/", "/desk/programmes/resolution57/",
    "/desk/documents/", "/desk/documents/nq-57/", "/desk/organisations/most/", "/desk/calendar/?month=2026-09",
    "/{language}/programmes/resolution57/",
)  # fmt: skip
DAYS = {
    "vi": r"\b\d\d/\d\d/20\d\d\b", "fr": r"\b\d\d/\d\d/20\d\d\b", "ru": r"\b\d\d\.\d\d\.20\d\d\b",
    "en": r"\b\d\d? [A-Z][a-z]{2,4} 20\d\d\b", "ms": r"\b\d\d? [A-Z][a-z]{2,3} 20\d\d\b",
    "th": r"\d\d? [ก-๛.]+ 25\d\d",
}  # fmt: skip
"""What a day of running text looks like in each language."""
FOREIGN = {
    "vi": r"\b\d\d\.\d\d\.20\d\d\b|\b\d,\d{3}\b", "fr": r"\b\d\d\.\d\d\.20\d\d\b|\b\d[.,]\d{3}\b",
    "ru": r"\b\d\d/\d\d/20\d\d\b|\b\d[.,]\d{3}\b", "en": r"\b\d\d[/.]\d\d[/.]20\d\d\b|\b\d\.\d{3}\b",
    "ms": r"\b\d\d[/.]\d\d[/.]20\d\d\b|\b\d\.\d{3}\b", "th": r"\b\d\d[/.]\d\d[/.]20\d\d\b|[ก-๛.] 20\d\d\b",
}  # fmt: skip
"""Days and thousands as this language does not write them."""
ISO = r"\b20\d\d-\d\d-\d\d\b"


def running_text(page: str) -> str:
    """What a person reads of a page, without what documents print word for word."""
    shown = page.partition('id="main"')[2] or page.partition("<body")[2]
    shown = re.sub(r"<(script|select|datalist|template)\b.*?</\1>", " ", shown, flags=re.DOTALL)
    return re.sub(r"[ \n]+", " ", strip_tags(re.sub(r"<(?!/?(b|span|time|a)\b)", " <", shown)))


@pytest.fixture
def world() -> None:
    programme = make.programme()
    make.organisation("most")
    rows = [make.row(key=f"t-{n:04}", deadline_text=f"02/9/{2026 + n % 40}", title="Việc") for n in range(MANY)]
    actions.add_tasks(programme=programme, rows=rows, by=make.TEST, on=days.today())


def test_days_and_numbers_of_ten_pages_have_the_readers_form(world: None) -> None:
    """35. Dates and numbers in my form: six languages on ten pages; Thai year 2569 in running text."""
    wrong = []
    for language in LANGUAGES:
        client, dated, counted = enter("leader", language), 0, 0
        for address in PAGES:
            told = running_text(body(client, address.format(language=language)))
            dated += bool(re.search(DAYS[language], told))
            counted += numbers.number(MANY, 0, language) in told
            wrong += [(language, address, found) for found in re.findall(f"{FOREIGN[language]}|{ISO}", told)]
        assert dated >= 7, (language, dated)
        assert counted >= 4, (language, counted)
    assert wrong == []


def test_the_forms_themselves() -> None:
    """35. Dates and numbers in my form: vi 1.234.567,89; fr and ru with narrow spaces; th year 2569."""
    shown = {language: numbers.number(1234567.89, 2, language) for language in LANGUAGES}
    assert shown == {
        "vi": "1.234.567,89", "en": "1,234,567.89", "ru": "1\u202f234\u202f567,89", "fr": "1\u202f234\u202f567,89",
        "th": "1,234,567.89", "ms": "1,234,567.89",
    }  # fmt: skip
    with translation.override("th"):
        assert numbers.day(DAY, "th") == "2 ก.ย. 2569"
