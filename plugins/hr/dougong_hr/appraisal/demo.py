"""A round of the demo company at one project: some rated, one contested, one at its self-rating, one at its goals."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Context

from . import rounds
from .choices import RoundState
from .records import Appraisal, Rating, Round

_GOALS = (
    ("客诉按时办结率", 50, "不低于 95%"),
    ("一次修复率", 30, "不低于 90%"),
    ("完成年度培训计划", 20, "全员 24 学时"),
)
_EVIDENCE = ("complaints.complaint", "workorders.order")
_OUTCOMES = ["全年办结率 96.2%。", "一次修复率 91%。", "人均 26 学时。"]
# Points of the three goals; of methods, attitude, cooperation: own and given; how far it goes.
_STORIES = (
    (((95, 88, 91), (90, 95, 90)), ((97, 90, 92), (90, 92, 91)), "final"),
    (((93, 88, 86), (85, 88, 90)), ((88, 80, 80), (82, 86, 85)), "final"),
    (((84, 88, 82), (80, 90, 88)), ((78, 60, 75), (70, 80, 78)), "appeal"),
    (((90, 85, 88), (86, 85, 84)), ((85, 76, 79), (80, 84, 82)), "told"),
    (((82, 76, 80), (78, 85, 82)), ((60, 58, 52), (55, 64, 60)), "given"),
    (((84, 80, 80), (80, 84, 86)), None, "rating"),
    (None, None, "self"),
    (None, None, "goals"),
)


def fill(x: Context[Any]) -> None:
    """At the first project where somebody keeps human resources."""
    for node in x.snapshot.sites.ordered():
        if node.type != "project" or not x.snapshot.module_on("hr", node.id):
            continue
        hr = next(iter(x.who("hr", node.id)), None)
        if hr is not None:
            _round(x, node.id, hr.id)
            return


def _round(x: Context[Any], site: UUID, hr: UUID) -> None:
    today = x.today(site)
    span = "second_half" if today.month > 6 else "first_half"
    body = {
        "title": f"{today.year} 年{'下' if today.month > 6 else '上'}半年绩效考核", "year": today.year, "span": span,
        "opens_on": today.isoformat(),
    }  # fmt: skip
    made = x.as_person(hr).submit(Round, site, body)
    made.status, made.started_at = RoundState.RUNNING, x.now
    x.session.flush()
    inner = x.as_person(None).with_settings(x.settings_of("hr"))
    staff = x.session.scalars(rounds.wanted(inner, made).limit(len(_STORIES))).all()
    for e, story in zip(staff, _STORIES, strict=False):
        a = rounds.appraise(inner, made, e)
        x.session.flush()
        if a.person_id is not None and a.rater_id is not None:
            _tell(x, a, *story)


def _tell(x: Context[Any], a: Appraisal, own: Any, given: Any, until: str) -> None:
    me, superior = x.as_person(a.person_id), x.as_person(a.rater_id)
    me.take(a, "set_goals", goals=[{"title": t, "weight": w, "target": g} for t, w, g in _GOALS])
    if until == "goals":
        return
    superior.take(a, "agree_goals")
    if own is None:
        return
    _prove(x, a)
    me.take(
        a, "rate_self", **_points(*own), outcomes=_OUTCOMES, words="全年无有责投诉，夜间抢修到场均在 30 分钟内。"
    )
    if given is None:
        return
    r = x.session.scalars(sa.select(Rating).where(Rating.tenant_id == x.tenant, Rating.appraisal_id == a.id)).one()
    x.as_person(a.rater_id).take(r, "give", **_points(*given), words="办结率达标，培训记录完整；夜班交接仍有缺项。")
    if until == "given" or a.reviewer_id is None:
        return
    x.as_person(a.reviewer_id).take(r, "confirm")
    superior = x.as_person(a.rater_id)
    superior.take(a, "talk", on=x.today(a.site_id).isoformat(), words="明年重点：夜班交接记录、设备台账。")
    if until == "final":
        me.take(a, "accept")
    if until == "appeal":
        me.take(a, "appeal", reason="一次修复率按工单统计应为 91%，评分未采用该数据。")


def _prove(x: Context[Any], a: Appraisal) -> None:
    """Something of another module as evidence, as far as there is anything that the employee may see."""
    me = x.as_person(a.person_id)
    for kind in _EVIDENCE:
        resource = x.registry.resources.get(kind)
        if resource is None or not me.gate.scope(resource.permission("read")):
            continue
        found = x.session.scalars(me.readable(resource.record).order_by(resource.record.number).limit(2)).all()
        for one in found:
            me.take(a, "evidence", goal=1, number=one.number)


def _points(goals: tuple[int, ...], others: tuple[int, ...]) -> dict[str, Any]:
    """What a step asks for: those of results follow from the goals."""
    return {"goals": list(goals), "scores": dict(zip(("methods", "attitude", "cooperation"), others, strict=True))}


__all__ = ["fill"]
