"""A budget begins to bind: its amounts become the limits of its site's year."""

from __future__ import annotations

from ..planning.choices import Direction
from ..planning.ledger import accounts, amounts
from ..planning.records import Budget
from .balances import Planned, X, open_balances
from .committing import commit_contracts


def open_year(x: X, budget: Budget) -> None:
    """Called when a budget, or a new version of it, is approved. What was spent and committed before goes on counting;
    income has no limit."""
    x.session.flush()
    cells = amounts(x, budget.id)
    used = {account for account, _month in cells}
    planned = [
        Planned(
            one.code,
            [cells.get((one.id, month), 0) for month in range(1, 13)],
            "none" if one.direction is Direction.INCOME else one.stop.value,
        )
        for one in accounts(x)
        if one.id in used
    ]
    open_balances(x, budget.site_id, budget.year, planned)
    commit_contracts(x, budget.site_id, budget.year)
