"""What the pages of schedules say in common: names, states, moments, the way between the three of them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from uuid import UUID

from ...timing.rules import Rule
from ...timing.schedules import Schedule
from ...timing.tables import Occurrence, ScheduleRow
from ...words import Lazy, translator
from ..display import EMPTY, moment
from ..views import Filter, Option, Tab, Value
from . import words
from .common import address, zone_of

if TYPE_CHECKING:
    from ..requests import Asked

_ = translator("dougong")

PATH = "/admin/schedules"
UPCOMING = f"{PATH}/upcoming"
RUNS = f"{PATH}/runs"
TITLE = _("Schedules")
STATES: dict[str, tuple[Lazy, str]] = {
    "waiting": (_("to be run"), "info"),
    "done": (_("done"), "good"),
    "failed": (_("failed"), "bad"),
    "missed": (_("missed"), "warn"),
    "skipped": (_("skipped"), ""),
}
MISSED: dict[str, tuple[Lazy, Lazy]] = {
    "skip": (_("Leave it out"), _("the next one comes at its time")),
    "once": (_("Make up once"), _("one run for all that went by")),
    "each": (_("Make up each"), _("one after the other")),
}
PARTS: dict[str, Lazy] = {
    "rule": _("When"), "calendar": _("Calendar"), "window": _("Window"), "grace": _("Grace"), "missed": _("Missed runs"),
    "active": _("State"), "starts_on": _("From"), "ends_on": _("Until"),
}  # fmt: skip
ACTIONS: dict[str, Lazy] = {
    "edit": _("changed"), "reset": _("set back to what its module delivers"), "run": _("run at once"),
    "skip": _("next run left out"), "unskip": _("left-out run takes place"), "again": _("run again"),
}  # fmt: skip
_COMPANY = _("The company")


def shapes(asked: Asked, current: str) -> list[Tab]:
    """The way between what is planned, what is ahead, and what was."""
    site = asked.snapshot.sites.node(asked.site).slug if asked.site else None
    return [
        Tab(str(label), address(path, {"site": site}), current=path == current)
        for path, label in ((PATH, TITLE), (UPCOMING, _("Next 30 days")), (RUNS, _("Runs")))
    ]


def name_of(declared: Schedule, row: ScheduleRow) -> str:
    """What people call a schedule; one of a record carries the record's name."""
    return row.label_text or str(declared.label)


def place(asked: Asked, site: UUID | None) -> str:
    return words.site_name(asked.snapshot, site) if site else str(_COMPANY)


def rule_words(rule: object) -> str:
    return str(Rule.from_json(rule).words)


def state_of(run: Occurrence | None) -> Value:
    if run is None:
        return EMPTY
    if run.state == "waiting" and run.started_at is not None:
        return Value("tag", str(_("running")), tone="info")
    label, tone = STATES[run.state]
    return Value("tag", str(label), tone=tone)


def told(part: str, value: object) -> str | None:
    """A part of a schedule as history says it; None: as any other value."""
    if part == "rule" and isinstance(value, dict):
        return rule_words(value)
    if part == "missed" and value in MISSED:
        return str(MISSED[str(value)][0])
    if part == "active":
        return str(_("active") if value else _("paused"))
    if part in ("window", "grace") and (value is None or isinstance(value, int)):
        return minutes(value)
    return None


def standing(row: ScheduleRow) -> Value:
    """Whether a schedule runs."""
    if not row.active:
        return Value("state", str(_("paused")), tone="hold")
    if row.next_at is None:
        return Value("state", str(_("ended")), tone="done")
    return Value("state", str(_("active")), tone="doing")


def when(asked: Asked, at: dt.datetime | None, site: UUID | None) -> Value:
    return moment(at, zone_of(asked, site), asked.now) if at is not None else EMPTY


def minutes(n: int | None) -> str:
    """A length in minutes, in the largest unit that fits: 90 分钟, 2 小时, 3 天."""
    if n is None:
        return str(_("none"))
    if n % 1440 == 0:
        return str(_("{n} d").format(n=n // 1440))
    return str(_("{n} h").format(n=n // 60) if n % 60 == 0 else _("{n} min").format(n=n))


def module_filter(asked: Asked, modules: set[str]) -> Filter:
    wanted = set(asked.query.getlist("module"))
    choices = [Option(m, str(asked.snapshot.label(m)), m in wanted) for m in sorted(modules)]
    return Filter("module", str(_("Module")), "choice", choices, summary=_summary(choices))


def state_filter(asked: Asked, label: Lazy, states: tuple[str, ...]) -> Filter:
    wanted = set(asked.query.getlist("state"))
    choices = [Option(s, str(STATES[s][0]), s in wanted) for s in states]
    return Filter("state", str(label), "choice", choices, summary=_summary(choices))


def _summary(choices: list[Option]) -> str:
    return str(words.COMMA).join(one.label for one in choices if one.selected)
