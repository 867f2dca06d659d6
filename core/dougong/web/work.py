"""Work on records for one request: the context that handlers get, creation that a repeated request does not repeat.

The last step before ``records.actions`` for pages and API alike. Parses nothing and draws nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

import asyncpg
import msgspec
from pydantic import BaseModel
from sqlalchemy.orm import Session

from ..errors import Conflict, FieldError, Invalid
from ..records import actions, direct, following
from ..records.context import Context
from ..records.following import FROM
from ..records.joining import NOT_THERE
from ..records.journal import TAKEN
from ..records.models import Form, validate
from ..records.record import Record
from ..tenancy.cells import Contended
from ..words import translator
from .plans import Plan
from .repeating import Key
from .rights import stored

if TYPE_CHECKING:
    from .requests import Asked

_ = translator("dougong")

NO_SETTINGS = Form()


def settings_of(asked: Asked, plan: Plan) -> BaseModel:
    """The module's settings; a module that declares none has none."""
    return asked.snapshot.settings(plan.module) if plan.resource.settings else NO_SETTINGS


def context(asked: Asked, session: Session, plan: Plan) -> Context[Any]:
    """What handlers of this resource may use within one transaction of this request."""
    return Context(
        session=session,
        gate=asked.gate,
        settings=settings_of(asked, plan),
        now=asked.now,
        registry=asked.app.registry,
        jobs=asked.app.jobs,
        store=asked.app.files,
    )


class Draft:
    """A record to be created, as it was sent."""

    __slots__ = ("body", "origin", "site", "sites", "then", "then_body")

    def __init__(
        self,
        body: Mapping[str, Any],
        site: UUID,
        sites: tuple[UUID, ...] = (),
        then: str | None = None,
        then_body: Mapping[str, Any] | None = None,
        origin: str = "",
    ) -> None:
        """:param origin: what gives rise to it, as ``<kind>:<id>``."""
        self.body, self.site, self.sites, self.then, self.then_body = body, site, sites, then, then_body or {}
        self.origin = origin

    def digest(self) -> str:
        """The same for the same content, in whatever order it came."""
        sites = sorted(str(s) for s in self.sites)
        content = [self.body, str(self.site), sites, self.then, self.then_body, *([self.origin] if self.origin else [])]
        return hashlib.sha256(msgspec.json.encode(content, order="deterministic")).hexdigest()


async def created(asked: Asked, plan: Plan, draft: Draft) -> tuple[dict[str, Any], frozenset[str] | None] | None:
    """Create a record in the event loop, with one statement.

    :returns: its columns as they are stored, and the relations that hold for this person (None: they may not see it);
        None where it takes a unit of work: nothing was done then.
    """
    x = context(asked, cast("Session", direct.NoSession()), plan)
    if not direct.suits(plan.resource, x):
        return None
    try:
        record, query, given = direct.prepare(plan.resource, draft.body, x, draft.site)
    except direct.NeedsDatabase:
        return None
    try:
        rows = await asked.app.cell.write(asked.bound, query, **given)
    except asyncpg.UniqueViolationError:
        raise Conflict(TAKEN) from None
    except Contended:  # nothing was written: a unit of work tries again
        return None
    try:
        relations = direct.finish(plan.resource, record, rows)
    except direct.NeedsDatabase:
        return None
    asked.wrote = True
    return {name: _as_stored(record.__dict__[name]) for name in (*plan.told, *plan.unshown)}, relations


def _as_stored(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC)
    return stored(value)


def create(x: Context[Any], plan: Plan, draft: Draft, *, key: str | None = None) -> tuple[UUID, bool]:
    """Create a record, once for each key.

    :param key: of the person's; kept for a day.
    :returns: its id, and whether it was there before.
    :raises Invalid: the key was used with other content.
    """
    if key is None or x.actor is None:
        return _made(x, plan, draft).id, False
    entry = Key(x.session, x.tenant, x.actor, key, x.now)
    had = entry.take(plan.kind, draft.digest())
    if had is not None:
        return had["record_id"], True
    made = _made(x, plan, draft)
    entry.note(record_id=made.id)
    return made.id, False


def _made(x: Context[Any], plan: Plan, draft: Draft) -> Record:
    if draft.then is not None:
        _check_both(x, plan, draft)
    source = None
    if draft.origin:
        found = following.named(x, draft.origin, plan.kind)
        if found is None:
            raise Invalid(errors=(FieldError(FROM, NOT_THERE),))
        source = found[0]
    made: Record = actions.create(
        plan.resource, draft.body, x, site=draft.site, sites=draft.sites, then=draft.then, then_body=draft.then_body
    )
    if source is not None:
        following.join(x, source, made)
    return made


def _check_both(x: Context[Any], plan: Plan, draft: Draft) -> None:
    """Name all that is wrong in record and transition at once, the latter's fields below ``then_body``."""
    errors: list[FieldError] = []
    step = plan.transitions[draft.then or ""]
    for model, body, prefix in ((plan.create, draft.body, ""), (step.form, draft.then_body, "then_body.")):
        try:
            validate(model, body, x.settings)
        except Invalid as wrong:
            errors += [FieldError(f"{prefix}{e.path}", e.message) for e in wrong.errors]
    if errors:
        raise Invalid(errors=tuple(errors))
