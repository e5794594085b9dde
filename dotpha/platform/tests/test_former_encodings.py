"""Vietnamese texts of before Unicode are told from other languages and turned into Unicode."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dotpha.platform import classification, former_encodings
from dotpha.platform.refusals import Refused

SAID = "Cộng hòa xã hội chủ nghĩa Việt Nam. Độc lập - Tự do - Hạnh phúc"
WRITTEN = {
    "TCVN3": "Céng hßa x· héi chñ nghÜa ViÖt Nam. §éc lËp - Tù do - H¹nh phóc",
    "VNI": "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam. Ñoäc laäp - Töï do - Haïnh phuùc",
    "Windows-1258": "Côòng hoÌa xaÞ hôòi chuÒ nghiÞa Viêòt Nam. Ðôòc lâòp - Týò do - Haònh phuìc",
}


@pytest.mark.parametrize("name", WRITTEN)
def test_a_former_encoding_is_told_and_read(name: str) -> None:
    assert former_encodings.encoding_of(WRITTEN[name]) == name
    assert former_encodings.in_unicode(WRITTEN[name]) == SAID


@pytest.mark.parametrize(
    "said",
    [
        SAID,
        unicodedata.normalize("NFD", SAID),
        "hoà bình ở Đắk Lắk, Ia Lốp, Krông Pắc; Café Zürich naïve",
        "Größe für schöne Übung Köln müde Führung größer Österreich Straße",
        "L'élève où naïf ça coûte Noël maïs île plaît sûr dû",
        "Señor niño mañana año español",
        "Совет по науке",
        "ประเทศไทย",
        "Ñoäc laäp",
        "",
        "Hà Nội · Đà Nẵng · Huế · Cần Thơ",
        "Đã nêu: · có kế hoạch · đã làm · hòa hợp",
        "Il a dit « oui » et « non »",
        "3 × 4 × 5 × 6",
        "5 µm 6 µm 7 µm 8 µg",
    ],
)
def test_other_texts_are_in_unicode(said: str) -> None:
    assert former_encodings.encoding_of(said) == ""
    assert former_encodings.in_unicode(said) == said


@given(st.text())
def test_any_text_is_read_without_an_error(said: str) -> None:
    former_encodings.encoding_of(said)
    for turn in former_encodings.WAYS.values():
        turn(said)


@pytest.mark.parametrize("mark", ["TUYÖT MËT", "TUYEÄT MAÄT", "TUYÊòT MÂòT", "§é mËt: Tèi mËt", "MËT"])
def test_a_mark_of_secrecy_in_a_former_encoding_is_one(mark: str) -> None:
    assert classification.secret_mark(["Bé C«ng an", mark])
    with pytest.raises(Refused) as refusal:
        classification.require_open_texts(summary=f"Sè 12 ({mark})" if ":" not in mark else mark)
    assert (refusal.value.code, refusal.value.field) == ("state_secret", "summary")


@pytest.mark.parametrize("said", ["b¶o mËt th«ng tin", "maät ñoä daân soá", "mËt"])
def test_running_text_in_a_former_encoding_bears_no_mark(said: str) -> None:
    assert classification.secret_mark([said]) is None


def test_a_text_in_a_former_encoding_is_refused_with_what_mends_it() -> None:
    with pytest.raises(Refused) as refusal:
        classification.require_open_texts(text=WRITTEN["VNI"])
    assert (refusal.value.code, refusal.value.field) == ("old_encoding", "text")
    assert "UniKey" in str(refusal.value)
    assert "VNI" in str(refusal.value)
    classification.require_open_texts(text=SAID, note="")
