"""A list's query parameters: read once for pages and API alike, and written again into links.

Knows which parameters a list takes; what their values may be is judged by ``records.filters``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from ..errors import BadRequest, FieldError, Invalid
from ..records import custom_filters
from ..records.figures import Condition, condition
from ..records.filters import parameter_names
from ..records.reads import ListQuery
from ..records.reporting import Report, widened
from ..records.resource import Resource
from ..tenancy.custom import PREFIX, Added
from ..words import translator
from .filterwords import Words

if TYPE_CHECKING:
    from ..access.gate import Gate
    from .plans import Plan
    from .requests import Asked
    from .shapes import Shape

Pairs = Sequence[tuple[str, str]]

_ = translator("dougong")

OWN = ("tab", "q", "sort", "after", "limit", "view", "fields", "report", "expand")
MOST = 100
_NO_COLUMNS = frozenset({"json", "lines", "choices", "file"})  # more than a cell can say
SEARCH_LENGTH = 100
ROWS = 20  # of the API, unless it says how many
PAGE_ROWS = 30


def parameters(
    resource: Resource[Any], added: tuple[Added, ...] = ()
) -> tuple[frozenset[str], tuple[str, ...]]:
    """Parameters that filter a list, and all that the list knows.

    :param added: the fields that the company added.
    """
    filters = (frozenset(parameter_names(resource)) | custom_filters.parameter_names(added)) - {"site", *OWN}
    return filters, ("site", *OWN, *sorted(filters))


def parse(asked: Asked, plan: Plan, *, rows: int = ROWS, pairs: Pairs | None = None) -> ListQuery:
    """The query of this request.

    :param rows: how many where the request does not say.
    :param pairs: the parameters that hold, where they are not the address' own (a saved view's).
    :raises BadRequest: an unknown parameter, by name with those that are known; a limit that is none.
    :raises Invalid: a field that cannot be shown.
    """
    if pairs is None:
        if not asked.query:
            return ListQuery(limit=rows)
        pairs = asked.query.multi_items()
    filters, known = plan.parameters
    sent: dict[str, list[str]] = {}
    for name, value in pairs:
        sent.setdefault(name, []).append(value)
    unknown = [name for name in sent if name not in known]
    if unknown:
        text = _("Unknown parameter in the address: {names}. Known here: {known}.")
        raise BadRequest(
            text.format(names=", ".join(n[:60] for n in unknown[:5]), known=", ".join(known)),
            errors=tuple(FieldError(name[:60], _("This parameter is not known here.")) for name in unknown),
        )
    zone = asked.snapshot.sites.zone(asked.site)
    words = Words(plan.fields, asked.person.id if asked.person else None, zone, asked.now)
    chosen = words.plain({name: values for name, values in sent.items() if name in filters})
    last = {name: values[-1] for name, values in sent.items()}
    return ListQuery(
        filters=chosen,
        search=last.get("q", "").strip()[:SEARCH_LENGTH],
        sort=last.get("sort", ""),
        after=last.get("after", ""),
        tab=last.get("tab", ""),
        site=asked.site,
        limit=_limit(last["limit"]) if "limit" in last else rows,
        columns=fields_named(plan, asked.gate, sent["fields"]) if any(sent.get("fields", ())) else None,
        condition=_condition(asked, plan, last["report"]) if last.get("report") else None,
    )


def _condition(asked: Asked, plan: Plan, text: str) -> Condition:
    """The rows behind a figure of a report. Its days begin in the company's zone."""
    reports = [
        (module, widened(one, asked.snapshot.custom(one.record.kind)))
        for module, one in asked.app.registry.contributed(Report, asked.snapshot.modules)
    ]
    company = asked.snapshot.sites.node(asked.snapshot.sites.root).timezone
    return condition(text, reports, plan.resource, company)


def bare(query: ListQuery, rows: int) -> ListQuery:
    """The same rows from the beginning, as ids alone."""
    return replace(query, columns=(), limit=rows, after="")


def choosable(plan: Plan, gate: Gate) -> dict[str, Shape]:
    """The fields that this person may have as columns of a list: declared, of one value, theirs to read somewhere."""
    return {
        name: shape
        for name, shape in plan.fields.items()
        if shape.kind not in _NO_COLUMNS
        and (name in plan.record.__table__.c or (name.startswith(PREFIX) and not shape.meta.personal))
        and (shape.meta.reads is None or gate.scope(shape.meta.reads))
    }


def fields_named(plan: Plan, gate: Gate, texts: Iterable[str]) -> tuple[str, ...]:
    """The fields of ``?fields=a,b``, in order. :raises Invalid: one that is none, or that this person may not see."""
    names = tuple(dict.fromkeys(name.strip() for text in texts for name in text.split(",") if name.strip()))
    known = choosable(plan, gate)
    unknown = [name for name in names if name not in known]
    if unknown:
        text = _("“{name}” cannot be shown in this list. Possible are: {known}.")
        raise Invalid(
            errors=tuple(
                FieldError("fields", text.format(name=name[:60], known=", ".join(known))) for name in unknown[:5]
            )
        )
    return names


def _limit(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MOST and len(text) < 9:
        return int(text)
    raise BadRequest(
        _("“limit” must be a whole number from 1 to {most}.").format(most=MOST),
        errors=(FieldError("limit", _("must be a whole number")),),
    )


def href(path: str, pairs: Iterable[tuple[str, str]], **changes: str | None) -> str:
    """An address with these parameters, some set anew or (None) left out; the page always begins again."""
    kept = [(k, v) for k, v in pairs if k not in changes and k != "after" and v]
    kept += [(k, v) for k, v in changes.items() if v]
    return f"{path}?{urlencode(kept)}" if kept else path
