"""What a report may claim: percent, a fair completion date, evidence for each product (C9, C10, C14)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext_lazy as _

from dotpha.platform import advice
from dotpha.platform.refusals import Refused

DONE_PERCENT = 100


@dataclass(frozen=True)
class Claim:
    """What a report says, before it is submitted on `submitted_on`.

    `evidence` counts the items for each product by its number; `waivers` gives the reason for one without any.
    """

    percent: int
    submitted_on: date
    completed_on: date | None = None
    lower_reason: str = ""
    period: str | None = None
    evidence: Mapping[int, int] | None = None
    waivers: Mapping[int, str] | None = None


@dataclass(frozen=True)
class Known:
    """What is on record about the task when a report comes. `products`: the words of each by its number."""

    started_on: date | None = None
    last_approved_percent: int | None = None
    products: Mapping[int, str] = field(default_factory=dict)
    needs_period: bool = False


def require_percent(percent: int, last_approved: int | None, reason: str) -> None:
    """Refuse a percent outside 0 to 100, or one lower than the last approved without a reason."""
    if not 0 <= percent <= DONE_PERCENT:
        raise Refused("percent_out_of_range", _("Give a percent from 0 to 100."), field="percent")
    if last_approved is not None and percent < last_approved and not reason.strip():
        raise Refused(
            "percent_lower",
            _("The last approved report said %(last)s%%. Give the reason for a lower percent."),
            field="percent",
            last=last_approved,
        )


def require_fair_completion(completed_on: date, started_on: date | None, submitted_on: date, on: date) -> None:
    """Refuse a day of completion in the future, before the start, or after the submission (C9)."""
    if completed_on > on:
        raise Refused(
            "completed_in_future",
            _("The completion date %(day)s has not come yet."),
            do=advice.TODAY_OR_EARLIER,
            field="completed_on",
            day=completed_on,
        )
    if started_on is not None and completed_on < started_on:
        raise Refused(
            "completed_before_start",
            _("The completion date cannot be before the start on %(day)s."),
            do=advice.THAT_OR_LATER,
            field="completed_on",
            day=started_on,
        )
    if completed_on > submitted_on:
        raise Refused(
            "completed_after_submission",
            _("The completion date cannot be after the day of submission, %(day)s."),
            do=advice.THAT_OR_EARLIER,
            field="completed_on",
            day=submitted_on,
        )


def require_product_by(completed_on: date, issued: Iterable[tuple[str, date]]) -> None:
    """Refuse a day of completion on which a product did not exist: C14 asks for each one's proof to complete.

    `issued`: the words of each product named in the report, and the day of the document that proves it.
    """
    late = [(words, day) for words, day in issued if day > completed_on]
    if late:
        words, day = max(late, key=lambda each: each[1])
        raise Refused(
            "completed_before_product",
            _("“%(product)s” is dated %(day)s: the completion date cannot be before the day of its document."),
            do=advice.THAT_OR_LATER,
            field="completed_on",
            product=words[:120],
            day=day,
        )


def unproved(products: Mapping[int, str], evidence: Mapping[int, int], waivers: Mapping[int, str]) -> list[str]:
    """The promised products with neither evidence nor a waiver with its reason, in their order.

    Products are told apart by their number: two may have the same words, and each needs its own proof.
    """
    return [
        words
        for number, words in products.items()
        if evidence.get(number, 0) < 1 and not waivers.get(number, "").strip()
    ]


def require_evidence(products: Mapping[int, str], evidence: Mapping[int, int], waivers: Mapping[int, str]) -> None:
    """Refuse a completion while a promised product has neither evidence nor a waiver (C14)."""
    missing = unproved(products, evidence, waivers)
    if missing:
        raise Refused(
            "evidence_missing",
            _("Add evidence for each product, or a waiver with its reason. Missing: %(products)s."),
            field="evidence",
            products="; ".join(missing),
        )


def require_claimable(claim: Claim, known: Known, on: date) -> None:
    """Refuse a report that claims what it cannot. `on` is the day of submission by the clock."""
    require_percent(claim.percent, known.last_approved_percent, claim.lower_reason)
    if known.needs_period and not claim.period:
        raise Refused("period_missing", _("Choose the period of this report."), field="period")
    if claim.percent == DONE_PERCENT and claim.completed_on is None:
        raise Refused("completion_missing", _("Give the completion date with 100%."), field="completed_on")
    if claim.completed_on is None:
        return
    if claim.percent < DONE_PERCENT:
        raise Refused(
            "not_complete",
            _("A completed task has 100%. Leave out the completion date or give 100%."),
            field="percent",
        )
    require_fair_completion(claim.completed_on, known.started_on, claim.submitted_on, on)
    require_evidence(known.products, claim.evidence or {}, claim.waivers or {})


def require_other_approver(authors: Collection[object], approver: object) -> None:
    """Refuse an approval by one of those who wrote or submitted the report. None is nobody."""
    if approver is not None and approver in authors:
        raise Refused("own_report", _("Somebody else must approve your report."), do=advice.COLLEAGUE, status=403)


def require_confirmed(products: Iterable[tuple[str, bool]]) -> None:
    """Refuse an approval that leaves a product unconfirmed (C14). `products`: the words of each, and whether it is."""
    open_products = [product for product, is_confirmed in products if not is_confirmed]
    if open_products:
        raise Refused(
            "product_unconfirmed",
            _("Confirm each product or return the report. Open: %(products)s."),
            field="products",
            products="; ".join(open_products),
        )
