"""`dotpha token create`."""

from __future__ import annotations

import argparse
from typing import Any

from django.utils.translation import gettext_lazy as _

from dotpha.accounts.actions.tokens import issue_token
from dotpha.accounts.models import User
from dotpha.platform.actors import program
from dotpha.platform.refusals import Refused


def register(commands: Any) -> None:
    """Add the commands of accounts."""
    token = commands.add_parser("token", help="keys for programs").add_subparsers(dest="what", required=True)
    create = token.add_parser("create", help="print a new token, once")
    create.add_argument("username")
    create.add_argument("--name", default="command line", help="what it is for")
    create.add_argument("--scopes", default="read,write", help="read, or read,write")
    create.set_defaults(run=create_token)


def create_token(arguments: argparse.Namespace) -> int:
    """Print a new token of a person as the last line."""
    user = User.objects.filter(username=arguments.username).first()
    if user is None:
        raise Refused("no_such_person", _("There is no person “%(name)s”."), name=arguments.username)
    may = [each.strip() for each in arguments.scopes.split(",") if each.strip()]
    print(issue_token(user=user, name=arguments.name, may=may, by=program("command")))
    return 0
