"""Background work of the company: what waits, runs and failed, and why, in words and never what it works on.

What an administrator does about it is ``jobs_do``'s part; whose jobs are whose, the database decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import orm
from starlette.responses import Response

from ...errors import BadRequest, NotFound
from ...scheduling import watching
from ...scheduling.reasons import why
from ...scheduling.watching import KEPT_ALIVE, Failure, Seen, State
from ...timing.schedules import Schedule
from ...words import Lazy, plural, translator
from ..display import moment
from ..pages import page
from ..requests import write
from ..views import (
    Action,
    Card,
    CardsPage,
    Column,
    Empty,
    Filter,
    Line,
    ListPage,
    Option,
    Row,
    Tab,
    Value,
)
from .common import address, crumbs, need_whole, zone_of

if TYPE_CHECKING:
    from ..requests import Asked

_ = translator("dougong")

PATH = "/admin/jobs"
READ, EDIT = "core.jobs.read", "core.jobs.edit"
ROWS = 50
_MAX = 2**63 - 1
STATES: dict[State, tuple[Lazy, str]] = {
    "failed": (_("Failed"), "bad"),
    "running": (_("Running"), "info"),
    "waiting": (_("Waiting"), ""),
}
_NONE: dict[State, tuple[Lazy, Lazy]] = {
    "failed": (_("Nothing has failed"), _("What failed several times and is not tried again by itself stands here.")),
    "running": (_("Nothing runs now"), _("What is being done at this moment stands here.")),
    "waiting": (_("Nothing waits"), _("What is still to be done, or is tried again later, stands here.")),
}


# ---- words ------------------------------------------------------------------------------------------


def what(asked: Asked, job: str) -> str:
    """What a job does, in words; its name where its module does not say."""
    registry = asked.app.registry
    declared = registry.jobs.get(job)
    if declared is not None and declared.label is not None:
        return str(declared.label)
    found = {one.name: one for _module, one in registry.contributed(Schedule, frozenset(registry.plugins))}
    return str(found[job].label) if job in found else job


def module_of(asked: Asked, job: str) -> str:
    """The name of a job's module."""
    name = job.partition(".")[0]
    found = asked.app.registry.plugins.get(name)
    return str(found.manifest.label) if found else name


def reason(one: Seen | Failure) -> str:
    return str(why(one.kind, one.words))


def _next(asked: Asked, one: Seen) -> Value:
    if one.state == "waiting" and one.due_at is not None and one.due_at > asked.now:
        return moment(one.due_at, zone_of(asked), asked.now)
    if one.state == "waiting":
        return Value("text", str(_("as soon as a worker is free")))
    return Value("empty", "")


def _far(one: Seen) -> str:
    if one.done is None:
        return ""
    text = str(_("{done} so far").format(done=f"{one.done:,}"))
    if one.total:
        text = str(_("{done} of {total}").format(done=f"{one.done:,}", total=f"{one.total:,}"))
    return f"{text} · {one.note}" if one.note else text


# ---- the list ---------------------------------------------------------------------------------------


async def index(asked: Asked) -> Response:
    """``GET /admin/jobs``."""
    need_whole(asked, READ)
    sent = asked.params(("state", "module", "before"))
    state, module = state_in(sent.get("state", "")), sent.get("module") or None
    before = number_in(sent.get("before", "")) if sent.get("before") else None

    def look(session: orm.Session) -> tuple[State, list[Seen], dict[State, int]]:
        counts = watching.counted(session)
        chosen = state or _first(counts)
        return chosen, watching.jobs_of(session, state=chosen, named=module, before=before, most=ROWS + 1), counts

    chosen, rows, counts = await write(asked, look)
    return page(asked, "list.html", _list(asked, chosen, module, rows, counts, bool(before)))


def _first(counts: dict[State, int]) -> State:
    """What is looked at where nobody says: what failed, else what there is."""
    return next((one for one in STATES if counts[one]), next(iter(STATES)))


def _list(
    asked: Asked, state: State, module: str | None, rows: Sequence[Seen], counts: dict[State, int], later: bool
) -> ListPage:
    more, rows = len(rows) > ROWS, rows[:ROWS]
    kept = [("state", state), *([("module", module)] if module else [])]
    options = [
        Option(name, str(one.manifest.label), name == module)
        for name, one in asked.app.registry.plugins.items()
        if any(job.startswith(f"{name}.") for job in asked.app.registry.jobs)
    ]
    third = {"failed": _("Why"), "running": _("How far"), "waiting": _("Why not yet")}[state]
    made = ListPage(
        str(_("Background work")),
        [
            Column("what", str(_("What"))),
            Column("module", str(_("Module"))),
            Column("why", str(third), role="wide"),
            Column("tries", str(_("Tries")), role="desk"),
            Column("tried", str(_("Last try")), kind="datetime"),
            *([Column("next", str(_("Next try")), kind="datetime")] if state == "waiting" else []),
        ],
        [_row(asked, one) for one in rows],
        tabs=[
            Tab(str(label), address(PATH, [("state", s), *kept[1:]]), counts[s], s == state)
            for s, (label, _tone) in STATES.items()
        ],
        filters=[
            Filter(
                "module", str(_("Module")), "choice", options,
                summary=next((o.label for o in options if o.selected), ""),
            )
        ],
        hidden=[("state", state)],
        search=False,
        clear_href=address(PATH, kept[:1]) if module else None,
        next_href=address(PATH, [*kept, ("before", str(rows[-1].id))]) if more else None,
        first_href=address(PATH, kept) if later else None,
        summary=str(plural(_("{n} job"), _("{n} jobs"), len(rows))),
    )  # fmt: skip
    if state == "failed" and asked.gate.may(EDIT, asked.snapshot.sites.root):
        made.bulk = [
            Action(str(_("Try again")), address(f"{PATH}/retry", kept[1:]), "undo"),
            Action(str(_("Drop")), address(f"{PATH}/drop", kept[1:]), "close", danger=True),
        ]
        if more or later:
            made.bulk_all = str(_("All that failed, on the other pages too"))
    if not rows:
        title, text = _NONE[state]
        made.empty = Empty(str(title), str(text))
    return made


def _row(asked: Asked, one: Seen) -> Row:
    name, text = what(asked, one.job), _far(one) if one.state == "running" else reason(one)
    tried = moment(one.tried_at, zone_of(asked), asked.now) if one.tried_at else Value("empty", "")
    cells = [
        Value("text", name),
        Value("text", module_of(asked, one.job)),
        Value("text", text) if text else Value("empty", ""),
        Value("text", str(plural(_("{n} try"), _("{n} tries"), one.attempts))) if one.attempts else Value("empty", ""),
        tried,
        *([_next(asked, one)] if one.state == "waiting" else []),
    ]
    return Row(str(one.id), f"{PATH}/{one.id}", f"{name} {one.id}", cells)


# ---- one job ----------------------------------------------------------------------------------------


async def show(asked: Asked) -> Response:
    """``GET /admin/jobs/<id>``."""
    need_whole(asked, READ)
    asked.params()
    number = id_of(asked)

    def look(session: orm.Session) -> tuple[Seen, list[Failure]]:
        return one_of(session, number), watching.failures(session, number)

    one, failed = await write(asked, look)
    zone, (label, tone) = zone_of(asked), STATES[one.state]
    lines = [
        Line(str(_("State")), icon="info", end=Value("tag", str(label), tone=tone)),
        Line(str(_("Module")), icon="mods", end=Value("text", module_of(asked, one.job))),
        Line(str(_("Number")), str(_("Say this number when you ask for help.")), icon="doc", end=Value("text", str(one.id))),
    ]
    if one.made_at:
        lines.append(Line(str(_("Asked for")), icon="clock", end=moment(one.made_at, zone, asked.now)))
    if _far(one):
        lines.append(Line(str(_("How far")), icon="chart", end=Value("text", _far(one))))
    coming = _next(asked, one)
    if coming.kind != "empty":
        lines.append(Line(str(_("Next try")), icon="clock", end=coming))
    made = CardsPage(
        what(asked, one.job),
        [Card(str(_("Job")), lines)],
        subtitle=_told(one),
        crumbs=crumbs((_("Background work"), address(PATH, [("state", one.state)])), (str(one.id), None)),
        actions=_actions(asked, one),
    )
    if failed:
        told = [
            Line(
                reason(each) or each.kind,
                str(_("Try {n} · {kind} {place}").format(n=each.attempt, kind=each.kind, place=each.place or "")).strip(),
                icon="warn",
                end=moment(each.at, zone, asked.now),
            )
            for each in reversed(failed)
        ]
        made.cards.append(Card(str(_("Why it failed")), told, count=len(told), tone="bad" if one.state == "failed" else ""))
    return page(asked, "cards.html", made)


def _told(one: Seen) -> str:
    if one.state == "failed":
        words = _("It is not tried again by itself. When the cause is mended, try it again; what is dropped is never done.")
        if one.job == KEPT_ALIVE:
            words = _("Deadlines and schedules live on by this job, so it cannot be dropped. Mend the cause, then try it again.")
        return str(words)
    return str(_("It is tried again by itself.")) if one.attempts and one.state == "waiting" else ""


def _actions(asked: Asked, one: Seen) -> list[Action]:
    if not asked.gate.may(EDIT, asked.snapshot.sites.root):
        return []
    here, made = f"{PATH}/{one.id}", []
    if may_retry(one):
        made.append(Action(str(_("Try again")), f"{here}/retry", "undo", main=True, post=True))
    if may_drop(one):
        made.append(Action(str(_("Drop")), f"{here}/drop", "close", danger=True))
    return made


def may_retry(one: Seen) -> bool:
    return one.state == "failed" or bool(one.state == "waiting" and one.attempts and one.due_at)


def may_drop(one: Seen) -> bool:
    return one.state == "failed" and one.job != KEPT_ALIVE


# ---- shared with the API ----------------------------------------------------------------------------


def one_of(session: orm.Session, number: int) -> Seen:
    """:raises NotFound: this company has no such job."""
    found = watching.jobs_of(session, number=number, most=1)
    if not found:
        raise NotFound
    return found[0]


def id_of(asked: Asked) -> int:
    """:raises NotFound: what stands in the address is no number of a job."""
    text = asked.path_params["id"]
    if not (text.isascii() and text.isdigit() and len(text) <= 19 and 0 < int(text) <= _MAX):
        raise NotFound
    return int(text)


def number_in(text: str) -> int:
    """:raises BadRequest: it is none."""
    if not (text.isascii() and text.isdigit() and len(text) <= 19 and int(text) <= _MAX):
        raise BadRequest(_("“before” is the number of a job."))
    return int(text)


def state_in(text: str) -> State | None:
    """:raises BadRequest: there is no such state."""
    if text and text not in STATES:
        raise BadRequest(_("States are: {names}.").format(names=", ".join(STATES)))
    return next((state for state in STATES if state == text), None)
