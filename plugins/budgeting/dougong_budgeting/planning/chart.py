"""The account tree: what a form cannot check by itself, and the domain page's tree that a company may take over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Context, Form, Lazy, Workflow, refuse, translator

from .choices import AccountState, Direction, OwnersItem, Stop
from .records import Account, Cell
from .settings import PlanningSettings

_ = translator("dougong_budgeting")
X = Context[PlanningSettings]
flow = Workflow(Account, Account.status, PlanningSettings)


@flow.changing
def checked(a: Account, x: X) -> None:
    """A tree stays a tree, below one direction, and an account with amounts does not become a sum."""
    if a.parent_id is None:
        return
    above = {
        row.id: row
        for row in x.session.execute(
            sa.select(Account.id, Account.parent_id, Account.direction).where(Account.tenant_id == x.tenant)
        )
    }
    seen = {a.id}
    one: UUID | None = a.parent_id
    if one in above and above[one].direction is not a.direction:
        raise refuse("direction", _("The account above has the other direction."))
    while one is not None:
        if one in seen:
            raise refuse("parent_id", _("That account stands below this one already."))
        seen.add(one)
        one = above[one].parent_id if one in above else None
    used = sa.select(sa.literal(1)).where(Cell.tenant_id == x.tenant, Cell.account_id == a.parent_id, Cell.amount != 0)
    if x.session.scalar(used.limit(1)):
        raise refuse("parent_id", _("That account has amounts of its own: give them to an account below it first."))


@flow.changing
def kept_by_code(a: Account, x: X) -> None:
    """Limits and what is spent are kept by code: another one would begin with nothing spent."""
    here = sa.inspect(a)
    changed = [name for name in ("code", "direction") if here.persistent and here.attrs[name].history.deleted]
    used = sa.select(sa.literal(1)).where(Cell.tenant_id == x.tenant, Cell.account_id == a.id, Cell.amount != 0)
    if changed and x.session.scalar(used.limit(1)):
        raise refuse(changed[0], _("stays as it is: there are amounts in this account. Close it and add another."))


@flow.changing
def on_the_right_side(a: Account, x: X) -> None:
    """Income stands among income on the owners' sheet, too."""
    if a.owners is not None and not a.owners.fits(a.direction):
        raise refuse("owners", _("is of the other direction"))


@flow.on(_("No longer use"), AccountState.OPEN, AccountState.CLOSED, form=Form, icon="close", danger=True)
def shut(a: Account, form: Form, x: X) -> None:
    """Amounts of the past stay."""


@flow.on(_("Use again"), AccountState.CLOSED, AccountState.OPEN, form=Form, icon="undo")
def reopen(a: Account, form: Form, x: X) -> None:
    """It can be budgeted again."""


@dataclass(frozen=True)
class Offered:
    """An account of the tree on offer."""

    code: str
    name: Lazy
    direction: Direction = Direction.EXPENSE
    stop: Stop = Stop.SOFT
    negative: bool = False
    above: str = ""


_IN, _EX = Direction.INCOME, Direction.EXPENSE


def _below(above: str, direction: Direction, stop: Stop, *names: Lazy) -> tuple[Offered, ...]:
    return tuple(Offered(f"{above}{n:02}", name, direction, stop, False, above) for n, name in enumerate(names, 1))


DEFAULT: tuple[Offered, ...] = (
    Offered("40", _("Income"), _IN, Stop.NONE),
    *_below(
        "40", _IN, Stop.NONE, _("Property fee"), _("Parking"), _("Common income"), _("Special services")
    ),
    Offered("4005", _("Water and power balance"), _IN, Stop.NONE, True, "40"),
    Offered("4006", _("Client's contract sum"), _IN, Stop.NONE, False, "40"),
    Offered("4007", _("Subsidies and other"), _IN, Stop.NONE, False, "40"),
    Offered("51", _("Labour")),
    *_below("51", _EX, Stop.SOFT, _("Wages"), _("Social insurance and housing fund"), _("Welfare"), _("Overtime"), _("Training")),
    Offered("52", _("Engineering")),
    *_below(
        "52", _EX, Stop.HARD, _("Daily repairs"), _("Lift maintenance"), _("Fire protection maintenance"),
        _("Tests and inspections"),
    ),
    Offered("5205", _("Energy"), _EX, Stop.SOFT, False, "52"),
    Offered("53", _("Environment")),
    *_below(
        "53", _EX, Stop.HARD, _("Contracted cleaning"), _("Waste removal"), _("Pest control"), _("Greening"), _("Water tanks"),
    ),
    Offered("54", _("Safety and order")),
    *_below("54", _EX, Stop.HARD, _("Contracted guards"), _("Equipment of guards"), _("Drills")),
    Offered("55", _("Administration")),
    *_below("55", _EX, Stop.HARD, _("Office"), _("Community activities"), _("Recruiting")),
    Offered("56", _("Finance costs")),
    *_below("56", _EX, Stop.SOFT, _("Taxes"), _("Insurance"), _("Bank charges")),
    Offered("57", _("Fixed assets"), _EX, Stop.HARD),
    Offered("58", _("Unforeseen"), _EX, Stop.HARD),
    Offered("59", _("Management commission"), _EX, Stop.NONE),
)  # fmt: skip

# Where they stand on the owners' sheet; those below as the one above.
_O = OwnersItem
OWNERS = {
    "4001": _O.FEES, "4002": _O.OTHER_INCOME, "4003": _O.COMMON_INCOME, "4004": _O.NONE, "4005": _O.OTHER_INCOME,
    "4006": _O.NONE, "4007": _O.OTHER_INCOME, "51": _O.STAFF, "52": _O.FACILITIES, "53": _O.CLEANING, "5304": _O.GREENS,
    "54": _O.ORDER, "55": _O.OFFICE, "56": _O.OFFICE, "5601": _O.TAXES, "5602": _O.INSURANCE, "57": _O.DEPRECIATION,
    "58": _O.AGREED, "59": _O.COMMISSION,
}  # fmt: skip


def take_over(x: Context[Any]) -> int:
    """Create the accounts on offer whose codes the company does not have yet; how many were made.

    :raises Forbidden: this person may not create accounts.
    """
    root = x.snapshot.sites.root
    known = {
        row.code: row.id
        for row in x.session.execute(sa.select(Account.code, Account.id).where(Account.tenant_id == x.tenant))
    }
    made = 0
    for n, one in enumerate(DEFAULT, 1):
        if one.code in known:
            continue
        body = {
            "code": one.code, "name": str(one.name), "direction": one.direction.value, "stop": one.stop.value,
            "negative": one.negative, "place": n * 10,
            "parent_id": str(known[one.above]) if one.above else None,
            "owners": OWNERS[one.code].value if one.code in OWNERS else None,
        }  # fmt: skip
        known[one.code] = x.submit(Account, root, body).id
        made += 1
    return made


__all__ = ["DEFAULT", "Offered", "flow", "take_over"]
