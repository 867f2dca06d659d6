"""What planning adds to pages: from a budget to its grid, from the list of accounts to the tree on offer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from dougong import Context, translator
from dougong.views import Action

from .records import Account, Budget

_ = translator("dougong_budgeting")


def beside(page: str, subject: Any, x: Context[Any]) -> Sequence[Any]:
    """Buttons for a page."""
    if page == f"detail:{Budget.kind}":
        return [Action(str(_("Open the grid")), f"/budgeting/grid/{subject.id}", "budget", main=True)]
    if page == f"list:{Account.kind}" and x.gate.may(f"{Account.kind}.create", x.snapshot.sites.root):
        none = x.session.scalar(sa.select(sa.literal(1)).where(Account.tenant_id == x.tenant).limit(1)) is None
        if none:
            return [Action(str(_("Take over the usual account tree")), "/budgeting/take-over", "plus", post=True)]
    return ()


__all__ = ["beside"]
