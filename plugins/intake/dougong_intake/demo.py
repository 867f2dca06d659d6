"""The demo's codes, one for each project and one for each of its buildings, and what came in through them.

The address of the first code is told. What residents send is in the words of the forms that there are; a form that is not
known here gets none. They are anonymous: nobody agreed to anything for a demo.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from dougong import Context, Location, Record, ResidentForm, translator

from .keys import new_token
from .records import Case, Point
from .spam import LINKS
from .submissions import Submission

_ = translator("dougong_intake")

_SENT: dict[str, tuple[dict[str, str], ...]] = {
    "complaints.complaint": (
        {
            "category": "facility_fault",
            "location": "单元门",
            "statement": "单元门闭门器坏了，关门声音很大，晚上影响休息",
        },
        {
            "category": "cleanliness",
            "location": "电梯厅",
            "statement": "电梯厅地面有油渍，老人差点滑倒，请尽快清理",
        },
    )
}
_HELD = {
    "complaints.complaint": {
        "category": "other",
        "location": "东门",
        "statement": "专业疏通管道，加微信优惠 http://example.com",
    }
}


def fill(x: Context[Any]) -> None:
    """Codes as a company would have put them up; at the first project two reports, and one that waits to be checked."""
    first: list[Point] = []
    for node in x.snapshot.sites.ordered():
        if node.type != "project" or not x.snapshot.module_on("intake", node.id):
            continue
        places = x.session.scalars(
            sa.select(Location.id).where(Location.site_id == node.id, Location.type == "building")
        )
        made = [
            Point(token=new_token(), site_id=node.id, location_id=place, made_at=x.now) for place in (None, *places)
        ]
        x.session.add_all(made)
        first = first or made
    x.session.flush()
    for module, form in x.contributed(ResidentForm):
        if form.slug in _SENT and first and x.snapshot.module_on(module, first[0].site_id):
            _reports(x, form, first)


def _reports(x: Context[Any], form: ResidentForm[Any], points: list[Point]) -> None:
    for point, body in zip(points[1:], _SENT[form.slug], strict=False):
        made = form.receive(x, point.site_id, body, anonymous=True, location=point.location_id)
        _case(x, form, point, made)
    body = _HELD[form.slug]
    values = {
        "text": f"{body['location']} · {body['statement']}",
        "why": str(LINKS.format(n=1)),
        "form": form.slug,
        "anonymous": True,
    }
    held: Submission = x.for_resident().submit(Submission, points[0].site_id, values)
    held.body = dict(body)
    _case(x, form, points[0], held)


def _case(x: Context[Any], form: ResidentForm[Any], point: Point, made: Record) -> None:
    x.session.add(
        Case(record_kind=made.kind, record_id=made.id, form=form.slug, point_id=point.id, anonymous=True, at=x.now)
    )


def doors(x: Context[Any]) -> list[tuple[str, str]]:
    """Label and path of one code that is in use: of a building, where there is one."""
    in_use = sa.select(Point).where(Point.off_at.is_(None))
    point = x.session.scalar(in_use.order_by(Point.location_id.is_(None), Point.id).limit(1))
    return [(str(_("As a resident, without an account")), f"/intake/f/{point.token}")] if point else []
