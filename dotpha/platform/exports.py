"""Lists out of the product: exactly what is on the screen, as CSV, XLSX or JSON, streamed.

A cell that a spreadsheet would take for a formula begins with an apostrophe in CSV; `sheets.read_table` takes it away
again, so a file comes back as it went out. XLSX has the headers in row 1 of the first sheet, as imports want them
(contracts, section 5); the title, the filter and the moment stand on the second sheet.
"""

from __future__ import annotations

import csv
import inspect
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import xlsxwriter
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import translation
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from dotpha.platform import advice, days, readings
from dotpha.platform.pages import actor_of
from dotpha.platform.refusals import Refused
from dotpha.platform.zone import ZONE

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase
    from django_tables2 import Table

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
PIECE = 64 * 1024  # bytes of a workbook sent at once
BATCH = 200  # rows gathered before they are sent
WIDEST = 60


def defused(cell: Any) -> Any:
    """The cell as CSV may hold it: a text that begins like a formula gets an apostrophe in front."""
    if isinstance(cell, str) and cell.startswith(FORMULA_SIGNS):
        return f"'{cell}"
    return "" if cell is None else cell


def csv_stream(headers: Sequence[str], rows: Iterable[Sequence[Any]], *, mark: bool = True) -> Iterator[bytes]:
    """A CSV file in pieces; `mark` is the byte-order mark by which spreadsheets know UTF-8."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(headers)
    if mark:
        yield "\ufeff".encode()
    for number, row in enumerate(rows, 1):
        writer.writerow([defused(cell) for cell in row])
        if number % BATCH == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def json_stream(names: Sequence[str], rows: Iterable[Sequence[Any]], on: date) -> Iterator[bytes]:
    """The day asked about and the rows, each an object with the same names in every language, in pieces."""
    coder = DjangoJSONEncoder(ensure_ascii=False)
    yield f'{{"on": {coder.encode(on)}, "items": ['.encode()
    for number, row in enumerate(rows):
        comma = ",\n" if number else "\n"
        yield (comma + coder.encode(dict(zip(names, row, strict=True)))).encode()
    yield b"\n]}\n"


def spoken(rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """The same rows in the language of this moment: a stream is read after the request has ended, when words
    would come in the language of the installation."""
    code, source = translation.get_language(), iter(rows)

    def read() -> Iterator[Sequence[Any]]:
        while True:
            with translation.override(code):
                row = next(source, None)
            if row is None:
                return
            yield row

    return read()


def xlsx_file(
    title: str, headers: Sequence[str], rows: Iterable[Sequence[Any]], about: Sequence[tuple[str, str]]
) -> Any:
    """An open temporary XLSX file: the rows, typed, on the first sheet; `about` on the second."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 -- the answer closes it
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(title[:31].translate(str.maketrans("", "", "[]:*?/\\")) or "Dotpha")
    head, day = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.freeze_panes(1, 0)
    for column, header in enumerate(headers):
        sheet.set_column(column, column, min(WIDEST, max(12, len(header) + 2)))
        sheet.write_string(0, column, header, head)
    for number, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            _write(sheet, number, column, cell, day)
    told = book.add_worksheet(_("About"))
    told.set_column(0, 1, 40)
    for number, (name, value) in enumerate(about):
        told.write_string(number, 0, name, head)
        told.write_string(number, 1, value)
    book.close()
    file.seek(0)
    return file


def _write(sheet: Any, row: int, column: int, cell: Any, day: Any) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, datetime):
        cell = cell.astimezone(ZONE).replace(tzinfo=None)
    if isinstance(cell, date):
        sheet.write_datetime(row, column, cell, day)
    elif isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
        sheet.write_number(row, column, float(cell))
    else:
        sheet.write_string(row, column, str(cell)[:32_767])


def answer(
    request: HttpRequest,
    name: str,
    title: str,
    columns: Mapping[str, str],
    rows: Iterable[Sequence[Any]],
    filters: str = "",
    told: dict[str, Any] | None = None,
) -> HttpResponseBase:
    """The file that `?export=csv`, `xlsx` or `json` asks for, named after the list and the day asked about.

    `columns`: the name of each, which stays, and its header in the reader's language. A person's export is recorded;
    `told` is what the event says beside the filter, the format and the number of rows.
    """
    kind = request.GET.get("export", "")
    on = getattr(request, "on", days.today())
    file_name = f"dotpha-{name}-{on.isoformat()}.{kind}"
    headers = [str(each) for each in columns.values()]  # now: a stream is read after the language was left
    if getattr(request, "known_at", None):
        rows = list(rows)  # a stream is read after the moment of knowledge has been left
    counted = readings.Counted(spoken(rows))
    if kind == "csv":
        pieces, media_type = csv_stream(headers, counted), "text/csv; charset=utf-8"
    elif kind == "json":
        pieces, media_type = json_stream(list(columns), counted, on), "application/json"
    elif kind == "xlsx":
        about = _about(request, title, filters or readings.asked_of(request).urlencode(), on)
        pieces, media_type = _pieces(xlsx_file(title, headers, counted, about)), XLSX_TYPE
    else:
        sentence = _("A list is exported as csv, xlsx or json.")
        raise Refused("export_unknown", sentence, do=advice.ONE_OF, field="export", status=400)
    said = {"format": kind, "filter": readings.filter_of(request), **(told or {})}
    response = StreamingHttpResponse(
        readings.recorded(pieces, actor_of(request), name, said, counted), content_type=media_type
    )
    if kind != "json":  # which a program or a browser reads as it comes
        response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response


def _about(request: HttpRequest, title: str, filters: str, on: date) -> list[tuple[str, str]]:
    return [
        (_("List"), title), (_("Filter"), filters or "–"), (_("Facts of the day"), on.isoformat()),
        (_("Exported at"), days.now().astimezone(ZONE).isoformat(timespec="minutes")),
        (_("Address"), request.build_absolute_uri()),
    ]  # fmt: skip


def _pieces(file: Any) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece


def plain(table: Table) -> tuple[dict[str, str], Iterator[list[Any]]]:
    """Names with headers, and rows as plain values: `value_…` of the table where there is one, else the field.

    What a column needs is found out once, not for every cell: a thousand rows take a few milliseconds.
    """
    columns = list(table.columns)
    readers = [_reader(table, column) for column in columns]
    headers = {column.name: strip_tags(str(column.header)) for column in columns}
    return headers, ([read(record) for read in readers] for record in table.data)


def _reader(table: Table, column: Any) -> Callable[[Any], Any]:
    method = getattr(table, f"value_{column.name}", None) or getattr(table, f"render_{column.name}", None)
    needs = set(inspect.signature(method).parameters) if method else set()
    empty = column.column.empty_values

    def read(record: Any) -> Any:
        value = column.accessor.resolve(record, quiet=True)
        if value in empty:
            return ""
        if method is None:
            return value
        given = {"value": value, "record": record, "table": table}
        return method(**{name: given[name] for name in needs})

    return read


def of_table(
    request: HttpRequest,
    table: Table,
    name: str,
    title: str = "",
    sheet: tuple[Mapping[str, str], Callable[[Any], list[Any]]] | None = None,
) -> HttpResponseBase:
    """The whole of a table as it is filtered, sorted and its columns chosen, page by page of the same query.

    `sheet` gives other columns and cells for the same rows: those that an import takes back.
    """
    sort = request.GET.get("sort")
    if sort:
        table.order_by = sort
    columns, values = plain(table) if sheet is None else (sheet[0], map(sheet[1], table.data))
    return answer(request, name, title or name, columns, values)
