"""What schedules did: runs that were done, failed, were missed or left out; one of them with its tries; again."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
from starlette.responses import Response

from ...errors import BadRequest, FieldError, Invalid, NotFound
from ...records.context import Context
from ...timing import occurrences, schedule_desk
from ...timing.schedule_desk import READ, RUN, STATES
from ...timing.schedules import Schedule
from ...timing.tables import Occurrence, ScheduleRow
from ...words import Lazy, plural, translator
from ..display import cut, stamp
from ..pages import page
from ..signin import redirect
from ..views import (
    Action,
    Column,
    DetailPage,
    Empty,
    Entry,
    Fact,
    FactSection,
    Filter,
    FormDialog,
    FormPage,
    ListPage,
    Option,
    Refusal,
    Row,
    Section,
    Tab,
    Value,
)  # fmt: skip
from . import words
from .common import REFUSED, address, crumbs, form_page, need, page_number, zone_of
from .schedule_words import PATH, RUNS, TITLE, name_of, place, shapes, state_of, when
from .schedules import look

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

    rows, counts, schedules = await look(asked, read)
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


# ---- one of them --------------------------------------------------------------------------------------


async def show(asked: Asked) -> Response:
    """``GET /admin/schedules/runs/<id>``: what it was for, each try, who had it run again."""
    need(asked, READ)
    asked.params()

    def read(x: Context[Any]) -> DetailPage:
        run, row = schedule_desk.occurrence(x, asked.uuid())
        return _detail(asked, x, run, row)

    return page(asked, "detail.html", await look(asked, read))


def _detail(asked: Asked, x: Context[Any], run: Occurrence, row: ScheduleRow) -> DetailPage:
    name, zone = name_of(schedule_desk.declared(x)[row.name], row), zone_of(asked, row.site_id)
    planned = stamp(run.nominal, zone)
    actions, refusals, dialogs = _again(asked, run, row, f"{name} {planned}")
    return DetailPage(
        title=name,
        number=planned,
        crumbs=crumbs((TITLE, PATH), (name, f"{PATH}/{row.id}"), (planned, None)),
        state=state_of(run),
        badges=[],
        subtitle=f"{planned} · {place(asked, row.site_id)}",
        actions=actions,
        more=[],
        refusals=refusals,
        steps=[],
        dues=[],
        sections=[FactSection("", _facts(asked, run, row, name))],
        links=[],
        tabs=[],
        timeline=_tries(asked, x, run, row),
        dialogs=dialogs,
        print_title=name,
        printed=stamp(asked.now, zone),
        place=place(asked, row.site_id),
    )


def _facts(asked: Asked, run: Occurrence, row: ScheduleRow, name: str) -> list[Fact]:
    reason = str(occurrences.reason_words(run))
    person = words.person_name(asked.snapshot, run.asked_by) if run.asked_by else ""
    shown = [
        (_("Schedule"), Value("link", name, href=f"{PATH}/{row.id}")),
        (_("Planned for"), Value("text", stamp(run.nominal, zone_of(asked, row.site_id)))),
        (_("Business date"), Value("text", run.business_date.isoformat())),
        (_("Went"), Value("text", state_of(run).text)),
        (_("Why"), Value("prose", reason) if reason else None),
        (_("Asked for by"), Value("text", person) if person else None),
        (_("Window until"), when(asked, run.window_ends, row.site_id) if run.window_ends else None),
        (_("Started"), when(asked, run.started_at, row.site_id) if run.started_at else None),
        (_("Finished"), when(asked, run.finished_at, row.site_id) if run.finished_at else None),
        (_("Tries"), Value("number", str(run.attempts))),
    ]
    return [Fact(str(label), value) for label, value in shown if value is not None]


def _tries(asked: Asked, x: Context[Any], run: Occurrence, row: ScheduleRow) -> list[Entry]:
    """What is remembered of its tries, the newest first."""
    zone = zone_of(asked, row.site_id)
    found = []
    for failure in schedule_desk.failures(x, run):
        text = words.also(failure.words or failure.kind, failure.place or "")
        title = str(_("Try {n} failed").format(n=failure.attempt))
        found.append(Entry(title, "", stamp(failure.at, zone), failure.at.isoformat(), "warn", "bad", text))
    if run.state == "done" and run.finished_at:
        found.append(Entry(str(_("Done")), "", stamp(run.finished_at, zone), run.finished_at.isoformat(), "check", "good"))
    planned = Entry(str(_("Planned for")), "", stamp(run.nominal, zone), run.nominal.isoformat(), "clock")
    return [*sorted(found, key=lambda e: e.at_iso, reverse=True), planned]


# ---- again --------------------------------------------------------------------------------------------


def _again(
    asked: Asked, run: Occurrence, row: ScheduleRow, name: str
) -> tuple[list[Action], list[Refusal], list[FormDialog]]:
    what = step_of(asked, run)
    if what is None:
        return [], [], []
    label = STEPS[what][0]
    site = row.site_id or asked.snapshot.sites.root
    if not asked.gate.may(RUN, site):
        mend = asked.gate.explain(RUN, site).mend or _("You may not do this here.")
        return [], [Refusal(str(label), str(mend), address("/explain", {"action": RUN}))], []
    form = confirming(run, name, what)
    return [Action(str(label), f"{RUNS}/{run.id}/{what}", "undo", main=True, dialog="do")], [], [FormDialog("do", form)]


def step_of(asked: Asked, run: Occurrence) -> str | None:
    """What could be done with a run: again, or let it take place after all."""
    if run.state == "skipped" and run.nominal > asked.now:
        return "unskip"
    return "again" if run.state in ("failed", "missed", "skipped") else None


STEPS: dict[str, tuple[Lazy, Lazy]] = {
    "again": (_("Run again"), _("{name} is run again, for its planned time. Nothing of an earlier try was kept.")),
    "unskip": (_("Let it run"), _("{name} was left out; it takes place after all.")),
}


def confirming(run: Occurrence, name: str, what: str) -> FormPage:
    label, text = STEPS[what]
    return FormPage(
        str(label), f"{RUNS}/{run.id}/{what}", str(label), [Section("", [], help=str(text.format(name=name)))],
        crumbs=crumbs((TITLE, PATH), _TRAIL, (label, None)), hidden=[("sure", "1")], cancel=f"{RUNS}/{run.id}",
    )  # fmt: skip


async def ask(asked: Asked) -> Response:
    """``GET /admin/schedules/runs/<id>/<again, unskip>``: the question, without a script."""
    need(asked, READ)
    asked.params()
    return form_page(asked, await _question(asked))


async def _question(asked: Asked) -> FormPage:
    what = asked.path_params["what"]
    if what not in STEPS:
        raise NotFound

    def read(x: Context[Any]) -> FormPage:
        run, row = schedule_desk.occurrence(x, asked.uuid())
        schedule_desk.desk_of(x).need(RUN, row.site_id)
        name = name_of(schedule_desk.declared(x)[row.name], row)
        return confirming(run, f"“{name}” {stamp(run.nominal, zone_of(asked, row.site_id))}", what)

    made: FormPage = await look(asked, read)
    return made


async def take(asked: Asked) -> Response:
    """``POST /admin/schedules/runs/<id>/<again, unskip>``; without ``sure`` it asks first."""
    need(asked, READ)
    asked.params()
    id, form, what = asked.uuid(), await asked.form(), asked.path_params["what"]
    question = await _question(asked)
    if not form.get("sure") and what == "again":
        return form_page(asked, question)
    try:
        schedule = await look(asked, lambda x: do(x, id, what))
    except REFUSED as problem:
        return form_page(asked, question, problem)
    asked.flash(_("It runs again; a moment later this page says how it went.") if what == "again" else _("It takes place."))
    return redirect(f"{RUNS}/{id}" if what == "again" else f"{PATH}/{schedule}")


def do(x: Context[Any], id: UUID, what: str) -> UUID:
    """Take a step with a run. :returns: its schedule. :raises NotFound, Forbidden, Conflict: it cannot be."""
    run, row = schedule_desk.occurrence(x, id)
    schedule_desk.desk_of(x).need(RUN, row.site_id)
    nominal = run.nominal
    if what == "again":
        occurrences.run_again(x, run)
    else:
        occurrences.unskip(x, run)
    schedule_desk.note(x, row, what, {"run": (None, nominal)})
    return row.id
