"""Deadline phrases: kinds, starts and due dates by the rules of the contracts."""

import unicodedata
from datetime import date, timedelta
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dotpha.programmes.rules.deadlines import Kind, frequency_of, impossible_day, parse, read_day

REFERENCE = date(2025, 1, 9)


def said(text: str, reference: date = REFERENCE) -> tuple[str, str | None, str | None]:
    deadline = parse(text, reference)
    assert deadline.text == text
    start, due = (day.isoformat() if day else None for day in (deadline.start, deadline.due))
    return deadline.kind.value, start, due


PHRASES = [
    ("2025", "year", "2025-01-01", "2025-12-31"),
    ("trong năm 2025", "year", "2025-01-01", "2025-12-31"),
    ("Quý II/2025", "quarter", "2025-04-01", "2025-06-30"),
    ("quý ii nam 2025", "quarter", "2025-04-01", "2025-06-30"),
    ("Quý 4/2025", "quarter", "2025-10-01", "2025-12-31"),
    ("quý tư năm 2025", "quarter", "2025-10-01", "2025-12-31"),
    ("Q2/2025", "quarter", "2025-04-01", "2025-06-30"),
    ("2025-Q2", "quarter", "2025-04-01", "2025-06-30"),
    ("2025-06", "month", "2025-06-01", "2025-06-30"),
    ("tháng 2/2028", "month", "2028-02-01", "2028-02-29"),
    ("03/2025", "month", "2025-03-01", "2025-03-31"),
    ("6 tháng đầu năm 2025", "half", "2025-01-01", "2025-06-30"),
    ("sáu tháng cuối năm 2025", "half", "2025-07-01", "2025-12-31"),
    ("nửa đầu năm 2026", "half", "2026-01-01", "2026-06-30"),
    ("9 tháng đầu năm 2025", "range", "2025-01-01", "2025-09-30"),
    ("2025-2026", "range", "2025-01-01", "2026-12-31"),
    ("giai đoạn 2026–2030", "range", "2026-01-01", "2030-12-31"),
    ("từ quý I/2025 đến quý III/2025", "range", "2025-01-01", "2025-09-30"),
    ("từ 01/3/2025 đến 30/6/2025", "range", "2025-03-01", "2025-06-30"),
    ("từ tháng 3 đến tháng 6/2025", "range", "2025-03-01", "2025-06-30"),
    ("từ tháng 11 đến tháng 2/2026", "range", "2025-11-01", "2026-02-28"),
    ("Quý II-III/2025", "range", "2025-04-01", "2025-09-30"),
    ("từ ngày 01 đến ngày 15/6/2025", "range", "2025-06-01", "2025-06-15"),
    ("30/6/2025", "date", None, "2025-06-30"),
    ("ngày 01 tháng 7 năm 2025", "date", None, "2025-07-01"),
    ("2-9-2026", "date", None, "2026-09-02"),
    ("2/9/26", "date", None, "2026-09-02"),
    ("“30/6/2025”.", "date", None, "2025-06-30"),
    ("trước ngày 1/1/2026", "date", None, "2025-12-31"),
    ("xong trước ngày 25/1/2025", "date", None, "2025-01-24"),
    ("trước quý II/2025", "date", None, "2025-03-31"),
    ("trước tháng 6/2025", "date", None, "2025-05-31"),
    ("trước năm 2030", "date", None, "2029-12-31"),
    ("trước 20h00 ngày 30/6/2025", "date", None, "2025-06-30"),
    ("chậm nhất ngày 15/5/2025", "date", None, "2025-05-15"),
    ("đến hết quý II/2025", "quarter", None, "2025-06-30"),
    ("Đến 2030", "year", None, "2030-12-31"),
    ("cuối năm 2025", "year", None, "2025-12-31"),
    ("cuối tháng 6/2025", "month", None, "2025-06-30"),
    ("Từ nay đến hết năm 2025", "year", None, "2025-12-31"),
    ("Trình Chính phủ trong tháng 5/2025", "month", "2025-05-01", "2025-05-31"),
    ("2025 và những năm tiếp theo", "continuous", "2025-01-01", None),
    ("Thường xuyên, từ 2025", "continuous", "2025-01-01", None),
    ("Nhiệm vụ thường xuyên", "continuous", None, None),
    ("từ năm 2026", "continuous", "2026-01-01", None),
    ("Hằng năm, từ 2025", "recurring", "2025-01-01", None),
    ("Trước ngày 15/12 hằng năm", "recurring", None, None),
    ("định kỳ hằng tháng", "recurring", None, None),
    ("ngay sau khi ban hành", "conditional", None, None),
    ("khi có yêu cầu", "conditional", None, None),
    ("trong vòng 30 ngày kể từ ngày ký", "conditional", None, None),
    ("Sau khi Nghị định số 12/2025/NĐ-CP có hiệu lực", "conditional", None, None),
]


@pytest.mark.parametrize(("text", "kind", "start", "due"), PHRASES, ids=[each[0] for each in PHRASES])
def test_a_phrase_gives_its_kind_start_and_due_date(text: str, kind: str, start: str | None, due: str | None) -> None:
    assert said(text) == (kind, start, due)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", ".", "sớm nhất có thể", "Theo kế hoạch", "Theo kế hoạch năm 2025", "31/2/2025", "tháng 13/2025",
        "quý V/2025", "2030 - 2025", "đầu năm 2025", "sau tháng 6/2025", "quý II và quý III/2025", "2025, 2026",
        "Trước 30/6/2025, sau đó hằng năm", "đến năm 2030, tầm nhìn đến năm 2045", "12/2025/NĐ-CP", "12/25",
        "trong vòng 30 ngày kể từ ngày 01/7/2025", "Năm 2025, sau khi Luật được thông qua", "năm học 2025-2026",
        "9" * 5000, "trước", "từ", "đến", "-", "quý", "ngày",
    ],
)  # fmt: skip
def test_what_is_not_surely_read_is_unknown_and_has_no_date(text: str) -> None:
    assert said(text) == ("unknown", None, None)


@pytest.mark.parametrize(("text", "kind", "start", "due"), PHRASES, ids=[each[0] for each in PHRASES])
def test_case_marks_and_composition_make_no_difference(
    text: str, kind: str, start: str | None, due: str | None
) -> None:
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    ways = (text.upper(), unicodedata.normalize("NFD", text), bare.replace("đ", "d"), text.replace(" ", "\n"))
    assert [said(way) for way in ways] == [(kind, start, due)] * 4


@pytest.mark.parametrize(
    ("text", "reference", "due"),
    [
        ("15/5", date(2025, 5, 15), "2025-05-15"),
        ("15/5", date(2025, 5, 16), "2026-05-15"),
        ("29/2", date(2025, 1, 1), "2028-02-29"),
        ("tháng 6", date(2025, 6, 30), "2025-06-30"),
        ("tháng 6", date(2025, 7, 1), "2026-06-30"),
        ("quý IV", date(2025, 12, 31), "2025-12-31"),
        ("trước 15/5", date(2025, 5, 15), "2025-05-14"),
        ("trước tháng 6", date(2025, 6, 15), "2026-05-31"),
        ("cuối năm", date(2025, 12, 31), "2025-12-31"),
    ],
)
def test_without_a_year_it_is_the_first_one_not_before_the_reference(text: str, reference: date, due: str) -> None:
    assert said(text, reference)[2] == due


@given(st.text(), st.dates())
def test_any_text_is_taken(text: str, reference: date) -> None:
    assert parse(text, reference).kind in Kind


WORDS = [
    "quý",
    "tháng",
    "năm",
    "ngày",
    "trước",
    "đến",
    "từ",
    "hết",
    "cuối",
    "đầu",
    "hằng",
    "thường",
    "xuyên",
    "sau",
    "khi",
    "6",
    "12",
    "30",
    "2025",
    "2030",
    "II",
    "/",
    "-",
    ".",
    ",",
    "(",
    "h",
]


@given(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join))
def test_what_is_read_is_in_order_and_only_dated_kinds_have_a_due_date(text: str) -> None:
    deadline = parse(text, REFERENCE)
    undated = {Kind.RECURRING, Kind.CONTINUOUS, Kind.CONDITIONAL, Kind.UNKNOWN}
    assert (deadline.due is None) is (deadline.kind in undated)
    if deadline.start and deadline.due:
        assert deadline.start <= deadline.due


@given(st.dates(date(1900, 1, 2), date(2199, 12, 31)))
def test_before_a_day_is_the_day_before(day: date) -> None:
    written = f"{day.day}/{day.month}/{day.year}"
    assert parse(written, REFERENCE).due == day
    if day > date(1900, 1, 1):
        assert parse(f"trước ngày {written}", REFERENCE).due == day - timedelta(days=1)


@pytest.mark.parametrize("piece", ["trước ", "từ ngày 1 ", "6 tháng đầu ", "- ", "sau ", "9", "((", "hằng "])
def test_eight_times_the_text_takes_no_more_than_a_multiple_of_the_time(piece: str) -> None:
    def seconds(count: int) -> float:
        text, best = piece * count, float("inf")
        for _turn in range(3):
            begin = perf_counter()
            parse(text, REFERENCE)
            best = min(best, perf_counter() - begin)
        return best

    # A quadratic reader would need 64 times as long; 24 leaves room for a busy machine.
    assert seconds(8000) < 24 * max(seconds(1000), 0.001)


@pytest.mark.parametrize(
    ("text", "every"),
    [("Hằng năm", "year"), ("báo cáo định kỳ hằng quý", "quarter"), ("6 tháng một lần", "half"), ("định kỳ", None)],
)
def test_a_series_says_how_often(text: str, every: str | None) -> None:
    assert frequency_of(text) == every


@pytest.mark.parametrize(
    ("text", "locale", "day"),
    [
        ("2/9/2026", "vi", date(2026, 9, 2)),
        ("2-9-26", "vi", date(2026, 9, 2)),
        ("2 tháng 9", "vi", date(2025, 9, 2)),
        ("30/6", "vi", date(2025, 6, 30)),
        ("2-9", "ms", date(2025, 9, 2)),
        ("quý II", "vi", date(2025, 6, 30)),
        ("cuối năm", "vi", date(2025, 12, 31)),
        ("2 сентября", "ru", date(2025, 9, 2)),
        ("2 сентября 2026 г.", "ru", date(2026, 9, 2)),
        ("II кв. 2025", "ru", date(2025, 6, 30)),
        ("2 ก.ย. 2569", "th", date(2026, 9, 2)),
        ("20 ม.ค. 2569", "th", date(2026, 1, 20)),
        ("๒ กันยายน พ.ศ. ๒๕๖๙", "th", date(2026, 9, 2)),
        ("2 ก.ย. 2569", "vi", date(2026, 9, 2)),
        ("Sep 2, 2026", "en", date(2026, 9, 2)),
        ("2nd of September 2026", "en", date(2026, 9, 2)),
        ("1er mars 2026", "fr", date(2026, 3, 1)),
        ("T4 2025", "fr", date(2025, 12, 31)),
        ("2 Ogos 2026", "ms", date(2026, 8, 2)),
    ],
)
def test_a_day_is_read_as_people_write_it(text: str, locale: str, day: date) -> None:
    reading = read_day(text, REFERENCE, locale)
    assert reading is not None
    assert (reading.text, reading.day) == (text, day)


@pytest.mark.parametrize("text", ["", "hello", "31 сентября", "Thường xuyên", "32/1/2025", "khi có yêu cầu"])
def test_what_is_no_day_is_none(text: str) -> None:
    assert read_day(text, REFERENCE, "ru") is None


@given(st.text(max_size=40), st.sampled_from(["vi", "en", "ru", "fr", "th", "ms", "xx"]))
def test_a_day_field_takes_any_text(text: str, locale: str) -> None:
    reading = read_day(text, REFERENCE, locale)
    assert reading is None or reading.text == text


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("31/02/2027", "31/02/2027"), ("trước ngày 30.2.2026", "30.2.2026"), ("2027-02-31", "2027-02-31"),
        ("29/2/2027", "29/2/2027"), ("29/2/2028", None), ("Ngày 31 tháng 4 năm 2026", "Ngày 31 tháng 4 năm 2026"),
        ("15/13/2027", "15/13/2027"), ("31/6", "31/6"), ("sớm nhất có thể", None), ("Luật số 20/2023/QH15", None),
        ("theo Kế hoạch 01-KH/BCĐTW", None),
    ],
)  # fmt: skip
def test_a_day_that_no_calendar_has_is_named_as_written(text: str, wrong: str | None) -> None:
    assert impossible_day(text) == wrong


@given(st.dates(date(1900, 1, 2), date(2199, 12, 31)))
def test_a_day_that_exists_is_never_wrong(day: date) -> None:
    assert impossible_day(f"{day.day}/{day.month}/{day.year}") is None
    assert impossible_day(day.isoformat()) is None
