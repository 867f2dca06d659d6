"""A small module with clocks of every sort: by states with pauses, repeated by entries, by a date, by receipt, and one on which
the system acts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from dougong import (
    Child,
    Choice,
    ClockMemory,
    Context,
    Day,
    Form,
    Herald,
    Line,
    Listener,
    Manifest,
    Moment,
    Record,
    Resource,
    RoleDefault,
    Step,
    Term,
    Workflow,
    act,
    asked,
    clock_memory,
    escalate,
    field,
    hookimpl,
    overdue,
    remind,
    translator,
)
from pydantic import BaseModel
from sqlalchemy.orm import Mapped, mapped_column

_ = translator(__name__)


class State(Choice):
    NEW = "new", _("New")
    DOING = "doing", _("Doing")
    HELD = "held", _("Held")
    DONE = "done", _("Done")
    GONE = "gone", _("Gone")


class Size(Choice):
    SMALL = "small", _("Small")
    LARGE = "large", _("Large")


class Settings(BaseModel):
    small_hours: float = 8
    large_hours: float = 16
    soon: float = 0.75
    days_before: list[int] = [60, 30, 7]
    pauses: int = 2
    receipt_minutes: int = 30
    grace: int = 0


class Errand(Record, kind="errands.errand", label=_("Errand"), number="ER"):
    status: Mapped[State] = field(_("Status"), default=State.NEW, create=False, edit=False, listed=True, filtered=True)
    size: Mapped[Size] = field(_("Size"), start=Size.SMALL, default=Size.SMALL)
    title: Mapped[Line] = field(_("Title"), listed=True, searched=True, default="x")
    round_the_clock: Mapped[bool] = field(_("Round the clock"), default=False)
    reason: Mapped[Line | None] = field(_("Reason"), default=None, create=False)
    owner_id: Mapped[UUID | None] = field(_("Owner"), widget="person", default=None)
    fixed: Mapped[Moment | None] = field(_("Fixed by others"), default=None)
    valid_until: Mapped[Day | None] = field(_("Valid until"), default=None)
    due: Mapped[dt.datetime | None] = field(_("Due"), default=None, create=False, edit=False, listed=True)
    done_at: Mapped[dt.datetime | None] = field(_("Done at"), default=None, create=False, edit=False)
    late: Mapped[bool] = field(_("Late"), default=False, create=False, edit=False)
    news_by: Mapped[dt.datetime | None] = field(_("News due"), default=None, create=False, edit=False)
    news_late: Mapped[bool] = field(_("News late"), default=False, create=False, edit=False)
    expires: Mapped[dt.datetime | None] = field(_("Expires"), default=None, create=False, edit=False)
    receipt_by: Mapped[dt.datetime | None] = field(_("Receipt due"), default=None, create=False, edit=False)
    end_by: Mapped[dt.datetime | None] = field(_("Given up"), default=None, create=False, edit=False)
    reported_at: Mapped[dt.datetime | None] = mapped_column(default=None)
    timing: Mapped[ClockMemory | None] = clock_memory()


class News(Child, kind="errands.news", of=Errand, label=_("News")):
    text: Mapped[Line] = field(_("Text"), default="x")


class Report(Child, kind="errands.report", of=Errand, label=_("Report")):
    to: Mapped[Line] = field(_("To"), default="x")


X = Context[Settings]
flow = Workflow(Errand, Errand.status, Settings)
begin = flow.step("begin", _("Begin"), State.NEW, State.DOING)
finish = flow.step("finish", _("Finish"), [State.NEW, State.DOING], State.DONE)
again = flow.step("again", _("Again"), [State.DONE, State.GONE], State.DOING)
drop = flow.step("drop", _("Drop"), [State.NEW, State.DOING, State.HELD], State.GONE)


class Why(Form):
    why: Line = asked(_("Why"), default="waits")


@flow.on(_("Hold"), [State.NEW, State.DOING], State.HELD, form=Why)
def hold(e: Errand, f: Why, x: X) -> None:
    e.reason = f.why


resume = flow.step("resume", _("Resume"), State.HELD, State.DOING)


@flow.adding(_("Tell"), (), News)
def tell(e: Errand, n: News, x: X) -> None:
    return None


class Place(Form):
    site_id: UUID = asked(_("Site"), widget="site")


@flow.on(_("Move"), (), form=Place)
def transfer(e: Errand, f: Place, x: X) -> None:
    e.site_id = f.site_id


class Empty(Form):
    pass


@flow.on(_("Report"), (), form=Empty)
def report(e: Errand, f: Empty, x: X) -> None:
    up(e, x)


@flow.on(_("Acknowledge"), (), form=Empty)
def receive(e: Errand, f: Empty, x: X) -> None:
    e.reported_at = None


@flow.on(_("Give up"), [State.NEW, State.DOING, State.HELD], State.GONE, form=Empty, automatic=True)
def give_up(e: Errand, f: Empty, x: X) -> None:
    e.reason = "given up"


def up(e: Errand, x: X) -> None:
    """To the next level above everybody who was told."""
    told = [UUID(one) for each in x.children(e, Report) for one in each.to.split()]
    first = e.owner_id or x.actor
    level = x.climb(e, told or ([first] if first else []))
    if level is None:
        e.reported_at = None
        return
    x.add(e, Report(to=" ".join(str(p.id) for p in level[1])))
    e.reported_at = x.now


def length(e: Errand, x: X) -> Term | dt.datetime:
    if e.fixed is not None:
        return e.fixed
    hours = x.settings.large_hours if e.size is Size.LARGE else x.settings.small_hours
    return Term(hours=hours, always=e.round_the_clock)


def steps(s: Settings) -> Sequence[Step[Errand, Settings]]:
    grace = dt.timedelta(minutes=s.grace)
    return (remind(s.soon), overdue(after=grace, name="breach"), escalate(level=1), escalate(0.5, level=2), escalate(1, level=9))


resolution = flow.clock(
    "resolution",
    _("Resolution"),
    due=Errand.due,
    met=Errand.done_at,
    late=Errand.late,
    runs=[State.NEW, State.DOING],
    pauses=State.HELD,
    ends=State.DONE,
    term=length,
    depends=[Errand.size, Errand.round_the_clock, Errand.fixed],
    pausing=lambda e, x: e.reason != "no reason",
    owner=Errand.owner_id,
    steps=steps,
    step=finish,
)
flow.clock(
    "news",
    _("News"),
    due=Errand.news_by,
    late=Errand.news_late,
    runs=[State.NEW, State.DOING, State.HELD],
    again=News,
    term=lambda e, x: Term(hours=4),
    owner=Errand.owner_id,
    steps=(overdue(every=dt.timedelta(hours=1)),),
)
flow.clock(
    "expiry",
    _("Expiry"),
    due=Errand.expires,
    term=lambda e, x: e.valid_until,
    owner=Errand.owner_id,
    steps=lambda s: [remind(before=dt.timedelta(days=n)) for n in s.days_before],
    imports=True,
)
flow.clock(
    "receipt",
    _("Receipt"),
    due=Errand.receipt_by,
    starts=lambda e, x: e.reported_at,
    term=lambda e, x: Term(hours=x.settings.receipt_minutes / 60, always=True) if e.reported_at else None,
    steps=(act(up),),
)
flow.clock(
    "end",
    _("End"),
    due=Errand.end_by,
    runs=[State.NEW, State.DOING],
    pauses=State.HELD,
    most_pauses=lambda s: s.pauses,
    term=lambda e, x: Term(days=30),
    steps=(act(lambda e, x: x.take(e, "give_up")),),
)

manifest = Manifest(name="errands", version="0.0.1", label=_("Errands"))
resource = Resource(Errand, _("Errands"), flow=flow, settings=Settings, title=Errand.title, timeline=(News, Report))
ALL = tuple(p.name for p in resource.permissions())
TOLD: list[tuple[str, str, tuple[UUID, ...], dict[str, str]]] = []
HEARD: list[str] = []


def hear(event: str, record: Any, people: Sequence[UUID] | None, x: Context[Any], facts: Any) -> None:
    TOLD.append((event.rpartition(".")[2], facts.get("clock", ""), tuple(people or ()), dict(facts)))


@hookimpl
def dougong_resources() -> tuple[Resource[Any], ...]:
    return (resource,)


@hookimpl
def dougong_settings() -> type[BaseModel]:
    return Settings


@hookimpl
def dougong_roles() -> list[RoleDefault]:
    posts = ("service_agent", "service_lead", "project_manager", "regional_director", "general_manager")
    return [RoleDefault(post, ALL) for post in posts]


@hookimpl
def dougong_contributions() -> Sequence[Any]:
    return (Herald(hear), Listener(concerns=lambda record, x: False))


@hookimpl
def dougong_changed(record: Record, action: str, context: Context[Any]) -> None:
    HEARD.append(action)
