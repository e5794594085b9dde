"""Evidence of a report and, product by product, what it proves (C14)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from dotpha.platform import advice, days
from dotpha.platform.actors import Actor
from dotpha.platform.classification import require_open_texts
from dotpha.platform.models import StoredFile
from dotpha.platform.refusals import Refused
from dotpha.programmes.models import Evidence, Product, ProductIssue, Report, Task
from dotpha.programmes.rules import progress as rules

NO_PRODUCT = 0
"""Evidence of the work that is no promised product."""

_is_link = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True)
class EvidenceRow:
    """A file, a link (with `file` as its saved copy) or a document number.

    `product` is the id or the number of the promised product that it proves, `NO_PRODUCT` that it proves none;
    `waiver` says, without any evidence, why that product is not needed.
    """

    kind: str = "document"
    text: str = ""
    number: str = ""
    issued_on: date | None = None
    url: str = ""
    file: int | None = None
    product: int | None = None
    waiver: str = ""


def promised(task: Task) -> dict[int, str]:
    """The words of the products that a task promises, by their number, in their order."""
    return dict(task.products.filter(withdrawn_on=None).order_by("order", "pk").values_list("pk", "text"))


def by_product(report: Report) -> tuple[dict[int, int], dict[int, str]]:
    """How many pieces of evidence each product has, and the waivers, by the number of the product."""
    proved: dict[int, int] = {}
    waived: dict[int, str] = {}
    for issue in report.issues.all():
        if issue.evidence_id:
            proved[issue.product_id] = proved.get(issue.product_id, 0) + 1
        elif issue.waiver_reason:
            waived[issue.product_id] = issue.waiver_reason
    return proved, waived


def issued(report: Report) -> list[tuple[str, date]]:
    """The products that a report names with a dated document: the words of each, and that day."""
    rows = report.issues.filter(evidence__issued_on__isnull=False).order_by("product__order", "pk")
    return [(words, day) for words, day in rows.values_list("product__text", "evidence__issued_on") if day]


def replace_evidence(report: Report, rows: Sequence[EvidenceRow]) -> None:
    """Set the evidence of a report that is not submitted. Its former rows stay in the past of the tables."""
    products = list(report.task.products.filter(withdrawn_on=None).order_by("order", "pk"))
    report.issues.all().delete()
    report.evidence.all().delete()
    named: set[int] = set()
    for row in rows:
        require_open_texts(waiver=row.waiver)
        product = _product_of(row, products)
        proof = None if row.waiver and not _says_something(row) else add_evidence(row, report.task, report=report)
        if product is None:
            continue
        if product.pk in named:
            continue  # a second piece of evidence for a product stands beside the first one
        named.add(product.pk)
        ProductIssue.objects.create(
            report=report, product=product, evidence=proof, waiver_reason="" if proof else row.waiver
        )


def _says_something(row: EvidenceRow) -> bool:
    return bool(row.number or row.url or row.file)


def _product_of(row: EvidenceRow, products: Sequence[Product]) -> Product | None:
    if row.product is None:
        # A task with one product needs no number to say which one is meant.
        return products[0] if len(products) == 1 else None
    if row.product == NO_PRODUCT:
        return None
    found = next((each for each in products if each.pk == row.product), None)
    found = found or next((each for each in products if each.order == row.product), None)
    if found is None:
        raise Refused("unknown_product", _("This task promises no such product."), do=advice.LIST, field="evidence")
    return found


def _require_own_file(number: int, task: Task) -> None:
    if not StoredFile.objects.filter(pk=number, subject=task.subject).exists():
        raise Refused("unknown_file", _("This file was not given for this task."), do=advice.UPLOAD, field="evidence")


def add_evidence(row: EvidenceRow, task: Task, **of: Any) -> Evidence:
    """Keep a piece of evidence of a report on a task, given as `report=` or `part_report=`; refused when it is none.

    A file is one that was given for this very task: nobody proves anything with a file of somebody else.
    """
    if row.kind not in Evidence.Kind.values:
        raise Refused(
            "evidence_kind", _("Evidence is a file, a link or a document number."), do=advice.ONE_OF, field="evidence"
        )
    if not {"document": row.number, "link": row.url, "file": row.file}[row.kind]:
        raise Refused("evidence_empty", _("Give the number, the link or the file of this evidence."), field="evidence")
    if row.kind == "link":
        _require_link(row.url)
    if row.file and row.kind != "document":
        _require_own_file(row.file, task)
    for said in (row.text, row.number):
        require_open_texts(evidence=said)
    return Evidence.objects.create(
        **of,
        kind=row.kind,
        text=row.text,
        number=row.number,
        issued_on=row.issued_on,
        url=row.url if row.kind == "link" else "",
        file_id=row.file if row.kind != "document" else None,
    )


def _require_link(link: str) -> None:
    try:
        _is_link(link)
    except ValidationError:
        raise Refused(
            "link_unreadable", _("Give a link that begins with https:// or http://."), field="evidence"
        ) from None


def confirm(report: Report, confirmed: Mapping[int, bool], by: Actor) -> None:
    """Confirm each product named in a report, by the id of its issue; refuse while one is left unconfirmed."""
    issues = list(report.issues.select_related("product"))
    if set(confirmed) - {each.pk for each in issues}:
        raise Refused("unknown_product", _("This report names no such product."), do=advice.LIST, field="products")
    rules.require_confirmed((issue.product.text, confirmed.get(issue.pk, True)) for issue in issues)
    for issue in issues:
        issue.confirmed_at, issue.confirmed_by_id, issue.rejected_reason = days.now(), by.user_id, ""
        issue.save(update_fields=["confirmed_at", "confirmed_by", "rejected_reason"])


def reject(report: Report, rejected: Mapping[int, str]) -> None:
    """Keep beside each product, by the id of its issue, why it was not confirmed."""
    for issue in report.issues.all():
        reason = rejected.get(issue.pk, "")
        if reason:
            issue.rejected_reason = reason
            issue.save(update_fields=["rejected_reason"])
