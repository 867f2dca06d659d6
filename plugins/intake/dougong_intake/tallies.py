"""How much may come from where: counted in the database, so that it holds whichever process answers.

Counts are kept by digests of network addresses, of codes and of texts, a stretch of time each, and deleted when the next
one has passed. No count names a case, so no case can be traced to an address.
"""

from __future__ import annotations

import datetime as dt
import ipaddress

import sqlalchemy as sa
from dougong import Asked, Lazy, translator
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from .keys import keyed
from .records import Point, Tally
from .settings import Settings

_ = translator("dougong_intake")

SHORT = dt.timedelta(minutes=10)
DAY = dt.timedelta(days=1)
_SWEPT = 500  # rows at a time

FROM_HERE = _("Too much was sent from your network just now. Wait ten minutes, then send it once more.")
FROM_NEAR = _("Very much is being sent from your network just now. Wait ten minutes, or call us.")
FROM_CODE = _("This QR code has taken as many reports today as it may. Call us, or come to the service centre.")
LOOKED = _("Too many codes were tried. Wait ten minutes, then try again.")
ADDED = _("That is as much as can be added to one case in a day. Call us if more is to be said.")


def count(session: Session, key: str, now: dt.datetime, stretch: dt.timedelta) -> int:
    """Count once more, and say how often it was in this stretch. Whoever counts the same at once waits for the other."""
    seconds = stretch.total_seconds()
    since = dt.datetime.fromtimestamp(now.timestamp() // seconds * seconds, dt.UTC)
    rows = insert(Tally).values(key=key, since=since, until=since + 2 * stretch, times=1)
    again = rows.on_conflict_do_update(
        index_elements=[Tally.tenant_id, Tally.key, Tally.since], set_={"times": Tally.times + 1}
    )
    times: int = session.execute(again.returning(Tally.times)).scalar_one()
    if times == 1:
        old = sa.select(Tally.key, Tally.since).where(Tally.until < now).limit(_SWEPT)
        session.execute(sa.delete(Tally).where(sa.tuple_(Tally.key, Tally.since).in_(old)))
    return times


def networks(address: str) -> tuple[str, str]:
    """What stands for one household's or phone's address, and for its neighbourhood."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address, address
    near, wide = (32, 24) if found.version == 4 else (64, 48)
    return tuple(str(ipaddress.ip_network((found, n), strict=False)) for n in (near, wide))  # type: ignore[return-value]


def sending(session: Session, asked: Asked, settings: Settings) -> Lazy | None:
    """Count a report on its way in. Why it may not come in now, or None."""
    near, wide = networks(asked.address)
    if count(session, keyed(asked, "send", near), asked.now, SHORT) > settings.per_address:
        return FROM_HERE
    if count(session, keyed(asked, "send from", wide), asked.now, SHORT) > settings.per_network:
        return FROM_NEAR
    return None


def taken(session: Session, asked: Asked, settings: Settings, point: Point) -> Lazy | None:
    """Count a report that is about to be kept, against the day's share of its QR code."""
    many = count(session, keyed(asked, "point", point.id), asked.now, DAY)
    return FROM_CODE if many > settings.per_code else None


def looking(session: Session, asked: Asked, settings: Settings, digest: str) -> Lazy | None:
    """Count a look at a case, per address and per code (right or wrong). Why it may not be now, or None."""
    near, _wide = networks(asked.address)
    if count(session, keyed(asked, "look", near), asked.now, SHORT) > settings.looks:
        return LOOKED  # and no row for each code that is tried
    by_code = count(session, keyed(asked, "look with", digest), asked.now, SHORT)
    return LOOKED if by_code > settings.looks_of_one else None


def adding(session: Session, asked: Asked, settings: Settings, case: object) -> Lazy | None:
    """Count an addition to a case."""
    return ADDED if count(session, keyed(asked, "add", case), asked.now, DAY) > settings.additions else None
