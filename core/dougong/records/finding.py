"""The list of a search as one statement, quick for rare words and for common ones.

Three ways lead to the same rows; the statement takes the first that is cheap and leaves the others out. *Near*: the newest
rows hold a page of what is asked. *By the grams*: the index gives all that fits, because it is little. *Through*: the word is
so common that walking the list in its own order meets a page of it soon. Each way reads records behind row security with the
list's own rules; the index only says which to look at, so that it can tell nobody more than the list does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from . import search
from .resource import Resource

NEAR = 600  # of a company's newest records looked at first
NEAR_NARROWED = 3000  # where filters leave out most of them before their text is looked at
FEW = 2000  # up to so many records the grams lead to them; beyond, walking the list is quicker
_BEGINNING = dt.datetime(1900, 1, 1, tzinfo=dt.UTC)
_PATTERNS = sa.bindparam("patterns", type_=sa.ARRAY(sa.Text))
_GRAMS = sa.bindparam("grams", type_=sa.ARRAY(sa.BigInteger))
Order = Sequence[sa.ColumnElement[Any]]


def parameters(
    asked: search.Question, resource: Resource[Any], values: Mapping[str, Any], related: bool
) -> dict[str, Any]:
    """Values for the statement's own parameters.

    :param values: those of the list; its sites and chosen states go along to the index. :param related: rows are seen by
        relations too, so that sites alone do not say which.
    """
    state = resource.state
    chosen = values.get(f"f_{state}") if state and not values.get(f"f_{state}_empty") else None
    sites = values["sites"] if resource.record.scope == "site" and not related else None
    return {
        "patterns": list(asked.patterns), "grams": list(asked.grams), "found_sites": sites, "found_states": chosen,
    }  # fmt: skip


def fitting(resource: Resource[Any]) -> sa.ColumnElement[bool]:
    """Whether the text of this very row fits: looked up by its key, so that the order of the rows is kept."""
    record, doc = resource.record, search.TABLE
    return (
        sa.select(doc.c.body.like(sa.all_(_PATTERNS)))
        .where(doc.c.tenant_id == sa.bindparam("tenant", type_=sa.Uuid), doc.c.record_id == record.id)
        .correlate(record.__table__)
        .scalar_subquery()
    )


def statement(
    resource: Resource[Any],
    columns: Sequence[Any],
    rules: Sequence[sa.ColumnElement[bool]],
    after: Sequence[sa.ColumnElement[bool]],
    key: sa.ColumnElement[Any],
    rows: sa.BindParameter[int],
    *,
    down: bool,
    newest: bool,
) -> sa.Select[*tuple[Any, ...]]:
    """The rows that fit, in the order of the list.

    :param rules: who may see them and which are asked for. :param after: where this page begins. :param rows: at most.
    :param down: whether the order falls. :param newest: whether it is by creation, the newest first.
    """
    record = resource.record
    order = _ordered(key, record.id, down)
    wanted = [*columns, key.label("order_key")]
    page = sa.select(*wanted).order_by(*order).limit(rows)
    near = None
    if newest:
        edge = (
            sa.select(record.created_at)
            .where(record.tenant_id == sa.bindparam("tenant", type_=sa.Uuid), *after)
            .order_by(*order)
            .offset(_whole(NEAR if len(rules) == 1 else NEAR_NARROWED))
            .limit(_whole(1))
            .scalar_subquery()
        )
        # COALESCE itself in the rule would count as leaky, and then bound no index: here it is a value worked out before.
        begin = sa.select(sa.func.coalesce(edge, sa.literal(_BEGINNING, sa.DateTime(timezone=True)))).scalar_subquery()
        close = record.created_at >= begin
        near = page.where(*rules, *after, fitting(resource), close).cte("near")
    found = _by_grams(resource, near, rows)
    ids = sa.cast(sa.select(found.c.ids).scalar_subquery(), sa.ARRAY(sa.Uuid))
    few = page.where(*rules, *after, record.id == sa.any_(ids))
    through = page.where(*rules, *after, fitting(resource), sa.select(found.c.ids.is_(None)).scalar_subquery())
    ways = [few.subquery("few").select(), through.subquery("through").select()]
    if near is not None:
        ways.insert(0, sa.select(near).where(_full(near, rows)))
    made = sa.union_all(*ways).subquery("made")
    names = [c.name for c in made.c if c.name != "order_key"]
    return sa.select(*[made.c[n] for n in names]).order_by(*_ordered(made.c.order_key, made.c.id, down)).limit(rows)


def _whole(number: int) -> sa.ColumnElement[int]:
    """In the text and no parameter, so that every plan of the statement knows it."""
    return sa.bindparam(None, number, sa.Integer, unique=True, literal_execute=True)


def _ordered(key: Any, id: Any, down: bool) -> Order:
    return (key.desc(), id.desc()) if down else (key.asc(), id.asc())


def _full(near: sa.CTE, rows: sa.BindParameter[int]) -> sa.ColumnElement[bool]:
    return sa.select(sa.func.count()).select_from(near).scalar_subquery() >= rows


def _by_grams(resource: Resource[Any], near: sa.CTE | None, rows: sa.BindParameter[int]) -> sa.CTE:
    """One row with the ids out of the index, or NULL for too many; no row where the page is full without them."""
    ids = sa.func.core.search_ids(
        _PATTERNS,
        _GRAMS,
        sa.literal([resource.kind], sa.ARRAY(sa.Text)),
        sa.bindparam("found_sites", type_=sa.ARRAY(sa.Uuid)),
        sa.bindparam("found_states", type_=sa.ARRAY(sa.Text)),
        _whole(FEW),
        type_=sa.ARRAY(sa.Uuid),
    )
    made = sa.select(ids.label("ids"))
    return (made if near is None else made.where(~_full(near, rows))).cte("found")


__all__ = ["FEW", "NEAR", "fitting", "parameters", "statement"]
