"""The demo's time: how far it lives ahead of the wall's, and letting days pass with all that is due on the way.

A demo never goes back: once it has lived ahead, it goes on from there, so that nothing of it lies in the future.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa

from ..instant import live_ahead, now, wall
from ..records.context import Context
from ..records.tables import ClockStep
from ..scheduling.stepping import Stepper
from ..tenancy.cells import Bound, Cell
from ..tenancy.tables import tenants
from ..timing.tables import Occurrence
from ..words import Lazy, translator
from .base import warn

if TYPE_CHECKING:
    from ..app import Parts

_ = translator("dougong")

_APART = dt.timedelta(minutes=5)  # by less than this, what was seen is what is
_SEEN = sa.select(sa.column("at", sa.DateTime(timezone=True))).select_from(sa.table("tick_seen", schema="platform"))
_KINDS = {"remind": "reminders", "overdue": "overdue", "late": "overdue", "escalate": "escalations", "act": "acts"}


@dataclass(frozen=True)
class Passed:
    """What came to pass. :ivar ahead: of the wall's time, now. :ivar days: that went by just now.

    :ivar counted: reminders, overdue, escalations, acts (of clocks by themselves), runs, failed and missed (of schedules).
    """

    ahead: dt.timedelta
    days: float
    counted: Counter[str]

    @property
    def words(self) -> Lazy:
        if not self.days:
            return _("This demo has lived ahead: its time is {now}.").format(now=_stamp())
        text = _(
            "{days} days have passed, it is {now}: {reminders} reminders, {overdue} overdue, {escalations} escalations, "
            "{acts} steps taken by themselves; {runs} runs of schedules, {failed} failed, {missed} missed."
        )
        names = (*dict.fromkeys(_KINDS.values()), "runs", "failed", "missed")
        return text.format(days=f"{self.days:.3g}", now=_stamp(), **{name: self.counted[name] for name in names})


def go_ahead(of: Parts, days: int) -> Passed | None:
    """Live so many days ahead of the wall's time, through each moment at which something is due.

    :param days: 0 or more; a demo that has lived further ahead than that stays where it is.
    :returns: None: it lives in the wall's time.
    """
    lived = _lived(of)
    live_ahead(lived)
    target, begun = wall() + dt.timedelta(days=days), now()
    if target - begun < _APART:
        return Passed(lived, 0, Counter()) if lived else None
    from ..app import opener

    warn(_("{days} days go by …").format(days=f"{(target - begun) / dt.timedelta(days=1):.3g}"))
    for _ran in Stepper(of.cell, of.jobs, opener(of)).through(target, _stand_at, failing=True):
        pass  # what fails is tried again and noted, as a worker would
    return Passed(now() - wall(), (target - begun) / dt.timedelta(days=1), _counted(of, begun))


def _stand_at(moment: dt.datetime) -> None:
    live_ahead(moment - wall())


def _lived(of: Parts) -> dt.timedelta:
    """How far ahead this demo has lived before."""
    owner = Cell(of.addresses.owner, pool=1)
    try:
        with owner.platform() as connection:
            seen: dt.datetime | None = connection.scalar(_SEEN)
    finally:
        owner.engine.dispose()
    ahead = seen - wall() if seen else dt.timedelta()
    return ahead if ahead > _APART else dt.timedelta()


def _counted(of: Parts, since: dt.datetime) -> Counter[str]:
    """What clocks and schedules of all companies have done since then."""
    found: Counter[str] = Counter()
    with of.cell.platform() as connection:
        companies = list(connection.scalars(sa.select(tenants.c.id)))
    for tenant in companies:
        snapshot = of.snapshots.get(tenant)
        with of.cell.session(Bound(tenant)) as session:
            gate = snapshot.gate(None, now())
            x: Context[Any] = Context(session, gate, snapshot.settings("core"), gate.at, of.registry)
            found += _steps(x, tenant, since)
            ended = sa.select(Occurrence.state, sa.func.count()).where(
                Occurrence.tenant_id == tenant, Occurrence.nominal >= since
            )
            for state, count in session.execute(ended.group_by(Occurrence.state)):
                found["runs" if state == "done" else state] += count
    return found


def _steps(x: Context[Any], tenant: UUID, since: dt.datetime) -> Counter[str]:
    found: Counter[str] = Counter()
    taken = sa.select(ClockStep.record_kind, ClockStep.clock, ClockStep.step, sa.func.count()).where(
        ClockStep.tenant_id == tenant, ClockStep.at >= since
    )
    for kind, clock, mark, count in x.session.execute(
        taken.group_by(ClockStep.record_kind, ClockStep.clock, ClockStep.step)
    ):
        flow = x.registry.resources[kind].flow
        assert flow is not None
        settings = x.snapshot.settings(x.registry.resources[kind].module)
        does = {step.name: step.does for step in flow.clocks[clock].steps_for(settings)}
        found[_KINDS[does[mark.partition("@")[0]]]] += count
    return found


def _stamp() -> str:
    return now().astimezone().strftime("%Y-%m-%d %H:%M")


__all__ = ["Passed", "go_ahead"]
