"""What budgets say: how a year goes at a site and over many, its forecast, charts, and what owners are told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dougong import Context, translator
from dougong.views import Action, MenuItem

from ..planning.choices import BINDING
from ..planning.records import Budget
from ..spending.resources import GROUP
from . import pages, reports, resources, sheets, upward
from .demo import fill as fill
from .records import Allocation, Disclosure

_ = translator("dougong_budgeting")

RESOURCES: tuple[Any, ...] = resources.RESOURCES
PERMISSIONS: tuple[Any, ...] = resources.PERMISSIONS
ROLES: tuple[Any, ...] = resources.ROLES
ROUTES: tuple[Any, ...] = (*pages.ROUTES, *sheets.ROUTES)
JOBS: tuple[Any, ...] = ()
CONTRIBUTIONS: tuple[Any, ...] = (*reports.REPORTS, *resources.EVENTS, upward.section, sheets.PAPER)


def beside(page: str, subject: Any, x: Context[Any]) -> Iterable[Any]:
    """What this part adds to other pages."""
    if page == "shell" and x.gate.scope(pages.READ).free:
        yield MenuItem(str(_("How the year goes")), pages.HERE, "chart", group=str(GROUP))
    if page == f"detail:{Budget.kind}" and subject.status in BINDING and x.gate.may(pages.READ, subject.site_id):
        slug = x.snapshot.sites.node(subject.site_id).slug
        href = f"{pages.HERE}?year={subject.year}&site={slug}&of=site"
        yield Action(str(_("How the year goes")), href, "chart")
    if page == f"detail:{Allocation.kind}":
        yield Action(str(_("How it is divided")), f"/budgeting/dividing/{subject.id}", "chart", main=True)
    if page == f"detail:{Disclosure.kind}":
        yield Action(str(_("Open the sheet")), f"/budgeting/told/{subject.id}", "doc", main=True)
