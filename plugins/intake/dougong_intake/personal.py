"""What the intake keeps of residents beside the records: reports that wait to be checked, and consents.

A consent names the version and the fields, no value: it goes along in an export and stays when a person is erased, as the
proof that there was one (个人信息保护法 Art. 69 lets the company show that it was not at fault).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Context, Hit, Kept, Lazy, PersonalStore, fits_person, stamp, translator

from .records import Consent
from .submissions import State, Submission

_ = translator("dougong_intake")


def find(x: Context[Any], terms: Sequence[str], records: Sequence[Hit]) -> Iterable[Kept]:
    """Reports that wait: what was sent lies in them as it came."""
    said = sa.func.jsonb_each_text(Submission.body).table_valued("key", "value", name="said")
    fits = sa.exists(sa.select(said.c.key).where(fits_person(said.c.value, terms)))
    query = sa.select(Submission).where(Submission.tenant_id == x.tenant, Submission.status == State.WAITING, fits)
    for one in x.session.scalars(query.order_by(Submission.id.desc()).limit(1000)):
        yield Kept(str(one.id), one.number, (str(_("What was sent")),), f"/intake/submission/{one.id}")


def export(x: Context[Any], kept: Kept) -> Mapping[str, Any]:
    one = x.session.get_one(Submission, (x.tenant, UUID(kept.id)))
    return {"text": one.text, **one.body}


def erase(x: Context[Any], kept: Kept) -> Lazy | None:
    one = x.session.get_one(Submission, (x.tenant, UUID(kept.id)))
    if one.status is State.WAITING:
        return _("It still waits to be checked: register or discard it first.")
    one.body = {}
    return None


def find_consents(x: Context[Any], terms: Sequence[str], records: Sequence[Hit]) -> Iterable[Kept]:
    numbers = {one.id: one.number for one in records}
    query = sa.select(Consent).where(Consent.tenant_id == x.tenant, Consent.record_id.in_(numbers))
    for one in x.session.scalars(query):
        words = _("version {n} of the notice, {at}").format(n=one.version, at=stamp(one.at, x.snapshot.sites.zone()))
        yield Kept(str(one.id), f"{numbers[one.record_id]}: {words}")


def export_consent(x: Context[Any], kept: Kept) -> Mapping[str, Any]:
    one = x.session.get_one(Consent, (x.tenant, UUID(kept.id)))
    return {"version": one.version, "at": one.at.isoformat(), "fields": one.fields}


def keep_consent(x: Context[Any], kept: Kept) -> Lazy | None:
    return _("It holds no personal value, and proves that there was a consent.")


STORES = (
    PersonalStore("intake.submissions", _("Held-back reports"), find, export, erase),
    PersonalStore("intake.consents", _("Consents"), find_consents, export_consent, keep_consent),
)
