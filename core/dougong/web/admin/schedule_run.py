"""One run of a schedule: what it was for, each try, who had it run; running it again, or letting it take place after all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from starlette.responses import Response

from ...errors import NotFound
from ...records.context import Context
from ...timing import occurrences, schedule_desk
from ...timing.schedules import READ, RUN
from ...timing.tables import Occurrence, ScheduleRow
from ...words import Lazy, translator
from ..display import stamp
from ..pages import page
from ..signin import redirect
from ..views import Action, DetailPage, Entry, Fact, FactSection, FormDialog, FormPage, Refusal, Section, Value
from . import words
from .common import REFUSED, address, crumbs, form_page, in_context, need, zone_of
from .jobs import reason
from .schedule_words import PATH, RUNS, TITLE, name_of, place, state_of, when

if TYPE_CHECKING:
    from ..requests import Asked

_ = translator("dougong")

_TRAIL = (_("Runs"), RUNS)

async def show(asked: Asked) -> Response:
    """``GET /admin/schedules/runs/<id>``: what it was for, each try, who had it run again."""
    need(asked, READ)
    asked.params()

    def read(x: Context[Any]) -> DetailPage:
        run, row = schedule_desk.occurrence(x, asked.uuid())
        return _detail(asked, x, run, row)

    return page(asked, "detail.html", await in_context(asked, read))


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
    why = str(occurrences.reason_words(run))
    person = words.person_name(asked.snapshot, run.asked_by) if run.asked_by else ""
    shown = [
        (_("Schedule"), Value("link", name, href=f"{PATH}/{row.id}")),
        (_("Planned for"), Value("text", stamp(run.nominal, zone_of(asked, row.site_id)))),
        (_("Business date"), Value("text", run.business_date.isoformat())),
        (_("Went"), Value("text", state_of(run).text)),
        (_("Why"), Value("prose", why) if why else None),
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
        title = str(_("Try {n} failed").format(n=failure.attempt))
        facts = [Fact(str(_("In the program")), Value("text", failure.place))] if failure.place else []
        at = failure.at
        found.append(Entry(title, "", stamp(at, zone), at.isoformat(), "warn", "bad", reason(failure), facts))
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

    made: FormPage = await in_context(asked, read)
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
        schedule = await in_context(asked, lambda x: do(x, id, what))
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
