"""Who may do what by default: finance keeps the accounts, projects and finance draw up, the line of the approval signs."""

from __future__ import annotations

from dougong import RoleDefault

from . import budgets, chart
from .resources import RESOURCES, account, budget

READ = tuple(one.permission("read") for one in RESOURCES)
OF_BUDGETS = tuple(dict.fromkeys(s.permission for s in budgets.flow.transitions.values() if not s.automatic))
OF_ACCOUNTS = tuple(s.permission for s in chart.flow.transitions.values() if not s.automatic)
SIGN = (budgets.approve.permission,)
DRAW_UP = tuple(budget.permission(action) for action in ("create", "edit", "comment", "attach"))
SETTLE = ("budgeting.budget.settle",)
PROJECT = (*READ, *DRAW_UP, *(p for p in OF_BUDGETS if p not in SETTLE))

ROLES = (
    RoleDefault(
        "finance",
        (
            *READ, *DRAW_UP, budget.permission("moderate"), *OF_BUDGETS, *OF_ACCOUNTS,
            *(account.permission(action) for action in ("create", "edit", "comment", "attach", "moderate")),
        ),
    ),
    RoleDefault("project_manager", PROJECT),
    *(
        RoleDefault(slug, (*READ, budget.permission("comment"), *SIGN))
        for slug in ("regional_director", "property_director", "general_manager")
    ),
)  # fmt: skip

__all__ = ["ROLES"]
