"""Who am I, for programs."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from ninja import Router, Schema

from dotpha.accounts import rights
from dotpha.platform.api import ApiRequest
from dotpha.platform.refusals import Refused

router = Router(tags=["people"])


class StandingOut(Schema):
    role: str
    scope: str
    programme: str
    holder: str


class MeOut(Schema):
    username: str
    name: str
    roles: list[StandingOut]


@router.get("/me", response=MeOut, summary="The person behind this token, and the roles held today")
def me(request: ApiRequest) -> dict[str, Any]:
    """`holder` names for whom a role is held while it is lent."""
    if request.actor.user_id is None:
        raise Refused("sign_in", _("Sign in, or send a valid token."), status=401)
    held = rights.standings(request.actor).held
    roles = [{"role": e.role, "scope": e.scope, "programme": e.programme, "holder": e.holder} for e in held]
    return {"username": request.actor.key, "name": request.actor.name, "roles": roles}
