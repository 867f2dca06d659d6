"""The menu of saved views on a list. The pages behind it are in ``savedpages``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..records import savedviews
from ..words import translator
from .listquery import href
from .looking import PLAIN, Look
from .views import Action, SavedViews, Tab

if TYPE_CHECKING:
    from .plans import Plan
    from .requests import Asked

_ = translator("dougong")

_OWN_NONE = _("The list itself")
_SAVE, _OVERWRITE, _MANAGE = _("Save as a view…"), _("Save into “{view}”"), _("Manage views…")


def menu(asked: Asked, plan: Plan, look: Look, pairs: Sequence[tuple[str, str]]) -> SavedViews:
    """The views that this person may use, and what they may do with what they look at."""
    site = [(k, v) for k, v in pairs if k == "site"]
    at = asked.path if asked.path.startswith(plan.path) else plan.path
    views, desk = [], look.desk
    if desk.views:
        plain = PLAIN if desk.opening else None
        views.append(Tab(str(_OWN_NONE), href(at, site, view=plain), current=look.view is None))
    views += [
        Tab(one.name, href(at, site, view=str(one.id)), current=look.view is not None and one.id == look.view.id)
        for one in desk.views
    ]
    actions = []
    fields = ",".join(shape.name for shape in look.columns) if look.columns else None
    if look.view is not None and look.changed and savedviews.may_change(asked.gate, look.view):
        label = str(_OVERWRITE.format(view=look.view.name))
        actions.append(
            Action(
                label,
                href(f"{plan.path}/views/{look.view.id}/overwrite", pairs, view=None, fields=fields),
                "check",
                post=True,
            )
        )
    actions.append(Action(str(_SAVE), href(f"{plan.path}/views/new", pairs, view=None, fields=fields), "plus"))
    if desk.views:
        actions.append(Action(str(_MANAGE), href(f"{plan.path}/views", site), "set"))
    return SavedViews(look.view.name if look.view else "", views, actions, look.changed)
