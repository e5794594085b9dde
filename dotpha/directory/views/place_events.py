"""What the steward records of a place: a new name, a move; a merger, a split, a moved boundary, looked at first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights, scopes
from dotpha.directory import actions, kinds, queries
from dotpha.directory.actions.place_events import foreseen
from dotpha.directory.forms import BoundaryForm, MergeForm, MoveForm, PartForm, PlaceNameForm, SplitForm, TakeBackForm
from dotpha.directory.models import Organisation, Place
from dotpha.directory.place_events import Part, PlaceEvent
from dotpha.directory.queries import called
from dotpha.directory.queries.inside import inside as lying_in
from dotpha.directory.rows import PlaceRow
from dotpha.platform import numbers
from dotpha.platform.pages import desk_page, language, render, status_of
from dotpha.platform.refusals import Refused, refusals_on
from dotpha.platform.texts import read

PERCENT = Decimal(100)


@desk_page("GET", "POST")
def place_change(request: Any, key: str) -> HttpResponse:
    """What can happen to a place. The first button shows what would end and begin, the second records."""
    rights.require(request.actor, "directory.change", [scopes.ALL])
    place = queries.one_place(key)
    data = request.POST if request.method == "POST" else None
    asked = data.get("event", "") if data else ""
    first = {"name_vi": read(place.name, "vi").text, "short": place.short, "kind": place.kind}
    page: dict[str, Any] = {
        "looked": "",
        "rename": PlaceNameForm(data if asked == "rename" else None, initial=first, auto_id="rename_%s"),
        **{
            name: form(data if asked == name else None, initial={"kind": place.kind}, auto_id=f"{name}_%s")
            for name, form, _of in EVENTS
        },
    }
    if asked == "split":
        page["split"].offer(lying_in([key], page["split"].day_said() or request.today))
    lies = place.level != Place.Level.PROVINCE
    page["move"] = MoveForm(data if asked == "move" else None, auto_id="move_%s") if lies else None
    page["last_move"] = undoable_move(place)
    unmove = TakeBackForm(data if asked == "unmove" else None, auto_id="unmove_%s")
    page["unmove"] = unmove if page["last_move"] else None
    for name, act in (("rename", _renamed), ("move", _moved), ("unmove", _taken_back)):
        if page[name] and page[name].is_valid() and act(place, page[name], request.actor):
            return redirect("directory:place", key)
    for name, _form, event_of in EVENTS:
        form = page[name]
        if form.is_valid():
            with refusals_on(form):
                event = event_of(place, form.cleaned_data)
                if "keep" in request.POST:
                    actions.record_place_event(event=event, by=request.actor)
                    return redirect("directory:place", key)
                page["looked"], page["plan"] = name, _told(foreseen(event), event)
    status = max(status_of(each) for each in page.values() if isinstance(each, forms.Form))
    beside = [place.parent.key] if place.parent else []
    page |= {"place": place, "offered": called.offered(request.today, *beside)}
    return render(request, "directory/place_change.html", page, status=status)


def keys_of(text: str) -> tuple[str, ...]:
    """Keys separated by semicolons."""
    return tuple(filter(None, (each.strip() for each in text.split(";"))))


def _renamed(place: Place, form: forms.Form, by: Any) -> bool:
    with refusals_on(form):
        given = form.cleaned_data
        actions.rename_place(
            place=place, name={"vi": given["name_vi"]}, short=given["short"], kind=given["kind"],
            from_on=given["from_on"], document=given["document"], by=by,
        )  # fmt: skip
        return True
    return False


def _moved(place: Place, form: forms.Form, by: Any) -> bool:
    with refusals_on(form):
        given = form.cleaned_data
        actions.move_place(
            place=place, into=given["parent"], from_on=given["from_on"], document=given["document"], by=by
        )
        return True
    return False


def undoable_move(place: Place | Organisation) -> Any:
    """What a place or organisation lay in until its last move, if it could lie there again."""
    last = place.last_move
    ended = place.valid_to or (last and last.parent and last.parent.valid_to)
    return None if ended else last


def _taken_back(place: Place, form: forms.Form, by: Any) -> bool:
    with refusals_on(form):
        actions.take_back_move(place=place, reason=form.cleaned_data["reason"], by=by)
        return True
    return False


def _new(place: Place, on: Any, document: str, **facts: str) -> PlaceRow:
    """A place that begins in the same parent as the one that it comes from."""
    parent = place.parent.key if place.parent else ""
    name, kind = {"vi": facts["name"]}, facts["kind"]
    return PlaceRow(
        facts["key"], facts["code"], kinds.level_of(kind), kind, name, facts["short"], parent,
        valid_from=on, source=document,
    )  # fmt: skip


def _merger(place: Place, given: dict[str, Any]) -> PlaceEvent:
    others = keys_of(given["others"])
    row = None
    if not Place.objects.filter(key=given["into"]).exists():
        missing = next((name for name in ("code", "name_vi", "short") if not given[name]), None)
        if missing:
            sentence = _("Write the code, name and short name of the new place: no place has this key yet.")
            raise Refused("place_incomplete", sentence, field=missing)
        row = _new(
            place, given["on"], given["document"], key=given["into"], code=given["code"], name=given["name_vi"],
            short=given["short"], kind=given["kind"],
        )  # fmt: skip
    former = tuple(dict.fromkeys(each for each in (place.key, *others) if each != given["into"]))
    inside = {each.key: given["into"] for each in lying_in(former, given["on"])}
    return PlaceEvent(former, (Part(given["into"], row, Decimal(1)),), given["on"], given["document"], inside=inside)


def _split(place: Place, given: dict[str, Any]) -> PlaceEvent:
    lines = SplitForm.lines(given["parts"])
    parts = tuple(_part(place, number, line, given) for number, line in enumerate(lines, start=1))
    inside = {each.key: parts[0].key for each in lying_in([place.key], given["on"])}
    ticked: set[str] = set()
    for number, part in enumerate(parts, start=1):
        chosen = given.get(f"inside_{number}", ())
        twice = next((each for each in chosen if each in ticked), None)
        if twice is not None:
            sentence = _("“%(key)s” is ticked twice. Tick it once: it lies in one place.")
            raise Refused("place_ticked_twice", sentence, field=f"inside_{number}", key=twice)
        ticked.update(chosen)
        inside |= {key: part.key for key in chosen if key in inside}
    return PlaceEvent((place.key,), parts, given["on"], given["document"], inside=inside)


def _part(place: Place, number: int, line: str, given: dict[str, Any]) -> Part:
    columns, cells = list(PartForm.base_fields), [each.strip() for each in line.split(";")]
    if len(cells) == len(columns):
        cells[-1] = cells[-1].removesuffix("%").strip().replace(",", ".")
    form = PartForm(dict(zip(columns, cells, strict=False)))
    if len(cells) > len(columns) or not form.is_valid():
        sentence = _("Line %(line)s cannot be read. Write key; code; kind; full name; short name; share in %%.")
        raise Refused("part_unreadable", sentence, field="parts", line=number)
    said = form.cleaned_data
    share = said.pop("share")
    row = _new(place, given["on"], given["document"], **said)
    return Part(said["key"], row, None if share is None else share / PERCENT)


def _boundary(place: Place, given: dict[str, Any]) -> PlaceEvent:
    part = Part(given["to"].key, share=given["share"] / PERCENT)
    return PlaceEvent((place.key,), (part,), given["on"], given["document"], goes_on=True)


EVENTS: tuple[tuple[str, type[forms.Form], Callable[[Place, dict[str, Any]], PlaceEvent]], ...] = (
    ("merge", MergeForm, _merger),
    ("split", SplitForm, _split),
    ("boundary", BoundaryForm, _boundary),
)


def _percent(share: Decimal | None) -> str | None:
    """A share as the reader's language writes it, without zeros behind."""
    if share is None:
        return None
    percent = share * PERCENT
    digits = -int(percent.normalize().as_tuple().exponent)
    return numbers.number(percent, max(0, digits), language())


def _told(planned: Any, event: PlaceEvent) -> dict[str, Any]:
    """What would end, begin and pass on, with names, and the bodies of what ends, which go on by themselves."""
    keys = {*planned.ends, *(key for link in planned.links for key in (link.old, link.new))}
    names = {each.key: each.title.text for each in Place.objects.filter(key__in=keys)}
    names |= {row.key: str(row.name["vi"]) for row in planned.begins}
    moved = Counter(event.inside.values())
    return {
        "ends": [names[key] for key in planned.ends],
        "begins": [names[row.key] for row in planned.begins],
        "links": [(names[link.old], names[link.new], _percent(link.share)) for link in planned.links],
        "moved": [(moved[part.key], names[part.key]) for part in event.parts if moved[part.key]],
        "on": event.on,
        "bodies": queries.bodies_of(planned.ends, event.on),
    }
