"""The page on which an anonymous complainant follows their complaint: by its code, without an account.

Shows the state and the published replies, nothing else: no number, no place, no name. Codes tried are counted per
network address and in the database, so that guessing is slow whichever process answers.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from dougong import Asked, Lazy, PageRoute, page, translator, write
from dougong.views import Action, AlonePage, FormPage, Input, Line, Section
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from starlette.responses import Response

from .choices import State
from .records import Complaint, Lookup, Notice
from .settings import Settings

_ = translator("dougong_complaints")

ADDRESS = "follow-up"
STRETCH = dt.timedelta(minutes=10)


@dataclass(frozen=True)
class Found:
    """What the holder of a code may know."""

    site: UUID
    state: State
    replies: list[tuple[str, dt.datetime]]


def too_many(session: Session, address: str, now: dt.datetime, settings: Settings) -> bool:
    """Count a try. True when this address has had its share of this stretch."""
    key = hashlib.sha256(address.encode()).hexdigest()
    since = dt.datetime.fromtimestamp(now.timestamp() // STRETCH.total_seconds() * STRETCH.total_seconds(), dt.UTC)
    session.execute(sa.delete(Lookup).where(Lookup.since < since - STRETCH))
    tried = insert(Lookup).values(key=key, since=since, tries=1)
    again = tried.on_conflict_do_update(
        index_elements=[Lookup.tenant_id, Lookup.key, Lookup.since], set_={"tries": Lookup.tries + 1}
    )
    return session.execute(again.returning(Lookup.tries)).scalar_one() > settings.follow_up_attempts


def look_up(session: Session, code: str) -> Found | None:
    """The complaint of a code; a merged one stands where its master stands."""
    tidy = "".join(one for one in code.upper() if one.isalnum())
    c = session.scalar(sa.select(Complaint).where(Complaint.follow_up == tidy)) if tidy else None
    if c is None:
        return None
    state = c.status
    if state is State.MERGED:
        state = session.scalars(sa.select(Complaint.status).where(Complaint.id == c.master_id)).one()
    query = sa.select(Notice).where(Notice.parent_id == c.id, Notice.published).order_by(Notice.at.desc())
    return Found(c.site_id, state, [(n.text, n.at) for n in session.scalars(query)])


def _form(asked: Asked, error: Lazy | None = None, status: int = 200) -> Response:
    form = FormPage(
        title=str(_("Look up a complaint")),
        action=f"/complaints/{ADDRESS}",
        submit=str(_("Look up")),
        sections=[Section("", [Input("code", str(_("Follow-up code")), "line", required=True, maxlength=40)])],
        errors=[("code", str(error))] if error else [],
    )
    form.sections[0].inputs[0].error = str(error) if error else ""
    shown = AlonePage(
        str(_("Look up a complaint")),
        subtitle=str(_("Enter the code that you were given when you registered.")),
        form=form,
    )
    return page(asked, "alone.html", shown, status)


async def ask(asked: Asked) -> Response:
    asked.params()
    return _form(asked)


async def answer(asked: Asked) -> Response:
    code = (await asked.form()).get("code", "")

    def work(session: Session) -> tuple[bool, Found | None]:
        settings = asked.snapshot.settings("complaints")
        assert isinstance(settings, Settings)
        if too_many(session, asked.address, asked.now, settings):
            return True, None
        return False, look_up(session, code)

    throttled, found = await write(asked, work)
    if throttled:
        return _form(asked, _("Too many codes were tried. Wait ten minutes, then try again."), 429)
    if found is None:
        return _form(asked, _("No complaint has this code."), 404)
    return page(asked, "alone.html", _shown(asked, found))


def _shown(asked: Asked, found: Found) -> AlonePage:
    zone = ZoneInfo(asked.snapshot.sites.node(found.site).timezone)
    lines = [Line(text, f"{at.astimezone(zone):%Y-%m-%d %H:%M}", icon="send") for text, at in found.replies]
    return AlonePage(
        str(found.state),
        subtitle=str(_("Published replies")) if lines else str(_("Nothing has been published yet.")),
        lines=lines,
        links=[Action(str(_("Look up another complaint")), f"/complaints/{ADDRESS}")],
    )


ROUTES = (
    PageRoute(ADDRESS, ask, open=True),
    PageRoute(ADDRESS, answer, "POST", open=True),
)
