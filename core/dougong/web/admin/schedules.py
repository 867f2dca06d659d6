"""The company's schedules: which there are, when each fires next, how its last run went; one of them with all that it did."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
from starlette.responses import Response

from ...records.context import Context
from ...records.tables import History
from ...timing import occurrences, schedule_desk
from ...timing.schedule_desk import STATES
from ...timing.schedules import READ, RUN, Schedule
from ...timing.tables import Occurrence, ScheduleRow
from ...words import Lazy, plural, translator
from .. import display
from ..display import stamp
from ..pages import page
from ..views import (
    Action,
    AsideCard,
    Column,
    DetailPage,
    Empty,
    Entry,
    Fact,
    FactSection,
    Line,
    ListPage,
    Row,
    Tab,
    Value,
)  # fmt: skip
from . import schedule_steps, words
from .common import address, crumbs, in_context, need, page_number, zone_of
from .schedule_words import (
    ACTIONS,
    MISSED,
    PATH,
    RUNS,
    TITLE,
    minutes,
    module_filter,
    name_of,
    place,
    rule_words,
    shapes,
    standing,
    state_filter,
    state_of,
    when,
)  # fmt: skip

if TYPE_CHECKING:
    from ..requests import Asked

_ = translator("dougong")

ROWS = 50
TIMES, LATEST = 10, 20
_TABS: tuple[tuple[str, Lazy], ...] = (("", _("All")), ("active", _("Active")), ("paused", _("Paused")))
_TRAIL = (TITLE, PATH)


@dataclass
class _Read:
    """What the list is made of. :ivar left_out: (schedule, time) of runs ahead."""

    declared: dict[str, Schedule]
    counts: dict[str, int]
    rows: list[ScheduleRow]
    runs: dict[UUID, Occurrence]
    left_out: set[tuple[UUID, dt.datetime]]
    modules: set[str]


# ---- the list -----------------------------------------------------------------------------------------


async def index(asked: Asked) -> Response:
    """``GET /admin/schedules``: ``?show=active|paused``, ``module``, ``state`` (of the last run), ``site``."""
    need(asked, READ)
    sent = asked.params(("show", "module", "state", "page"))
    show, number = sent.get("show", ""), page_number(asked)
    kept = [(k, v) for k, v in sent.multi_items() if v and k not in ("page", "show")]

    def read(x: Context[Any]) -> _Read:
        declared = schedule_desk.declared(x)
        mine = schedule_desk.seen(x, asked.site)
        where = narrowed(asked, x, declared, mine)
        counted = sa.select(ScheduleRow.active, sa.func.count()).where(*where).group_by(ScheduleRow.active)
        found = dict(x.session.execute(counted).all())
        counts = {"": sum(found.values()), "active": found.get(True, 0), "paused": found.get(False, 0)}
        if show in ("active", "paused"):
            where.append(ScheduleRow.active.is_(show == "active"))
        ordered = sa.select(ScheduleRow).where(*where).order_by(*ORDER)
        rows = list(x.session.scalars(ordered.offset((number - 1) * ROWS).limit(ROWS + 1)))
        names = set(x.session.scalars(sa.select(ScheduleRow.name).where(mine).distinct()))
        ids = [row.id for row in rows]
        runs, left_out = schedule_desk.last_runs(x, ids), schedule_desk.skipped(x, ids)
        return _Read(declared, counts, rows, runs, set(left_out), {declared[name].module for name in names})

    found: _Read = await in_context(asked, read)
    counts, rows = found.counts, found.rows
    more, rows = len(rows) > ROWS, rows[:ROWS]
    made = ListPage(
        str(TITLE),
        [
            Column("name", str(_("Name"))),
            Column("standing", str(_("State")), "state"),
            Column("rule", str(_("When"))),
            Column("next", str(_("Next run")), "datetime"),
            Column("site", str(_("Site"))),
            Column("state", str(_("Went")), "tag"),
            Column("last", str(_("Last run")), "datetime", role="desk"),
        ],
        [_row(asked, found, row) for row in rows],
        tabs=[Tab(str(label), address(PATH, [*kept, ("show", n)]), counts[n], n == show) for n, label in _TABS],
        filters=[module_filter(asked, found.modules), state_filter(asked, _("Last run"), STATES[1:])],
        hidden=[(k, v) for k, v in sent.multi_items() if v and k in ("show", "site")],
        search=False,
        clear_href=address(PATH, [("show", show)]) if any(k in ("module", "state") for k, _v in kept) else None,
        next_href=address(PATH, [*kept, ("show", show), ("page", number + 1)]) if more else None,
        first_href=address(PATH, [*kept, ("show", show)]) if number > 1 else None,
        summary=str(plural(_("{n} schedule"), _("{n} schedules"), counts.get(show, 0))),
        shapes=shapes(asked, PATH),
    )
    if not rows:
        made.empty = _empty(bool(kept or show))
    return page(asked, "list.html", made)


ORDER = (sa.nulls_last(ScheduleRow.next_at.asc()), ScheduleRow.name, ScheduleRow.id)


def narrowed(
    asked: Asked, x: Context[Any], declared: dict[str, Schedule], mine: sa.ColumnElement[bool]
) -> list[sa.ColumnElement[bool]]:
    found = [mine]
    if modules := set(asked.query.getlist("module")):
        found.append(ScheduleRow.name.in_([one.name for one in declared.values() if one.module in modules]))
    if states := [s for s in asked.query.getlist("state") if s in STATES]:
        found.append(schedule_desk.latest(x).in_(states))
    return found


def _empty(narrowed: bool) -> Empty:
    if narrowed:
        return Empty(str(_("Nothing fits")), str(_("No schedule fits what you chose.")), Action(str(_("Show all")), PATH))
    text = _("Modules bring their schedules along: switch a module on and what it does again and again stands here.")
    return Empty(str(_("No schedules yet")), str(text))


def _row(asked: Asked, found: _Read, row: ScheduleRow) -> Row:
    name, run = name_of(found.declared[row.name], row), found.runs.get(row.id)
    following = when(asked, row.next_at if row.active else None, row.site_id)
    if row.next_at and (row.id, row.next_at) in found.left_out:
        following.text = str(_("{when} (left out)").format(when=following.text))
    cells = [
        Value("text", name),
        standing(row),
        Value("text", rule_words(row.rule)),
        following,
        Value("text", place(asked, row.site_id)),
        state_of(run),
        when(asked, run.finished_at or run.nominal if run else None, row.site_id),
    ]
    return Row(str(row.id), f"{PATH}/{row.id}", name, cells)


# ---- one of them --------------------------------------------------------------------------------------


async def show(asked: Asked) -> Response:
    """``GET /admin/schedules/<id>``: what it does, when next, what it did, who changed it."""
    need(asked, READ)
    asked.params()
    made = await in_context(asked, lambda x: _detail(asked, x, schedule_desk.one(x, asked.uuid())))
    return page(asked, "detail.html", made)


def _detail(asked: Asked, x: Context[Any], row: ScheduleRow) -> DetailPage:
    declared = schedule_desk.declared(x)[row.name]
    newest = sa.select(Occurrence).where(Occurrence.schedule_id == row.id).order_by(Occurrence.nominal.desc()).limit(LATEST)
    runs = list(x.session.scalars(newest))
    name = name_of(declared, row)
    actions, more, refusals, dialogs = schedule_steps.doable(asked, row, name, declared.fixed, schedule_steps.following(x, row))
    return DetailPage(
        title=name,
        number="",
        crumbs=crumbs(_TRAIL, (name, None)),
        state=standing(row),
        badges=[Value("tag", str(_("changed")), tone="info")] if row.changed else [],
        subtitle=f"{asked.snapshot.label(declared.module)} · {place(asked, row.site_id)}",
        actions=actions,
        more=more,
        refusals=refusals,
        steps=[],
        dues=[],
        sections=_sections(asked, x, declared, row),
        links=[],
        tabs=[],
        timeline=_timeline(asked, x, row, runs),
        timeline_title=str(_("Runs and changes")),
        dialogs=dialogs,
        print_title=name,
        printed=stamp(asked.now, zone_of(asked, row.site_id)),
        place=place(asked, row.site_id),
        slots={"next": [_coming(asked, x, row)]},
    )


def _coming(asked: Asked, x: Context[Any], row: ScheduleRow) -> AsideCard:
    title = str(_("The next {n} times").format(n=TIMES))
    if not row.active:
        return AsideCard(title, text=str(_("None: it is paused.")))
    lines = next_lines(asked, x, row)
    return AsideCard(title, lines=lines, text="" if lines else str(_("None: it has ended.")))


def next_lines(asked: Asked, x: Context[Any], row: ScheduleRow, values: dict[str, Any] | None = None) -> list[Line]:
    """The next times as lines of a card. :param values: as they would be with these, checked, instead of what is stored."""
    zone = zone_of(asked, row.site_id)
    today = asked.now.astimezone(zone).date()
    made = []
    for one in schedule_desk.ahead(x, row, TIMES, values):
        here = one.at.astimezone(zone)
        day = f"{display.day_heading(here.date(), today)} {display.WEEKDAYS[here.weekday()]}"
        small, actions = [str(one.note or "")], []
        if one.skipped:
            small.append(str(_("left out")))
            if asked.gate.may(RUN, row.site_id or asked.snapshot.sites.root):
                actions = [Action(str(_("Let it run")), f"{RUNS}/{one.skipped}/unskip", post=True)]
        end = Value("text", f"{here:%H:%M}")
        made.append(Line(day, words.also(*small), icon="clock", end=end, actions=actions))
    return made


def _sections(asked: Asked, x: Context[Any], declared: Schedule, row: ScheduleRow) -> list[FactSection]:
    label, note = MISSED[row.missed]
    names = schedule_desk.calendars(x)
    span = [d.isoformat() if d else "…" for d in (row.starts_on, row.ends_on)]
    calendar = str(names.get(row.calendar, row.calendar)) if row.calendar else str(_("the site's own"))
    facts = [
        *([Fact(str(_("What it does")), Value("prose", str(declared.help)))] if declared.help else []),
        Fact(str(_("When")), Value("text", rule_words(row.rule))),
        Fact(str(_("Next run")), when(asked, row.next_at if row.active else None, row.site_id)),
        Fact(str(_("Calendar")), Value("text", calendar)),
        Fact(str(_("Missed runs")), Value("text", f"{label}: {note}")),
        Fact(str(_("Grace")), Value("text", minutes(row.grace))),
        *([Fact(str(_("Window")), Value("text", minutes(row.window)))] if row.window else []),
        *([Fact(str(_("Holds")), Value("text", " – ".join(span)))] if row.starts_on or row.ends_on else []),
    ]
    return [FactSection("", facts)]


def _timeline(asked: Asked, x: Context[Any], row: ScheduleRow, runs: list[Occurrence]) -> list[Entry]:
    """Its last runs, and what people did with it, the newest first."""
    zone = zone_of(asked, row.site_id)
    query = sa.select(History).where(History.record_kind == "core.schedule", History.record_id == row.id)
    found = [_entry(asked, row, run) for run in runs if run.nominal <= asked.now or run.state != "skipped"]
    for one in x.session.scalars(query.order_by(History.id.desc()).limit(LATEST)):
        by = words.person_name(asked.snapshot, one.actor_id) if one.actor_id else str(_("System"))
        title = str(ACTIONS.get(one.action, one.action))
        found.append(Entry(title, by, stamp(one.at, zone), one.at.isoformat(), "edit", "brand"))
    made = row.created_at
    found.append(Entry(str(_("Set up")), str(_("by its module")), stamp(made, zone), made.isoformat(), "plus"))
    return sorted(found, key=lambda entry: entry.at_iso, reverse=True)


def _entry(asked: Asked, row: ScheduleRow, run: Occurrence) -> Entry:
    """A run as a line of the timeline."""
    zone = zone_of(asked, row.site_id)
    state = state_of(run)
    tone = {"bad": "bad", "warn": "warn", "good": "good"}.get(state.tone, "")
    icon = {"done": "check", "failed": "warn", "missed": "clock", "skipped": "right"}.get(run.state, "clock")
    by = words.person_name(asked.snapshot, run.asked_by) if run.asked_by else str(_("by schedule"))
    at = run.finished_at or run.started_at or run.nominal
    shown = stamp(at, zone)
    planned = [Fact(str(_("Planned for")), Value("datetime", stamp(run.nominal, zone)))]
    facts = planned if stamp(run.nominal, zone) != shown else []
    if run.attempts > 1:
        facts.append(Fact(str(_("Tries")), Value("number", str(run.attempts))))
    why = str(occurrences.reason_words(run))
    return Entry(state.text, by, shown, at.isoformat(), icon, tone, why, facts, href=f"{RUNS}/{run.id}")
