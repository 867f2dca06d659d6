"""Labels with QR codes for the points of a route, to be printed and put up."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import segno
from dougong import Asked, PageRoute, page, translator, write
from sqlalchemy.orm import Session
from starlette.responses import Response

from . import layouts
from .base import X
from .records import Route

_ = translator("dougong_inspections")

PATH = "/inspections/routes/{id}/labels"


@dataclass
class PointLabel:
    """One label. ``qr``: an SVG element."""

    name: str
    place: str
    position: int
    qr: str


@dataclass
class LabelsPage:
    """Labels of a route, six on an A4 sheet. ``inspections/labels.html`` draws it."""

    title: str
    company: str
    site: str
    route: str
    labels: list[PointLabel]
    back: str


def qr(text: str) -> str:
    """A QR code as an SVG element, black on white whatever the page looks like; the style sheet gives its size."""
    out = BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", border=2, omitsize=True, light="#fff", xmldecl=False, svgns=True, svgclass=None, lineclass=None
    )
    return out.getvalue().decode()


async def show(asked: Asked) -> Response:
    """``GET /inspections/routes/{id}/labels``."""
    asked.params()
    id = asked.uuid()
    host = f"{asked.scope['scheme']}://{asked.headers.get(b'host', b'').decode('latin-1')}"

    def work(session: Session) -> LabelsPage:
        x: X = asked.context(session, "inspections")
        route = x.get(Route, id)
        x.demand(f"{Route.kind}.edit", route)
        made = [
            PointLabel(p.name, p.location or "" if p.location != p.name else "", n, qr(f"{host}{layouts.SCAN}{p.code}"))
            for n, p in enumerate(layouts.points_of(x, id), start=1)
        ]
        site = asked.snapshot.sites.node(route.site_id).name
        return LabelsPage(
            str(_("Labels of “{name}”").format(name=route.name)), asked.snapshot.name, site, route.name, made,
            f"/inspections/route/{id}",
        )  # fmt: skip

    return page(asked, "inspections/labels.html", await write(asked, work))


ROUTES = (PageRoute("routes/{id}/labels", show),)
