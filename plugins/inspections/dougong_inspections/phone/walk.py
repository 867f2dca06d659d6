"""The walk of one task as a page: every point and item in one form, which works by itself and is better with a script.

The script (``static/walk.js``) reads the same fields and keeps them on the phone; without it the form is sent as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from dougong import Asked, Invalid, Problem, Upload, new_id, page, translator, write
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from .. import items, layouts, severities, submission
from ..base import X
from ..choices import Criticality, Outcome, PointState
from ..layouts import Stop
from ..records import ItemResult, PointScan, Task
from . import texts
from .today import PATH, may_walk, window_of

_ = translator("dougong_inspections")


@dataclass
class ItemView:
    """:ivar name: what its fields' names end in. :ivar choice: ``ok``, ``bad``, ``na`` or nothing said yet."""

    name: str
    id: str
    type: str
    text: str
    help: str
    data: dict[str, Any]
    options: list[str] = field(default_factory=list)
    unit: str = ""
    choice: str = ""
    value: str = ""
    note: str = ""
    photos: list[str] = field(default_factory=list)
    severities: list[tuple[str, str]] = field(default_factory=list)
    severity: str = ""


@dataclass
class PointView:
    id: str
    position: int
    name: str
    location: str
    code: str
    answers: str  # address of its label: without network this page stands for it
    nfc: str
    skip: str
    items: list[ItemView]


@dataclass
class WalkPage:
    title: str
    task: str
    number: str
    window: str
    until: str
    begins: str
    open: bool
    state: str
    points: list[PointView]
    words: dict[str, str]
    fast: int
    errors: list[str] = field(default_factory=list)
    back: str = PATH


def _limits(item: items.Number) -> str:
    if item.low is not None and item.high is not None:
        return str(_("{low} to {high} {unit}").format(low=f"{item.low:g}", high=f"{item.high:g}", unit=item.unit))
    if item.low is not None:
        return str(_("at least {n} {unit}").format(n=f"{item.low:g}", unit=item.unit))
    return str(_("at most {n} {unit}").format(n=f"{item.high:g}", unit=item.unit)) if item.high is not None else ""


def _help(item: items.AnyItem) -> str:
    said = [item.help or ""]
    if item.criticality is not Criticality.NORMAL:
        said.append(str(_("{criticality} item.").format(criticality=item.criticality.label)))
    if item.photo_on_fail:
        said.append(str(_("A photo is needed if it fails.")))
    if isinstance(item, items.Number):
        said.insert(0, _limits(item))
    return " ".join(one for one in said if one)


def _item(x: X, stop: Stop, item: items.AnyItem, had: ItemResult | None) -> ItemView:
    data: dict[str, Any] = {"optional": item.optional, "photo": item.photo_on_fail}
    view = ItemView(f"{stop.position}.{item.id}", item.id, item.type, item.text, _help(item), data)
    if isinstance(item, items.YesNo):
        data["good"] = item.good
    elif isinstance(item, items.Choosing):
        view.options, data["failing"] = list(item.options), list(item.failing)
    elif isinstance(item, items.Number):
        view.unit, data["low"], data["high"] = item.unit, item.low, item.high
    elif isinstance(item, items.Photo):
        data["least"] = item.least
    least = severities.demanded(item.criticality, x)
    view.severities = [(one.value, str(one.label)) for one in severities.allowed(item.criticality, x)]
    view.severity = least.value if least else ""
    if had is not None:
        view.severity = had.severity.value if had.severity else view.severity
        view.choice = {Outcome.PASS: "ok", Outcome.FAIL: "bad"}.get(had.outcome, "na")
        view.value = "" if item.type == "yes_no" else had.value or ""
        view.note, view.photos = had.note or "", [str(one) for one in had.photos or ()]
    return view


def _points(x: X, task: Task) -> list[PointView]:
    had = {(one.point_id, one.item): one for one in submission.results(x, task)}
    seen: dict[UUID, PointScan] = {one.point_id: one for one in submission.scans(x, task)}
    out = []
    for stop in layouts.of_task(x, task):
        scan = seen.get(stop.point_id)
        skip = scan.reason or "" if scan is not None and scan.state is PointState.SKIPPED else ""
        rows = [_item(x, stop, item, had.get((stop.point_id, item.id))) for item in stop.items]
        out.append(
            PointView(
                str(stop.point_id),
                stop.position,
                stop.name,
                stop.location,
                stop.code,
                layouts.SCAN + stop.code,
                stop.nfc,
                skip,
                rows,
            )
        )
    return out


def _typed(points: list[PointView], form: Mapping[str, str]) -> None:
    """Lay what was typed over what is kept, so that a refused form comes back as it was sent; photos have to be chosen again."""
    for point in points:
        point.skip = form.get(f"skip.{point.position}", point.skip)
        for view in point.items:
            view.choice, view.value, view.note, view.severity = (
                form.get(f"{part}.{view.name}", had)
                for part, had in (("a", ""), ("v", ""), ("n", view.note), ("s", view.severity))
            )


def _named(problem: Invalid, stops: Sequence[Stop]) -> list[str]:
    """What is wrong in words, each with its point and item. :param stops: of the points as they were sent."""
    said = []
    for error in problem.errors:
        parts = error.path.split(".")
        known = len(parts) > 1 and parts[0] == "points" and parts[1].isdigit() and int(parts[1]) < len(stops)
        names = [stops[int(parts[1])].name] if known else []
        if known and len(parts) > 3:
            names += [item.text for item in stops[int(parts[1])].items if item.id == parts[3]]
        said.append(": ".join([" · ".join(names), str(error.message)] if names else [str(error.message)]))
    return said


def _shown(x: X, task: Task, errors: list[str], form: Mapping[str, str] | None = None) -> WalkPage:
    points = _points(x, task)
    if form is not None:
        _typed(points, form)
    return WalkPage(
        task.name, str(task.id), task.number or "", window_of(x, task), task.window_to.isoformat(),
        task.window_from.isoformat(), may_walk(x, task), str(task.status.label), points, texts.words(),
        x.settings.point_seconds * len(points), errors,
    )  # fmt: skip


async def _page(asked: Asked, errors: list[str], status: int = 200, form: Mapping[str, str] | None = None) -> Response:
    id = asked.uuid()

    def work(session: Session) -> WalkPage:
        x: X = asked.context(session, "inspections")
        task = x.get(Task, id)
        x.demand(f"{Task.kind}.submit", task)  # it says the codes on the walls: they stand for having been there
        return _shown(x, task, errors, form)

    return page(asked, "inspections/walk.html", await write(asked, work), status)


async def show(asked: Asked) -> Response:
    """``GET /inspections/walk/{id}``."""
    asked.params()
    return await _page(asked, [])


def answer_of(item: items.AnyItem, form: Mapping[str, str], name: str, photos: list[str]) -> dict[str, Any]:
    """What a form's fields say of one item, as ``submission`` reads it; ``walk.js`` does the same on the phone."""
    choice, value = form.get(f"a.{name}", ""), form.get(f"v.{name}", "").strip()
    said: dict[str, Any] = {"note": form.get(f"n.{name}", "").strip(), "photos": photos, "na": choice == "na"}
    said["severity"] = form.get(f"s.{name}") or None
    if choice == "na":
        return said
    if isinstance(item, items.YesNo):
        said["value"] = None if not choice else item.good == (choice == "ok")
    elif not isinstance(item, items.Photo):
        said["value"] = value or None
    if isinstance(item, items.Text | items.Photo):
        said["fails"] = choice == "bad"
    return said


async def take(asked: Asked) -> Response:
    """``POST /inspections/walk/{id}``: the form without a script: keep what is answered, or submit the whole."""
    asked.params()
    form, id = await asked.form(), asked.uuid()
    given: dict[str, list[Upload]] = {}
    sent_of: list[Stop] = []  # points as they are sent on: what is refused is named by them
    for name in {key.removeprefix("a.") for key in form if key.startswith("a.")} | _photo_fields(form):
        given[name] = [one for one in await asked.upload(f"p.{name}") if one.size]

    def work(session: Session) -> str:
        x: X = asked.context(session, "inspections")
        task = x.get(Task, id)
        x.demand(f"{Task.kind}.submit", task)
        had = {(one.point_id, one.item): one for one in submission.results(x, task)}
        points = []
        sent_of.clear()
        for stop in layouts.of_task(x, task):
            answers = {}
            for item in stop.items:
                name, before = f"{stop.position}.{item.id}", had.get((stop.point_id, item.id))
                photos = [str(one) for one in (before.photos if before else None) or ()]
                photos += [str(x.attach(task, one).id) for one in given.get(name, ())]
                answers[item.id] = answer_of(item, form, name, photos)
            skip, code = (form.get(f"{part}.{stop.position}", "").strip() for part in ("skip", "code"))
            said = skip or any(one.get("value") is not None or one["na"] or one["photos"] for one in answers.values())
            if said or code:
                sent_of.append(stop)
                method = "qr" if code else "tap"
                points.append(
                    {"point": str(stop.point_id), "skip": skip, "code": code, "method": method, "answers": answers}
                )
        if form.get("act") != "submit":
            submission.save(x, task, submission.read_progress({"points": points}))
            return str(_("Saved."))
        body = {"id": str(new_id()), "points": points, "note": form.get("note", "").strip()}
        sent = submission.submit(x, task, submission.read(body))
        return str(_("Kept for the supervisor: {why}").format(why=sent.late.why) if sent.late else _("Submitted."))

    try:
        told = await write(asked, work)
    except Invalid as problem:
        return await _page(asked, _named(problem, sent_of), 422, form)
    except Problem as problem:
        if problem.status != 409:
            raise
        return await _page(asked, [str(problem.detail)], 409, form)
    asked.flash(told)
    return RedirectResponse(PATH if form.get("act") == "submit" else asked.path, 303)


def _photo_fields(form: Mapping[str, str]) -> set[str]:
    return {key.removeprefix("n.") for key in form if key.startswith("n.")}
