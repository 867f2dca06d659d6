"""What owners are told of a site's months: items instead of accounts, sums that reconcile with the books, no names.

Two sheets (物业服务收费管理办法, 发改价格〔2003〕1864号): under 酬金制 the service funds are the owners', so all that came in and
went out is told, by the nine items of cost of Art. 11, with what is left (Art. 9, 12). Under 包干制 gain and loss are the
company's (Art. 9): fees are told, and what was earned with common parts, which is the owners' in either case (民法典 Art. 282,
943).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Context, translator
from dougong.views import FigureCell, FigureHeading, FigureRow, FigureTable

from ..planning.choices import Direction, FeeMode, OwnersItem
from ..planning.ledger import accounts
from ..planning.reading import exact
from ..planning.records import Account
from ..spending.records import Balance

_ = translator("dougong_budgeting")
X = Context[Any]
I = OwnersItem  # noqa: E741 (the items are named in tables below)

COSTS = (
    I.STAFF, I.FACILITIES, I.CLEANING, I.GREENS, I.ORDER, I.OFFICE, I.DEPRECIATION, I.INSURANCE, I.AGREED, I.TAXES,
    I.COMMISSION,
)  # fmt: skip
Pair = tuple[int, int]  # planned and actual, fen


def items_of(known: Sequence[Account]) -> dict[str, OwnersItem | None]:
    """Account code → where it stands: its own item, or that of the nearest account above it."""
    by_id = {one.id: one for one in known}
    found: dict[str, OwnersItem | None] = {}
    for one in known:
        at: Account | None = one
        while at is not None and at.owners is None:
            at = by_id.get(at.parent_id) if at.parent_id else None
        found[one.code] = at.owners if at is not None else None
    return found


def figures(x: X, site: UUID, year: int, first: int, until: int, mode: FeeMode) -> dict[str, Any]:
    """The sheet's figures, fen, as JSON keeps them: ``mode``, ``items`` (item → planned and actual), ``unassigned`` (codes)."""
    known = accounts(x)
    items = items_of(known)
    wanted = {I.FEES, I.COMMON_INCOME, I.COMMON_COST}
    if mode is FeeMode.COMMISSION:
        wanted |= {I.OTHER_INCOME, *COSTS}
    sums: dict[OwnersItem, Pair] = {}
    unassigned = []
    for code, planned, actual in _amounts(x, site, year, first, until):
        item = items.get(code)
        if item is None and (planned or actual):
            unassigned.append(code)
        if item in wanted and item is not None:
            before = sums.get(item, (0, 0))
            sums[item] = before[0] + planned, before[1] + actual
    return {
        "mode": mode.value,
        "items": {item.value: list(sums.get(item, (0, 0))) for item in OwnersItem if item in wanted},
        "unassigned": unassigned,
    }


def _amounts(x: X, site: UUID, year: int, first: int, until: int) -> list[tuple[str, int, int]]:
    sums = (sa.func.sum(one).cast(sa.BigInteger) for one in (Balance.approved, Balance.spent))
    rows = x.session.execute(
        sa.select(Balance.account, *sums)
        .where(Balance.tenant_id == x.tenant, Balance.site_id == site, Balance.year == year)
        .where(Balance.period.between(first, until))
        .group_by(Balance.account)
        .order_by(Balance.account)
    )
    return [(row[0], row[1], row[2]) for row in rows]


# ---- in words ----


def tables(told: Mapping[str, Any]) -> list[FigureTable]:
    """The sheet as tables."""
    items = {one: _pair(told["items"][one.value]) for one in OwnersItem if one.value in told["items"]}
    common = _table(
        _("Earned with common parts (the owners' own)"),
        [(I.COMMON_INCOME, items), (I.COMMON_COST, items)],
        (str(_("Left for the owners")), _less(items[I.COMMON_INCOME], items[I.COMMON_COST])),
    )
    if told["mode"] == FeeMode.LUMP.value:
        return [_table(_("Fees (lump sum)"), [(I.FEES, items)], None), common]
    came = _sum(items[one] for one in (I.FEES, I.OTHER_INCOME))
    went = _sum(items[one] for one in COSTS)
    return [
        _table(
            _("Service funds: what came in"), [(one, items) for one in (I.FEES, I.OTHER_INCOME)], (str(_("Together")), came)
        ),
        _table(_("Service funds: what was spent"), [(one, items) for one in COSTS], (str(_("Together")), went)),
        _table(
            _("Service funds: what is left"), [],
            (str(_("Left over, or lacking; carried into the next year")), _less(came, went)),
        ),
        common,
    ]  # fmt: skip


def left(told: Mapping[str, Any]) -> tuple[int, int | None]:
    """What is left of the common parts' earnings, and of the service funds (None: lump sum), fen."""
    items = {name: pair[1] for name, pair in told["items"].items()}
    common = items["common_income"] - items["common_cost"]
    if told["mode"] == FeeMode.LUMP.value:
        return common, None
    return common, items["fees"] + items["other_income"] - sum(items[one.value] for one in COSTS)


def _table(title: Any, rows: Sequence[tuple[OwnersItem, Mapping[OwnersItem, Pair]]], total: Any) -> FigureTable:
    heads = (_("Item"), _("Planned (yuan)"), _("Actual (yuan)"), _("Share of plan"))
    made = FigureTable(str(title), [FigureHeading(str(one)) for one in heads], [])
    made.rows = [FigureRow(str(item.label), None, _cells(items[item])) for item, items in rows]
    if total is not None:
        cells = _cells(total[1])
        if OwnersItem.COMMON_COST in [item for item, _items in rows] or not rows:  # a rest is no share of a rest
            cells[-1] = FigureCell("–", soft=True)
        made.total = FigureRow(total[0], None, cells, strong=True)
    return made


def _cells(pair: Pair) -> list[FigureCell]:
    planned, actual = pair
    share = f"{actual * 100 / planned:.1f}%" if planned > 0 and actual >= 0 else "–"
    return [FigureCell(exact(planned)), FigureCell(exact(actual)), FigureCell(share, soft=True)]


def _pair(kept: Sequence[int]) -> Pair:
    return kept[0], kept[1]


def _sum(pairs: Any) -> Pair:
    found = list(pairs)
    return sum(one[0] for one in found), sum(one[1] for one in found)


def _less(one: Pair, other: Pair) -> Pair:
    return one[0] - other[0], one[1] - other[1]


def by_direction(told: Mapping[str, Any], direction: Direction) -> int:
    """Actual fen of all items of one direction, for whoever reconciles the sheet with the books."""
    return sum(told["items"][one.value][1] for one in OwnersItem if one.value in told["items"] and one.fits(direction))


__all__ = ["by_direction", "figures", "items_of", "left", "tables"]
