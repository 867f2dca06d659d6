"""How posts stand at the end of a period: heads against those who hold them, and required certificates against those held.

The page of the establishment adds days of vacancy and names; these count by site and department, for files and programs.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from dougong import Grouping, Measure, Report, Site, translator
from dougong import Reader as Me

from .choices import HoldingKind, PaperState, PositionState
from .records import Certificate, Holding, Position

_ = translator("dougong_hr")


def _day(me: Me, kind: Any) -> sa.ColumnElement[Any]:
    """The day at a record's site."""
    local = sa.func.timezone(Site.timezone, me.now)
    found = sa.select(sa.cast(local, sa.Date)).where(Site.tenant_id == kind.tenant_id, Site.id == kind.site_id)
    return found.correlate(kind).scalar_subquery()


def _live(me: Me, kind: Any) -> sa.ColumnElement[bool]:
    day = _day(me, kind)
    return sa.and_(Holding.starts_on <= day, sa.or_(Holding.ends_on.is_(None), Holding.ends_on > day))


def _filled(me: Me) -> sa.ColumnElement[Any]:
    """Who holds a post; whoever acts fills no head."""
    rule = Holding.tenant_id == Position.tenant_id, Holding.position_id == Position.id
    found = sa.select(sa.func.count()).where(*rule, Holding.nature != HoldingKind.ACTING, _live(me, Position))
    return found.correlate(Position).scalar_subquery()


def _missing(me: Me) -> sa.ColumnElement[Any]:
    return sa.func.greatest(Position.headcount - _filled(me), 0)


def _open(me: Me) -> sa.ColumnElement[bool]:
    return Position.status == PositionState.OPEN


def _vacant(me: Me) -> sa.ColumnElement[bool]:
    return sa.and_(_open(me), _missing(me) > 0)


def _key_vacant(me: Me) -> sa.ColumnElement[bool]:
    return sa.and_(Position.key, _vacant(me))


establishment = Report(
    "establishment",
    _("Establishment against actual"),
    Position,
    summary=_("Heads of the establishment, how many are there and how many are vacant, at the end of the period."),
    measures=(
        Measure(
            "missing",
            _("Vacant"),
            "sum",
            where=_open,
            value=_missing,
            says=_("{value} heads are vacant"),
            better="less",
        ),
        Measure(
            "heads", _("Headcount"), "sum", where=_open, value=lambda me: sa.cast(Position.headcount, sa.BigInteger)
        ),
        Measure("filled", _("Actual"), "sum", where=_open, value=_filled),
        Measure("posts", _("Posts"), where=_open),
        Measure("vacant", _("Posts with a vacancy"), "percent", where=_vacant, of=_open, better="less"),
        Measure("key", _("Key posts vacant"), where=_key_vacant, alarm=True, better="less"),
    ),
    groupings=(Grouping("department"), Grouping("site"), Grouping("area"), Grouping("key")),
    filters=("department",),
    standing=True,
)


def _wanted() -> Any:
    """The certificates that the post of a holding requires, one a row."""
    lines = sa.func.unnest(sa.func.string_to_array(Position.certificates, "\n")).column_valued("line")
    return sa.func.trim(lines, " \t\r")


def _required(me: Me) -> sa.ColumnElement[bool]:
    asks = sa.exists().where(
        Position.tenant_id == Holding.tenant_id,
        Position.id == Holding.position_id,
        sa.func.coalesce(sa.func.trim(Position.certificates, " \t\r\n"), "") != "",
    )
    return sa.and_(_live(me, Holding), asks)


def _lacking(me: Me) -> sa.ColumnElement[bool]:
    """A certificate that the post requires and the holder does not have, valid on that day."""
    line = _wanted()
    day = _day(me, Holding)
    rules = (
        Certificate.tenant_id == Holding.tenant_id,
        Certificate.employee_id == Holding.employee_id,
        Certificate.type == line,
        Certificate.status == PaperState.VALID,
        sa.or_(Certificate.ends_on.is_(None), Certificate.ends_on >= day),
    )
    held = sa.exists().where(*rules).correlate_except(Certificate)
    mine = Position.tenant_id == Holding.tenant_id, Position.id == Holding.position_id
    found = sa.select(sa.literal(1)).where(*mine, line != "", sa.not_(held))
    return sa.and_(_required(me), found.correlate(Holding).exists())


def _complete(me: Me) -> sa.ColumnElement[bool]:
    return sa.and_(_required(me), sa.not_(_lacking(me)))


coverage = Report(
    "coverage",
    _("Required certificates held"),
    Holding,
    summary=_("Of those whose post requires certificates, how many hold all of them at the end of the period."),
    measures=(
        Measure(
            "required", _("Posts held that require certificates"), where=_required, says=_("{value} need certificates")
        ),
        Measure("complete", _("Hold all of them"), "percent", where=_complete, of=_required, better="more"),
        Measure("lacking", _("Lack one or more"), where=_lacking, alarm=True, better="less"),
    ),
    groupings=(Grouping("site"), Grouping("area"), Grouping("nature")),
    filters=("nature",),
    standing=True,
)

REPORTS = (establishment, coverage)

__all__ = ["REPORTS"]
