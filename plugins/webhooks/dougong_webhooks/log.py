"""What was sent, as people read it: the log of a subscription, one delivery, sending it again, a new secret.

Who may see a subscription may see its log; the numbers of records are shown as far as the reader may see those records.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from dougong import Asked, BadRequest, Conflict, Context, NotFound, PageRoute, page, translator, write
from dougong.views import (
    Action,
    AlonePage,
    Column,
    Crumb,
    DetailPage,
    Empty,
    Entry,
    Fact,
    FactSection,
    Filter,
    FormPage,
    Line,
    ListPage,
    Option,
    Row,
    Value,
)
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from . import secrets
from .choices import Outcome
from .flow import again
from .matching import MODULE, TEST
from .records import Delivery, Subscription
from .resource import resource

_ = translator("dougong_webhooks")

ROWS = 50
LIST = resource.path
REPLAY = resource.permission("replay")
SECRET = resource.permission("edit")


def subscription(x: Context[Any], id: UUID, permission: str | None = None) -> Subscription:
    """One that this person may see. :raises NotFound: otherwise. :raises Forbidden: the permission is not held there."""
    found = x.get(Subscription, id)
    if permission is not None:
        x.demand(permission, found)
    return found


def delivery(x: Context[Any], id: UUID, permission: str | None = None) -> tuple[Delivery, Subscription]:
    one = x.session.get(Delivery, (x.tenant, id))
    if one is None:
        raise NotFound()
    return one, subscription(x, one.subscription_id, permission)


def found(x: Context[Any], of: UUID, state: str, after: str, rows: int = ROWS) -> tuple[Sequence[Delivery], str | None]:
    """Deliveries, the newest first, and after which id the next page goes on."""
    query = sa.select(Delivery).where(Delivery.tenant_id == x.tenant, Delivery.subscription_id == of)
    if state:
        query = query.where(Delivery.state == state)
    if after:
        query = query.where(Delivery.id < _id(after))
    held = x.session.scalars(query.order_by(Delivery.id.desc()).limit(rows + 1)).all()
    return held[:rows], str(held[rows - 1].id) if len(held) > rows else None


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise BadRequest(_("This is no id of a delivery.")) from None


def state_named(text: str) -> str:
    """:raises BadRequest: there is no such state."""
    if text and text not in {one.value for one in Outcome}:
        raise BadRequest(_("There is no such state of a delivery."))
    return text


def seen(x: Context[Any], held: Sequence[Delivery]) -> frozenset[UUID]:
    """Which of the records behind deliveries this person may see."""
    out: set[UUID] = set()
    for kind in {one.record_kind for one in held}:
        known = x.registry.resources.get(kind)
        if known is None or known.module not in x.snapshot.modules:
            continue
        ids = [one.record_id for one in held if one.record_kind == kind]
        out |= {
            *x.session.scalars(
                x.readable(known.record).where(known.record.id.in_(ids)).with_only_columns(known.record.id)
            )
        }
    return frozenset(out)


def _time(at: dt.datetime | None, zone: ZoneInfo) -> Value:
    if at is None:
        return Value("empty", "–")
    return Value("datetime", f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}", datetime=at.isoformat())


def _state(one: Delivery) -> Value:
    return Value("tag", str(one.state), tone=one.state.extra[0])


async def show(asked: Asked) -> Response:
    """The log of one subscription."""
    sent = asked.params(("state", "after"))
    id, state, after = asked.uuid(), state_named(sent.get("state", "")), sent.get("after", "")

    def work(session: Session) -> ListPage:
        x = asked.context(session, MODULE)
        of = subscription(x, id)
        return _list(x, of, state, after)

    return page(asked, "list.html", await write(asked, work))


def _list(x: Context[Any], of: Subscription, state: str, after: str) -> ListPage:
    held, following = found(x, of.id, state, after)
    visible = seen(x, held)
    zone = x.snapshot.sites.zone(of.site_id)
    here = f"/{MODULE}/log/{of.id}"
    kept = [("state", state)] if state else []
    options = [Option(one.value, str(one), one.value == state) for one in Outcome]
    chosen = str(next((one for one in Outcome if one.value == state), ""))
    return ListPage(
        title=str(_("Log of {name}").format(name=of.name)),
        columns=[
            Column("event", str(_("What")), role="title"),
            Column("at", str(_("When")), "datetime"),
            Column("state", str(_("Outcome")), "tag"),
            Column("code", str(_("Answer"))),
            Column("attempts", str(_("Attempts")), "number", role="desk"),
        ],
        rows=[_row(one, zone, visible) for one in held],
        actions=[Action(str(_("Back to the webhook")), f"{LIST}/{of.id}")],
        filters=[Filter("state", str(_("Outcome")), "choice", options, state, summary=chosen)],
        search=False,
        clear_href=here if state else None,
        next_href=f"{here}?{urlencode([*kept, ('after', following)])}" if following else None,
        first_href=f"{here}?{urlencode(kept)}" if after else None,
        empty=Empty(
            str(_("Nothing was sent")), str(_("As soon as something happens that it hears of, it stands here."))
        ),
    )


def _row(one: Delivery, zone: ZoneInfo, visible: frozenset[UUID]) -> Row:
    number = one.number if one.record_id in visible else ""
    cells = [
        Value("text", f"{one.event} {number}".strip()),
        _time(one.at, zone),
        _state(one),
        Value("text", f"HTTP {one.code}" if one.code else one.answer[:60] or "–"),
        Value("number", str(one.attempts)),
    ]
    return Row(str(one.id), f"/{MODULE}/delivery/{one.id}", number or one.event, cells)


async def detail(asked: Asked) -> Response:
    """One delivery."""
    asked.params()

    def work(session: Session) -> DetailPage:
        x = asked.context(session, MODULE)
        return _detail(x, *delivery(x, asked.uuid()))

    return page(asked, "detail.html", await write(asked, work))


def _detail(x: Context[Any], one: Delivery, of: Subscription) -> DetailPage:
    zone = x.snapshot.sites.zone(of.site_id)
    visible = bool(seen(x, [one]))
    href = f"/{one.record_kind.replace('.', '/')}/{one.record_id}" if visible else None
    facts = [
        Fact(str(_("What")), Value("text", one.event)),
        Fact(str(_("Record")), Value("link", one.number, href=href) if href else Value("empty", "–")),
        Fact(str(_("When")), _time(one.at, zone)),
        Fact(str(_("Message id")), Value("text", one.message)),
    ]
    answer = [
        Fact(str(_("Attempts")), Value("number", str(one.attempts))),
        Fact(str(_("Last attempt")), _time(one.tried_at, zone)),
        Fact(str(_("Next attempt")), _time(one.due_at, zone)),
        Fact(str(_("Response code")), Value("number", str(one.code)) if one.code else Value("empty", "–")),
        Fact(
            str(_("Took")),
            Value("text", f"{one.milliseconds} ms") if one.milliseconds is not None else Value("empty", "–"),
        ),
        Fact(str(_("Answer")), Value("prose", one.answer) if one.answer else Value("empty", "–")),
    ]
    may = one.state is not Outcome.WAITING and x.gate.may(REPLAY, of.site_id)
    sending = Action(str(_("Send again")), f"/{MODULE}/delivery/{one.id}/replay", "up", main=True, post=True)
    return DetailPage(
        title=str(_("Delivery to {name}").format(name=of.name)),
        number=of.number,
        crumbs=[
            Crumb(str(resource.label), LIST),
            Crumb(of.name, f"{LIST}/{of.id}"),
            Crumb(str(_("Log")), f"/{MODULE}/log/{of.id}"),
            Crumb(one.event),
        ],
        state=_state(one),
        badges=[],
        subtitle="",
        actions=[sending] if may else [],
        more=[],
        refusals=[],
        steps=[],
        dues=[],
        sections=[FactSection(str(_("Message")), facts), FactSection(str(_("Answer")), answer)],
        links=[],
        tabs=[],
        timeline=_story(one, zone),
        dialogs=[],
    )


def _story(one: Delivery, zone: ZoneInfo) -> list[Entry]:
    """What is known of its way, the newest first."""

    def entry(title: object, at: dt.datetime, icon: str, tone: str = "", text: str = "") -> Entry:
        return Entry(str(title), "", f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}", at.isoformat(), icon, tone, text)

    story = [entry(_("It happened"), one.at, "plus")]
    if one.tried_at is not None:
        title = _("Attempt {n}").format(n=one.attempts) if one.attempts else _("Last attempt")
        came = f"HTTP {one.code}" if one.code else one.answer
        story.insert(0, entry(title, one.tried_at, "send", "good" if one.state is Outcome.DELIVERED else "warn", came))
    return story


def replayed(x: Context[Any], id: UUID) -> Delivery:
    """Send one delivery again. :raises Conflict: it is waiting already."""
    one, _of = delivery(x, id, REPLAY)
    if one.state is Outcome.WAITING:
        raise Conflict(_("This delivery is on its way already."))
    again(x, one)
    return one


async def replay(asked: Asked) -> Response:
    asked.params()
    await write(asked, lambda session: replayed(asked.context(session, MODULE), asked.uuid()).id)
    asked.flash(_("It is sent again."))
    return RedirectResponse(f"/{MODULE}/delivery/{asked.uuid()}", 303)


# ---- the secret ------------------------------------------------------------------------------------


async def ask_secret(asked: Asked) -> Response:
    """The page that asks before a new secret is made."""
    asked.params()

    def work(session: Session) -> FormPage:
        x = asked.context(session, MODULE)
        of = subscription(x, asked.uuid(), SECRET)
        return _secret_form(x, of)

    return page(asked, "form.html", await write(asked, work))


def _secret_form(x: Context[Any], of: Subscription) -> FormPage:
    first = not secrets.told(x, of)
    title = str(_("The secret of {name}").format(name=of.name))
    words = _("It is shown once, on the next page. The receiver checks with it that a message comes from here.")
    renewing = _("A new secret is made and shown once. The old one still signs beside it for {hours} hours.")
    return FormPage(
        title,
        f"/{MODULE}/secret/{of.id}",
        str(_("Show the secret") if first else _("Make a new secret")),
        [],
        crumbs=[Crumb(str(resource.label), LIST), Crumb(of.name, f"{LIST}/{of.id}"), Crumb(str(_("Secret")))],
        subtitle=str(words if first else renewing.format(hours=f"{x.settings.overlap_hours:g}")),
        cancel=f"{LIST}/{of.id}",
    )


def renewed(x: Context[Any], id: UUID) -> tuple[str, Subscription]:
    """A new secret of a subscription that this person may edit."""
    of = subscription(x, id, SECRET)
    return secrets.renew(x, of, dt.timedelta(hours=x.settings.overlap_hours)), of


async def give_secret(asked: Asked) -> Response:
    asked.params()
    secret, name = await write(asked, lambda s: _named(renewed(asked.context(s, MODULE), asked.uuid())))
    shown = AlonePage(
        str(_("The secret of {name}").format(name=name)),
        subtitle=str(_("Copy it now: it is not shown again.")),
        lines=[Line(secret, icon="shield")],
        links=[Action(str(_("Back to the webhook")), f"{LIST}/{asked.uuid()}", main=True)],
    )
    response = page(asked, "alone.html", shown)
    response.headers["cache-control"] = "no-store"
    return response


def _named(made: tuple[str, Subscription]) -> tuple[str, str]:
    return made[0], made[1].name


ROUTES = (
    PageRoute("log/{id}", show),
    PageRoute("delivery/{id}", detail),
    PageRoute("delivery/{id}/replay", replay, "POST"),
    PageRoute("secret/{id}", ask_secret),
    PageRoute("secret/{id}", give_secret, "POST"),
)

__all__ = ["ROUTES", "TEST", "delivery", "found", "renewed", "replayed", "seen", "state_named", "subscription"]
