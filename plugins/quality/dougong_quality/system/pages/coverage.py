"""Which clause was audited where in a year: clauses down, audits across, and what was not audited at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Asked, BadRequest, Context, page, translator, write
from dougong.views import Crumb, Empty, MatrixChip, MatrixPage, MatrixRow, Tab
from sqlalchemy.orm import Session
from starlette.responses import Response

from ..choices import AuditKind, AuditState, Verdict
from ..records import Audit, AuditCheck
from ..resources import audit as resource

_ = translator("dougong_quality")

MOST = 30  # audits across
TONES: Mapping[Any, str] = {Verdict.FAILS: "soon", Verdict.OBSERVED: "future", Verdict.CONFORMS: ""}


def year_of(x: Context[Any], given: Any) -> int:
    """The year that is asked for, else this one. :raises BadRequest: it is none."""
    text = given.get("year", "")
    if text and not (text.isascii() and text.isdigit() and 2000 <= int(text) <= 2200):
        raise BadRequest(_("“{text}” is no year.").format(text=text[:20]))
    return int(text) if text else x.today(x.snapshot.sites.root).year


def years(path: str, year: int, **more: str) -> list[Tab]:
    tail = "".join(f"&{name}={value}" for name, value in more.items() if value)
    return [Tab(str(one), f"{path}?year={one}{tail}", current=one == year) for one in (year - 1, year, year + 1)]


async def show(asked: Asked) -> Response:
    given = asked.params(("year",))

    def load(session: Session) -> MatrixPage:
        x = asked.context(session, "quality")
        return _page(x, year_of(x, given))

    return page(asked, "matrix.html", await write(asked, load))


def covered(x: Context[Any], year: int) -> tuple[list[Audit], dict[tuple[str, str], dict[UUID, Verdict]]]:
    """The audits of a year that this person may see, and per standard and clause the verdicts by audit."""
    query = x.readable(Audit).where(
        sa.extract("year", Audit.opens_on) == year,
        Audit.kind_of == AuditKind.INTERNAL,
        Audit.status != AuditState.CANCELLED,
    )
    if x.site is not None:
        query = query.where(Audit.site_id.in_(x.snapshot.sites.subtree(x.site)))
    audits = list(x.session.scalars(query.order_by(Audit.opens_on, Audit.number).limit(MOST)))
    lines = sa.select(AuditCheck).where(
        AuditCheck.tenant_id == x.tenant,
        AuditCheck.parent_id.in_([a.id for a in audits]),
        AuditCheck.verdict.is_not(None),
    )
    found: dict[tuple[str, str], dict[UUID, Verdict]] = {}
    for line in x.session.scalars(lines) if audits else ():
        if line.verdict is not None:
            found.setdefault((line.standard, line.clause), {})[line.parent_id] = line.verdict
    return audits, found


def _page(x: Context[Any], year: int) -> MatrixPage:
    audits, found = covered(x, year)
    known = x.settings.standards()
    wanted = {key for one in x.settings.audit_sets.values() for key in one.standards if key in known}
    rows, without = [], 0
    for key in sorted(wanted):
        for number, about in known[key].clauses.items():
            answers = found.get((key, number), {})
            looked = any(v is not Verdict.NOT_APPLICABLE for v in answers.values())
            without += not looked
            cells = [_chips(answers.get(a.id)) for a in audits]
            said = str(about) if looked else f"{about} · {_('not audited')}"
            rows.append(MatrixRow(f"{known[key].name} {number}", said, resource.path, cells, []))
    summary = _("{n} of {all} clauses were not audited in {year}.").format(n=without, all=len(rows), year=year)
    return MatrixPage(
        title=str(_("Audited clauses")),
        subtitle=str(summary),
        corner=str(_("Clause")),
        columns=[Crumb(a.title, f"{resource.path}/{a.id}") for a in audits],
        rows=rows,
        filters=[],
        crumbs=[Crumb(str(resource.label), resource.path), Crumb(str(_("Audited clauses")))],
        tabs=years("/quality/coverage", year),
        empty=Empty(str(_("No standards are chosen")), str(_("Standards audited together stand in the settings."))),
    )


def _chips(verdict: Verdict | None) -> list[MatrixChip]:
    if verdict is None:
        return []
    return [MatrixChip(str(verdict.label), tone=TONES.get(verdict, "ended"))]
