"""The objectives of a year at a glance: each with its periods as columns against the target, in words too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Asked, Context, page, translator, write
from dougong.views import Crumb, Empty, Tab
from sqlalchemy.orm import Session
from starlette.responses import Response

from ..choices import Outcome
from ..objectives import periods
from ..records import Actual, Objective
from ..resources import objective as resource
from .coverage import year_of, years

_ = translator("dougong_quality")

HEIGHT, MOST = 96, 60


@dataclass(slots=True)
class Column:
    """One period of a chart; places across in percent, so that words keep their size."""

    x: str
    middle: str
    width: str
    y: float
    height: float
    tick: str
    value: str
    title: str
    missed: bool = False


@dataclass(slots=True)
class Board:
    """One objective. ``line``: where the target lies."""

    title: str
    href: str
    small: str
    verdict: str
    tone: str
    label: str
    line: float
    target: str
    columns: list[Column]


@dataclass(slots=True)
class ScorePage:
    title: str
    subtitle: str
    boards: list[Board]
    crumbs: list[Crumb]
    tabs: list[Tab]
    empty: Empty
    missed: str


async def show(asked: Asked) -> Response:
    given = asked.params(("year",))

    def load(session: Session) -> ScorePage:
        x = asked.context(session, "quality")
        return _page(x, year_of(x, given))

    return page(asked, "quality/scoreboard.html", await write(asked, load))


def of_year(x: Context[Any], year: int) -> list[Objective]:
    """The objectives that this person may see: the company's first, then site by site."""
    query = x.readable(Objective).where(Objective.year == year)
    if x.site is not None:
        query = query.where(Objective.site_id.in_(x.snapshot.sites.subtree(x.site)))
    order = {node.id: at for at, node in enumerate(x.snapshot.sites.ordered())}
    found = list(x.session.scalars(query.order_by(Objective.number).limit(MOST)))
    return sorted(found, key=lambda o: (order.get(o.site_id, 0), o.number))


def newest(x: Context[Any], ids: list[UUID]) -> dict[UUID, dict[Any, Actual]]:
    """The actual that counts, by objective and period."""
    query = sa.select(Actual).where(Actual.tenant_id == x.tenant, Actual.parent_id.in_(ids))
    found: dict[UUID, dict[Any, Actual]] = {}
    for one in x.session.scalars(query.order_by(Actual.at, Actual.id)):
        found.setdefault(one.parent_id, {})[one.of] = one
    return found


def _page(x: Context[Any], year: int) -> ScorePage:
    found = of_year(x, year)
    actuals = newest(x, [o.id for o in found])
    boards = [board(o, actuals.get(o.id, {}), x.snapshot.sites.node(o.site_id).name) for o in found]
    reached = sum(o.latest is Outcome.ACHIEVED for o in found)
    missed = sum(o.latest is Outcome.MISSED for o in found)
    said = _("{year}: {all} objectives, of which {good} are achieved now and {bad} missed.")
    return ScorePage(
        str(_("Objectives at a glance")),
        str(said.format(year=year, all=len(found), good=reached, bad=missed)),
        boards,
        [Crumb(str(resource.label), resource.path), Crumb(str(_("Objectives at a glance")))],
        years("/quality/scoreboard", year),
        Empty(str(_("No objectives in this year")), str(_("Set them with a target for each month, quarter or year."))),
        str(Outcome.MISSED.label),
    )


def board(o: Objective, actuals: dict[Any, Actual], site: str) -> Board:
    """One objective with its chart."""
    firsts = periods(o)
    top = max([o.target, *(one.value for one in actuals.values())], default=0) * 1.15 or 1
    step = 100 / len(firsts)
    columns = []
    for at, first in enumerate(firsts):
        one = actuals.get(first)
        height = max(0.0, min(1.0, one.value / top)) * HEIGHT if one else 0
        said = f"{one.value:g}" if one else ""
        verdict = str(one.outcome.label) if one and one.outcome else str(_("no actual yet"))
        columns.append(
            Column(
                f"{at * step + step * 0.18:.2f}%", f"{at * step + step / 2:.2f}%", f"{step * 0.64:.2f}%",
                round(HEIGHT - height, 1) + 14, round(height, 1), str(first.month), said,
                f"{first:%Y-%m} {said} {verdict}", bool(one and one.outcome is Outcome.MISSED),
            )
        )  # fmt: skip
    reached = sum(one.outcome is Outcome.ACHIEVED for one in actuals.values())
    reach = _("{good} of {all} periods achieved").format(good=reached, all=len(actuals))
    target = f"{o.direction.label} {o.target:g} {o.unit}"
    line = round(HEIGHT - max(0.0, min(1.0, o.target / top)) * HEIGHT, 1) + 14
    missed = o.latest is Outcome.MISSED
    words = str(o.latest.label) if o.latest else str(_("no actual yet"))
    tone = "bad" if missed else "good" if o.latest else ""
    return Board(
        o.title, f"{resource.path}/{o.id}", f"{site} · {reach}", words, tone,
        f"{o.title}: {target}; {reach}", line, target, columns,
    )  # fmt: skip
