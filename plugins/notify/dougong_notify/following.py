"""Following a record: an entry of the record's menu, and what it does."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from dougong import Asked, Context, NotFound, PageRoute, Record, translator, write
from dougong.views import Action
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from .frame import MODULE
from .records import Follow

_ = translator("dougong_notify")


def entry(record: Record, x: Context[Any]) -> Iterable[Action]:
    """“Follow” or “Unfollow”, for somebody (not the system)."""
    if x.actor is None:
        return ()
    follows = x.session.get(Follow, (x.tenant, record.id, x.actor)) is not None
    label = _("Do not follow any more") if follows else _("Follow")
    what = "unfollow" if follows else "follow"
    return (Action(str(label), f"/notify/{what}/{record.kind}/{record.id}", "bell", post=True),)


async def _change(asked: Asked, follow: bool) -> Response:
    await asked.form()
    resource = asked.app.registry.resources.get(asked.path_params["kind"])
    if resource is None or resource.module not in asked.snapshot.modules:
        raise NotFound
    id = asked.uuid()

    def work(session: Session) -> None:
        x = asked.context(session, MODULE)
        record: Record = x.get(resource.record, id)
        assert x.actor is not None
        mine = {"tenant_id": x.tenant, "record_id": record.id, "person_id": x.actor}
        if follow:
            row = insert(Follow).values(**mine, record_kind=record.kind, since=x.now)
            session.execute(row.on_conflict_do_nothing())
        else:
            session.execute(sa.delete(Follow).filter_by(**mine))

    await write(asked, work)
    asked.flash(
        _("You follow this record: its changes come to your inbox.") if follow else _("You do not follow it any more.")
    )
    return RedirectResponse(f"{resource.path}/{id}", 303)


async def follow(asked: Asked) -> Response:
    """``POST /notify/follow/<kind>/<id>``."""
    return await _change(asked, True)


async def unfollow(asked: Asked) -> Response:
    """``POST /notify/unfollow/<kind>/<id>``."""
    return await _change(asked, False)


ROUTES = (
    PageRoute("follow/{kind}/{id}", follow, "POST"),
    PageRoute("unfollow/{kind}/{id}", unfollow, "POST"),
)
