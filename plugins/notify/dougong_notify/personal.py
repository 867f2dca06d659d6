"""What messages keep of people: their own e-mail addresses. Messages themselves hold no words of records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Context, Hit, Kept, Lazy, PersonalStore, fits_person, translator

from .records import Delivery, Habit

_ = translator("dougong_notify")

ADDRESSES, ERRORS = "address", "error"


def find(x: Context[Any], terms: Sequence[str], records: Sequence[Hit]) -> Iterable[Kept]:
    own = sa.or_(fits_person(Habit.email, terms), fits_person(Habit.new_email, terms))
    for habit in x.session.scalars(sa.select(Habit).where(Habit.tenant_id == x.tenant, own)):
        person = x.snapshot.people.get(habit.person_id)
        yield Kept(f"{ADDRESSES}:{habit.person_id}", person.name if person else "–", (str(_("E-mail")),))
    query = sa.select(Delivery).where(Delivery.tenant_id == x.tenant, fits_person(Delivery.error, terms))
    for one in x.session.scalars(query.limit(1000)):  # a mail server may name the address that it refuses
        yield Kept(f"{ERRORS}:{one.id}", f"{one.channel} {one.created_at:%Y-%m-%d}", (str(_("Error")),))


def export(x: Context[Any], kept: Kept) -> Mapping[str, Any]:
    found = _one(x, kept)
    if isinstance(found, Habit):
        return {"email": found.email, "new_email": found.new_email}
    return {"error": found.error}


def erase(x: Context[Any], kept: Kept) -> Lazy | None:
    found = _one(x, kept)
    if isinstance(found, Habit):
        found.email = found.new_email = found.code = None
    else:
        found.error = None
    return None


def _one(x: Context[Any], kept: Kept) -> Habit | Delivery:
    what, _colon, id = kept.id.partition(":")
    if what == ADDRESSES:
        return x.session.get_one(Habit, (x.tenant, UUID(id)))
    return x.session.get_one(Delivery, (x.tenant, UUID(id)))


STORE = PersonalStore("notify.addresses", _("Messages"), find, export, erase)
