"""The goals of an appraisal as a table: rows come and go by buttons, saved all at once."""

from __future__ import annotations

from typing import Any

from dougong import Asked, Context, Invalid, page, translator, with_problem, write
from dougong.views import Crumb, FormPage, Input, InputTable, Section, TableRow
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from ..appraisals import set_goals
from ..base import MOST_GOALS
from ..records import Appraisal, Goal
from ..resources import appraisal as resource

_ = translator("dougong_hr")
COLUMNS = ("title", "weight", "target")
BEGIN = 3  # empty rows where there are no goals yet
Rows = list[dict[str, str]]


async def show(asked: Asked) -> Response:
    """The table; once the goals stand, the appraisal itself."""
    asked.params()

    def load(session: Session) -> FormPage | None:
        x, a = _found(asked, session)
        return _form(x, a, None) if set_goals.open_from(a.status) else None

    found = await write(asked, load)
    if found is None:
        return RedirectResponse(f"{resource.path}/{asked.uuid()}", 303)
    return page(asked, "form.html", found)


async def save(asked: Asked) -> Response:
    """Save all goals; or another row, or one less, which saves nothing."""
    asked.params()
    form = await asked.form()
    rows = _typed(form)
    if _rearranged(rows, form.get("add", ""), form.get("remove", "")):
        return page(asked, "form.html", await write(asked, lambda s: _form(*_found(asked, s), rows)))
    kept = [n for n, row in enumerate(rows) if any(row.values())]
    body = [{**rows[n], "weight": _number(rows[n]["weight"])} for n in kept]

    def work(session: Session) -> None:
        x, a = _found(asked, session)
        x.take(a, set_goals.name, goals=body)

    try:
        await write(asked, work)
    except Invalid as problem:
        wrong = Invalid(errors=tuple(type(e)(_place(e.path, kept), e.message) for e in problem.errors))
        shown = await write(asked, lambda s: with_problem(_form(*_found(asked, s), rows), wrong))
        return page(asked, "form.html", shown, 422)
    asked.flash(_("The goals were saved."))
    return RedirectResponse(f"{resource.path}/{asked.uuid()}", 303)


def _found(asked: Asked, session: Session) -> tuple[Context[Any], Appraisal]:
    x = asked.context(session, "hr")
    a = x.get(Appraisal, asked.uuid())
    x.demand(set_goals.permission, a)
    return x, a


def _typed(form: Any) -> Rows:
    """Rows as far as there may be any: a longer form is not ours."""
    text = form.get("rows", "")
    count = min(int(text), MOST_GOALS) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    return [{c: str(form.get(f"goals.{n}.{c}", "")).strip() for c in COLUMNS} for n in range(count)]


def _rearranged(rows: Rows, add: str, remove: str) -> bool:
    """Whether a button that adds or removes a row was pressed."""
    if add:
        if len(rows) < MOST_GOALS:
            rows.append(dict.fromkeys(COLUMNS, ""))
        return True
    if remove.isascii() and remove.isdigit() and len(remove) < 4:
        del rows[int(remove) : int(remove) + 1]
        return True
    return False


def _number(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else text


def _place(path: str, kept: list[int]) -> str:
    """The error of a goal at its row as it stands in the form, where empty rows were left out."""
    first, _dot, rest = path.partition(".")
    at, _dot, column = rest.partition(".")
    return f"goals.{kept[int(at)]}.{column}" if first == "goals" and at.isdigit() and int(at) < len(kept) else path


def _form(x: Context[Any], a: Appraisal, rows: Rows | None) -> FormPage:
    if rows is None:
        goals = sorted(x.children(a, Goal), key=lambda one: one.place)
        rows = [{"title": g.title, "weight": str(g.weight), "target": g.target} for g in goals]
        rows = rows or [dict.fromkeys(COLUMNS, "") for _n in range(BEGIN)]
    labels = {"title": str(_("Goal")), "weight": f"{_('Weight')} %", "target": str(_("Target"))}
    table = InputTable(
        str(_("Goals")),
        list(labels.values()),
        [TableRow(str(n + 1), [_input(n, c, labels[c], row) for c in COLUMNS], ("remove", str(n))) for n, row in enumerate(rows)],
        ("add", "goals", str(_("Another goal"))) if len(rows) < MOST_GOALS else None,
    )  # fmt: skip
    help = str(_("What is to be reached in the period, and by what one will see it. The weights together are 100."))
    title = str(_("Set goals"))
    return FormPage(
        title=title,
        subtitle=f"{a.number} {a.title}",
        action=f"/hr/appraisals/{a.id}/goals",
        submit=str(_("Save the goals")),
        sections=[Section(str(_("Goals")), [], help=help, table=table)],
        hidden=[("rows", str(len(rows)))],
        crumbs=[Crumb(str(resource.label), resource.path), Crumb(a.number, f"{resource.path}/{a.id}"), Crumb(title)],
        cancel=f"{resource.path}/{a.id}",
    )


def _input(n: int, column: str, label: str, row: dict[str, str]) -> Input:
    name, value = f"goals.{n}.{column}", row.get(column, "")
    if column == "weight":
        return Input(name, label, "number", value, min="1", max="100")
    return Input(name, label, "line", value, maxlength=200)
