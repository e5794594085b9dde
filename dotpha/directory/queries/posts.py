"""Reading the posts of organisations and who holds them (A5)."""

from __future__ import annotations

from datetime import date

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from dotpha.directory.models import Organisation, Post, PostHolder
from dotpha.platform import advice
from dotpha.platform.refusals import Refused
from dotpha.platform.spans import valid_on


def posts(organisation: Organisation, on: date) -> QuerySet[Post]:
    """The posts of an organisation, each with those who held it on a day as `holding` (A5): two queries."""
    return with_holders(organisation.posts.all(), on)


def with_holders(rows: QuerySet[Post], on: date) -> QuerySet[Post]:
    """Read with each post those who held it on a day as `holding`: a change of holder rewrites no history."""
    held = PostHolder.objects.filter(valid_on(on)).select_related("user")
    return rows.prefetch_related(Prefetch("holders", held, to_attr="holding"))


def one_post(organisation: Organisation, pk: int) -> Post:
    """A post of an organisation."""
    post = organisation.posts.filter(pk=pk).select_related("organisation").first()
    if post is None:
        raise Refused("not_found", _("There is no such post in this organisation."), do=advice.FIND, status=404)
    return post


def posts_over_time(organisation: Organisation, on: date) -> QuerySet[Post]:
    """The posts of an organisation, each with all who held it until a day or hold it as `held`, the latest first."""
    held = PostHolder.objects.filter(from_on__lte=on).select_related("user").order_by("-from_on", "-pk")
    return organisation.posts.prefetch_related(Prefetch("holders", held, to_attr="held"))


def holders(post: Post, on: date) -> QuerySet[PostHolder]:
    """Who held a post until a day or holds it, the latest first; who takes it up later is shown on later days."""
    return post.holders.filter(from_on__lte=on).select_related("user").order_by("-from_on", "-pk")


def one_holder(post: Post, pk: str) -> PostHolder:
    """A holding of a post, by its number as it stands in a form."""
    holder = post.holders.filter(pk=int(pk)).select_related("post__organisation").first() if pk.isdecimal() else None
    if holder is None:
        raise Refused("not_found", _("Nobody holds this post under that number."), do=advice.LOOK, status=404)
    return holder
