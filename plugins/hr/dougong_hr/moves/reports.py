"""What moves report: how long posts stay vacant until they are filled, the funnel of candidates, how key posts are filed."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from dougong import Grouping, Me, Measure, Report, translator

from .choices import APPOINTING, CandidateState, ChangeState, ChangeType
from .records import Candidate, Change, Requisition
from .resources import change, requisition

_ = translator("dougong_hr")


def vacancy(me: Me) -> sa.ColumnElement[Any]:
    """Seconds from the beginning of recruiting until the last head; of those still open, until now."""
    return sa.extract(
        "epoch", sa.func.coalesce(Requisition.filled_at, Requisition.closed_at, me.now) - Requisition.opened_at
    )


def filled(me: Me) -> sa.ColumnElement[bool]:
    return Requisition.filled_at.is_not(None)


def key_change(me: Me) -> sa.ColumnElement[bool]:
    return sa.and_(Change.key, Change.type.in_(APPOINTING))


def key_filed(me: Me) -> sa.ColumnElement[bool]:
    return sa.and_(key_change(me), Change.filed_at.is_not(None))


vacancies = Report(
    "vacancies",
    _("Vacancies"),
    Requisition,
    summary=_("How many heads were asked for, and how long posts stayed vacant until they were filled."),
    moment="opened_at",
    measures=(
        Measure("asked", _("Requisitions"), says=_("{value} requisitions"), unit=_("requisitions")),
        Measure("filled", _("Filled"), where=filled, unit=_("requisitions")),
        Measure("vacancy", _("Vacant until filled"), "duration", value=vacancy, better="less"),
        Measure(
            "in_time", _("Filled in time"), "percent", where=requisition.clock_rule("met", "filling"),
            of=requisition.clock_rule("decided", "filling"), better="more",
        ),
    ),
    groupings=(Grouping("site", chart="stacked"), Grouping("area"), Grouping("reason"), Grouping("month")),
    filters=("reason",),
)  # fmt: skip


def _reached(column: Any) -> Any:
    return lambda me: column.is_not(None)


def everybody(me: Me) -> sa.ColumnElement[bool]:
    return sa.true()


funnel = Report(
    "candidates",
    _("Candidates"),
    Candidate,
    summary=_("How many came, were interviewed, got an offer, accepted it and reported for work."),
    moment="created_at",
    measures=(
        Measure("came", _("Candidates"), says=_("{value} candidates"), unit=_("people")),
        Measure("interviewed", _("Interviewed"), where=_reached(Candidate.interviewed_at), unit=_("people")),
        Measure("offered", _("Offers made"), where=_reached(Candidate.offered_at), unit=_("people")),
        Measure("accepted", _("Offers accepted"), where=_reached(Candidate.hired_at), unit=_("people")),
        Measure("joined", _("Reported for work"), where=_reached(Candidate.joined_at), unit=_("people")),
        Measure("taken", _("Reported, of all"), "percent", where=_reached(Candidate.joined_at), of=everybody, better="more"),
        Measure(
            "rejected", _("Not taken"), where=lambda me: Candidate.status == CandidateState.REJECTED, unit=_("people"),
        ),
    ),
    groupings=(Grouping("site", chart="stacked"), Grouping("source"), Grouping("month")),
    filters=("source",),
)  # fmt: skip

appointments = Report(
    "appointments",
    _("Changes of personnel"),
    Change,
    summary=_("Appointments, transfers and leavers, and whether key posts were filed in time."),
    moment="created_at",
    measures=(
        Measure("changes", _("Changes of personnel"), unit=_("changes")),
        Measure("effective", _("In effect"), where=lambda me: Change.status == ChangeState.EFFECTIVE, unit=_("changes")),
        Measure("left", _("Leaving"), where=lambda me: Change.type == ChangeType.LEAVE, unit=_("changes")),
        Measure("filed", _("Key posts filed"), "percent", where=key_filed, of=key_change, better="more"),
        Measure(
            "late", _("Filed late"), where=change.clock_rule("late", "filing"), unit=_("changes"), better="less", alarm=True,
        ),
    ),
    groupings=(Grouping("site", chart="stacked"), Grouping("type"), Grouping("month")),
    filters=("type",),
)  # fmt: skip

REPORTS = (vacancies, funnel, appointments)
