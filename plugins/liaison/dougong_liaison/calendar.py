"""The compliance calendar: a year of sites × months with what is due, how much of it is done and how much is late.

Counted by the database in one statement a kind, so a year of thousands of filings is as quick as one of ten.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Asked, BadRequest, Context, FieldError, NotFound, page, translator, write
from dougong.views import Action, Crumb, Empty, Filter, Option, Tab
from sqlalchemy.orm import Session
from starlette.responses import Response

from .choices import HANDED_IN, LIVE, FilingState, OrderState
from .records import Filing, Order, Permit
from .resources import filing, order, permit

_ = translator("dougong_liaison")

HERE = "/liaison/year"
MOST = 400  # sites of one page
FIRST, LAST = 2000, 2200
_ANSWERED = (OrderState.REPLIED, OrderState.RECHECK, OrderState.CLOSED)
# name: (resource, class, day of it, is it done, what counts)
_KINDS: dict[str, tuple[Any, Any, str, Any, Any]] = {
    "filing": (filing, Filing, "due_on", Filing.status.in_(HANDED_IN), Filing.status != FilingState.DROPPED),
    "permit": (permit, Permit, "expires_on", sa.false(), Permit.status.in_(LIVE)),
    "order": (order, Order, "deadline_on", Order.status.in_(_ANSWERED), sa.true()),
}
_MARKS = {"filing": _("Filings"), "permit": _("Permits that end"), "order": _("Orders to answer")}


@dataclass(slots=True)
class Mark:
    """So many of a kind in a month. ``tone``: good (all done), bad (some late), or empty."""

    label: str
    text: str
    tone: str
    href: str


@dataclass(slots=True)
class Month:
    label: str
    marks: list[Mark]
    current: bool = False


@dataclass(slots=True)
class SiteYear:
    name: str
    months: list[Month]


@dataclass(slots=True)
class YearPage:
    title: str
    subtitle: str
    months: list[str]
    rows: list[SiteYear]
    filters: list[Filter]
    hidden: list[tuple[str, str]]
    clear_href: str | None
    years: list[Tab]
    actions: list[Action]
    crumbs: list[Crumb]
    empty: Empty
    note: str = ""


@dataclass(slots=True)
class Count:
    total: int = 0
    done: int = 0
    late: int = 0


@dataclass(slots=True)
class Asking:
    """What the address asks for."""

    year: int
    agency: str = ""
    what: str = ""
    kinds: tuple[str, ...] = field(default=tuple(_KINDS))


def asking(sent: Any, x: Context[Any]) -> Asking:
    """:raises BadRequest: a year or a choice that there is not."""
    text = sent.get("year", "")
    if text and not (text.isascii() and text.isdigit() and len(text) == 4 and FIRST <= int(text) <= LAST):
        raise _wrong("year")
    what, agency = sent.get("what", ""), sent.get("agency_kind", "")
    if what and what not in _KINDS:
        raise _wrong("what")
    if agency and agency not in x.settings.agency_kinds:
        raise _wrong("agency_kind")
    kinds = (what,) if what else tuple(_KINDS)
    if agency:
        kinds = tuple(one for one in kinds if one != "permit")  # permits have no kind of agency
    return Asking(int(text) if text else x.today(x.snapshot.sites.root).year, agency, what, kinds)


def _wrong(name: str) -> BadRequest:
    return BadRequest(errors=(FieldError(name, _("is not one of the possible choices")),))


def counts(x: Context[Any], wanted: Asking) -> dict[tuple[UUID, int, str], Count]:
    """How many are due, done and late, by site, month and kind, as far as the reader may see them."""
    first, last = dt.date(wanted.year, 1, 1), dt.date(wanted.year + 1, 1, 1)
    today = x.today(x.snapshot.sites.root)
    below = None if x.site is None else list(x.snapshot.sites.subtree(x.site))
    found: dict[tuple[UUID, int, str], Count] = {}
    for name in wanted.kinds:
        resource, record, day_name, done, counted = _KINDS[name]
        if not x.gate.scope(resource.permission("read")):
            continue
        day = getattr(record, day_name)
        query = x.readable(record).where(day >= first, day < last, counted)
        if wanted.agency:
            query = query.where(record.agency_kind == wanted.agency)
        if below is not None:
            query = query.where(record.site_id.in_(below))
        month = sa.extract("month", day)
        late = sa.func.count().filter(sa.and_(sa.not_(done), day < today))
        rows = query.with_only_columns(
            record.site_id, month, sa.func.count(), sa.func.count().filter(done), late, maintain_column_froms=True
        ).group_by(record.site_id, month)
        for site, number, total, ready, overdue in x.session.execute(rows.order_by(None)):
            found[site, int(number), name] = Count(total, ready, overdue)
    return found


async def show(asked: Asked) -> Response:
    sent = asked.params(("year", "agency_kind", "what"))

    def load(session: Session) -> YearPage:
        x = asked.context(session, "liaison")
        if not any(x.gate.scope(resource.permission("read")) for resource, *_rest in _KINDS.values()):
            raise NotFound
        return _page(x, asking(sent, x))

    return page(asked, "liaison/year.html", await write(asked, load))


def _page(x: Context[Any], wanted: Asking) -> YearPage:
    found = counts(x, wanted)
    with_some = {site for site, _month, _kind in found}
    nodes = [node for node in x.snapshot.sites.ordered() if node.id in with_some]
    today = x.today(x.snapshot.sites.root)
    now_month = today.month if today.year == wanted.year else 0
    rows = [SiteYear(n.name, [_month(found, n, m, wanted, now_month) for m in range(1, 13)]) for n in nodes[:MOST]]
    total, late = sum(c.total for c in found.values()), sum(c.late for c in found.values())
    said = _("{n} are due in {year}, {late} of them are late.").format(n=total, year=wanted.year, late=late)
    more = _("Only the first {n} sites are shown. Choose a region.").format(n=MOST) if len(nodes) > MOST else ""
    actions = []
    if "feeds" in x.snapshot.modules:
        actions.append(Action(str(_("Subscribe as a calendar")), f"/feeds/new?kind={Filing.kind}", "cal"))
    return YearPage(
        str(_("Compliance calendar")),
        str(said),
        [_name(m) for m in range(1, 13)],
        rows,
        _filters(x, wanted),
        [("year", str(wanted.year))],
        f"{HERE}?year={wanted.year}" if wanted.agency or wanted.what else None,
        [Tab(str(y), _address(wanted, y), current=y == wanted.year) for y in range(wanted.year - 1, wanted.year + 2)],
        actions,
        [Crumb(str(filing.label), filing.path), Crumb(str(_("Compliance calendar")))],
        Empty(str(_("Nothing is due in this year")), str(_("Take over the template of obligations, or add your own."))),
        str(more),
    )


def _address(wanted: Asking, year: int) -> str:
    more = "".join(f"&{n}={v}" for n, v in (("agency_kind", wanted.agency), ("what", wanted.what)) if v)
    return f"{HERE}?year={year}{more}"


def _name(month: int) -> str:
    return str(_("Month {n}").format(n=month))


def _month(found: dict[tuple[UUID, int, str], Count], node: Any, month: int, wanted: Asking, current: int) -> Month:
    marks = [_mark(c, name, node, month, wanted) for name in wanted.kinds if (c := found.get((node.id, month, name)))]
    return Month(_name(month), marks, month == current)


def _mark(c: Count, name: str, node: Any, month: int, wanted: Asking) -> Mark:
    resource, _record, _day, _done, _counted = _KINDS[name]
    first = dt.date(wanted.year, month, 1)
    last = (first + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)
    by = {"filing": "due_on", "permit": "expires_by", "order": "due_by"}[name]
    href = f"{resource.path}?tab=all&site={node.slug}&{by}.from={first}&{by}.to={last}"
    if wanted.agency:
        href += f"&agency_kind={wanted.agency}"
    tone = "bad" if c.late else "good" if c.done == c.total else ""
    if c.late:
        text = str(_("{done}/{total}, {late} late").format(done=c.done, total=c.total, late=c.late))
    elif name == "permit":
        text = str(c.total)
    else:
        text = f"{c.done}/{c.total}"
    return Mark(str(_MARKS[name]), text, tone, href)


def _filters(x: Context[Any], wanted: Asking) -> list[Filter]:
    kinds = [Option(key, str(one.label), key == wanted.agency) for key, one in x.settings.agency_kinds.items()]
    whats = [Option(key, str(label), key == wanted.what) for key, label in _MARKS.items()]
    agency = str(x.settings.agency_kinds[wanted.agency].label) if wanted.agency else ""
    what = str(_MARKS[wanted.what]) if wanted.what else ""
    return [
        Filter("agency_kind", str(_("Kind of agency")), "choice", kinds, wanted.agency, summary=agency),
        Filter("what", str(_("What")), "choice", whats, wanted.what, summary=what),
    ]
