"""What budgeting reports of its records: what was posted and promised, months closed in time, sheets published in time."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from dougong import Grouping, Me, Measure, Report, translator
from sqlalchemy.orm import aliased

from ..planning.choices import Direction
from ..planning.records import Account
from ..spending.choices import CommitmentState
from ..spending.records import Actual, Commitment, Month
from ..spending.resources import month
from .records import Disclosure
from .resources import disclosure

_ = translator("dougong_budgeting")
PLACES = (Grouping("site"), Grouping("area"), Grouping("month"))


def _of(direction: Direction) -> Any:
    """Amounts of accounts of one direction; an account that nobody knows any more counts as expense, as everywhere."""

    def amount(me: Me) -> sa.ColumnElement[Any]:
        known = aliased(Account)
        income = (
            sa.select(known.id)
            .where(
                known.tenant_id == Actual.tenant_id, known.code == Actual.account, known.direction == Direction.INCOME
            )
            .correlate(Actual)
            .exists()
        )
        return sa.case((income if direction is Direction.INCOME else sa.not_(income), Actual.amount))

    return amount


actuals = Report(
    "actuals",
    _("Spent and received"),
    Actual,
    summary=_("What was posted in the period; income apart from expense, reversals taken off."),
    measures=(
        Measure(
            "spent", _("Spent"), "money", value=_of(Direction.EXPENSE), says=_("{value} were spent"), better="less"
        ),
        Measure("received", _("Received"), "money", value=_of(Direction.INCOME), says=_("{value} received"), better="more"),
        Measure("documents", _("Documents"), unit=_("documents")),
        Measure(
            "emergencies", _("Emergencies"), where=lambda me: Actual.emergency.is_(True), unit=_("documents"), better="less"
        ),
        Measure(
            "ratified_late", _("Ratified late"), where=lambda me: Actual.ratify_late.is_(True), unit=_("documents"),
            better="less", alarm=True,
        ),
    ),
    groupings=PLACES,
)  # fmt: skip
commitments = Report(
    "commitments",
    _("Commitments"),
    Commitment,
    summary=_("Commitments that were made in the period, and what is left of them."),
    measures=(
        Measure("promised", _("Promised"), "money", value=lambda me: Commitment.amount + 0, says=_("{value} were promised")),
        Measure("left", _("Still committed"), "money", value=lambda me: sa.func.nullif(Commitment.left, 0)),
        Measure("made", _("Commitments"), unit=_("commitments")),
        Measure(
            "released", _("Released"), where=lambda me: Commitment.status == CommitmentState.RELEASED, unit=_("commitments")
        ),
    ),
    groupings=(Grouping("source"), *PLACES),
    filters=("source",),
)  # fmt: skip
closings = Report(
    "closings",
    _("Months closed in time"),
    Month,
    summary=_("Months whose closing was due in the period."),
    moment="close_by",
    measures=(
        Measure("due", _("Closings due"), says=_("{value} months were to be closed"), unit=_("months")),
        Measure(
            "in_time", _("Closed in time"), "percent", where=month.clock_rule("met", "closing"),
            of=month.clock_rule("decided", "closing"), says=_("{value} in time"), better="more",
        ),
        Measure(
            "late", _("Closed late"), where=lambda me: Month.closed_late.is_(True), unit=_("months"), better="less",
            alarm=True,
        ),
        Measure("reopened", _("Reopened"), where=lambda me: Month.reopened > 0, unit=_("months"), better="less"),
    ),
    groupings=PLACES,
    trend="in_time",
)  # fmt: skip
sheets = Report(
    "sheets",
    _("Owners' sheets"),
    Disclosure,
    summary=_("Sheets that were to be published in the period."),
    moment="publish_by",
    measures=(
        Measure("due", _("Sheets due"), says=_("{value} owners' sheets were due"), unit=_("sheets")),
        Measure(
            "in_time", _("Published in time"), "percent", where=disclosure.clock_rule("met", "publishing"),
            of=disclosure.clock_rule("decided", "publishing"), says=_("{value} in time"), better="more",
        ),
        Measure(
            "late", _("Published late"), where=lambda me: Disclosure.publish_late.is_(True), unit=_("sheets"), better="less",
            alarm=True,
        ),
    ),
    groupings=(Grouping("fee_mode"), *PLACES),
    filters=("fee_mode",),
    trend="in_time",
)  # fmt: skip

REPORTS = (actuals, commitments, closings, sheets)

__all__ = ["REPORTS"]
