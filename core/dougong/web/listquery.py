"""A list's query parameters: read once for pages and API alike, and written again into links.

Knows which parameters a list takes; what their values may be is judged by ``records.filters``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from ..errors import BadRequest, FieldError, Invalid
from ..records.filters import filterable, parameter_names
from ..records.reads import ListQuery
from ..records.resource import Resource
from ..words import translator

if TYPE_CHECKING:
    from .plans import Plan
    from .requests import Asked

_ = translator("dougong")

OWN = ("tab", "q", "sort", "after", "limit")
MOST = 100
SEARCH_LENGTH = 100
ROWS = 20  # of the API, unless it says how many
PAGE_ROWS = 30
FIRST_YEAR, LAST_YEAR = 1900, 2200


def parameters(resource: Resource[Any]) -> tuple[frozenset[str], frozenset[str], tuple[str, ...]]:
    """Parameters that filter a list, those of them that bound moments, and all that the list knows."""
    filters = frozenset(parameter_names(resource)) - {"site", *OWN}
    moments = frozenset(
        f"{name}.{end}"
        for name, column in filterable(resource).items()
        if isinstance(column.type, sa.DateTime)
        for end in ("from", "to")
    )
    return filters, moments, ("site", *OWN, *sorted(filters))


def parse(asked: Asked, plan: Plan, *, rows: int = ROWS) -> ListQuery:
    """The query of this request.

    :param rows: how many where the request does not say.
    :raises BadRequest: an unknown parameter, by name with those that are known; a limit that is none.
    """
    sent = asked.query
    if not sent:
        return ListQuery(limit=rows)
    filters, moments, known = plan.parameters
    unknown = [name for name in sent if name not in known]
    if unknown:
        text = _("Unknown parameter in the address: {names}. Known here: {known}.")
        raise BadRequest(
            text.format(names=", ".join(n[:60] for n in unknown[:5]), known=", ".join(known)),
            errors=tuple(FieldError(name[:60], _("This parameter is not known here.")) for name in unknown),
        )
    zone = ZoneInfo(asked.snapshot.sites.node(asked.site or asked.snapshot.sites.root).timezone)
    chosen = {
        name: tuple(_moment(v, name, zone) if name in moments else v for v in sent.getlist(name))
        for name in sent
        if name in filters
    }
    return ListQuery(
        filters=chosen,
        search=sent.get("q", "").strip()[:SEARCH_LENGTH],
        sort=sent.get("sort", ""),
        after=sent.get("after", ""),
        tab=sent.get("tab", ""),
        site=asked.site,
        limit=_limit(sent["limit"]) if "limit" in sent else rows,
    )


def _limit(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MOST and len(text) < 9:
        return int(text)
    raise BadRequest(
        _("“limit” must be a whole number from 1 to {most}.").format(most=MOST),
        errors=(FieldError("limit", _("must be a whole number")),),
    )


def _moment(text: str, name: str, zone: ZoneInfo) -> str:
    """A bound of moments. A bare date means the site's day: from its first moment, or up to the first of the next.

    :raises Invalid: no date, or one outside of what anybody means.
    """
    if not text:
        return text
    try:
        moment = dt.datetime.fromisoformat(text)
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise ValueError(text)
    except ValueError:
        raise Invalid(errors=(FieldError(name, _("is not a possible value")),)) from None
    if len(text) == 10 and name.endswith(".to"):
        moment += dt.timedelta(days=1)
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).isoformat()


def href(path: str, pairs: Iterable[tuple[str, str]], **changes: str | None) -> str:
    """An address with these parameters, some set anew or (None) left out; the page always begins again."""
    kept = [(k, v) for k, v in pairs if k not in changes and k != "after" and v]
    kept += [(k, v) for k, v in changes.items() if v]
    return f"{path}?{urlencode(kept)}" if kept else path
