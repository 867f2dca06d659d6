"""Accounts of the company's own people, as a store that is searched: they are found and handed over, never erased here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from dougong import Context, Hit, Kept, Lazy, PersonalStore, translator
from dougong import accounts as accounts_of

_ = translator("dougong_privacy")

_FIELDS = {"name": _("Name"), "email": _("E-mail"), "phone": _("Phone")}


def find(x: Context[Any], terms: Sequence[str], records: Sequence[Hit]) -> Iterable[Kept]:
    for id, name, fields in accounts_of(x, terms):
        yield Kept(str(id), name, tuple(str(_FIELDS[one]) for one in fields))


def export(x: Context[Any], kept: Kept) -> Mapping[str, Any]:
    email, phone = x.contact(UUID(kept.id))
    return {"name": kept.label, "email": email, "phone": phone}


def erase(x: Context[Any], kept: Kept) -> Lazy | None:
    return _("Accounts are closed in the administration; who did what stays named.")


STORE = PersonalStore("privacy.accounts", _("Accounts"), find, export, erase)
