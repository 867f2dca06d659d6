"""Feeds of one person: what may be had, made with a secret that is told once, renewed, removed."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import (
    Context,
    FieldError,
    Form,
    Invalid,
    Line,
    NotFound,
    Permission,
    Resource,
    asked,
    list_columns,
    new_id,
    translator,
)

from .records import Feed

_ = translator("dougong_feeds")

MODULE = "feeds"
MAKE = "feeds.make"
PERMISSIONS = (Permission(MAKE, _("Have calendar feeds with secret links"), MODULE),)
MOST = 50  # of one person
_NO_FILTERS = ("after", "limit", "sort", "fields", "expand", "view", "report")
Pairs = Sequence[tuple[str, str]]


class NewFeed(Form):
    """What a feed is made of. ``query``: the list's parameters by name, one value or several."""

    name: Line = asked(_("Name"))
    kind: Line = asked(_("List"))
    query: dict[str, str | list[str]] = asked(_("Filters"), default={})


def possible(x: Context[Any]) -> Mapping[str, Resource[Any]]:
    """Lists that have dates and that this person may see, by kind. :raises NotFound: feeds are not for this person."""
    need(x)
    return {
        kind: one
        for kind, one in x.registry.resources.items()
        if one.module in x.snapshot.modules and (one.deadlines or one.calendar) and x.gate.scope(one.permission("read"))
    }


def need(x: Context[Any]) -> UUID:
    """The person whose feeds these are. :raises NotFound: nobody, or one who may not have any."""
    if x.actor is None or not x.gate.scope(MAKE):
        raise NotFound()
    return x.actor


def pairs_of(query: Mapping[str, str | list[str]]) -> list[tuple[str, str]]:
    return [(name, one) for name, value in query.items() for one in ([value] if isinstance(value, str) else value)]


def make(x: Context[Any], name: str, kind: str, pairs: Pairs) -> tuple[Feed, str]:
    """A feed and its secret, which is told this once.

    :raises Invalid: the list is not one that may be had, or does not know a filter.
    """
    person, there = need(x), possible(x)
    if kind not in there:
        raise Invalid(errors=(FieldError("kind", _("is not one of the possible choices")),))
    kept = [(n, v) for n, v in pairs if n not in _NO_FILTERS and v]
    if len(kept) > 100 or any(len(value) > 500 for _name, value in kept):
        raise Invalid(errors=(FieldError("query", _("These are too many filters.")),))
    if any("\x00" in part for pair in kept for part in pair):
        raise Invalid(errors=(FieldError("query", _("is not one of the possible choices")),))
    site = next((value for n, value in kept if n == "site"), None)
    if site is not None and site not in x.snapshot.sites.by_slug:
        raise Invalid(errors=(FieldError("site", _("is not one of the possible choices")),))
    list_columns(x, there[kind], kept)  # refuses what the list does not know
    if len(own(x)) >= MOST:
        raise Invalid(_("You have {most} feeds. Remove some that you do not use.").format(most=MOST))
    secret = secrets.token_urlsafe(32)
    made = Feed(
        id=new_id(),
        person_id=person,
        name=name,
        record_kind=kind,
        query=[list(pair) for pair in kept],
        digest=digest(secret),
        made_at=x.now,
        token_scope=_scope(x),
    )
    x.session.add(made)
    x.session.flush()
    return made, secret


def _scope(x: Context[Any]) -> list[str] | None:
    """A link that a token makes shows no more than the token may read."""
    return None if x.gate.only is None else list(x.gate.only)


def digest(secret: str) -> str:
    """What is kept of a secret; one of this length needs no salt."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def link(secret: str) -> str:
    return f"/{MODULE}/{secret}.ics"


def own(x: Context[Any]) -> Sequence[Feed]:
    """This person's feeds, the newest first."""
    query = sa.select(Feed).where(Feed.tenant_id == x.tenant, Feed.person_id == need(x))
    return x.session.scalars(query.order_by(Feed.id.desc())).all()


def mine(x: Context[Any], id: UUID) -> Feed:
    """One of this person's own. :raises NotFound: it is not."""
    found = next((one for one in own(x) if one.id == id), None)
    if found is None:
        raise NotFound()
    return found


def renew(x: Context[Any], id: UUID) -> tuple[Feed, str]:
    """A new secret; the old link is dead at once."""
    found, secret = mine(x, id), secrets.token_urlsafe(32)
    found.digest, found.used_at, found.token_scope = digest(secret), None, _scope(x)
    return found, secret


def remove(x: Context[Any], id: UUID) -> str:
    found = mine(x, id)
    x.session.delete(found)
    return found.name
