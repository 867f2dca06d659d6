"""Setting up group robots: which events of which sites go to which group. Addresses and secrets are taken, never shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import (
    Asked,
    Event,
    FieldError,
    Invalid,
    NotFound,
    PageRoute,
    Problem,
    Unreachable,
    check_outside,
    new_id,
    page,
    translator,
    with_problem,
    write,
)
from dougong.views import Action, Card, CardsPage, FormPage, Input, Line, Option, Section, Value
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from .frame import CONFIGURE, MODULE, crumbs, need, tabs
from .records import Robot
from .robots import BRANDS, SIGNED
from .sending import try_robot

_ = translator("dougong_notify")

PATH = "/notify/robots"
MOST = 100


def _told_to_groups(asked: Asked) -> list[Event]:
    return [e for _m, e in asked.app.registry.contributed(Event, asked.snapshot.modules) if e.groups]


async def show(asked: Asked) -> Response:
    """``GET /notify/robots``."""
    need(asked, CONFIGURE)
    asked.params()

    def work(session: Session) -> list[Line]:
        query = sa.select(Robot).where(Robot.tenant_id == asked.snapshot.tenant).order_by(Robot.name)
        return [_line(asked, robot) for robot in session.scalars(query)]

    lines = await write(asked, work)
    empty = _("A robot posts events into a group of WeCom, DingTalk or Feishu. There is none yet.")
    shown = CardsPage(
        str(_("Group robots")),
        [Card(str(_("Group robots")), lines, empty=str(empty))],
        crumbs=crumbs((_("Group robots"), None)),
        actions=[Action(str(_("Add a robot")), f"{PATH}/new", "plus", main=True)],
        tabs=tabs(asked),
    )
    return page(asked, "cards.html", shown)


def _line(asked: Asked, robot: Robot) -> Line:
    known = {e.name: str(e.label) for _m, e in asked.app.registry.contributed(Event, asked.snapshot.modules)}
    places = [asked.snapshot.sites.get(UUID(one)) for one in robot.sites]
    sites = "、".join(p.name for p in places if p) or str(_("all sites"))
    told = "、".join(known[e] for e in robot.events if e in known) or str(_("all events"))
    brand = BRANDS.get(robot.brand, robot.brand)
    end = Value("tag", str(_("on")), tone="good") if robot.active else Value("tag", str(_("off")))
    test = Action(str(_("Test")), f"{PATH}/{robot.id}/test", "send", post=True)
    return Line(robot.name, f"{brand} {robot.tail} · {sites} · {told}", f"{PATH}/{robot.id}", "people", end, [test])


# ---- the form ---------------------------------------------------------------------------------------


def _form(asked: Asked, sent: Mapping[str, Any], robot: UUID | None, problem: Problem | None = None) -> Response:
    keep = str(_("Empty: the present one stays.")) if robot else ""
    brands = [Option(code, str(label), code == sent.get("brand")) for code, label in BRANDS.items()]
    sites = [Option(str(n.id), n.name, str(n.id) in sent.get("sites", ())) for n in asked.snapshot.sites.ordered()]
    told = [Option(e.name, str(e.label), e.name in sent.get("events", ())) for e in _told_to_groups(asked)]
    secret = _("The secret of its signature (DingTalk, Feishu); WeCom has none.")
    basics = [
        Input("name", str(_("Name of the group")), "line", sent.get("name", ""), required=True, maxlength=60),
        Input("brand", str(_("Kind")), "radios", sent.get("brand", ""), options=brands, required=True),
        Input("address", str(_("Webhook address")), "password", required=robot is None, maxlength=1000, help=keep,
              autocomplete="off"),
        Input("secret", str(_("Secret")), "password", maxlength=200, autocomplete="off",
              help=" ".join(filter(None, (str(secret), keep)))),
    ]  # fmt: skip
    where = [
        Input("sites", str(_("Sites")), "checks", options=sites, help=str(_("None chosen: all sites."))),
        Input("events", str(_("Events")), "checks", options=told, help=str(_("None chosen: all of these."))),
    ]
    what = [
        Input("titles", str(_("With the record's title")), "bool", "1" if sent.get("titles") else "",
              help=str(_("Otherwise only number, site and link. Everybody in the group can read it."))),
        Input("active", str(_("On")), "bool", "1" if sent.get("active") else ""),
    ]  # fmt: skip
    title = str(_("Robot {name}").format(name=sent.get("name", ""))) if robot else str(_("Add a robot"))
    form = FormPage(
        title,
        f"{PATH}/{robot or 'new'}",
        str(_("Save")),
        [Section("", basics), Section(str(_("What goes there")), where), Section("", what)],
        crumbs=crumbs((_("Group robots"), PATH), (title, None)),
        others=[("remove", "1", str(_("Remove")))] if robot else [],
        cancel=PATH,
    )
    return page(asked, "form.html", with_problem(form, problem), problem.status if problem else 200)


async def new(asked: Asked) -> Response:
    """``GET /notify/robots/new``."""
    need(asked, CONFIGURE)
    asked.params()
    return _form(asked, {"active": True}, None)


async def edit(asked: Asked) -> Response:
    """``GET /notify/robots/<id>``."""
    need(asked, CONFIGURE)
    asked.params()
    id = asked.uuid()

    def work(session: Session) -> dict[str, Any]:
        found = _robot(asked, session, id)
        names = ("name", "brand", "events", "sites", "titles", "active")
        return {name: getattr(found, name) for name in names}

    return _form(asked, await write(asked, work), id)


def _robot(asked: Asked, session: Session, id: UUID) -> Robot:
    found = session.get(Robot, (asked.snapshot.tenant, id))
    if found is None:
        raise NotFound
    return found


# ---- saving -----------------------------------------------------------------------------------------


async def _sent(asked: Asked) -> dict[str, Any]:
    form = await asked.form()
    given: dict[str, Any] = {name: form.get(name, "").strip() for name in ("name", "brand", "address", "secret")}
    given |= {name: list(dict.fromkeys(form.getlist(name))) for name in ("sites", "events")}
    return given | {"titles": bool(form.get("titles")), "active": bool(form.get("active"))}


def _check(asked: Asked, given: Mapping[str, Any], *, fresh: bool) -> str:
    """The address, normalised. :raises Invalid: with every input that does not fit."""
    wrong: list[FieldError] = []
    if not given["name"] or len(given["name"]) > 60 or not given["name"].isprintable():
        wrong.append(FieldError("name", _("Give the group a name of up to 60 characters.")))
    if given["brand"] not in BRANDS:
        wrong.append(FieldError("brand", _("Choose one of the list.")))
    address = ""
    try:
        address = check_outside(given["address"]) if fresh or given["address"] else ""
    except Unreachable as error:
        wrong.append(FieldError("address", error.words))
    if len(given["secret"]) > 200 or not given["secret"].isascii():
        wrong.append(FieldError("secret", _("This is no secret of a robot.")))
    if given["secret"] and given["brand"] in BRANDS and given["brand"] not in SIGNED:
        wrong.append(FieldError("secret", _("WeCom knows no secret; leave it empty.")))
    known = {str(n.id) for n in asked.snapshot.sites.ordered()}
    if not set(given["sites"]) <= known:
        wrong.append(FieldError("sites", _("Choose one of the list.")))
    if not set(given["events"]) <= {e.name for e in _told_to_groups(asked)}:
        wrong.append(FieldError("events", _("Choose one of the list.")))
    if wrong:
        raise Invalid(errors=tuple(wrong))
    return address


async def add(asked: Asked) -> Response:
    """``POST /notify/robots/new``."""
    need(asked, CONFIGURE)
    given = await _sent(asked)

    def work(session: Session) -> None:
        address = _check(asked, given, fresh=True)
        mine = sa.select(sa.func.count()).select_from(Robot).where(Robot.tenant_id == asked.snapshot.tenant)
        if (session.scalar(mine) or 0) >= MOST:
            raise Invalid(errors=(FieldError("name", _("{n} robots are enough; remove one first.").format(n=MOST)),))
        robot = Robot(id=new_id(), name=given["name"], brand=given["brand"], address=address, tail=_tail(address))
        _fill(robot, given)
        session.add(robot)

    try:
        await write(asked, work)
    except Invalid as problem:
        return _form(asked, given, None, problem)
    asked.flash(_("Saved. Send a test message to see whether it arrives."))
    return RedirectResponse(PATH, 303)


def _tail(address: str) -> str:
    return f"…{address[-4:]}"


def _fill(robot: Robot, given: Mapping[str, Any]) -> None:
    robot.secret = given["secret"] or robot.secret
    for name in ("events", "sites", "titles", "active"):
        setattr(robot, name, given[name])


async def save(asked: Asked) -> Response:
    """``POST /notify/robots/<id>``: an empty address or secret leaves the present one."""
    need(asked, CONFIGURE)
    id, given = asked.uuid(), await _sent(asked)
    remove = bool((await asked.form()).get("remove"))

    def work(session: Session) -> None:
        robot = _robot(asked, session, id)
        if remove:
            session.delete(robot)
            return
        address = _check(asked, given, fresh=False)
        robot.name = given["name"]
        if given["brand"] != robot.brand and not address:
            wrong = FieldError("address", _("Another kind of robot has another address."))
            raise Invalid(errors=(wrong,))
        if address:
            robot.address, robot.tail, robot.secret = address, _tail(address), None
        robot.brand = given["brand"]
        _fill(robot, given)

    try:
        await write(asked, work)
    except Invalid as problem:
        return _form(asked, given, id, problem)
    asked.flash(_("The robot is removed.") if remove else _("Saved."))
    return RedirectResponse(PATH, 303)


async def test(asked: Asked) -> Response:
    """``POST /notify/robots/<id>/test``: a message of its own, whose fate the deliveries tell."""
    need(asked, CONFIGURE)
    await asked.form()
    id = asked.uuid()

    def work(session: Session) -> None:
        robot = _robot(asked, session, id)
        x = asked.context(session, MODULE)
        try_robot(x, robot)

    await write(asked, work)
    asked.flash(_("A test message is on its way; the deliveries say what became of it."))
    return RedirectResponse(PATH, 303)


ROUTES = (
    PageRoute("robots", show),
    PageRoute("robots/new", new),
    PageRoute("robots/new", add, "POST"),
    PageRoute("robots/{id}", edit),
    PageRoute("robots/{id}", save, "POST"),
    PageRoute("robots/{id}/test", test, "POST"),
)
