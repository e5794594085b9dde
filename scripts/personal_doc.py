"""Write `docs/personal-data.md` from the table of personal fields and the clocks of requests; `--check` compares."""

from __future__ import annotations

import sys

from written import ROOT, from_code

TARGET = ROOT / "docs" / "personal-data.md"
HEAD = """# Personal data

What is held about people, what for, on what ground, how long, and who sees it. The same table stands on the desk, on
the page *My data*, where everybody takes a copy of what is held of them and corrects name and address. Grounds and
times are defaults of the product: the body that runs it confirms them.

This page is written by `scripts/personal_doc.py` from `dotpha/accounts/personal_fields.py` and
`dotpha/accounts/rules.py`; `make check` holds it together with the code.
"""
TAIL = """The state of a request and whether it is late follow from its days and are never stored. Nobody answers
their own request. The record of changes says that a request was made, answered and ended, never its words. Where the
person has an e-mail address and mail is set, a letter says that there is an answer, and nothing of what it says.
The same steps are offered to programs (`/api/v1/me/data-requests`, `/api/v1/data-requests`).

## Erasure

Completing a request for erasure takes name, e-mail, telephone, second factors, links to sign-in providers, tokens and
sessions away, closes the account and gives it a pseudonym. It is refused while the person holds a role, or one lent.
The same happens, without a request, once the time after the closing of an account is over; its roles end with it.
The record of changes is not touched, since its events are chained: it keeps the user name and the name under which the
person acted. So does whatever notes a user name beside an act (who gave a role, who ended a loan). The answer
to the person says so. Nobody else gets the user name again. Backups keep what they held until they are replaced.
"""


def page() -> str:
    """The whole document, in English whatever the language of the moment is."""
    from django.utils import translation  # noqa: PLC0415 -- settings come first when this runs as a script

    from dotpha.accounts import rules  # noqa: PLC0415
    from dotpha.accounts.personal_fields import FIELDS, RETENTIONS, RequestKind  # noqa: PLC0415

    with translation.override(None):
        fields = "\n".join(
            f"| {each.label} | `{each.column}` | {each.purpose} | {each.ground} | {each.retention.kept} |"
            f" {each.seen_by} |"
            for each in FIELDS
        )
        ends = "\n".join(f"| {each.kept} | {each.end} |" for each in RETENTIONS)
        kinds = "\n".join(f"| {kind.label} | {rules.COMPLETION_DAYS[kind]} |" for kind in RequestKind)
    return f"""{HEAD}
## Fields

| What | Column | What for | On what ground | Kept | Seen by |
|---|---|---|---|---|---|
{fields}

## When the time is over

| Kept | Then |
|---|---|
{ends}

A job of the night (01:30 in Viet Nam) erases what is past its time; the record of changes says what and how much. The
page *Retention of personal data* below *People*, for administrators and inspectors, shows which account is made
nameless on which day. `dotpha personal retention --dry-run` prints what the job would do now, and changes nothing.

## Requests

A person asks on the page *My requests about my data*; an administrator records what came on paper. The first reply is
due within {rules.FIRST_REPLY_WORKING_DAYS} working days, the end within the days below, counted from the day after
receipt. Once, with a reason, at most {rules.LONGEST_EXTENSION_DAYS} days are added. Source: Decree 356/2025/NĐ-CP as
public pages tell it.

| What is asked for | Days |
|---|--:|
{kinds}

{TAIL}"""


if __name__ == "__main__":
    sys.exit(from_code(TARGET, page, "personal_doc.py"))
