"""The page of the cause analysis: five whys and fishbone as rows, drawn; rows come and go by buttons, so no script is needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from dougong import (
    Asked,
    Context,
    FieldError,
    Invalid,
    PageRoute,
    Problem,
    page,
    stamp,
    translator,
    with_problem,
    write,
)
from dougong.views import Action, Crumb, FormPage, Input, InputTable, Option, Section, TableRow
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from .choices import Factor
from .fishbone import drawing
from .flow import acting
from .records import Analysis, Nonconformity
from .structure import FEWEST, MOST_CAUSES, MOST_WHYS

_ = translator("dougong_quality")

COLUMNS = {"whys": ("why", "because", "evidence"), "bones": ("factor", "cause")}
MOST = {"whys": MOST_WHYS, "bones": MOST_CAUSES}
Rows = list[dict[str, Any]]


@dataclass
class Drawn:
    """One analysis to be looked at."""

    title: str
    by: str
    svg: str
    whys: Rows
    factor: str
    conclusion: str


@dataclass
class AnalysisPage:
    """``quality/analysis.html`` draws it. ``form``: None where this person may not analyse now."""

    title: str
    subtitle: str
    crumbs: list[Crumb]
    back: Action
    now: Drawn | None
    earlier: list[Drawn]
    form: FormPage | None = None
    words: dict[str, str] = field(default_factory=dict)


@dataclass
class Typed:
    """What stands in the form: rows of both tables, the two fields below."""

    whys: Rows
    bones: Rows
    factor: str = ""
    conclusion: str = ""

    def rows(self, table: str) -> Rows:
        return self.whys if table == "whys" else self.bones


async def show(asked: Asked) -> Response:
    asked.params()
    return page(
        asked, "quality/analysis.html", await write(asked, lambda s: _page(_x(asked, s), asked.uuid(), None, None))
    )


async def save(asked: Asked) -> Response:
    """Save the analysis; or another row, or one less, which saves nothing."""
    asked.params()
    form, id = await asked.form(), asked.uuid()
    typed = _typed(form)
    if _rearranged(typed, form.get("add", ""), form.get("remove", "")):
        shown = await write(asked, lambda s: _page(_x(asked, s), id, typed, None))
        return page(asked, "quality/analysis.html", shown)
    places = {table: [n for n, row in enumerate(typed.rows(table)) if not _blank(table, row)] for table in COLUMNS}
    body: dict[str, Any] = {table: [typed.rows(table)[n] for n in places[table]] for table in COLUMNS}
    body |= {
        name: value for name, value in (("factor", typed.factor), ("conclusion", typed.conclusion.strip())) if value
    }

    def work(session: Session) -> str:
        x = _x(asked, session)
        return x.take(x.get(Nonconformity, id), acting.analyse.name, **body).number

    try:
        number = await write(asked, work)
    except Invalid as problem:
        wrong = Invalid(errors=tuple(_placed(one, places) for one in problem.errors))
        shown = await write(asked, lambda s: _page(_x(asked, s), id, typed, wrong))
        return page(asked, "quality/analysis.html", shown, problem.status)
    asked.flash(_("{number}: the cause analysis is kept").format(number=number))
    return RedirectResponse(f"/quality/nonconformity/{id}", 303)


def _x(asked: Asked, session: Session) -> Context[Any]:
    return asked.context(session, "quality")


# ---- what was typed ----


def _typed(form: Any) -> Typed:
    """Rows as far as there may be any: a longer form is not ours."""
    tables: dict[str, Rows] = {}
    for table, columns in COLUMNS.items():
        text = form.get(table, "")
        count = min(int(text), MOST[table]) if text.isascii() and text.isdigit() and len(text) < 4 else 0
        tables[table] = [
            {
                **{c: form.get(f"{table}.{n}.{c}", "").strip() for c in columns},
                "root": bool(form.get(f"{table}.{n}.root")),
            }
            for n in range(count)
        ]
    return Typed(
        tables["whys"], tables["bones"], form.get("factor", ""), form.get("conclusion", "").replace("\r\n", "\n")
    )


def _rearranged(typed: Typed, add: str, remove: str) -> bool:
    """Whether a button that adds or removes a row was pressed."""
    if add in COLUMNS:
        if len(typed.rows(add)) < MOST[add]:
            typed.rows(add).append({"root": False})
        return True
    table, _dot, at = remove.partition(".")
    if table in COLUMNS and at.isascii() and at.isdigit() and len(at) < 4:
        del typed.rows(table)[int(at) : int(at) + 1]
        return True
    return False


def _blank(table: str, row: Mapping[str, Any]) -> bool:
    """A row that nobody filled in: a bone has its factor from the start."""
    return not row["root"] and not any(row.get(c) for c in COLUMNS[table] if c != "factor")


def _placed(error: FieldError, places: Mapping[str, list[int]]) -> FieldError:
    """The error of a row at the row as it stands in the form, where blank rows were left out."""
    table, _dot, rest = error.path.partition(".")
    at, _dot, column = rest.partition(".")
    if table in places and at.isdigit() and int(at) < len(places[table]):
        return FieldError(f"{table}.{places[table][int(at)]}.{column}", error.message)
    return error


# ---- the page ----


def _page(x: Context[Any], id: UUID, typed: Typed | None, problem: Problem | None) -> AnalysisPage:
    from .pages import allowed, crumbs

    c = x.get(Nonconformity, id)
    found = [_drawn(one, c, x) for one in reversed(x.children(c, Analysis))]
    title = str(_("Cause analysis"))
    made = AnalysisPage(
        title,
        f"{c.number} · {' '.join(c.statement.split())[:160]}",
        crumbs(c, title),
        Action(str(_("Back to the nonconformity")), f"/quality/nonconformity/{c.id}"),
        found[0] if found else None,
        found[1:],
        words={
            "whys": str(_("Five whys")),
            "bone": str(_("Fishbone")),
            "because": str(_("Because")),
            "evidence": str(_("Evidence")),
            "root": str(_("Root cause")),
            "factor": str(_("Cause lies in")),
            "conclusion": str(_("Conclusion")),
            "earlier": str(_("Earlier analyses")),
            "none": str(_("There is no analysis yet.")),
        },
    )
    if c.status in acting.analyse.sources and allowed(c, acting.analyse.permission, x):
        made.form = with_problem(_form(c, typed or _begun(c, x)), problem)
    return made


def _drawn(one: Analysis, c: Nonconformity, x: Context[Any]) -> Drawn:
    zone = x.snapshot.sites.zone(c.site_id)
    who = x.snapshot.people.get(one.created_by) if one.created_by else None
    bones, whys = _rows(one.bones), _rows(one.whys)
    title = " ".join(c.statement.split())[:60]
    head = str(_("Round {n}").format(n=one.round))
    by = f"{who.name if who else ''} · {stamp(one.at, zone)}"
    svg = drawing(title, bones) if bones else ""
    return Drawn(head, by, svg, whys, str(one.factor.label), one.conclusion or "")


def _rows(stored: Any) -> Rows:
    return [dict(one) for one in stored or ()]


def _begun(c: Nonconformity, x: Context[Any]) -> Typed:
    """The form begins with this round's last analysis, else with empty rows."""
    last = next((one for one in reversed(x.children(c, Analysis)) if one.round == c.round), None)
    if last is not None:
        return Typed(_rows(last.whys), _rows(last.bones), last.factor.value, last.conclusion or "")
    return Typed([{"root": False} for _n in range(FEWEST)], [{"factor": f.value, "root": False} for f in Factor])


def _form(c: Nonconformity, typed: Typed) -> FormPage:
    factors = [Option(one.value, str(one.label), one.value == typed.factor) for one in Factor]
    sections = [
        Section(
            str(_("Five whys")),
            [],
            help=str(
                _("From what happened down to what lets it happen: three to seven levels, the last one is the root.")
            ),
            table=_table("whys", typed, str(_("Level")), str(_("Another why"))),
        ),
        Section(
            str(_("Fishbone")),
            [],
            help=str(_("Causes of any factor; mark those that are roots. Rows left empty are not kept.")),
            table=_table("bones", typed, str(_("Cause")), str(_("Another cause"))),
        ),
        Section(
            str(_("Conclusion")),
            [
                Input(
                    "factor",
                    str(_("Cause lies in")),
                    "radios",
                    typed.factor,
                    required=True,
                    options=factors,
                    help=str(_("Reports count by it.")),
                ),
                Input("conclusion", str(_("Conclusion")), "prose", typed.conclusion, maxlength=20_000),
            ],
        ),
    ]
    hidden = [("whys", str(len(typed.whys))), ("bones", str(len(typed.bones)))]
    address = f"/quality/analysis/{c.id}"
    return FormPage(
        str(_("Cause analysis")),
        address,
        str(_("Keep this analysis")),
        sections,
        hidden=hidden,
        cancel=f"/quality/nonconformity/{c.id}",
    )


def _table(table: str, typed: Typed, label: str, add: str) -> InputTable:
    words = {
        "why": str(_("Why?")),
        "because": str(_("Because")),
        "evidence": str(_("Evidence")),
        "factor": str(_("Factor")),
        "cause": str(_("Cause")),
        "root": str(_("Root cause")),
    }
    columns = (*COLUMNS[table], "root")
    rows = [
        TableRow(f"{n + 1}", [_input(table, n, c, words[c], row) for c in columns], ("remove", f"{table}.{n}"))
        for n, row in enumerate(typed.rows(table))
    ]
    more = ("add", table, add) if len(rows) < MOST[table] else None
    return InputTable(label, [words[c] for c in columns], rows, more)


def _input(table: str, n: int, column: str, label: str, row: Mapping[str, Any]) -> Input:
    name, value = f"{table}.{n}.{column}", row.get(column, "")
    if column == "root":
        return Input(name, label, "bool", "1" if value else "")
    if column == "factor":
        options = [Option(one.value, str(one.label), one.value == value) for one in Factor]
        return Input(name, label, "choice", str(value), options=options)
    return Input(name, label, "line", str(value), maxlength=500 if column == "evidence" else 300)


ROUTES = (PageRoute("analysis/{id}", show), PageRoute("analysis/{id}", save, "POST"))
