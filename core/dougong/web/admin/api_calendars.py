"""The API twin of the pages of calendars: ``/api/v1/core/calendars``, with their days, terms, and where each holds."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field
from starlette.responses import Response

from ...access import calendars as services
from ...errors import BadRequest, FieldError, Invalid, NotFound
from ...records.models import Form
from ...scheduling import holidays
from ...scheduling.calendars import Calendar
from ...tenancy.hours import DEFAULT, MOST_SHIFTS, WEEKDAYS, CalendarSlug, CoreCalendar, NamedCalendar
from ...words import translator
from ..api import answer
from ..pages import company
from ..routing import Route
from .api import API, Text, body, fresh
from .calendar_words import EDIT, KINDS, day_words, name_of, place_of
from .calendar_year import found, number
from .common import at_desk, moment_in, need_whole
from .model_form import label_of
from .settings import validated

if TYPE_CHECKING:
    from ..requests import Asked

_ = translator("dougong")

_MOST_DAYS = 400
_HOURS, _TERM_DAYS = 100_000, 10_000


class NewCalendar(NamedCalendar):
    """A calendar with its short name, which stays."""

    slug: CalendarSlug


def described() -> dict[str, Any]:
    """What may be sent of a calendar, for the API's description, in the current locale."""
    text: dict[str, Any] = {"type": "string"}
    dates = {"type": "array", "items": {"type": "string", "format": "date"}}
    days = {"type": "array", "items": {"type": "string", "enum": list(WEEKDAYS)}}
    shift = {"type": "object", "required": ["name", "hours"], "properties": {"name": text, "hours": text, "days": days}}
    kinds = {
        "slug": text | {"pattern": "^[a-z][a-z0-9_-]{0,39}$"},
        "name": text,
        "kind": {"type": "string", "enum": list(KINDS)},
        "shifts": {"type": "array", "items": shift, "maxItems": MOST_SHIFTS},
        "public_holidays": {"type": "boolean"},
        "days_off": dates,
        "working_days": dates,
    } | dict.fromkeys(WEEKDAYS, text)
    fields = NamedCalendar.model_fields
    told = {name: {**one, "title": label_of(name, fields[name])} if name in fields else one for name, one in kinds.items()}
    return {"type": "object", "properties": told}


class Use(Form):
    """``calendar`` null: nothing of its own holds there any more. ``site`` and ``post`` by their short names."""

    calendar: Text | None = None
    site: Text | None = None
    post: Annotated[str | None, Field(max_length=40)] = None


def _out(asked: Asked, slug: str, one: CoreCalendar) -> dict[str, Any]:
    own = company(asked)
    kind = {} if isinstance(one, NamedCalendar) else {"name": name_of(own, slug), "kind": "week", "shifts": []}
    return {
        "slug": slug,
        **kind,
        **one.model_dump(mode="json"),
        "holds": [u for u in _uses(asked) if u["calendar"] == slug],
    }


def _uses(asked: Asked) -> list[dict[str, Any]]:
    return [use.model_dump(mode="json") for use in company(asked).calendar_uses]


async def index(asked: Asked) -> Response:
    """The company's own hours first."""
    need_whole(asked, EDIT)
    asked.params()
    own = company(asked)
    found = [_out(asked, DEFAULT, own.calendar), *(_out(asked, slug, one) for slug, one in own.calendars.items())]
    return answer({"results": found, "next": None})


async def _sent(asked: Asked) -> dict[str, Any]:
    sent = await asked.json()
    if not isinstance(sent, dict):
        raise BadRequest(_("Send a JSON object."))
    return sent


async def create(asked: Asked) -> Response:
    """``slug`` and ``name``, and what the settings know of a calendar: ``kind``, weekdays, ``shifts``, holidays, days."""
    need_whole(asked, EDIT)
    asked.params()
    sent = validated(NewCalendar, await _sent(asked))
    made, slug = NamedCalendar.model_validate(sent.model_dump(exclude={"slug"})), sent.slug
    await at_desk(asked, lambda desk: services.put_calendar(desk, slug, made, new=True))
    await fresh(asked)
    return answer(_out(asked, slug, company(asked).calendars[slug]), 201, location=f"{API}/calendars/{slug}")


async def one(asked: Asked) -> Response:
    need_whole(asked, EDIT)
    asked.params()
    return answer(_out(asked, *found(asked)))


async def edit(asked: Asked) -> Response:
    """What is given replaces what stood there; null goes back to the default."""
    need_whole(asked, EDIT)
    asked.params()
    slug, held = found(asked)
    sent = {**held.model_dump(mode="json"), **await _sent(asked)}
    made = validated(type(held), {name: value for name, value in sent.items() if value is not None})
    await at_desk(asked, lambda desk: services.put_calendar(desk, slug, made))
    await fresh(asked)
    return answer(_out(asked, *found(asked)))


async def delete(asked: Asked) -> Response:
    need_whole(asked, EDIT)
    asked.params()
    slug = asked.path_params["slug"]
    await at_desk(asked, lambda desk: services.drop_calendar(desk, slug))
    return Response(status_code=204)


# ---- questions --------------------------------------------------------------------------------------


def _calendar(asked: Asked) -> Calendar:
    """The calendar in the address, in the time zone of ``?site=``."""
    return asked.snapshot.calendars.at(asked.site, name=found(asked)[0])


async def days(asked: Asked) -> Response:
    """``?from=`` and ``?until=`` (both included, at most 400 days): what each day is, why, and its shifts."""
    need_whole(asked, EDIT)
    sent = asked.params(("from", "until"))
    first, last = (_date(sent.get(name, ""), name) for name in ("from", "until"))
    if not 0 <= (last - first).days < _MOST_DAYS:
        said = _("At most {n} days, and the first before the last.").format(n=_MOST_DAYS)
        raise Invalid(errors=(FieldError("until", said),))
    calendar = _calendar(asked)
    span = [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
    return answer({"results": [_day(calendar, day) for day in span], "next": None})


def _date(text: str, name: str) -> dt.date:
    try:
        found = dt.date.fromisoformat(text)
        if len(text) != 10 or not 1951 <= found.year <= 2199:
            raise ValueError
    except ValueError:
        raise Invalid(errors=(FieldError(name, _("Write a date as in 2026-11-22.")),)) from None
    return found


def _day(calendar: Calendar, day: dt.date) -> dict[str, Any]:
    shifts = [{"name": name, "opens": opens, "closes": closes} for name, opens, closes in calendar.shifts(day)]
    return {
        "date": day, "working": calendar.is_working_day(day), "kind": calendar.kind_of(day), "words": day_words(calendar, day),
        "official": holidays.official(day.year), "shifts": shifts,
    }  # fmt: skip


async def due(asked: Asked) -> Response:
    """``?start=`` (a moment), ``days`` and ``hours``: when the term ends."""
    need_whole(asked, EDIT)
    sent, wrong = asked.params(("start", "days", "hours")), list[FieldError]()
    start = moment_in(sent, "start", asked.snapshot.sites.zone(asked.site), wrong)
    term, hours = number(sent, "days", _TERM_DAYS, wrong), number(sent, "hours", _HOURS, wrong)
    if start is None and not wrong:
        wrong.append(FieldError("start", _("Please fill this in.")))
    if start is None or wrong:
        raise Invalid(errors=tuple(wrong))
    calendar = _calendar(asked)
    told = {"due": calendar.add(start, days=int(term), hours=hours), "working": calendar.is_working(start)}
    return answer({**told, "business_date": calendar.business_date(start)})


# ---- where they hold --------------------------------------------------------------------------------


async def uses(asked: Asked) -> Response:
    need_whole(asked, EDIT)
    asked.params()
    return answer({"results": _uses(asked), "next": None})


async def put_use(asked: Asked) -> Response:
    """What was set for the same site and post is replaced."""
    need_whole(asked, EDIT)
    asked.params()
    sent = await body(asked, Use)
    await at_desk(asked, lambda desk: services.put_use(desk, sent.site or None, sent.post or None, sent.calendar))
    await fresh(asked)
    return answer({"results": _uses(asked), "next": None})


async def holds(asked: Asked) -> Response:
    """``?site=`` and ``?post=``: the calendar that holds there, and the rules that speak of it, the one that holds first."""
    need_whole(asked, EDIT)
    post = asked.params(("post",)).get("post") or None
    if post is not None and post not in asked.snapshot.roles:
        raise NotFound
    asked_for = asked.snapshot.calendars.candidates(asked.site, post)
    rules = [
        {
            "calendar": one.slug,
            "words": place_of(asked.snapshot, one.use),
            **(one.use.model_dump(mode="json") if one.use else {}),
        }
        for one in asked_for
    ]
    return answer({"calendar": asked_for[0].slug, "rules": rules})


ROUTES = [
    Route("GET", f"{API}/calendars", index),
    Route("POST", f"{API}/calendars", create),
    Route("GET", f"{API}/calendars/uses", uses),
    Route("PUT", f"{API}/calendars/uses", put_use),
    Route("GET", f"{API}/calendars/holds", holds),
    Route("GET", f"{API}/calendars/{{slug}}", one),
    Route("PATCH", f"{API}/calendars/{{slug}}", edit),
    Route("DELETE", f"{API}/calendars/{{slug}}", delete),
    Route("GET", f"{API}/calendars/{{slug}}/days", days),
    Route("GET", f"{API}/calendars/{{slug}}/due", due),
]
