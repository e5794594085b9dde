"""How one document acts on another (B3)."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from dotpha.accounts import rights, scopes
from dotpha.documents import rules
from dotpha.documents.models import Document, Provision, Relation
from dotpha.documents.rows import RelationRow
from dotpha.platform import advice, audit
from dotpha.platform.action import action
from dotpha.platform.actors import Actor
from dotpha.platform.locks import one_writer
from dotpha.platform.refusals import Refused


@action
def add_relations(*, rows: Sequence[RelationRow], by: Actor) -> list[Relation]:
    """Record relations that are not there yet. Refuses an unknown document and a circle of replacements."""
    by = rights.require(by, "document.change", [scopes.ALL])
    one_writer(Relation)  # two at once may close a circle
    found = {
        each.key: each for each in Document.objects.filter(key__in={k for r in rows for k in (r.source, r.target)})
    }
    known = set(Relation.objects.values_list("source__key", "kind", "target__key", "provision__address"))
    replaces: dict[str, list[str]] = {}
    for source, kind, target, _part in known:
        if kind == "replaces":
            replaces.setdefault(source, []).append(target)
    fresh = []
    for row in rows:
        if (row.source, row.kind, row.target, row.provision or None) in known:
            continue
        unknown = next((key for key in (row.source, row.target) if key not in found), None)
        if unknown is not None:
            raise Refused(
                "unknown_document", _("There is no document “%(text)s”."), do=advice.FIND, field="target", text=unknown
            )
        if row.kind == "replaces":
            rules.require_no_replacement_cycle(row.source, row.target, replaces)
            replaces.setdefault(row.source, []).append(row.target)
        fresh.append(row)
    made = Relation.objects.bulk_create(
        Relation(
            source=found[row.source],
            kind=row.kind,
            target=found[row.target],
            provision=_provision(found[row.target], row.provision),
            on=row.on,
        )
        for row in fresh
    )
    changes = [(found[row.source], {row.kind: row.target, "provision": row.provision, "on": row.on}) for row in fresh]
    audit.record_many("document.related", changes, by)  # type: ignore[arg-type]
    return made


def _provision(document: Document, address: str) -> Provision | None:
    if not address:
        return None
    provision = document.provisions.filter(address=address).first()
    if provision is None:
        raise Refused(
            "unknown_provision", _("There is no provision “%(text)s”."), do=advice.FIND, field="provision", text=address
        )
    return provision
