"""The API of the directory: organisations and places as they were on a day. Open to everybody."""

from __future__ import annotations

from datetime import date
from typing import Any

from ninja import Field, Query, Router, Schema

from dotpha.accounts import rights
from dotpha.directory import queries
from dotpha.directory.models import Organisation, Place
from dotpha.directory.queries.posts import posts_over_time
from dotpha.platform import days
from dotpha.platform.api import ApiRequest, Page, Paging, Times, paged

router = Router(tags=["directory"])


class OrganisationOut(Schema):
    """An organisation or a group of organisations."""

    key: str = Field(examples=["most"])
    kind: str = Field(examples=["ministry"])
    name: str = Field(description="In the language of the request, else Vietnamese")
    names: dict[str, str] = Field(description="By locale")
    abbreviations: list[str]
    parent: str | None = Field(description="Key of the organisation to which it belongs on the day")
    place: str | None
    valid_from: date | None
    valid_to: date | None = Field(description="The last day; null while it goes on")
    source: str


class PlaceOut(Schema):
    """A province or commune."""

    key: str = Field(examples=["province-ha-noi"])
    code: str = Field(examples=["01"])
    level: str = Field(examples=["province"])
    kind: str
    name: str
    names: dict[str, str]
    short: str
    parent: str | None = Field(description="Key of the place in which it lies on the day")
    latitude: float | None
    longitude: float | None
    area_km2: float | None
    population: int | None
    valid_from: date | None
    valid_to: date | None
    source: str


def _names(texts: dict[str, Any]) -> dict[str, str]:
    return {code: said["text"] if isinstance(said, dict) else said for code, said in texts.items()}


def organisation_out(row: Organisation) -> dict[str, Any]:
    """An organisation as the API shows it."""
    return {
        "key": row.key,
        "kind": row.kind,
        "name": row.title.text,
        "names": _names(row.names),
        "abbreviations": row.abbreviations,
        "parent": row.parent_shown.key if row.parent_shown else None,
        "place": row.place.key if row.place else None,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "source": row.source,
    }


def place_out(row: Place) -> dict[str, Any]:
    """A place as the API shows it."""
    return {
        "key": row.key,
        "code": row.code,
        "level": row.level,
        "kind": row.kind_shown,
        "name": row.title.text,
        "names": _names(row.names),
        "short": row.short_shown,
        "parent": row.parent_shown.key if row.parent_shown else None,
        "latitude": row.latitude,
        "longitude": row.longitude,
        "area_km2": row.area_km2,
        "population": row.population,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "source": row.source,
    }


class HolderOut(Schema):
    """Who held a post from a day until a day; the last day is included, null while it goes on."""

    name: str
    from_on: date
    until_on: date | None


class PostOut(Schema):
    """An official post and those who held it, the latest first."""

    id: int
    title: str
    single: bool = Field(description="One holder at a time")
    holders: list[HolderOut]


VALID_ON = Query(None, description="A date, also one to come: the places valid on it. Goes before `as_of`.")


@router.get("/organisations", response=Page[OrganisationOut], summary="List organisations of a day")
def list_organisations(
    request: ApiRequest,
    paging: Query[Paging],
    times: Query[Times],
    kind: str = Query("", max_length=40),
    parent: str = Query("", max_length=80, description="Key of the organisation to which they belong on the day"),
    q: str = Query("", max_length=300, description="Words of a name or abbreviation; marks and case do not matter"),
    valid_on: str | None = VALID_ON,
) -> dict[str, Any]:
    """Organisations valid on the day under their names of that day, by name."""
    with times.reading() as on:
        on = days.read_day(valid_on, "valid_on") or on
        return paged(queries.organisations(on, kind, parent, words=q), paging, organisation_out)


@router.get("/organisations/{key}", response=OrganisationOut, summary="Read an organisation")
def read_organisation(request: ApiRequest, key: str, times: Query[Times]) -> dict[str, Any]:
    """An organisation, also one that has ended."""
    with times.reading() as on:
        return organisation_out(queries.one_organisation(key, on))


@router.get("/organisations/{key}/posts", response=list[PostOut], summary="List the posts of an organisation")
def list_posts(request: ApiRequest, key: str, times: Query[Times]) -> list[dict[str, Any]]:
    """The posts of an organisation and who held each by the day. For those who may read the directory on the desk."""
    with times.reading() as on:
        organisation = queries.one_organisation(key, on)
        rights.require(request.actor, "directory.view", [organisation.scope])
        return [_post_out(each) for each in posts_over_time(organisation, on)]


def _post_out(post: Any) -> dict[str, Any]:
    return {
        "id": post.pk,
        "title": str(post),
        "single": post.single,
        "holders": [{"name": str(each.user), "from_on": each.from_on, "until_on": each.until_on} for each in post.held],
    }


@router.get("/places", response=Page[PlaceOut], summary="List places of a day")
def list_places(
    request: ApiRequest,
    paging: Query[Paging],
    times: Query[Times],
    level: str = Query("", max_length=20, description="province, district or commune"),
    parent: str = Query("", max_length=80, description="Key of the place in which they lie on the day"),
    q: str = Query("", max_length=300, description="Words of a name, or a code"),
    valid_on: str | None = VALID_ON,
) -> dict[str, Any]:
    """Places valid on the day, by official code: 34 provinces and 3,321 communes since 1 July 2025."""
    with times.reading() as on:
        on = days.read_day(valid_on, "valid_on") or on
        return paged(queries.places(on, level, parent, q), paging, place_out)


@router.get("/places/{key}", response=PlaceOut, summary="Read a place")
def read_place(request: ApiRequest, key: str, times: Query[Times]) -> dict[str, Any]:
    """A place, also one of before 1 July 2025."""
    with times.reading() as on:
        return place_out(queries.one_place(key, on))
