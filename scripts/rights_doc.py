"""Write `docs/rights.md` from the one table of rights, `dotpha/accounts/roles.py`; `--check` compares."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping

from written import ROOT, from_code

TARGET = ROOT / "docs" / "rights.md"
HEAD = """# Rights

Who may do what. One table in `dotpha/accounts/roles.py` says which role has which right; a grant holds a role within a
scope for a period, its last day included. Every action asks once, by `rights.require`, before anything else; lists,
counts, searches, exports and files are limited by `rights.reach`.

A scope covers itself and all that lies under it: `all`, `org/government/most/`, `place/province-ha-noi/`,
`programme/resolution57/`. When a body or a place moves in its tree, the roles held in it and under it go with it.

A task lies in the scopes of its lead agency, of its place and of its programmes; rights over a decision on it
(extension, assignment, cancelling) are asked in the scopes of those who gave it, never in its lead's.
A co-operating agency's part lies in that agency's scopes: there `report.write` reports on it and `task.accept` confirms
what was set; in the lead's scopes `task.accept` confirms a report on it. Nobody confirms what they wrote.

This page is written by `scripts/rights_doc.py`; `make check` holds it together with the code.
"""
TAIL = """## Lent rights

The holder of a role lends rights of it by name, to one other person, within the period of the grant and for at most 90
days. What is lent is not lent on; rights over people and their rights are never lent. What is lent counts where two
rights are kept apart, ends at the latest with the role, and goes to nobody whose account is closed. Every act under it
keeps the holder's name beside that of the one who acted. Either of the two, or an administrator, ends it at once.

## Tokens

A token acts as its person, with the rights that person has at that moment. One that may only read is refused every
change. It is shown once; only its digest is kept. Closing the account, or a new first password by an administrator,
ends its tokens and its sessions.

## Without signing in

Published programmes and their tasks, the directory and the documents may be read by anybody; names of people, reports,
blockers and histories may not.
"""


def asked_by() -> Iterator[tuple[str, str]]:
    """(right, action) for every right that stands as a plain text in an action, or in a function of its module that
    it calls."""
    modules = [*ROOT.glob("dotpha/*/actions.py"), *ROOT.glob("dotpha/*/actions/*.py")]
    for path in sorted(modules):
        body = ast.parse(path.read_text("utf-8")).body
        functions = {node.name: node for node in body if isinstance(node, ast.FunctionDef)}
        for node in functions.values():
            if any(ast.unparse(each) == "action" for each in node.decorator_list):
                yield from ((said, node.name) for said in texts_of(node, functions, {node.name}))


def texts_of(node: ast.FunctionDef, functions: Mapping[str, ast.FunctionDef], seen: set[str]) -> Iterator[str]:
    """The plain texts of a function and of those that it calls, each function once."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            yield inner.value
        elif isinstance(inner, ast.Name) and inner.id in functions and inner.id not in seen:
            seen.add(inner.id)
            yield from texts_of(functions[inner.id], functions, seen)


def page() -> str:
    """The whole document, in English whatever the language of the moment is."""
    from django.utils import translation  # noqa: PLC0415 -- settings come first when this runs as a script

    from dotpha.accounts.roles import APART, RIGHT_NAMES, RIGHTS, SECOND_FACTOR, Role  # noqa: PLC0415

    users: dict[str, list[str]] = {}
    for right, name in asked_by():
        if right in RIGHTS and name not in users.setdefault(right, []):
            users[right].append(name)
    with translation.override(None):
        labels = {role: str(role.label) for role in Role}
        words = {right: str(RIGHT_NAMES[right]) for right in RIGHTS}
    roles = "\n".join(
        f"| {labels[role]} | `{role.value}` | {'yes' if role in SECOND_FACTOR else 'no'} |"
        f" {sum(role in held for held in RIGHTS.values())} |"
        for role in Role
    )
    head = "| Right | " + " | ".join(labels.values()) + " | In words; asked by |\n|---|" + ":-:|" * len(labels) + "---|"
    rows = "\n".join(
        f"| `{right}` | "
        + " | ".join("●" if role in held else " " for role in Role)
        + f" | {words[right]}: {', '.join(f'`{name}`' for name in users.get(right, ()))} |"
        for right, held in RIGHTS.items()
    )
    apart = "\n".join(f"- `{one}` and `{other}`" for one, other in APART)
    return f"""{HEAD}
## Roles

Where `DOTPHA_MFA_REQUIRED=1`, the desk and the API open to those marked only after a second factor.

| Role | Name in a grant | Second factor | Rights |
|---|---|:-:|--:|
{roles}

## Role and right

{head}
{rows}

## Kept apart

One person does not hold both of a pair over the same scope, unless an administrator records the reason with the grant.
Even then nobody decides on what they wrote or asked for themselves.

{apart}

{TAIL}"""


if __name__ == "__main__":
    sys.exit(from_code(TARGET, page, "rights_doc.py"))
