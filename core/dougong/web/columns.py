"""The page on which a person chooses the columns of a list: boxes to tick and buttons to move them, without a script.

The order stands in the form itself, so that every press of a button answers with the page as it then is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse, Response

from ..errors import FieldError, Invalid, NotFound
from ..records import savedviews
from ..words import translator
from . import listquery, looking
from .pages import page
from .plans import Plan
from .requests import write
from .views import ColumnChoice, ColumnsPage, Crumb
from .work import context

if TYPE_CHECKING:
    from .requests import Asked
    from .shapes import Shape

_ = translator("dougong")

_TITLE = _("Columns")
_FOR_VIEW = _("These columns go with the view “{view}” once you save it there.")
_SAVED, _RESET = _("Your columns are saved"), _("The list has its own columns again")


class Columns:
    """The endpoint ``…/columns``."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    async def show(self, asked: Asked) -> Response:
        if not asked.gate.scope(self.plan.resource.permission("read")):
            raise NotFound()
        desk = await looking.desk_of(asked, self.plan)
        look = looking.resolve(asked, self.plan, desk, rows=1)
        shown = [s.name for s in look.columns] if look.columns else declared(self.plan)
        known = listquery.choosable(self.plan, asked.gate)
        order = [*(n for n in shown if n in known), *(n for n in known if n not in shown)]
        return self._page(asked, order, shown, known, look.view)

    async def save(self, asked: Asked) -> Response:
        if not asked.gate.scope(self.plan.resource.permission("read")):
            raise NotFound()
        plan = self.plan
        form = await asked.form()
        desk = await looking.desk_of(asked, plan)
        look = looking.resolve(asked, plan, desk, rows=1)
        known = listquery.choosable(plan, asked.gate)
        order = list(dict.fromkeys(n for n in form.getlist("order") if n in known))
        order += [n for n in known if n not in order]
        shown = [n for n in order if n in set(form.getlist("on"))]
        if "up" in form or "down" in form:
            moved(order, form.get("up") or form.get("down", ""), -1 if "up" in form else 1)
            return self._page(asked, order, shown, known, look.view, focus=form.get("up") or form.get("down", ""))
        if "reset" in form:
            await write(asked, lambda s: savedviews.choose(context(asked, s, plan), plan.kind, None))
            asked.flash(_RESET)
            return RedirectResponse(self._back(asked, look, fields=None), 303)
        if not shown:
            wrong = Invalid(errors=(FieldError("on", _("Tick at least one column.")),))
            return self._page(asked, order, shown, known, look.view, str(wrong.errors[0].message), wrong.status)
        if look.view is not None:
            return RedirectResponse(self._back(asked, look, fields=",".join(shown)), 303)
        chosen = None if shown == declared(plan) else shown
        await write(asked, lambda s: savedviews.choose(context(asked, s, plan), plan.kind, chosen))
        asked.flash(_SAVED)
        return RedirectResponse(self._back(asked, look, fields=None), 303)

    def _back(self, asked: Asked, look: looking.Look, *, fields: str | None) -> str:
        return listquery.href(self.plan.path, looking.pairs_of(asked, look), fields=fields)

    def _page(
        self,
        asked: Asked,
        order: Sequence[str],
        shown: Sequence[str],
        known: dict[str, Shape],
        view: savedviews.View | None,
        error: str = "",
        status: int = 200,
        focus: str = "",
    ) -> Response:
        plan, pairs = self.plan, asked.query.multi_items()
        names = {s.name: str(label_of(plan, s)) for s in known.values()}
        made = ColumnsPage(
            str(_TITLE),
            listquery.href(f"{plan.path}/columns", pairs),
            [ColumnChoice(n, names[n], n in shown, focus == n) for n in order],
            [Crumb(str(plan.label), listquery.href(plan.path, pairs)), Crumb(str(_TITLE))],
            str(_FOR_VIEW.format(view=view.name)) if view else "",
            listquery.href(plan.path, pairs),
            error,
        )
        return page(asked, "columns.html", made, status)


def declared(plan: Plan) -> list[str]:
    """The columns that the list has by itself."""
    names = [shape.name for shape in plan.listed]
    due = [one.due for one in plan.resource.deadlines]
    if due and not any(name in due for name in names):
        names.append(due[0])
    return [name for name in names if name not in plan.resource.badges]


def label_of(plan: Plan, shape: Shape) -> object:
    """What a column is called: a deadline by its own name."""
    return next((one.label for one in plan.resource.deadlines if one.due == shape.name), shape.label)


def moved(order: list[str], name: str, by: int) -> None:
    """Move one name in place; at an end it stays."""
    if name not in order:
        return
    at = order.index(name)
    order.insert(max(0, min(len(order) - 1, at + by)), order.pop(at))
