"""Rows of a list as entries of a calendar.

Tells number, title, place and time: nothing that is masked or personal or needs a permission of its own. An entry keeps
its UID for good, so that a calendar moves it when the time changes instead of showing it twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from dougong import Context, Deadline, Resource, field_set, translator, walk
from icalendar import Calendar, Event

from .records import Feed
from .settings import Settings

_ = translator("dougong_feeds")

MOST = 2000  # entries of a feed
_LENGTH = dt.timedelta(minutes=30)  # that a due moment takes up in a calendar's day
_TITLE = 80

X = Context[Settings]


def calendar(x: X, feed: Feed, resource: Resource[Any]) -> bytes:
    """The feed as its owner may see it now: ``x`` acts for them."""
    made = Calendar()
    made.add("prodid", "-//Dougong//Feeds//ZH")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", feed.name)
    made.add("refresh-interval", dt.timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for count, one in enumerate(_events(x, feed, resource)):
        if count >= MOST:
            break
        made.add_component(one)
    made.add_missing_timezones(last_date=dt.date(x.now.year + 4, 1, 1))  # the same all year, as the ETag has to be
    found: bytes = made.to_ical()
    return found


def _events(x: X, feed: Feed, resource: Resource[Any]) -> Iterator[Event]:
    title = str(resource.title)
    shown = field_set(resource, x.snapshot).shown
    private = shown[title].meta.personal if title in shown else False
    names = [name for name in (title, resource.state, resource.calendar or None) if name]
    names += [name for d in resource.deadlines for name in (d.due, d.done) if name]
    open_names = [n for n in dict.fromkeys(names) if n in shown and not (shown[n].meta.reads or shown[n].meta.mask)]
    for rows in walk(x, resource, open_names, [(name, value) for name, value in feed.query]):
        for row in rows:
            words = (
                row["number"] if private else f"{row['number']} {' '.join(str(row.get(title) or '').split())[:_TITLE]}"
            )
            yield from _of_row(x, resource, row, words.strip())


def _of_row(x: X, resource: Resource[Any], row: Mapping[str, Any], words: str) -> Iterator[Event]:
    for each in resource.deadlines:
        due = row.get(each.due)
        if due is not None and _runs(resource, each, row) and _near(x, due):
            yield _event(x, resource, row, each.name, f"{each.label}: {words}", due)
    taken = {each.due for each in resource.deadlines}
    day = row.get(resource.calendar) if resource.calendar and resource.calendar not in taken else None
    if day is not None and _near(x, day):
        yield _event(x, resource, row, resource.calendar, words, day)


def _runs(resource: Resource[Any], each: Deadline, row: Mapping[str, Any]) -> bool:
    """Whether it is still owed."""
    if each.done and row.get(each.done) is not None:
        return False
    return not each.states or (resource.state is not None and row.get(resource.state) in each.states)


def _near(x: X, at: dt.datetime | dt.date) -> bool:
    moment = at if isinstance(at, dt.datetime) else dt.datetime.combine(at, dt.time(12), dt.UTC)
    back, ahead = dt.timedelta(days=x.settings.days_back), dt.timedelta(days=x.settings.days_ahead)
    return x.now - back <= moment <= x.now + ahead


def _event(x: X, resource: Resource[Any], row: Mapping[str, Any], what: str, words: str, at: Any) -> Event:
    site = x.snapshot.sites.node(row["site_id"])
    one = Event()
    one.add("uid", f"{resource.kind}-{row['id']}-{what}@{x.tenant}")
    one.add("dtstamp", row["updated_at"].astimezone(dt.UTC))
    one.add("last-modified", row["updated_at"].astimezone(dt.UTC))
    one.add("sequence", row["row_version"])
    one.add("summary", words)
    one.add("location", site.name)
    one.add("url", f"{resource.path}/{row['id']}")
    one.add("transp", "TRANSPARENT")
    if isinstance(at, dt.datetime):
        begin = at.astimezone(ZoneInfo(site.timezone)).replace(microsecond=0)
        one.add("dtstart", begin)
        one.add("dtend", begin + _LENGTH)
    else:
        one.add("dtstart", at)
        one.add("dtend", at + dt.timedelta(days=1))
    return one
