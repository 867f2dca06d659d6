"""What an account's months rest on: a formula in whole numbers, shown in words, whose result fills the months."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from dougong import Context, Form, Line, Whole, asked, refuse, translator
from pydantic import Field

from . import ledger
from .budgets import scaled
from .choices import BasisKind
from .reading import yuan
from .records import Account, Basis, Budget

_ = translator("dougong_budgeting")
X = Context[Any]
Figure = Annotated[Whole, Field(ge=0, le=10**12)]


class Based(Form):
    """A basis as it is asked for."""

    account: UUID = asked(_("Account"))
    method: BasisKind = asked(_("How it is reckoned"))
    quantity: Figure = asked(_("Area or quantity, in thousandths"), default=0)
    price: Figure = asked(_("Rate or price in fen"), default=0)
    share: Annotated[Whole, Field(ge=0, le=1_000_000)] = asked(
        _("Rate or share in hundredths of a per cent"), default=10_000
    )
    of_account: UUID | None = asked(_("Share of"), default=None)
    months: Annotated[Whole, Field(ge=1, le=0xFFF)] = asked(_("Months, a bit each"), default=0xFFF)
    note: Line | None = asked(_("Note"), default=None)


def result(one: Basis, values: Mapping[ledger.Key, int]) -> list[int]:
    """Twelve months in fen, each rounded half up to a fen of its own."""
    out = []
    for month in ledger.MONTHS:
        if not one.months >> (month - 1) & 1:
            out.append(0)
        elif one.method is BasisKind.PERCENT:
            base = values.get((one.of_account, month), 0) if one.of_account else 0
            out.append(scaled(base, one.share, 10_000))
        else:
            share = one.share if one.method is BasisKind.AREA else 10_000
            out.append(scaled(one.quantity * one.price, share, 10_000 * 1000))
    return out


def words(one: Basis, names: Mapping[UUID, str]) -> str:
    """The formula as people read it."""
    share = f"{one.share / 100:g}%"
    quantity = f"{one.quantity / 1000:,g}" if one.quantity % 1000 else f"{one.quantity // 1000:,}"
    if one.method is BasisKind.AREA:
        said = _("{area} m² × ¥ {rate} × collection {share}").format(
            area=quantity, rate=yuan(one.price, "0"), share=share
        )
    elif one.method is BasisKind.QUANTITY:
        said = _("{quantity} × ¥ {price}").format(quantity=quantity, price=yuan(one.price, "0"))
    else:
        said = _("{share} of {account}").format(
            share=share, account=names.get(one.of_account, "–") if one.of_account else "–"
        )
    return (
        f"{one.note}: {said}" if one.note and one.note.isascii() else f"{one.note}：{said}" if one.note else str(said)
    )


def put(x: X, budget: Budget, form: Based) -> None:
    """Keep an account's basis and fill its months; a locked budget.

    :raises Invalid: not an account with amounts of its own; a share of itself; more than a cell holds.
    """
    found = {one.id: one for one in ledger.leaves(ledger.accounts(x))}
    _check(form, found)
    kept = x.session.get(Basis, (x.tenant, budget.id, form.account)) or Basis(
        budget_id=budget.id, account_id=form.account, method=form.method
    )
    kept.method, kept.quantity, kept.price, kept.share = form.method, form.quantity, form.price, form.share
    kept.months, kept.note = form.months, form.note
    kept.of_account = form.of_account if form.method is BasisKind.PERCENT else None
    x.session.add(kept)
    x.session.flush()
    months = result(kept, ledger.amounts(x, budget.id))
    ledger.save(x, budget, [ledger.Wish(form.account, n, v, None, "quantity") for n, v in enumerate(months, 1)])


def _check(form: Based, found: Mapping[UUID, Account]) -> None:
    if form.account not in found:
        raise refuse("account", _("There is no such account."))
    if form.method is BasisKind.PERCENT and (form.of_account not in found or form.of_account == form.account):
        raise refuse("of_account", _("Say of which other account."))


__all__ = ["Based", "put", "result", "words"]
