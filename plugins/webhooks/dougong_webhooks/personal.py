"""What webhooks keep of people: personal values are never sent, but a receiver may say some in its answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Context, Hit, Kept, Lazy, PersonalStore, fits_person, translator

from .matching import MODULE
from .records import Delivery

_ = translator("dougong_webhooks")

MOST = 1000


def find(x: Context[Any], terms: Sequence[str], records: Sequence[Hit]) -> Iterable[Kept]:
    query = sa.select(Delivery).where(
        Delivery.tenant_id == x.tenant, Delivery.answer != "", fits_person(Delivery.answer, terms)
    )
    for one in x.session.scalars(query.order_by(Delivery.id.desc()).limit(MOST)):
        yield Kept(str(one.id), f"{one.event} {one.number}", (str(_("Answer")),), f"/{MODULE}/delivery/{one.id}")


def export(x: Context[Any], kept: Kept) -> Mapping[str, Any]:
    return {"answer": _one(x, kept).answer}


def erase(x: Context[Any], kept: Kept) -> Lazy | None:
    _one(x, kept).answer = ""
    return None


def _one(x: Context[Any], kept: Kept) -> Delivery:
    return x.session.get_one(Delivery, (x.tenant, UUID(kept.id)))


STORE = PersonalStore("webhooks.answers", _("Answers to webhooks"), find, export, erase)
