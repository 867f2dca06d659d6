"""What the organisation adds to pages: who holds a post, the posts and papers of an employee, the way to the tree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from dougong import Context, translator
from dougong.views import Action, AsideCard, Line, MenuItem, Value

from . import pages
from .choices import HoldingState, PaperState
from .records import Certificate, Contract, Employee, Holding, Position
from .resources import GROUP, certificate, contract, holding, position

_ = translator("dougong_hr")
_SHOWN = 12


def beside(page: str, subject: Any, x: Context[Any]) -> Sequence[Any]:
    """Cards, buttons and menu items for a page."""
    if page == "shell" and x.gate.scope(position.permission("read")):
        return [MenuItem(str(_("Organisation tree")), pages.TREE, "people", group=str(GROUP))]
    if page in (f"list:{Position.kind}", f"list:{Employee.kind}"):
        return [Action(str(_("Organisation tree")), pages.TREE, "people")]
    if page == f"detail:{Position.kind}":
        return _holders(subject, x)
    if page == f"detail:{Employee.kind}":
        return [*_posts(subject, x), *_papers(subject, x)]
    return ()


def _holders(p: Position, x: Context[Any]) -> list[AsideCard]:
    query = x.readable(Holding).where(Holding.position_id == p.id, Holding.status == HoldingState.HELD)
    found = list(x.session.scalars(query.order_by(Holding.starts_on).limit(_SHOWN)))
    wanted = {one.employee_id for one in found}
    names = {one.id: one.name for one in x.session.scalars(x.readable(Employee).where(Employee.id.in_(wanted)))}
    lines = [
        Line(
            names.get(one.employee_id, one.title),
            _span(one),
            f"{holding.path}/{one.id}",
            "user",
            Value("tag", str(one.nature.label)),
        )
        for one in found
    ]
    return [AsideCard(str(_("Who holds it")), lines=lines, text="" if lines else str(_("Nobody holds this post.")))]


def _posts(e: Employee, x: Context[Any]) -> list[AsideCard]:
    query = x.readable(Holding).where(Holding.employee_id == e.id).order_by(Holding.starts_on.desc()).limit(_SHOWN)
    found = list(x.session.scalars(query))
    rows = x.session.execute(
        sa.select(Position.id, Position.title).where(
            Position.tenant_id == x.tenant, Position.id.in_({one.position_id for one in found})
        )
    )
    titles = {row.id: row.title for row in rows}
    lines = [
        Line(
            titles.get(one.position_id, one.title), _span(one), f"{holding.path}/{one.id}", "site",
            Value("tag", str(one.nature.label if one.status is HoldingState.HELD else one.status.label)),
        )
        for one in found
    ]  # fmt: skip
    return [AsideCard(str(holding.label), lines=lines)] if lines else []


def _papers(e: Employee, x: Context[Any]) -> list[AsideCard]:
    cards = []
    kinds: tuple[tuple[Any, Any], ...] = ((Contract, contract), (Certificate, certificate))
    for kind, resource in kinds:
        if not x.gate.may(resource.permission("read"), e.site_id):
            continue
        query = x.readable(kind).where(kind.employee_id == e.id, kind.status == PaperState.VALID)
        lines = [
            Line(one.title.partition(" · ")[2] or one.title, str(one.ends_on or ""), f"{resource.path}/{one.id}", "doc")
            for one in x.session.scalars(query.order_by(kind.ends_on).limit(_SHOWN))
        ]
        if lines:
            cards.append(AsideCard(str(resource.label), lines=lines))
    return cards


def _span(one: Holding) -> str:
    return f"{one.starts_on} – {one.ends_on or ''}".strip()


__all__ = ["beside"]
