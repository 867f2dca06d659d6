"""Aspects or hazards by how likely and how bad they are: a table of counts with the highest level of each cell in words."""

from __future__ import annotations

from typing import Any

from dougong import Asked, Context, NotFound, page, translator, write
from dougong.views import Crumb, Empty, MatrixChip, MatrixPage, MatrixRow, Tab
from sqlalchemy.orm import Session
from starlette.responses import Response

from ..choices import Level, Standing
from ..rating import ORDER
from ..resources import aspect, hazard

_ = translator("dougong_quality")

# name in the address: (resource, down, across, words for the corner)
KINDS = {
    "aspects": (aspect, "frequency", "severity", _("How often × how severe")),
    "hazards": (hazard, "likelihood", "consequence", _("Likelihood × consequence")),
}
TONES = {Level.EXTREME: "soon", Level.HIGH: "soon", Level.NOTABLE: "", Level.GENERAL: "future"}


async def show(asked: Asked) -> Response:
    asked.params()
    found = KINDS.get(asked.path_params["of"])
    if found is None:
        raise NotFound

    def load(session: Session) -> MatrixPage:
        return _page(asked.context(session, "quality"), asked.path_params["of"])

    return page(asked, "matrix.html", await write(asked, load))


def counted(x: Context[Any], of: str) -> dict[tuple[str, str], list[Level]]:
    """Levels of what is active and may be seen, by the degrees of the two factors."""
    resource, down, across, _words = KINDS[of]
    record: Any = resource.record
    query = x.readable(record).where(record.status == Standing.ACTIVE)
    if x.site is not None:
        query = query.where(record.site_id.in_(x.snapshot.sites.subtree(x.site)))
    found: dict[tuple[str, str], list[Level]] = {}
    rows = query.with_only_columns(getattr(record, down), getattr(record, across), record.level)
    for first, second, level in x.session.execute(rows):
        found.setdefault((first, second), []).append(level)
    return found


def _page(x: Context[Any], of: str) -> MatrixPage:
    resource, down, across, words = KINDS[of]
    found = counted(x, of)
    rated = of.removesuffix("s")
    lines, columns = (getattr(x.settings, f"{rated}_{name}") for name in (down, across))
    rows = []
    for key, degree in lines.items():
        cells = [_chips(found.get((key, other), [])) for other in columns]
        rows.append(MatrixRow(degree.label, "", f"{resource.path}?tab=open&{down}={key}", cells, []))
    number = sum(map(len, found.values()))
    return MatrixPage(
        title=str(resource.label),
        subtitle=str(_("{n} that are active, by both factors; the third factor counts in the level.").format(n=number)),
        corner=str(words),
        columns=[Crumb(one.label, f"{resource.path}?tab=open&{across}={key}") for key, one in columns.items()],
        rows=rows,
        filters=[],
        crumbs=[Crumb(str(resource.label), resource.path), Crumb(str(_("Matrix")))],
        tabs=[Tab(str(r.label), f"/quality/ratings/{name}", current=name == of) for name, (r, *_rest) in KINDS.items()],
        empty=Empty(str(_("No degrees are set")), ""),
    )


def _chips(levels: list[Level]) -> list[MatrixChip]:
    if not levels:
        return []
    worst = max(levels, key=ORDER.index)
    said = _("{n} · highest {level}").format(n=len(levels), level=worst.label)
    return [MatrixChip(str(said), tone=TONES.get(worst, "ended"))]
