"""The columns of files of organisations and of places, and how each cell is read (A8).

The same columns leave in an export and come back in an import.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import partial
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from dotpha.directory.kinds import ORGANISATION_KINDS, PLACE_KINDS
from dotpha.directory.models import Organisation, Place
from dotpha.platform import advice, days, text
from dotpha.platform.columns import Column, text_of
from dotpha.platform.refusals import Refused
from dotpha.platform.texts import LOCALES

LONGEST_NAME = 300
LEVELS = {level.value: level.label for level in Place.Level}
NAMES = {
    "vi": _("Name in Vietnamese"), "en": _("Name in English"), "ru": _("Name in Russian"),
    "fr": _("Name in French"), "th": _("Name in Thai"), "ms": _("Name in Malay"),
}  # fmt: skip


def _texts(most: int) -> Callable[[str, str], list[str]]:
    def read(cell: str, name: str) -> list[str]:
        return list(dict.fromkeys(text.clean(each, most, name) for each in cell.split(";") if each.strip()))

    return read


def _day(cell: str, name: str) -> date | None:
    return days.read_day(cell, name)


def _one_of(known: Mapping[str, Any], cell: str, name: str) -> str:
    """A code as it is, or its word in any of the six languages."""
    if cell in known:
        return cell
    words = _words(known)
    code = words.get(_plain(cell))
    if code is None:
        alike = text.nearest(cell, [*known, *words])
        raise Refused(
            "word_unknown",
            _("“%(text)s” is none of the words for this column. Nearest: %(nearest)s."),
            do=advice.ONE_OF,
            field=name,
            text=cell[:80],
            nearest=", ".join(alike) or "–",
        )
    return code


def _each_of(known: Mapping[str, Any], cell: str, name: str) -> list[str]:
    return list(dict.fromkeys(_one_of(known, each.strip(), name) for each in cell.split(";") if each.strip()))


def _words(known: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for code in LOCALES:
        with translation.override(code):
            found |= {_plain(str(label)): each for each, label in known.items()}
    return found


def _plain(word: str) -> str:
    return unicodedata.normalize("NFC", word).casefold().replace("’", "'")


def _decimal(low: int, high: int, places: int, cell: str, name: str) -> Decimal:
    """A number with a point, within bounds, rounded to what is kept."""
    try:
        value = Decimal(cell).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)  # as the database rounds
    except InvalidOperation:
        value = None
    if value is None or not value.is_finite() or not low <= value <= high:
        raise Refused(
            "number_unreadable",
            _("“%(text)s” is not a number from %(low)s to %(high)s. Write it as 3359.84, without other signs."),
            field=name,
            text=cell[:40],
            low=low,
            high=high,
        )
    return value


def _whole(low: int, high: int, cell: str, name: str) -> int:
    return int(_decimal(low, high, 0, cell, name))


_NAME_COLUMNS = [
    Column(f"name_{code}", NAMES[code], text_of(LONGEST_NAME), ("Tên", "Tên gọi") if code == "vi" else ())
    for code in LOCALES
]
_SHARED = [
    Column("valid_from", _("Valid from"), _day, ("Có hiệu lực từ", "Từ ngày", "Ngày thành lập")),
    Column("valid_to", _("Valid to"), _day, ("Có hiệu lực đến", "Đến ngày", "Ngày chấm dứt")),
    Column("source", _("Source"), text_of(300), ("Nguồn", "Căn cứ")),
]

AS_OF = Column("as_of", _("Facts of the day"), text_of(80))
"""Of a file that shows another day than that of its export: no import takes it back (`imports.loading`)."""

ORGANISATIONS = (
    AS_OF,
    Column("key", _("Key"), text_of(80), ("Mã", "Mã cơ quan", "Mã định danh")),
    *_NAME_COLUMNS,
    Column("name_from", _("New name from"), _day, ("Tên mới từ ngày", "Đổi tên từ ngày", "Ngày đổi tên")),
    Column("short", _("Abbreviation"), _texts(40), ("abbreviations", "Viết tắt", "Tên viết tắt", "Chữ viết tắt")),
    Column("kind", _("Kind"), partial(_one_of, ORGANISATION_KINDS), ("Loại", "Loại hình", "Loại cơ quan")),
    Column("parent", _("Belongs to (key)"), text_of(80), ("Trực thuộc", "Cơ quan cấp trên", "Mã cơ quan cấp trên")),
    Column("parent_from", _("Belongs to it from"), _day, ("Trực thuộc từ ngày", "Chuyển từ ngày", "Ngày chuyển")),
    Column("parent_name", _("Belongs to")),
    Column("place", _("Place (key)"), text_of(80), ("Địa bàn", "Mã địa bàn")),
    Column("member_kinds", _("Kinds of members"), partial(_each_of, ORGANISATION_KINDS), ("Loại thành viên",)),
    *_SHARED,
    Column("replaces", _("Replaces (keys)"), _texts(80), ("Thay thế", "Thay thế cho")),
)
PLACES = (
    AS_OF,
    Column("key", _("Key"), text_of(80), ("Mã", "Mã định danh")),
    Column("code", _("Official code"), text_of(10), ("Mã số", "Mã đơn vị hành chính", "Mã ĐVHC")),
    *_NAME_COLUMNS,
    Column("short_vi", _("Short name"), text_of(120), ("short", "Tên ngắn", "Tên gọi tắt")),
    Column("kind", _("Kind"), partial(_one_of, PLACE_KINDS), ("Loại", "Loại hình", "Loại đơn vị hành chính")),
    Column("level", _("Level"), partial(_one_of, LEVELS), ("Cấp", "Cấp hành chính")),
    Column("province", _("Lies in (key)"), text_of(80), ("parent", "Thuộc tỉnh", "Mã tỉnh")),
    Column("province_name", _("Lies in")),
    Column("lat", _("Latitude"), partial(_decimal, -90, 90, 6), ("latitude", "Vĩ độ")),
    Column("lon", _("Longitude"), partial(_decimal, -180, 180, 6), ("longitude", "Kinh độ")),
    Column("area_km2", _("Area, km²"), partial(_decimal, 0, 9_999_999, 2), ("Diện tích", "Diện tích (km²)")),
    Column("population", _("Population"), partial(_whole, 0, 2_000_000_000), ("Dân số", "Dân số (người)")),
    *_SHARED,
    Column("successor", _("Replaced by (key)"), text_of(80), ("Được thay thế bởi", "Sáp nhập vào")),
    *map(Column, ("region", "merged", "area_population_source", "communes", "commune_xa", "commune_phuong",
                  "commune_dac_khu", "province_code")),
)  # fmt: skip
"""The last ones stand in data packs and say nothing that is kept of a place: they are counted, or derived."""
_NAMES = {f"name_{code}" for code in LOCALES}
_NOT_EXPORTED = {"replaces", "successor", "name_from", "parent_from"}

CODE_LENGTH = {"province": 2, "district": 3, "commune": 5}
"""Digits of an official code, by level: spreadsheets take the zeros in front away."""

FIELDS = {"short": "abbreviations", "short_vi": "short", "province": "parent", "lat": "latitude", "lon": "longitude"}
"""Column -> field of a row, where the two are called otherwise."""


def fields_of(values: Mapping[str, Any], held: Mapping[str, Any]) -> dict[str, Any]:
    """Values by column as values by field of a row: the names of all languages become one text over the `held` one."""
    found = {FIELDS.get(name, name): value for name, value in values.items() if name not in _NAMES}
    given = {code: values[f"name_{code}"] for code in LOCALES if f"name_{code}" in values}
    changed = {code: name for code, name in given.items() if said(held.get(code)) != name}
    return {**found, "name": {**held, **changed}} if given else found


def said(name: Any) -> str:
    """A name of one language as plain text, whatever its state."""
    return str(name.get("text", "") if isinstance(name, dict) else name or "")


def exported(columns: Sequence[Column], as_of: str = "") -> tuple[dict[str, str], Callable[[Any], list[Any]]]:
    """Names with headers in the reader's language, and the reader of a record as cells, which an import takes back.

    Not where the rows are those of an earlier day: that one, `as_of`, stands in each row then.
    """
    out = [each for each in columns if each.label and each.name not in _NOT_EXPORTED and (as_of or each is not AS_OF)]

    def cells(thing: Any) -> list[Any]:
        found = {**cells_of(thing, out), AS_OF.name: as_of}
        above = _above(thing)
        name = above.title.text if above else ""
        return [worded(each.name, found[each.name]) if each.name in found else name for each in out]

    return {each.name: str(each.label) for each in out}, cells


def _above(thing: Place | Organisation) -> Place | Organisation | None:
    """What a record lies in or belongs to, on the day that was asked for."""
    return thing.parent_shown


def worded(column: str, value: Any) -> Any:
    """A value with codes as words of the reader's language and lists as one text; days and numbers as they are."""
    if column == "member_kinds":
        return "; ".join(str(ORGANISATION_KINDS.get(each, each)) for each in value)
    if isinstance(value, list | tuple):
        return "; ".join(value)
    words = {"level": LEVELS, "kind": {**PLACE_KINDS, **ORGANISATION_KINDS}}.get(column, {})
    return str(words.get(value, value)) if words else value


def cells_of(thing: Place | Organisation, columns: Sequence[Column]) -> dict[str, Any]:
    """A record as the cells of its row: what an export writes, and what an import compares with."""
    cells: dict[str, Any] = {}
    for column in columns:
        field = FIELDS.get(column.name, column.name)
        if column.name in _NAMES:
            cells[column.name] = said(thing.names.get(column.name.removeprefix("name_")))
        elif field in ("parent", "place"):
            linked = _above(thing) if field == "parent" else getattr(thing, field)
            cells[column.name] = linked.key if linked else ""
        elif hasattr(thing, f"{field}_shown"):
            cells[column.name] = getattr(thing, f"{field}_shown")
        elif hasattr(thing, field):
            cells[column.name] = getattr(thing, field)
    return cells
