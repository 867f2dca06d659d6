"""What schedules did: runs that were done, failed, were missed or left out; one of them with its tries; again."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
from starlette.responses import Response

from ...errors import BadRequest, FieldError, Invalid
from ...records.context import Context
from ...timing import occurrences, schedule_desk
from ...timing.schedule_desk import STATES
from ...timing.schedules import READ, Schedule
from ...timing.tables import Occurrence, ScheduleRow
from ...words import Lazy, plural, translator
from ..display import cut
from ..pages import page
from ..views import (
    Action,
    Column,
    Empty,
    Filter,
    ListPage,
    Option,
    Row,
    Tab,
    Value,
)  # fmt: skip
from . import words
from .common import address, in_context, need, page_number, zone_of
from .schedule_words import RUNS, name_of, place, shapes, state_of, when

if TYPE_CHECKING:
    from ..requests import Asked

_ = translator("dougong")

ROWS = 50
LATELY = dt.timedelta(days=30)
_TRAIL = (_("Runs"), RUNS)
_QUERY = ("state", "schedule", "at.from", "at.to", "page")


# ---- the list -----------------------------------------------------------------------------------------


def between(asked: Asked) -> tuple[dt.datetime | None, dt.datetime | None]:
    """``at.from`` and ``at.to`` of the address, days in the zone of the chosen site. :raises Invalid: one is no day."""
    zone, found, wrong = zone_of(asked, asked.site), list[dt.datetime | None](), list[FieldError]()
    for name, more in (("at.from", 0), ("at.to", 1)):
        text = asked.query.get(name, "").strip()
        try:
            day = dt.date.fromisoformat(text) + dt.timedelta(days=more) if text else None
            if day is not None and not 2000 <= day.year <= 2200:
                raise ValueError
            found.append(dt.datetime.combine(day, dt.time(), zone) if day else None)
        except (ValueError, OverflowError):
            wrong.append(FieldError(name, _("Write a date as in 2026-11-22.")))
    if wrong:
        raise Invalid(errors=tuple(wrong))
    return found[0], found[1]


def chosen(asked: Asked, x: Context[Any]) -> sa.ColumnElement[bool] | None:
    """``schedule`` of the address: single ones by id, or all of a name (``privacy.dispose``). :raises Invalid: none such."""
    ids, names = list[UUID](), list[str]()
    for text in filter(None, asked.query.getlist("schedule")):
        try:
            ids.append(UUID(text))
        except ValueError:
            names.append(text)
    if not set(names) <= set(schedule_desk.declared(x)):
        raise Invalid(errors=(FieldError("schedule", _("Choose one of the list.")),))
    return sa.or_(ScheduleRow.id.in_(ids), ScheduleRow.name.in_(names)) if ids or names else None


def matching(asked: Asked, x: Context[Any], *, states: bool = True) -> sa.Select[Occurrence, ScheduleRow]:
    """The runs that this person sees and that fit the address, with their schedules. What lies ahead is no run yet."""
    joined = sa.and_(ScheduleRow.tenant_id == Occurrence.tenant_id, ScheduleRow.id == Occurrence.schedule_id)
    query = sa.select(Occurrence, ScheduleRow).join(ScheduleRow, joined).where(schedule_desk.seen(x, asked.site))
    query = query.where(sa.or_(Occurrence.nominal <= x.now, Occurrence.state != "skipped"))
    since, until = between(asked)
    if since is not None:
        query = query.where(Occurrence.nominal >= since)
    if until is not None:
        query = query.where(Occurrence.nominal < until)
    if (several := chosen(asked, x)) is not None:
        query = query.where(several)
    wanted = [s for s in asked.query.getlist("state") if s]
    if unknown := [s for s in wanted if s not in STATES]:
        raise BadRequest(_("Unknown state: {names}").format(names=", ".join(one[:40] for one in unknown[:5])))
    return query.where(Occurrence.state.in_(wanted)) if states and wanted else query


def lately(asked: Asked, query: sa.Select[Occurrence, ScheduleRow]) -> sa.Select[Occurrence, ScheduleRow]:
    """Only the last days, where the address names neither days nor a schedule: nobody pages through years."""
    if any(asked.query.get(name) for name in ("schedule", "at.from", "at.to")):
        return query
    return query.where(Occurrence.nominal > asked.now - LATELY)


def newest_first(query: sa.Select[Occurrence, ScheduleRow]) -> sa.Select[Occurrence, ScheduleRow]:
    return query.order_by(Occurrence.nominal.desc(), Occurrence.id.desc())


async def index(asked: Asked) -> Response:
    """``GET /admin/schedules/runs``: ``?state``, ``schedule``, ``at.from``, ``at.to``, ``site``; the newest first."""
    need(asked, READ)
    sent, number = asked.params(_QUERY), page_number(asked)
    kept = [(k, v) for k, v in sent.multi_items() if v and k not in ("page", "state")]
    states = [("state", s) for s in sent.getlist("state") if s]

    def read(x: Context[Any]) -> tuple[list[Any], dict[str, int], list[Option]]:
        query = newest_first(lately(asked, matching(asked, x)))
        rows = x.session.execute(query.offset((number - 1) * ROWS).limit(ROWS + 1)).all()
        whole = lately(asked, matching(asked, x, states=False))
        counted = whole.with_only_columns(Occurrence.state, sa.func.count()).group_by(Occurrence.state)
        return list(rows), dict(x.session.execute(counted).all()), _schedules(asked, x)

    rows, counts, schedules = await in_context(asked, read)
    declared = {one.name: one for _module, one in asked.app.registry.contributed(Schedule, asked.snapshot.modules)}
    more, rows = len(rows) > ROWS, rows[:ROWS]
    fitting = sum(n for s, n in counts.items() if not states or ("state", s) in states)
    made = ListPage(
        str(_("Runs of schedules")),
        [
            Column("name", str(_("Schedule"))),
            Column("state", str(_("Went")), "tag"),
            Column("site", str(_("Site"))),
            Column("nominal", str(_("Planned for")), "datetime"),
            Column("reason", str(_("Why"))),
            Column("finished", str(_("Finished")), "datetime", role="desk"),
            Column("tries", str(_("Tries")), "number", role="desk"),
        ],
        [_row(asked, run, row, name_of(declared[row.name], row)) for run, row in rows],
        tabs=_tabs(kept, counts, states),
        filters=[_schedule_filter(schedules), _date_filter(asked)],
        hidden=[*states, *((k, v) for k, v in sent.multi_items() if v and k == "site")],
        search=False,
        clear_href=address(RUNS, states) if any(k != "site" for k, _v in kept) else None,
        next_href=address(RUNS, [*kept, *states, ("page", number + 1)]) if more else None,
        first_href=address(RUNS, [*kept, *states]) if number > 1 else None,
        summary=_summary(asked, fitting),
        shapes=shapes(asked, RUNS),
    )  # fmt: skip
    if not rows:
        made.empty = _empty(bool(kept or states))
    return page(asked, "list.html", made)


def _summary(asked: Asked, fitting: int) -> str:
    said = str(plural(_("{n} run"), _("{n} runs"), fitting))
    if any(asked.query.get(name) for name in ("schedule", "at.from", "at.to")):
        return said
    return words.also(said, str(_("within the last {n} days").format(n=LATELY.days)))


def _tabs(kept: list[tuple[str, str]], counts: dict[str, int], states: list[tuple[str, str]]) -> list[Tab]:
    several: tuple[tuple[Lazy, tuple[str, ...]], ...] = (
        (_("All"), ()), (_("Failed"), ("failed",)), (_("Missed"), ("missed",)), (_("To be run"), ("waiting",)),
        (_("Left out"), ("skipped",)), (_("Done"), ("done",)),
    )  # fmt: skip
    made = []
    for label, wanted in several:
        pairs = [("state", s) for s in wanted]
        count = sum(counts.get(s, 0) for s in wanted) if wanted else sum(counts.values())
        made.append(Tab(str(label), address(RUNS, [*kept, *pairs]), count, pairs == states))
    return made


def _empty(narrowed: bool) -> Empty:
    if narrowed:
        return Empty(str(_("Nothing fits")), str(_("No run fits what you chose.")), Action(str(_("Show all")), RUNS))
    return Empty(str(_("Nothing has run yet")), str(_("Each run of a schedule stands here: what it did, or why it failed.")))


def _schedules(asked: Asked, x: Context[Any]) -> list[Option]:
    """For the filter: each schedule by its name, and those that the address names by their ids."""
    declared, wanted = schedule_desk.declared(x), set(asked.query.getlist("schedule"))
    mine = schedule_desk.seen(x, asked.site)
    names = x.session.scalars(sa.select(ScheduleRow.name).where(mine).distinct())
    made = sorted((Option(n, str(declared[n].label), n in wanted) for n in names), key=lambda one: one.label)
    ids = [UUID(one) for one in wanted if one not in declared]
    for row in x.session.scalars(sa.select(ScheduleRow).where(mine, ScheduleRow.id.in_(ids))):
        made.append(Option(str(row.id), name_of(declared[row.name], row), True, place(asked, row.site_id)))
    return made


def _schedule_filter(schedules: list[Option]) -> Filter:
    summary = str(words.COMMA).join(one.label for one in schedules if one.selected)
    return Filter("schedule", str(_("Schedule")), "choice", schedules, summary=cut(summary, 40) if summary else "")


def _date_filter(asked: Asked) -> Filter:
    first, last = asked.query.get("at.from", ""), asked.query.get("at.to", "")
    summary = f"{first} – {last}" if first or last else ""
    return Filter("at", str(_("Planned for")), "date_range", value=first, value2=last, summary=summary)


def _row(asked: Asked, run: Occurrence, row: ScheduleRow, name: str) -> Row:
    reason = str(occurrences.reason_words(run))
    cells = [
        Value("text", name),
        state_of(run),
        Value("text", place(asked, row.site_id)),
        when(asked, run.nominal, row.site_id),
        Value("text", cut(reason, 80), title=reason if len(reason) > 80 else None) if reason else Value("empty", "–"),
        when(asked, run.finished_at, row.site_id),
        Value("number", str(run.attempts)),
    ]  # fmt: skip
    return Row(str(run.id), f"{RUNS}/{run.id}", name, cells)
