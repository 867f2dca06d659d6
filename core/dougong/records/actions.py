"""Doing: create, edit and move a record. The one path for pages, API, imports, jobs and demo data.

The order is the gate's: permission, relation, state, guards, form; then the handlers, the history, the hooks. All of it is
one transaction of the caller's session.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from pydantic import BaseModel

from ..errors import Changed, Conflict, FieldError, Forbidden, Invalid, NotFound
from ..tenancy.stored import Stored, new_id
from ..tenancy.tables import Location
from ..words import Lazy, translator
from . import approval_steps, custom, journal, offering, reckoning
from .context import Context
from .custom import creating_with, editing_with
from .fields import Meta, metas, target_of
from .models import Form, fresh, given, meta_of, validate
from .numbering import next_number
from .record import Record
from .resource import Resource
from .tables import RecordSite
from .visibility import holding, judged, resource_of
from .workflow import Transition

_ = translator("dougong")
R = TypeVar("R", bound=Record)
NOT_FROM_HERE = _("This cannot be done while the state is “{state}”.")


@dataclass(frozen=True)
class Offer:
    """A transition that the state allows: may this person take it now, and if not, why.

    :param quiet: refused for everybody, because there is nothing here that it could be about.
    """

    transition: Transition[Any, Any, Any]
    allowed: bool
    reason: Lazy | None = None
    permitted: bool = True
    quiet: bool = False


# ---- create ----


def create(
    resource: Resource[R],
    body: Mapping[str, Any],
    x: Context[Any],
    *,
    site: UUID,
    sites: tuple[UUID, ...] = (),
    then: str | None = None,
    then_body: Mapping[str, Any] | None = None,
) -> R:
    """Create a record at a site, and take a transition at once where ``then`` names one.

    :param sites: further sites of a record with scope ``sites``.
    :raises Forbidden, Invalid, Conflict: nothing is written then.
    """
    journal.watch(x)
    record = draft(resource, body, x, site, sites)
    _enter(resource, record, x, site, sites)
    _demand_of_made(resource, record, x, (site, *sites))
    if then is not None:
        move(resource, record, then, then_body or {}, x, holding(x, resource, record.id))
    journal.settle(x)
    return record


def _demand_of_made(resource: Resource[R], record: R, x: Context[Any], sites: tuple[UUID, ...]) -> None:
    """Which relations hold shows only now: a grant limited by one creates no record to which it does not hold."""
    permission = resource.permission("create")
    if all(x.gate.may(permission, one) for one in sites):
        return
    journal.flush(x)
    held = holding(x, resource, record.id)
    for one in sites:
        demand(x, resource, permission, one, held)


def create_as_system(x: Context[Any], kind: type[R], site: UUID, values: Mapping[str, Any]) -> R:
    """Create a record from code: the caller answers for the right to do so."""
    resource: Resource[R] = resource_of(x.registry.resources, kind)
    inner = inside(x, resource)
    journal.watch(inner)
    record = drafted(resource, dict(values), inner, site)
    _enter(resource, record, inner, site, ())
    return record


def inside(x: Context[Any], resource: Resource[Any]) -> Context[Any]:
    """The same unit of work with the rules of a resource's module; a module may have none."""
    return x.with_settings(x.snapshot.settings(resource.module) if resource.settings else Form())


def enter_as_system(resource: Resource[R], body: Mapping[str, Any], x: Context[Any], site: UUID) -> R:
    """Create a record from what its form asks for, within a larger piece of work that settles; ``x`` is the system's.

    :raises Invalid: the form takes something else; nothing was written then.
    """
    journal.watch(x)
    record = draft(resource, body, x, site)
    _enter(resource, record, x, site, ())
    return record


def draft(
    resource: Resource[R], body: Mapping[str, Any], x: Context[Any], site: UUID, sites: tuple[UUID, ...] = ()
) -> R:
    """A new record as rights, form and handlers let it be, before it has a number and is written.

    :raises Forbidden, Invalid, Conflict: it may not be.
    """
    for one in (site, *sites):
        demand(x, resource, resource.permission("create"), one)
    body = offering.named(resource.record, body, x)
    form = validate(creating_with(resource.record, x.snapshot.custom(resource.kind)), body, x.settings)
    values = {name: getattr(form, name) for name in type(form).model_fields}
    check_references(resource.record, form, x, site)
    return drafted(resource, values, x, site)


def drafted(resource: Resource[R], values: dict[str, Any], x: Context[Any], site: UUID) -> R:
    """A new record of checked values as its handlers let it be, before it has a number and is written."""
    own = {"id": new_id(), "site_id": site, "created_by": x.actor, "created_at": x.now, "updated_at": x.now}
    values, added = custom.split(values)
    record = fresh(resource.record, {**values, **own})
    custom.pend(record, added)
    with x.session.no_autoflush:
        for run in resource.flow.on_create if resource.flow else ():
            run(record, x)
        follow(resource, record, x)
    return record


def _enter(resource: Resource[R], record: R, x: Context[Any], site: UUID, sites: tuple[UUID, ...]) -> None:
    """Number and write a drafted record, and open its history."""
    with x.session.no_autoflush:
        if not record.number:
            zone = x.snapshot.sites.node(x.snapshot.sites.root).timezone
            record.number = next_number(x.session, series_of(resource), record.created_at, zone)
        journal.begin(x, record)
        if added := custom.pending(record):
            journal.also(x, record, custom.write(x, record, added, new=True))
        if resource.record.scope == "sites":
            x.session.add_all(
                RecordSite(record_kind=resource.kind, record_id=record.id, site_id=one) for one in {site, *sites}
            )
    journal.note(x, record, "create")


def series_of(resource: Resource[Any]) -> str:
    """What the numbers of a resource begin with."""
    return resource.record.number_prefix or resource.name[:2].upper()


# ---- edit ----


def update(resource: Resource[R], id: UUID, body: Mapping[str, Any], x: Context[Any], *, version: int) -> R:
    """Edit fields of a record.

    :param version: the row version that the person saw. :raises Changed: it is no longer the current one.
    """
    record, relations = _load(resource, id, x, version)
    demand(x, resource, resource.permission("edit"), record.site_id, relations, record)
    if reason := approval_steps.held(resource, record, x):
        raise Conflict(reason, extra={"gate": "guard"})
    body = offering.named(resource.record, body, x)
    form = validate(editing_with(resource.record, x.snapshot.custom(resource.kind)), body, x.settings)
    for name in sorted(form.model_fields_set):  # what one may not read one may not replace: the history would tell of it
        if (meta := meta_of(type(form).model_fields[name])) and (reads := meta.reads):
            demand(x, resource, reads, record.site_id, relations, record)
    check_references(resource.record, form, x, record.site_id)
    journal.watch(x)
    own, added = custom.split(given(form))
    with x.session.no_autoflush:
        for name, value in own.items():
            setattr(record, name, value)
        if added:
            journal.also(x, record, custom.write(x, record, added))
        journal.touch(record, x.now)
        follow(resource, record, x)
    journal.note(x, record, "edit")
    journal.settle(x)
    return record


# ---- move ----


def transition(
    resource: Resource[R], id: UUID, name: str, body: Mapping[str, Any], x: Context[Any], *, version: int | None = None
) -> R:
    """Take a transition.

    :param version: the row version that the person saw, or None to take it on whatever is current.
    :raises NotFound: no such transition, or the record may not be seen.
    """
    step = resource.flow.transitions.get(name) if resource.flow else None
    if step is None or (step.automatic and not x.gate.system):
        raise NotFound()
    record, relations = _load(resource, id, x, version)
    move(resource, record, name, body, x, relations)
    journal.settle(x)
    return record


def move(
    resource: Resource[R], record: R, name: str, body: Mapping[str, Any], x: Context[Any], relations: frozenset[str]
) -> R:
    """Take a transition on a loaded record within a larger piece of work (demo data, jobs, another record's handler)."""
    assert resource.flow is not None
    step = resource.flow.transitions[name]
    if not approval_steps.stands_in(resource, record, step, x):
        demand(x, resource, step.permission, record.site_id, relations, record)
    state = getattr(record, resource.state) if resource.state else None
    if not step.open_from(state):
        raise Conflict(NOT_FROM_HERE.format(state=getattr(state, "label", state)), extra={"gate": "state"})
    reason = refusal(resource, record, step, x)
    if reason is not None:
        raise Conflict(reason, extra={"gate": "guard"})
    of = step.adds or resource.record  # whose fields are asked for: an entry's own, or the record's
    form = validate(step.form, offering.named(of, body, x) if step.asks or step.adds else body, x.settings)
    check_references(of, form, x, record.site_id)
    journal.watch(x)
    with x.session.no_autoflush:
        for field in step.asks:
            setattr(record, field, getattr(form, field))
        to = step.run(record, form, x) if step.run else None
        if to is None and step.to:
            to = step.to[0]
        if to is not None:
            if step.to and to not in step.to:
                raise TypeError(f"{resource.kind}.{name} returned a state that it does not declare: {to!r}")
            setattr(record, str(resource.state), to)
        journal.touch(record, x.now)
        follow(resource, record, x)
    personal = frozenset(n for n, info in step.form.model_fields.items() if (m := meta_of(info)) and m.personal)
    said = {} if step.adds else {n: getattr(form, n) for n in step.form.model_fields if n not in step.asks}
    journal.note(x, record, name, inputs=said, personal=personal)
    return record


def refusal(resource: Resource[R], record: R, step: Transition[Any, Any, Any], x: Context[Any]) -> Lazy | None:
    """The first guard or veto that stands against a transition, or None."""
    for each in step.guards:
        if not each.test(record, x):
            return each.why
    if reason := approval_steps.refusal(resource, record, step, x) or reckoning.paused_out(resource, record, step, x):
        return reason
    hook = x.registry.hook(x.snapshot.modules)
    vetoes = hook.dougong_veto(record=record, transition=step.name, context=x)
    return next((v for v in vetoes if v is not None), None)


def choices_for(resource: Resource[R], record: R, x: Context[Any], relations: frozenset[str]) -> list[Offer]:
    """The transitions that the record's state allows, each with whether this person may take it now."""
    if resource.flow is None:
        return []
    out = []
    for step in resource.flow.transitions.values():
        if step.automatic or not step.open_from(getattr(record, resource.state) if resource.state else None):
            continue
        quiet = any(not each.test(record, x) for each in step.guards if each.quiet)
        may = x.gate.may(step.permission, record.site_id, relations)
        if not may and not approval_steps.stands_in(resource, record, step, x):
            out.append(Offer(step, False, _("Your roles at this site do not include it."), permitted=False, quiet=quiet))
            continue
        reason = refusal(resource, record, step, x)
        out.append(Offer(step, reason is None, reason, quiet=quiet))
    return out


# ---- parts ----


def _load(resource: Resource[R], id: UUID, x: Context[Any], version: int | None) -> tuple[R, frozenset[str]]:
    found = judged(x, resource, id)
    if found is None:
        raise NotFound()
    if version is not None and found[0].row_version != version:
        raise Changed(journal.STALE, extra={"row_version": found[0].row_version})
    return found


def demand(
    x: Context[Any],
    resource: Resource[Any],
    permission: str,
    site: UUID,
    relations: frozenset[str] | None = None,
    record: Record | None = None,
) -> None:
    """:raises Forbidden: with the explanation; or NotFound, where the module or site does not exist for this person."""
    held = frozenset(resource.relations) if relations is None else relations
    places = _all_sites(x, resource, record) if record is not None and resource.record.scope == "sites" else (site,)
    for place in places:
        if x.gate.may(permission, place, held):
            continue
        if not x.gate.scope(resource.permission("read")):
            raise NotFound()
        told = x.gate.explain(permission, place, held)
        raise Forbidden(told.mend, extra={"explanation": told})


def _all_sites(x: Context[Any], resource: Resource[Any], record: Record) -> tuple[UUID, ...]:
    return tuple(
        x.session.scalars(
            sa.select(RecordSite.site_id).where(
                RecordSite.record_kind == resource.kind, RecordSite.record_id == record.id
            )
        )
    )


def follow(resource: Resource[Any], record: Record, x: Context[Any]) -> None:
    """Let the record's flow see to what has to follow from a change, and its clocks be reckoned."""
    if resource.flow is None:
        return
    for run in resource.flow.on_change:
        run(record, x)
    approval_steps.follow(resource, record, x)
    if resource.flow.clocks:
        reckoning.reckon(resource, record, x)
        x.session.info.setdefault("followed", set()).add(record.id)


def check_references(kind: type[Stored], form: BaseModel, x: Context[Any], site: UUID) -> None:
    """Every id in the form must name something that this person may use: of this company, this site, an enabled module.

    :raises Invalid: one does not, by field.
    """
    wrong = []
    for name in form.model_fields_set:
        value = getattr(form, name)
        if not isinstance(value, UUID):
            continue
        declared = metas(kind).get(name)
        meta = meta_of(type(form).model_fields[name])
        target = target_of(declared[0], kind) if declared else None
        if not _usable(value, meta, target, x, site):
            wrong.append(FieldError(name, _("does not exist, or you may not use it here")))
    if wrong:
        raise Invalid(errors=tuple(wrong))


def _usable(value: UUID, meta: Meta | None, target: Any, x: Context[Any], site: UUID) -> bool:
    widget = meta.widget if meta else None
    if widget == "person":
        person = x.snapshot.people.get(value)
        return person is not None and person.status == "active"
    if widget == "site":
        return value in x.snapshot.sites.subtree(x.snapshot.sites.root)
    if widget == "location" or target is Location:
        place = x.session.get(Location, (x.tenant, value))
        return place is not None and place.site_id == site
    if target is not None and issubclass(target, Record):
        resource = resource_of(x.registry.resources, target)
        return judged(x, resource, value) is not None and offering.is_offered(x, resource, meta, value)
    if target is not None:
        return x.session.get(target, (x.tenant, value)) is not None
    return True
