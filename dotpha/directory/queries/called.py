"""Which place people mean by what they typed: its key, its official code, its name, with what it lies in or without."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from dotpha.directory.models import Place
from dotpha.directory.queries import places
from dotpha.platform import advice, naming, text
from dotpha.platform.refusals import Refused
from dotpha.platform.texts import each as spoken


def written(place: Place) -> str:
    """A place as a field shows it: its name, and that of what it lies in."""
    above = place.parent_shown
    return f"{place.title.text}, {above.title.text}" if above else place.title.text


def place_said(said: str, on: date, field: str = "place") -> Place:
    """The place of a key, or the one of a day that is called so; refused with those that may be meant."""
    said = text.one_line(said)
    found = Place.objects.filter(key=said).first()
    if found:
        return found
    fitting = _called(said, on)
    if len(fitting) > 1:
        raise naming.not_one(said, [written(each) for each in fitting], field)
    if not fitting:
        near = naming.nearest_to(said, {written(each): written(each) for each in places(on)})
        raise _unknown(said[:80], near, field)
    return fitting[0]


def _unknown(said: str, near: str, field: str) -> Refused:
    if not near:
        sentence = _("“%(text)s” is not in the directory.")
        return Refused("unknown_place", sentence, do=advice.FIND, field=field, text=said)
    sentence = _("“%(text)s” is not in the directory. Nearest: %(nearest)s.")
    return Refused("unknown_place", sentence, do=advice.ONE_OF, field=field, text=said, nearest=near)


def typed(place: Place, on: date) -> str:
    """What is to be typed for a place: its name, its key where the name does not lead to it alone."""
    name = written(place)
    return name if _called(name, on) == [place] else place.key


def _called(said: str, on: date) -> list[Place]:
    name = said.partition(",")[0]
    return naming.called(said, ((each, _names(each)) for each in (places(on, words=name) if name else ())))


def _names(place: Place) -> list[str]:
    own = [place.short_shown, *spoken(place.names)]
    above = place.parent_shown
    around = [above.short_shown, *spoken(above.names)] if above else []
    return [place.code, *own, *(f"{name}, {outer}" for name in own for outer in around)]


def offered(on: date, *more: str) -> list[str]:
    """The names that a field of a place proposes: the provinces of a day, and what lies in those of these keys. There
    are too many communes to propose them all."""
    rows = [*places(on, "province"), *(each for key in more for each in places(on, parent=key))]
    return [written(each) for each in rows]
