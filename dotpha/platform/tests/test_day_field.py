"""A day that was typed stays: in the browser's calendar when it can be read, as text when it cannot."""

import pytest
from django import forms

from dotpha.platform.forms import DayField


class Form(forms.Form):
    day = DayField()
    other = forms.CharField()


@pytest.mark.parametrize(
    ("typed", "kind", "shown"),
    [
        ("2026-06-30", "date", "2026-06-30"),
        ("30/6/2026", "date", "2026-06-30"),
        ("30.06.2026", "date", "2026-06-30"),
        ("cuối tháng 6", "text", "cuối tháng 6"),
        ("31/6/2026", "text", "31/6/2026"),
        ("0002-06-30", "date", "0002-06-30"),
    ],
)
def test_what_was_typed_is_shown_again_after_an_error(typed: str, kind: str, shown: str) -> None:
    html = str(Form({"day": typed, "other": ""})["day"])
    assert (f'type="{kind}"' in html, f'value="{shown}"' in html) == (True, True), html


def test_an_empty_day_is_a_calendar() -> None:
    assert 'type="date"' in str(Form()["day"])
