"""From the files of a data pack to rows of the directory, the documents and the programmes. Nothing is written here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from dotpha.datapacks.pack import Pack, day
from dotpha.directory import kinds
from dotpha.directory.rows import OrganisationRow, PlaceRow, SuccessionRow
from dotpha.directory.rules import successions
from dotpha.documents.rows import DocumentRow, ProvisionRow, RelationRow
from dotpha.programmes.actions import GroupRow, TargetRow
from dotpha.programmes.rows import TaskRow
from dotpha.programmes.rules.breakdown import choose_lead

RELATIONS = ("implements", "guides", "amends", "supplements", "replaces", "repeals")
ANNEX_OF_TARGETS, ANNEX_OF_TASKS = "annex-I", "annex-II"


def _decimal(cell: str) -> Decimal | None:
    return Decimal(cell) if cell else None


def _texts(row: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {code: row[f"{name}_{code}"] for code in ("vi", "en") if row.get(f"{name}_{code}")}


def places(pack: Pack) -> list[PlaceRow]:
    """Provinces of today with their tiles, their communes, and the provinces of before."""
    tiles = {row["key"]: row for row in pack.rows("geo/grid_34.csv")}
    rows = []
    for row in pack.rows("provinces.csv"):
        tile = tiles[row["key"]]
        rows.append(
            PlaceRow(
                key=row["key"],
                code=row["code"],
                level="province",
                kind=row["kind"],
                name=pack.names("province", row["key"], row),
                short=row["short_vi"],
                latitude=_decimal(row["lat"]),
                longitude=_decimal(row["lon"]),
                area_km2=_decimal(row["area_km2"]),
                population=int(row["population"]) if row["population"] else None,
                tile_row=int(tile["row"]),
                tile_column=int(tile["col"]),
                abbreviation=tile["abbr"],
                valid_from=day(row["valid_from"]),
                valid_to=day(row["valid_to"]),
                source=row["source"],
            )
        )
    return [*rows, *_communes(pack), *_old_provinces(pack)]


def _communes(pack: Pack) -> Iterator[PlaceRow]:
    for row in pack.rows("communes.csv"):
        yield PlaceRow(
            key=row["key"],
            code=row["code"],
            level="commune",
            kind=row["kind"],
            name=_texts(row, "name"),
            short=row["short_vi"],
            parent=row["province"],
            latitude=_decimal(row["lat"]),
            longitude=_decimal(row["lon"]),
            area_km2=_decimal(row["area_km2"]),
            valid_from=day(row["valid_from"]),
            source=row["source"],
        )


def _old_provinces(pack: Pack) -> Iterator[PlaceRow]:
    for row in pack.rows("old_provinces.csv"):
        yield PlaceRow(
            key=row["key"],
            code=row["code"],
            level="province",
            kind=row["kind"],
            name=_texts(row, "name"),
            short=row["short_vi"],
            valid_from=day(row["valid_from"]),
            valid_to=day(row["valid_to"]),
            source=row["source"],
        )


def place_successions(pack: Pack) -> list[SuccessionRow]:
    """The crosswalk from the provinces of before to those of today: each lies wholly in one."""
    return [
        SuccessionRow(
            row["old_key"], row["new_key"], date.fromisoformat(row["effective_on"]), Decimal(1), row["source"]
        )
        for row in pack.rows("crosswalk_63_34.csv")
    ]


def organisations(pack: Pack) -> list[OrganisationRow]:
    """The organisations of the pack, and the People's Committee of each commune, derived from the list of communes.

    Only bodies of a province or commune get a place (`kinds.has_place`).
    """
    groups = pack.manifest["groups"]
    rows = [
        OrganisationRow(
            key=row["key"],
            kind=row["kind"],
            name=pack.names("organisation", row["key"], row),
            abbreviations=tuple(filter(None, (each.strip() for each in row["short"].split(";")))),
            parent=row["parent"],
            place=row["place"] if kinds.has_place(row["kind"]) else "",
            member_kinds=tuple(groups.get(row["key"], ())),
            valid_from=day(row["valid_from"]),
            valid_to=day(row["valid_to"]),
            source=row["source"],
        )
        for row in pack.rows("organisations.csv")
    ]
    above = {row.place: row.key for row in rows if row.kind == "provincial_peoples_committee"}
    return [*rows, *_commune_committees(pack, above)]


def _commune_committees(pack: Pack, above: Mapping[str, str]) -> Iterator[OrganisationRow]:
    for row in pack.rows("communes.csv"):
        name = row["name_vi"][0].lower() + row["name_vi"][1:]
        yield OrganisationRow(
            key=f"peoples-committee-{row['code']}",
            kind="commune_peoples_committee",
            name={"vi": f"Ủy ban nhân dân {name}", "en": f"People's Committee of {row['name_en']}"},
            parent=above[row["province"]],
            place=row["key"],
            valid_from=day(row["valid_from"]),
            source="derived: one People's Committee for each commune of communes.csv",
        )


def organisation_successions(pack: Pack) -> list[SuccessionRow]:
    """Which body replaces which, where the pack says since when."""
    former = {row["key"]: row for row in pack.rows("organisations.csv")}
    rows = []
    for row in pack.rows("organisations.csv"):
        for old in filter(None, row["replaces"].split(";")):
            on = successions.replaced_on(day(row["valid_from"]), day(former[old]["valid_to"]))
            if on is not None:
                rows.append(SuccessionRow(old, row["key"], on, document=row["source"]))
    return rows


def documents(pack: Pack) -> list[DocumentRow]:
    """The directing documents with the provisions that the pack gives."""
    return [
        DocumentRow(
            key=row["key"],
            number=str(row.get("number") or ""),
            kind=row["kind"],
            issuer=row.get("issuer") or "",
            title=_texts(row, "title"),
            signed_on=day(row.get("issued_on")),
            in_force_on=day(row.get("effective_on")),
            source=row["source"],
            obtained_on=day(pack.manifest["edition"]),
            provisions=tuple(_provisions(pack, row)),
        )
        for row in pack.documents
    ]


def _provisions(pack: Pack, document: Mapping[str, Any]) -> Iterator[ProvisionRow]:
    structure = document.get("structure") or {}
    for part in structure.get("parts", ()):
        number, _dot, heading = part.partition(". ")
        yield ProvisionRow(number, "part", heading={"vi": heading})
    for each in structure.get("viewpoints", ()):
        said = {"vi": each["text_vi"], "en": {"text": each["summary_en"], "state": "summary"}}
        yield ProvisionRow(f"I.{each['no']}", "clause", "I", text=said, verbatim=bool(each["verbatim"]))
    if "parts" in structure:
        for each in structure.get("task_groups", ()):
            yield ProvisionRow(f"III.{each['no']}", "clause", "III", heading=_texts(each, "title"))
    for annex in structure.get("annexes", ()):
        yield ProvisionRow(f"annex-{annex['no']}", "annex", heading=_texts(annex, "title"))
    if document["key"] == pack.manifest["programmes"][pack.manifest["key"]]["tasks_of"]:
        yield from _annex_items(pack, document["key"])


def _annex_items(pack: Pack, document: str) -> Iterator[ProvisionRow]:
    for row in pack.rows("targets.csv"):
        if row["document"] == document and not row["parent"]:
            text = {"vi": f"{row['text_vi']}: {row['result_as_written']}"}
            yield ProvisionRow(f"{ANNEX_OF_TARGETS}.{row['ordinal']}", "item", ANNEX_OF_TARGETS, text=text)
    for row in pack.rows("tasks.csv"):
        if row["document"] == document:
            address = f"{ANNEX_OF_TASKS}.{row['ordinal']}"
            yield ProvisionRow(address, "item", ANNEX_OF_TASKS, text=_title(row), verbatim=row["verbatim"] == "yes")


def relations(pack: Pack) -> list[RelationRow]:
    """What the documents of the pack do to each other."""
    return [
        RelationRow(row["key"], kind, target)
        for row in pack.documents
        for kind in RELATIONS
        for target in row.get(kind) or ()
    ]


def groups(pack: Pack, document: str) -> list[GroupRow]:
    """The task groups that a document lays down, with names in every language of the pack."""
    structure = next(row for row in pack.documents if row["key"] == document)["structure"]
    rows = []
    for each in structure["task_groups"]:
        short = pack.translations.get(("task_group", each["key"]), {})
        rows.append(GroupRow(each["key"], _texts(each, "title"), int(each["no"]), short))
    return rows


def targets(pack: Pack, document: str) -> list[TargetRow]:
    """The targets of an annex, sub-targets under their own."""
    return [
        TargetRow(
            key=row["key"],
            title=_texts(row, "text"),
            year=int(row["horizon"]),
            order=order,
            ordinal=row["ordinal"],
            parent=row["parent"],
            result_text=row["result_as_written"],
            unit=row["unit"],
            comparison=row["comparison"],
            number=_decimal(row["number"]),
            number_high=_decimal(row["number_high"]),
            indicator=row["indicator"],
            owner=row["owner"].partition(";")[0],
            owner_text=row["owner_as_written"],
            verbatim=row["verbatim"] == "yes",
            source=row["source"],
        )
        for order, row in enumerate(pack.rows("targets.csv"), 1)
        if row["document"] == document
    ]


def _title(row: Mapping[str, str]) -> dict[str, Any]:
    said: dict[str, Any] = {"vi": row["text_vi"]}
    if row["text_en"]:
        said["en"] = {"text": row["text_en"], "state": "short"}
    return said


def tasks(pack: Pack, settings: Mapping[str, Any]) -> list[TaskRow]:
    """The tasks of one programme of the manifest: those of one document, or all others ("conclusions")."""
    annex = pack.manifest["programmes"][pack.manifest["key"]]["tasks_of"]
    wanted = settings.get("tasks_of")
    if not wanted:
        return []
    chosen = [row for row in pack.rows("tasks.csv") if (row["document"] == annex) == (wanted == annex)]
    return [_task(row, settings) for row in chosen]


def _task(row: Mapping[str, str], settings: Mapping[str, Any]) -> TaskRow:
    lead, co_leads = choose_lead(row["leads_current"].split(";"))
    of_annex = row["document"] == settings["tasks_of"]
    provision = f"{row['document']}#{ANNEX_OF_TASKS}.{row['ordinal']}" if of_annex else ""
    assigned_on = row["assigned_on"] or settings.get("assigned", {}).get(row["key"])
    return TaskRow(
        key=row["key"],
        title=_title(row),
        lead=lead,
        co_leads=tuple(co_leads),
        lead_text=row["lead_as_written"],
        cooperating=tuple(filter(None, row["cooperating"].split(";"))),
        cooperating_text=row["cooperating_as_written"],
        products=tuple(filter(None, (row["expected_product"].strip(),))),
        deadline_text=row["deadline_text"] or "–",
        deadline_kind=row["deadline_kind"] or "unknown",
        deadline_start_on=day(row["start"]),
        due_on=day(row["due"]),
        group=f"task-group-{row['task_group']}" if of_annex and row["task_group"] else "",
        ordinal=row["ordinal"],
        provision=provision,
        quoted_text=row["text_vi"] if of_annex else "",
        assigned_on=day(assigned_on),
        verbatim=row["verbatim"] == "yes",
        source=row["source"],
    )
