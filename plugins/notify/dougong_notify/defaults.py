"""What the holders of a role hear of as long as they have not chosen themselves: set by the company."""

from __future__ import annotations

import sqlalchemy as sa
from dougong import Asked, NotFound, PageRoute, page, translator, write
from dougong.views import Card, CardsPage, FormPage, Line, Section, Value
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from .choosing import Wishes
from .frame import CONFIGURE, MODULE, crumbs, need, tabs
from .preferences import columns, matrix
from .records import RoleWish
from .wording import events

_ = translator("dougong_notify")

PATH = "/notify/defaults"


async def show(asked: Asked) -> Response:
    """``GET /notify/defaults``: the roles, and how many of their defaults are the company's own."""
    need(asked, CONFIGURE)
    asked.params()

    def work(session: Session) -> dict[str, int]:
        query = sa.select(RoleWish.role, sa.func.count()).where(RoleWish.tenant_id == asked.snapshot.tenant)
        return {row[0]: row[1] for row in session.execute(query.group_by(RoleWish.role))}

    changed = await write(asked, work)
    lines = []
    for slug, role in asked.snapshot.roles.items():
        n = changed.get(slug, 0)
        end = (
            Value("tag", str(_("{n} changed").format(n=n)), tone="info") if n else Value("text", str(_("as delivered")))
        )
        lines.append(Line(str(role.label), href=f"{PATH}/{slug}", icon="user", end=end))
    shown = CardsPage(
        str(_("Defaults of roles")),
        [Card(str(_("Roles")), lines)],
        subtitle=str(_("They hold for whoever has not chosen otherwise.")),
        crumbs=crumbs((_("Defaults of roles"), None)),
        tabs=tabs(asked),
    )
    return page(asked, "cards.html", shown)


def _role(asked: Asked) -> str:
    need(asked, CONFIGURE)
    slug = asked.path_params["role"]
    if slug not in asked.snapshot.roles:
        raise NotFound
    return slug


async def edit(asked: Asked) -> Response:
    """``GET /notify/defaults/<role>``."""
    role = _role(asked)
    asked.params()

    def work(session: Session) -> FormPage:
        x = asked.context(session, MODULE)
        wishes = Wishes(x, [])
        found = list(events(x).values())
        table = matrix(found, columns(x), lambda e, c: wishes.of_role(role, e, c), str(_("Event")))
        return FormPage(
            str(asked.snapshot.roles[role].label),
            f"{PATH}/{role}",
            str(_("Save")),
            [Section("", [], table=table)],
            others=[("reset", "1", str(_("As delivered")))],
        )

    form = await write(asked, work)
    shown = CardsPage(
        str(_("Defaults of {role}").format(role=form.title)),
        [],
        crumbs=crumbs((_("Defaults of roles"), PATH), (form.title, None)),
        forms=[form],
        tabs=tabs(asked),
    )
    return page(asked, "notify/choices.html", shown)


async def save(asked: Asked) -> Response:
    """``POST /notify/defaults/<role>``: only what differs from the delivered default is kept."""
    role, form = _role(asked), await asked.form()

    def work(session: Session) -> None:
        x = asked.context(session, MODULE)
        session.execute(sa.delete(RoleWish).where(RoleWish.tenant_id == x.tenant, RoleWish.role == role))
        if form.get("reset"):
            return
        for event in events(x).values():
            for channel in columns(x):
                wanted = bool(form.get(f"{event.name}:{channel}"))
                if wanted != (channel in event.channels):
                    session.add(RoleWish(role=role, event=event.name, channel=channel, wanted=wanted))

    await write(asked, work)
    asked.flash(_("Saved."))
    return RedirectResponse(PATH, 303)


ROUTES = (
    PageRoute("defaults", show),
    PageRoute("defaults/{role}", edit),
    PageRoute("defaults/{role}", save, "POST"),
)
