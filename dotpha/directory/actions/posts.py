"""Official posts and who held them (A5)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights
from dotpha.accounts.models import User
from dotpha.directory import rules
from dotpha.directory.models import Organisation, Post, PostHolder
from dotpha.platform import audit
from dotpha.platform.action import action
from dotpha.platform.actors import Actor
from dotpha.platform.refusals import Refused
from dotpha.platform.texts import read


@action
def add_post(*, organisation: Organisation, title: Mapping[str, Any], single: bool = True, by: Actor) -> Post:
    """Add a post to an organisation: a decision points to it, not to a person's name."""
    by = rights.require(by, "directory.change", [organisation.scope])
    if not read(dict(title)).text.strip():
        raise Refused("title_missing", _("Write the title."), field="title")
    post = Post.objects.create(organisation=organisation, title=dict(title), single=single)
    audit.record("post.added", organisation, by, after={"post": post.pk, "title": title})
    return post


@action
def fill_post(*, post: Post, user: User, from_on: date, until_on: date | None = None, by: Actor) -> PostHolder:
    """Say who holds a post from a day. A second holder of a single post on one of these days is refused."""
    by = rights.require(by, "directory.change", [post.organisation.scope])
    post = Post.objects.select_for_update(of=("self",)).get(pk=post.pk)
    days = rules.Days(from_on, until_on)
    rules.require_days(days, "until_on")
    held = [
        rules.Holding(each.user.username, rules.Days(each.from_on, each.until_on))
        for each in post.holders.select_related("user")
    ]
    if post.single:
        rules.require_single_holder(rules.Holding(user.username, days), held)
    holder = PostHolder.objects.create(post=post, user=user, from_on=from_on, until_on=until_on)
    audit.record(
        "post.filled",
        post.organisation,
        by,
        after={"post": post.pk, "holder": user.username, "from_on": from_on},
    )
    return holder


@action
def leave_post(*, holder: PostHolder, until_on: date, by: Actor) -> PostHolder:
    """Say which day was a holder's last one in a post; who held it before stays on record.

    A last day that is on record already may be brought forward, never moved past it: that is another holding.
    """
    by = rights.require(by, "directory.change", [holder.post.organisation.scope])
    holder = (
        PostHolder.objects.select_for_update(of=("self",))
        .select_related("post__organisation", "user")
        .get(pk=holder.pk)
    )
    rules.require_days(rules.Days(holder.from_on, until_on), "until_on")
    if holder.until_on is not None and until_on >= holder.until_on:
        raise Refused(
            "left_already",
            _("This post was left already, on %(day)s. Record a new holding for later days."),
            field="until_on",
            status=409,
            day=holder.until_on,
        )
    before, holder.until_on = holder.until_on, until_on
    holder.save(update_fields=["until_on"])
    audit.record(
        "post.left", holder.post.organisation, by, before={"until_on": before} if before else {},
        after={"post": holder.post_id, "holder": holder.user.username, "until_on": until_on},
    )  # fmt: skip
    return holder
