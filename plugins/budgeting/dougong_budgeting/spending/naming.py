"""Accounts as people name them: by code or by name."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from dougong import Context, refuse, translator

from ..planning.records import Account

_ = translator("dougong_budgeting")


def account_of(text: str, x: Context[Any]) -> str:
    """The code of an account that somebody named by its code or its name.

    :raises Invalid: several accounts have this name.
    """
    said = " ".join(text.split())
    found = sa.select(Account.code).where(
        Account.tenant_id == x.tenant, sa.or_(Account.code == said, Account.name == said)
    )
    codes = list(x.session.scalars(found.limit(3)))
    if said in codes or not codes:
        return said
    if len(codes) > 1:
        raise refuse("account", _("is the name of several accounts: say the code"))
    return codes[0]


def account_name(code: Any) -> sa.Select[str]:
    """The name of the account whose code stands in a column (``field(named=account_name)``)."""
    return sa.select(Account.name).where(Account.tenant_id == code.class_.tenant_id, Account.code == code)


def named(x: Context[Any], code: str) -> str:
    """An account's code with its name; the code alone where there is none of that code."""
    name = x.session.scalar(sa.select(Account.name).where(Account.tenant_id == x.tenant, Account.code == code))
    return f"{code} {name}" if name else code


__all__ = ["account_name", "account_of", "named"]
