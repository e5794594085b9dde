"""One-click demonstration, language, one's own page, people and their rights."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import login
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from dotpha.accounts import demo as demonstration
from dotpha.accounts import imports, oidc, queries, rights, scopes
from dotpha.accounts.actions import addresses, grants, links, recovery, tokens
from dotpha.accounts.actions import people as people_actions
from dotpha.accounts.forms import (
    DelegationForm,
    GrantForm,
    PasswordForm,
    PersonChangeForm,
    PersonForm,
    TokenForm,
)
from dotpha.accounts.models import EmailChange, Grant, Recovery, Token, User
from dotpha.accounts.roles import Role
from dotpha.platform import days, exports, import_pages
from dotpha.platform.importing import Preview
from dotpha.platform.pages import NATIVE_NAMES, desk_page, next_of, render, status_of, url, whole
from dotpha.platform.refusals import refusals_on

YEAR = 365 * 24 * 3600
PAGE = 50


@require_POST
def demo(request: HttpRequest, username: str) -> HttpResponse:
    """Sign in as a demonstration account, where only this machine reaches the site."""
    if not demonstration.is_open():
        raise Http404
    user = get_object_or_404(User, username=username, is_demo=True, is_active=True)
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return redirect("/desk/")


@require_GET
def provider_begin(request: HttpRequest) -> HttpResponse:
    """Go to the outside provider of sign-ins. A link, not a form: the policy lets forms lead to this site only."""
    if not oidc.is_on():
        raise Http404
    return oidc.begin(request, next_of(request))


@require_GET
def provider_callback(request: HttpRequest) -> HttpResponse:
    """Come back from the outside provider."""
    if not oidc.is_on():
        raise Http404
    return oidc.finish(request)


@require_GET
def language(request: HttpRequest, code: str) -> HttpResponse:
    """Read the desk in another language: kept with the person, or in a cookie."""
    if code not in NATIVE_NAMES:
        raise Http404
    answer = redirect(next_of(request) or "/")
    answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=YEAR, samesite="Lax", httponly=True)
    return answer


@desk_page("GET", "POST")
def me(request: Any) -> HttpResponse:
    """My rights, what I lend, my tokens and sessions."""
    user = request.user
    held = queries.named(user.grants.all())
    post = request.POST if request.method == "POST" else None
    lend = DelegationForm(post if post and "lend" in post else None, grants=held)
    token_form = TokenForm(post if post and "token" in post else None)
    shown = ""
    if post and "end_delegation" in post:
        mine = queries.delegations_of(user)
        grants.end_delegation(delegation=get_object_or_404(mine, pk=whole(post["end_delegation"])), by=request.actor)
        return redirect("accounts:me")
    if post and "end_token" in post:
        own = get_object_or_404(Token, pk=whole(post["end_token"]), user=user)
        tokens.end_token(token=own, by=request.actor)
        return redirect("accounts:me")
    if lend.is_bound and lend.is_valid():
        with refusals_on(lend):
            given = lend.cleaned_data
            grants.delegate(
                grant=get_object_or_404(Grant, pk=given["grant"], user=user),
                to_user=queries.by_name(given["to_user"]),
                lent=given["lent"], from_on=given["from_on"], until_on=given["until_on"], reason=given["reason"],
                by=request.actor,
            )  # fmt: skip
            return redirect("accounts:me")
    if token_form.is_bound and token_form.is_valid():
        with refusals_on(token_form):
            given = token_form.cleaned_data
            shown = tokens.issue_token(
                user=user, name=given["token_name"], may=given["may"].split(","), by=request.actor
            )
    page = {
        "held": held, "lend": lend, "token_form": token_form, "shown": shown,
        "tokens": user.tokens.filter(ended_at=None), "delegations": queries.delegations_of(user),
    }  # fmt: skip
    return render(request, "accounts/me.html", page, status=max(status_of(lend), status_of(token_form)))


@desk_page("GET")
def people(request: Any) -> HttpResponseBase:
    """Everybody who signs in, with the roles held on the day."""
    rights.require(request.actor, "person.view", [scopes.ALL])
    rows = queries.people(request.GET.get("q", "")[:100], request.GET.get("role", ""), request.on)
    if request.GET.get("export"):
        return people_export(request, rows)
    shown = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    queries.named(grant for each in shown for grant in each.held)  # type: ignore[attr-defined]
    return render(
        request,
        "accounts/people.html",
        {
            "rows": shown,
            "roles": Role.choices,
            "total": shown.paginator.count,
            "recoveries": queries.recoveries(None, days.now()),
        },
    )


def people_export(request: Any, rows: QuerySet[User]) -> HttpResponseBase:
    """The list of people as it is filtered: what the screen shows, and no address of anybody."""
    found = list(rows)
    queries.named(grant for each in found for grant in each.held)  # type: ignore[attr-defined]
    columns = {"username": _("User name"), "name": _("Name"), "roles": _("Roles on this day"), "closed": _("closed")}
    values = [
        [
            each.username,
            each.name,
            "; ".join(f"{grant.get_role_display()} {grant.where}" for grant in each.held),  # type: ignore[attr-defined]
            "" if each.is_active else _("yes"),
        ]
        for each in found
    ]
    return exports.answer(request, "people", _("People"), columns, values)


@desk_page("GET", "POST")
def person_add(request: Any) -> HttpResponse:
    """Add a person; rights follow on the person's page."""
    rights.require(request.actor, "person.change", [scopes.ALL])
    form = PersonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with refusals_on(form):
            user = people_actions.add_person(**form.cleaned_data, by=request.actor)
            return redirect("accounts:person", user.username)
    return render(request, "accounts/person_add.html", {"form": form}, status=status_of(form))


@desk_page("GET", "POST")
def person(request: Any, username: str) -> HttpResponse:
    """A person's rights with their periods, and what the person will see."""
    post = request.POST if request.method == "POST" else None
    rights.require(request.actor, "person.view" if post is None else "person.change", [scopes.ALL])
    user = get_object_or_404(User, username=username)
    if post and _is_done(request, user, post):
        return redirect("accounts:person", username)
    bound = {name: post if post and name in post else None for name in ("grant", "change", "give_password")}
    form = GrantForm(bound["grant"], initial={"from_on": request.today})
    change = PersonChangeForm(bound["change"], initial=card_of(user), prefix="person")
    secret = PasswordForm(bound["give_password"], prefix="secret")
    acts: list[tuple[Form, Callable[..., object]]] = [
        (form, grants.grant_role), (change, change_person), (secret, recovery.give_password),
    ]  # fmt: skip
    for asked, act in acts:
        if asked.is_bound and asked.is_valid():
            with refusals_on(asked):
                act(user=user, **asked.cleaned_data, by=request.actor)
                return redirect("accounts:person", username)
    renew(change, user)
    page = {
        "person": user, "form": form, "grants": queries.named(user.grants.all()),
        "delegations": queries.delegations_of(user),
        "preview": queries.preview(user), "sees": queries.menu_of(user), "change": change, "secret": secret,
        "recoveries": queries.recoveries(user, days.now()), "has_second_factor": is_mfa_enabled(user),
        "is_linked": queries.is_linked(user), "address": addresses.waiting(user, request.actor),
        "may_change": rights.may(request.actor, "grant.change"),
    }  # fmt: skip
    status = max(status_of(asked) for asked, _act in acts)
    return render(request, "accounts/person.html", page, status=status)


def card_of(user: User) -> dict[str, str]:
    """What the form of a person's card shows, with the mark of what was read."""
    return {"name": user.name, "email": user.email, "version": people_actions.seen_of(user)}


def renew(form: Any, user: User) -> None:
    """Somebody else was faster: the form carries the mark of what stands now, so saving again writes over that."""
    if getattr(getattr(form, "refusal", None), "code", "") == "person_changed":
        now = people_actions.seen_of(User.objects.get(pk=user.pk))
        form.data = {**form.data.dict(), form.add_prefix("version"): now}


def change_person(*, version: str, **given: Any) -> object:
    """Change a person's card as the page showed it."""
    return people_actions.change_person(seen=version or None, **given)


def decide_address(request: Any, user: User, post: Any) -> None:
    """Agree to a new address of this person, or keep the old one."""
    act = addresses.agree_address if "agree_address" in post else addresses.drop_address
    key = whole(post.get("agree_address") or post.get("drop_address"))
    act(change=get_object_or_404(EmailChange, pk=key, user=user), by=request.actor)


def _is_done(request: Any, user: User, post: Any) -> bool:
    """Do what a single button asks: roles, links and ways in taken away, a way back in decided, the account closed."""
    if "end_grant" in post:
        grant = get_object_or_404(Grant, pk=whole(post["end_grant"]), user=user)
        grants.end_grant(grant=grant, by=request.actor, on=request.today)
    elif "remove_second_factor" in post:
        recovery.remove_second_factor(user=user, by=request.actor)
    elif "confirm_recovery" in post:
        asked = get_object_or_404(Recovery, pk=whole(post["confirm_recovery"]), user=user)
        recovery.confirm_recovery(recovery=asked, by=request.actor)
    elif "refuse_recovery" in post:
        asked = get_object_or_404(Recovery, pk=whole(post["refuse_recovery"]), user=user)
        recovery.refuse_recovery(recovery=asked, by=request.actor)
    elif "agree_address" in post or "drop_address" in post:
        decide_address(request, user, post)
    elif "unlink" in post:
        links.unlink_provider(user=user, by=request.actor)
    elif "end_person" in post:
        people_actions.end_person(user=user, reason=post.get("reason", ""), by=request.actor, on=request.today)
    else:
        return False
    return True


@desk_page("GET", "POST")
def people_import(request: Any) -> HttpResponse:
    """Upload a file of people and look at what it would do; nothing is kept before the second button."""
    rights.require(request.actor, "person.change", [scopes.ALL])

    def address(key: str) -> str:
        return url("accounts:people_import", file=key)

    def look(data: bytes, name: str) -> dict[str, Any]:
        seen = imports.preview(data, name, request.actor)
        return import_pages.listed(request, seen, imports.COLUMNS, lambda _column, value: str(value) or "–")

    def keep(seen: Preview[imports.Line]) -> HttpResponse:
        import_pages.tell(request, imports.apply(seen, request.actor, skip_bad_rows="skip" in request.POST))
        return redirect("accounts:people")

    page = {
        "list": _("People"), "list_url": url("accounts:people"), "what": _("Import people"),
        "what_url": url("accounts:people_import"), "required": ", ".join(imports.REQUIRED), "columns": imports.COLUMNS,
        "hint": _("Who is new sees nothing without a role and cannot sign in without a first password: give both on the"
                  " person's page."),
    }  # fmt: skip
    course = import_pages.course(
        request, job="accounts.import_file", asked={}, address=address, kept=url("accounts:people")
    )
    return course or import_pages.answer(
        request,
        "platform/import_rows.html",
        page,
        address=address,
        look=look,
        keep=keep,
    )
