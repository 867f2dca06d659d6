"""What nonconformities add to pages: their measures and sister sites, similar ones, what waits on the start page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from dougong import Context, translator
from dougong.views import Action, AsideCard, Card, Line, Value

from .choices import OPEN, Answer, MeasureState, State
from .flow import opening
from .records import Analysis, Measure, Nonconformity, Rollout
from .similar import Similar, similar

_ = translator("dougong_quality")

PATH, MEASURES, CHECKS = "/quality/nonconformity", "/quality/measure", "/quality/rollout"
_MOST = 12
_TONES = {MeasureState.OPEN: "doing", MeasureState.DONE: "done", MeasureState.DROPPED: "hold"}


def beside(page: str, subject: Any, x: Context[Any]) -> Iterable[Any]:
    """View objects for a page."""
    if page == "home":
        return _mine(x)
    if page == f"form:{Nonconformity.kind}" and subject is None:
        return _usual(x)
    if page == f"detail:{Nonconformity.kind}" and isinstance(subject, Nonconformity):
        inner = x.with_settings(x.snapshot.settings("quality"))
        return [
            *_actions(subject, inner),
            *_measures(subject, inner),
            *_checks(subject, inner),
            *_similar(subject, inner),
        ]
    return ()


def short(text: str, most: int = 60) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= most else plain[: most - 1] + "…"


def _actions(c: Nonconformity, x: Context[Any]) -> list[Action]:
    """The analysis as a page of its own, once there is one."""
    if not x.children(c, Analysis):
        return []
    return [Action(str(_("Cause analysis: see")), f"/quality/analysis/{c.id}", "search")]


def _measures(c: Nonconformity, x: Context[Any]) -> list[AsideCard]:
    found = x.readable(Measure).where(Measure.nc_id == c.id).order_by(Measure.round, Measure.created_at).limit(60)
    lines = []
    for m in x.session.scalars(found):
        who = x.snapshot.people.get(m.responsible_id)
        words = [str(m.type.label), who.name if who else "", str(_("until {day}").format(day=m.due))]
        if m.round != c.round or c.round > 1:
            words.append(str(_("round {n}").format(n=m.round)))
        lines.append(
            Line(short(m.text), " · ".join(w for w in words if w), f"{MEASURES}/{m.id}", "todo", _state(m.status))
        )
    return [AsideCard(str(_("Measures")), lines=lines)] if lines else []


def _state(state: Any) -> Value:
    return Value("state", str(state.label), tone=_TONES.get(state, state.extra[0] if state.extra else ""))


def _checks(c: Nonconformity, x: Context[Any]) -> list[AsideCard]:
    """The sister sites' answers, as far as this person sees them, and how many in all."""
    if not c.rolled:
        return []
    found = x.readable(Rollout).where(Rollout.nc_id == c.id).order_by(Rollout.created_at, Rollout.id).limit(200)
    lines = [
        Line(
            x.snapshot.sites.node(r.site_id).name,
            short(r.result or str(_("until {day}").format(day=r.due))),
            f"{CHECKS}/{r.id}",
            "site",
            _state(r.status),
        )
        for r in x.session.scalars(found)
    ]
    text = str(_("{answered} of {asked} sister sites have answered.").format(answered=c.answered, asked=c.rolled))
    return [AsideCard(str(_("Rolled out to sister sites")), lines=lines, text=text)]


def _similar(c: Nonconformity, x: Context[Any]) -> list[AsideCard]:
    """Shown while it is opened, analysed and judged."""
    if c.status not in OPEN:
        return []
    may = x.gate.may(opening.repeat.permission, c.site_id)
    lines = [_like(c, one, may) for one in similar(c, x)]
    if not lines:
        return []
    text = _("Of the last {n} months, as far as you may see them.").format(n=x.settings.corrective_similar_months)
    return [AsideCard(str(_("Similar nonconformities")), lines=lines, text=str(text))]


def _like(c: Nonconformity, one: Similar, may: bool) -> Line:
    other = one.record
    small = " · ".join([other.number, f"{other.created_at:%Y-%m-%d}", *map(str, one.why)])
    actions = []
    if may and not c.again:
        actions.append(Action(str(_("Came again")), f"/quality/repeat/{c.id}/{other.id}"))
    return Line(short(other.statement, 40), small, f"{PATH}/{other.id}", "warn", _state(other.status), actions)


def _usual(x: Context[Any]) -> list[AsideCard]:
    """Before one is opened: what is open of late, so that none is opened twice."""
    found = x.readable(Nonconformity).where(Nonconformity.status.in_(OPEN))
    rows = x.session.scalars(found.order_by(Nonconformity.created_at.desc(), Nonconformity.id).limit(6))
    lines = [
        Line(
            short(c.statement, 40),
            f"{c.number} · {x.snapshot.sites.node(c.site_id).name}",
            f"{PATH}/{c.id}",
            "warn",
            _state(c.status),
        )
        for c in rows
    ]
    return [AsideCard(str(_("Opened lately")), lines=lines)] if lines else []


def _mine(x: Context[Any]) -> list[Card]:
    """My measures, and for those who judge what waits for it; no card where neither can be theirs."""
    if x.actor is None:
        return []
    made = []
    if x.gate.scope(f"{Measure.kind}.finish"):
        made.append(_my_measures(x))
    if x.gate.scope(f"{Rollout.kind}.done"):
        made += _my_checks(x)
    if x.gate.scope(f"{Nonconformity.kind}.verify").free:
        made += _to_judge(x)
    return made


def _my_measures(x: Context[Any]) -> Card:
    rule = (Measure.responsible_id == x.actor, Measure.status == MeasureState.OPEN)
    rows = list(x.session.scalars(x.readable(Measure).where(*rule).order_by(Measure.due, Measure.id).limit(_MOST)))
    lines = [Line(short(m.text, 40), m.number, f"{MEASURES}/{m.id}", "todo", _day(m.due, m.due_by, x)) for m in rows]
    more = Action(str(_("All")), f"{MEASURES}?tab=mine")
    return Card(str(_("My measures")), lines, len(lines), more=more, empty=str(_("No measure waits for you.")))


def _my_checks(x: Context[Any]) -> list[Card]:
    rule = (Rollout.responsible_id == x.actor, Rollout.status.in_((Answer.OPEN, Answer.APPLIES)))
    rows = list(x.session.scalars(x.readable(Rollout).where(*rule).order_by(Rollout.due, Rollout.id).limit(_MOST)))
    lines = [
        Line(short(r.text, 40), r.origin or r.number, f"{CHECKS}/{r.id}", "people", _day(r.due, r.due_by, x))
        for r in rows
    ]
    return [Card(str(_("Roll-out checks to answer")), lines, len(lines))] if lines else []


def _to_judge(x: Context[Any]) -> list[Card]:
    waits = (State.OPENED, State.VERIFY, State.EFFECT)
    rule = sa.or_(
        Nonconformity.status.in_(waits[:2]),
        sa.and_(Nonconformity.status == State.EFFECT, Nonconformity.effect_from <= x.now),
    )
    rows = list(
        x.session.scalars(
            x.readable(Nonconformity).where(rule).order_by(Nonconformity.created_at, Nonconformity.id).limit(_MOST)
        )
    )
    lines = [Line(short(c.statement, 40), c.number, f"{PATH}/{c.id}", "warn", _state(c.status)) for c in rows]
    more = Action(str(_("All")), f"{PATH}?tab=judge")
    return [Card(str(_("Nonconformities to judge")), lines, len(lines), more=more)] if lines else []


def _day(day: Any, due: Any, x: Context[Any]) -> Value:
    late = due is not None and due <= x.now
    return Value("tag", f"{day:%m-%d}", tone="bad" if late else "")
