"""The command ``dougong schedules``: what each company does again and again, and how that went."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import click

from ..words import Lazy, translator
from .base import Command, as_json, option, show_rows
from .jobs import companies, of_any, stamp
from .place import Place

if TYPE_CHECKING:
    from ..plugins.registry import Registry

_ = translator("dougong")

_STATES: dict[str, Lazy] = {
    "waiting": _("waiting"),
    "done": _("done"),
    "failed": _("failed"),
    "missed": _("missed"),
    "skipped": _("left out"),
}


@click.command(
    "schedules",
    cls=Command,
    words=_("Schedules of all companies, or of one: the next run, the last one, how many failed and were missed."),
)
@of_any
@option("--days", type=click.IntRange(1, 366), default=30, show_default=True, words=_("How far back is counted."))
@as_json
def schedules(tenant: str | None, days: int, as_json: bool) -> None:
    with Place() as place:
        known = {place.tenant(tenant): tenant} if tenant else companies(place)
        rows = [row for id, slug in known.items() for row in _of(place, id, slug, days)]
    columns = (
        ("company", _("Company")), ("name", _("Schedule")), ("site", _("Site")), ("next_at", _("Next")),
        ("last_at", _("Last")), ("last", _("How it went")), ("failed", _("Failed")), ("missed", _("Missed")),
    )  # fmt: skip
    shown = [
        {
            **one,
            "next_at": one["next_at"] if one["active"] else str(_("paused")),
            "last": str(_STATES.get(one["last"], one["last"] or "")),
        }
        for one in rows
    ]
    show_rows(rows if as_json else shown, columns, as_json, none=_("There is no schedule."))


def _of(place: Place, tenant: Any, slug: str, days: int) -> list[dict[str, Any]]:
    """One company's schedules, in a transaction of that company."""
    import sqlalchemy as sa
    from sqlalchemy.dialects.postgresql import distinct_on

    from ..instant import now
    from ..tenancy.cells import Bound
    from ..tenancy.tables import Site
    from ..timing.tables import Occurrence, ScheduleRow

    mine = Occurrence.tenant_id == tenant, Occurrence.nominal > now() - dt.timedelta(days=days)
    counts = (
        sa.select(
            Occurrence.schedule_id,
            sa.func.count().filter(Occurrence.state == "failed").label("failed"),
            sa.func.count().filter(Occurrence.state == "missed").label("missed"),
        )
        .where(*mine)
        .group_by(Occurrence.schedule_id)
        .subquery()
    )
    last = (
        sa.select(Occurrence.schedule_id, Occurrence.nominal, Occurrence.state)
        .where(*mine, Occurrence.state != "waiting")
        .ext(distinct_on(Occurrence.schedule_id))
        .order_by(Occurrence.schedule_id, Occurrence.nominal.desc())
        .subquery()
    )
    query = (
        sa.select(ScheduleRow, Site.slug, counts.c.failed, counts.c.missed, last.c.nominal, last.c.state)
        .outerjoin(Site, sa.and_(Site.tenant_id == ScheduleRow.tenant_id, Site.id == ScheduleRow.site_id))
        .outerjoin(counts, counts.c.schedule_id == ScheduleRow.id)
        .outerjoin(last, last.c.schedule_id == ScheduleRow.id)
        .where(ScheduleRow.tenant_id == tenant)
        .order_by(ScheduleRow.name, Site.slug)
    )
    with place.cell.session(Bound(tenant)) as session:
        found = session.execute(query).all()
    return [
        {
            "company": slug, "id": str(one.id), "name": one.name, "label": _label(place.registry, one), "site": site,
            "active": one.active, "next_at": stamp(one.next_at), "last_at": stamp(at), "last": state,
            "failed": failed or 0, "missed": missed or 0,
        }
        for one, site, failed, missed, at, state in found
    ]  # fmt: skip


def _label(registry: Registry, one: Any) -> str:
    from ..timing.schedules import Schedule

    declared = {each.name: each for _module, each in registry.contributed(Schedule, frozenset(registry.plugins))}
    return str(one.label_text or (declared[one.name].label if one.name in declared else one.name))


COMMANDS = (schedules,)
