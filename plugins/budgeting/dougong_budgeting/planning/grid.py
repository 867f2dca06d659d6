"""The budget as a grid: figures, the year, against another budget, what it rests on, what was changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

import sqlalchemy as sa
from dougong import Asked, Context, Invalid, PageRoute, Problem, page, refuse, translator, validate, write
from dougong.views import Action, Crumb, Figure, Tab
from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from . import basis, chart, ledger, sheet
from .api import MODULE
from .budgets import bases
from .choices import BasisKind, BudgetState
from .ledger import Entry, Wish
from .reading import Unreadable, fen, yuan
from .records import Account, Budget
from .resources import account as account_resource
from .resources import budget as resource

_ = translator("dougong_budgeting")
VIEWS = ("year", "compare", "basis", "changes")


@dataclass(slots=True)
class GridCell:
    """``version`` 0: never written; ``old``: what it was when the version began, where it is another now."""

    text: str
    version: int = 0
    old: str = ""


@dataclass(slots=True)
class GridRow:
    id: str
    name: str
    path: str
    depth: int
    leaf: bool
    direction: str
    cells: list[GridCell]
    total: str
    basis: str = ""
    before: str = ""


@dataclass(slots=True)
class GridPage:
    title: str
    subtitle: str
    state: str
    tone: str
    crumbs: list[Crumb]
    actions: list[Action]
    figures: list[Figure]
    tabs: list[Tab]
    view: str
    here: str
    api: str
    year: int
    before: int
    month: int
    editable: bool
    offer: bool
    rows: list[GridRow]
    balance: list[str]
    others: list[tuple[str, str, bool]] = field(default_factory=list)
    other: str = ""
    lines: list[tuple[str, ...]] = field(default_factory=list)
    choices: list[tuple[str, str]] = field(default_factory=list)
    kinds: list[tuple[str, str]] = field(default_factory=list)
    assumptions: str = ""
    market: str = ""
    errors: list[str] = field(default_factory=list)
    pasted: str = ""


async def show(asked: Asked) -> Response:
    """``GET /budgeting/grid/<id>``."""
    given = asked.params(("view", "month", "with"))
    return await _drawn(asked, given.get("view", "year"), given.get("month", ""), given.get("with", ""))


async def _drawn(
    asked: Asked, view: str, month: str, other: str, error: Invalid | None = None, text: str = ""
) -> Response:
    def load(session: Session) -> GridPage:
        x = asked.context(session, MODULE)
        return _page(x, x.get(Budget, asked.uuid()), view if view in VIEWS else "year", month, other)

    made = await write(asked, load)
    if error is not None:
        made.errors, made.pasted = [str(one.message) for one in error.errors], text
    return page(asked, "budgeting/grid.html", made, 422 if error is not None else 200)


def _page(x: Context[Any], b: Budget, view: str, month: str, other: str) -> GridPage:
    found = ledger.accounts(x)
    kept = ledger.cells(x, b.id)
    values = {key: one.amount for key, one in kept.items()}
    before = ledger.active(x, b.site_id, b.year - 1)
    based = {one.account_id: one for one in bases(x, b.id)}
    names = {one.id: one.name for one in found}
    income, expense = ledger.totals(found, values)
    here = f"/budgeting/grid/{b.id}"
    editable = b.status is BudgetState.DRAFT and x.gate.may("budgeting.budget.edit", b.site_id)
    changed = [(key, one) for key, one in kept.items() if one.amount != one.first]
    made = GridPage(
        str(_("{title}, {site}").format(title=b.title, site=x.snapshot.sites.node(b.site_id).name)),
        str(_("{mode}, {scenario}, version {n}, in yuan").format(mode=b.fee_mode.label, scenario=b.scenario.label, n=b.version)),
        str(b.status.label),
        "doing" if b.status in (BudgetState.DRAFT, BudgetState.ACTIVE) else "acc",
        [Crumb(str(resource.label), resource.path), Crumb(b.number, f"{resource.path}/{b.id}"), Crumb(str(_("Grid")))],
        [Action(str(_("Approval and history")), f"{resource.path}/{b.id}", "doc", main=True)],
        _figures(b, before, sum(income), sum(expense)),
        [
            Tab(str(_("Whole year")), here, current=view == "year"),
            Tab(str(_("Against {year}").format(year=b.year - 1)), f"{here}?view=compare", current=view == "compare"),
            Tab(str(_("Basis and assumptions")), f"{here}?view=basis", len(based), view == "basis"),
            Tab(str(_("Changes")), f"{here}?view=changes", len(changed), view == "changes"),
        ],
        view, here, f"/api/v1/budgeting/cells/{b.id}", b.year, b.year - 1,
        int(month) if month.isdecimal() and month.isascii() and len(month) < 3 and int(month) in ledger.MONTHS else 0, editable,
        not found and x.gate.may(account_resource.permission("create"), x.snapshot.sites.root),
        [], [yuan(i - e) for i, e in zip(income, expense, strict=True)] + [yuan(sum(income) - sum(expense))],
    )  # fmt: skip
    if view == "year":
        past = ledger.amounts(x, before.id) if before else {}
        made.rows = _rows(found, values, kept, past)
        for row in made.rows:
            if (one := based.get(UUID(row.id))) is not None:
                row.basis = basis.words(one, names)
    elif view == "compare":
        _compare(x, b, before, other, found, values, made)
    elif view == "basis":
        _bases(made, found, based, names, values, b)
    else:
        _changes(x, made, names, changed)
    return made


def _figures(b: Budget, before: Budget | None, income: int, expense: int) -> list[Figure]:
    def against(now: int, past: int) -> str:
        if not past:
            return ""
        return str(_("{change} against {year}").format(change=f"{(now - past) / past:+.1%}", year=b.year - 1))

    per = f"{expense / 1200 / b.area:.2f}" if b.area else "–"
    share = str(_("{share} of income").format(share=f"{(income - expense) / income:.1%}")) if income else ""
    area = str(_("Charged area {area} m²").format(area=f"{b.area:,}")) if b.area else ""
    return [
        Figure(str(_("Income")), yuan(income, "0"), "", against(income, before.income if before else 0), ""),
        Figure(str(_("Expense")), yuan(expense, "0"), "", against(expense, before.expense if before else 0), ""),
        Figure(str(_("Balance")), yuan(income - expense, "0"), "", share, "", "bad" if income < expense else ""),
        Figure(str(_("Cost per m² and month")), per, str(_("yuan")) if b.area else "", area, ""),
    ]


def _rows(
    found: Sequence[Account],
    values: dict[ledger.Key, int],
    kept: dict[ledger.Key, Entry],
    past: dict[ledger.Key, int],
) -> list[GridRow]:
    every = ledger.sums(found, values)
    own = {one.id for one in ledger.leaves(found)}
    depth: dict[UUID, int] = {}
    names: dict[UUID, str] = {}
    out = []
    for one in found:
        depth[one.id] = depth.get(one.parent_id, -1) + 1 if one.parent_id else 0
        above = names.get(one.parent_id) if one.parent_id else None
        names[one.id] = f"{above} / {one.name}" if above else one.name
        cells = []
        for month, amount in enumerate(every[one.id], 1):
            entry = kept.get((one.id, month)) if one.id in own else None
            old = yuan(entry.first, "0") if entry is not None and entry.first != entry.amount else ""
            cells.append(GridCell(yuan(amount), entry.version if entry else 0, old))
        before = (
            ",".join(yuan(past.get((one.id, m), 0)).replace(",", " ") for m in ledger.MONTHS)
            if past and one.id in own
            else ""
        )
        out.append(
            GridRow(
                str(one.id), one.name, names[one.id], depth[one.id], one.id in own, one.direction.value, cells,
                yuan(sum(every[one.id])), before=before,
            )
        )  # fmt: skip
    return out


def _compare(
    x: Context[Any], b: Budget, before: Budget | None, other: str, found: Sequence[Account], values: dict[ledger.Key, int],
    made: GridPage,
) -> None:  # fmt: skip
    query = x.readable(Budget).where(
        Budget.site_id == b.site_id, Budget.year.in_((b.year, b.year - 1)), Budget.id != b.id
    )
    near = list(x.session.scalars(query.order_by(sa.desc(Budget.year), sa.desc(Budget.version)).limit(40)))
    chosen = next((one for one in near if str(one.id) == other), before or next(iter(near), None))
    made.others = [
        (str(one.id), f"{one.year} {one.scenario.label} {one.version} · {one.status.label}", one is chosen)
        for one in near
    ]
    if chosen is None:
        return
    made.other = next(words for _id, words, current in made.others if current) if chosen in near else str(chosen.year)
    now, past = ledger.sums(found, values), ledger.sums(found, ledger.amounts(x, chosen.id))
    for one in found:
        mine, theirs = sum(now[one.id]), sum(past[one.id])
        change = f"{(mine - theirs) / theirs:+.1%}" if theirs else "–"
        strong = "sum" if one.parent_id is None else ""
        made.lines.append((one.name, yuan(theirs), yuan(mine), yuan(mine - theirs), change, strong))


def _named(b: Budget) -> str:
    return f"{b.year} {b.scenario.label} {b.version} · {b.status.label}"


def _bases(
    made: GridPage, found: Sequence[Account], based: dict[UUID, Any], names: dict[UUID, str], values: dict[ledger.Key, int],
    b: Budget,
) -> None:  # fmt: skip
    for one in found:
        if (kept := based.get(one.id)) is None:
            continue
        months = basis.result(kept, values)
        real = [values.get((one.id, m), 0) for m in ledger.MONTHS]
        differs = "" if months == real else str(_("The months differ from it"))
        made.lines.append((one.name, basis.words(kept, names), yuan(sum(real)), differs))
    own = ledger.leaves(found)
    made.choices = [(str(one.id), f"{one.code} {one.name}") for one in own]
    made.kinds = [(one.value, str(one.label)) for one in BasisKind]
    made.assumptions, made.market = b.assumptions or "", b.market or ""


def _changes(x: Context[Any], made: GridPage, names: dict[UUID, str], changed: list[tuple[ledger.Key, Entry]]) -> None:
    people = {
        one: x.snapshot.people[one].name for one in {e.by for _k, e in changed} if one and one in x.snapshot.people
    }
    for (account, month), one in sorted(changed, key=lambda pair: str(pair[1].at), reverse=True)[:500]:
        who = people.get(one.by, "") if one.by else ""
        what = str(_("{account}, month {n}").format(account=names.get(account, "–"), n=month))
        made.lines.append((what, yuan(one.first, "0"), yuan(one.amount, "0"), yuan(one.amount - one.first), who))


# ---- without a script ----


async def act(asked: Asked) -> Response:
    """``POST /budgeting/grid/<id>``: a month's form, a pasted sheet, a basis."""
    given = await asked.form()
    kind, month = given.get("act", ""), given.get("month", "")
    view = "basis" if kind == "basis" else "year"

    def work(session: Session) -> None:
        x = asked.context(session, MODULE)
        budget = ledger.locked(x, asked.uuid())
        if kind == "basis":
            body = {n: v for n, v in given.items() if n != "act" and v != ""}
            basis.put(x, budget, cast(basis.Based, validate(basis.Based, _decimal(body), None)))
        else:
            found = ledger.accounts(x)
            wishes = sheet.wishes(given.get("text", ""), found) if kind == "paste" else _month(given, month, found)
            ledger.save(x, budget, wishes)

    try:
        await write(asked, work)
    except Invalid as wrong:
        return await _drawn(asked, view, month, "", wrong, given.get("text", ""))
    asked.flash(_("Saved."))
    here = f"/budgeting/grid/{asked.uuid()}"
    return RedirectResponse(
        f"{here}?view={view}" if view == "basis" else f"{here}?month={month}" if kind != "paste" else here, 303
    )


def _month(given: Any, month: str, found: Sequence[Account]) -> list[Wish]:
    if not month.isdecimal() or not month.isascii() or len(month) > 2 or int(month) not in ledger.MONTHS:
        raise _wrong(_("A month is a number from 1 to 12."))
    out = []
    for one in ledger.leaves(found):
        text = given.get(f"a-{one.id}")
        if text is None:
            continue
        try:
            amount = fen(text)
        except Unreadable as why:
            raise _wrong(f"{one.name}: {why}") from why
        seen = given.get(f"v-{one.id}", "")
        out.append(
            Wish(one.id, int(month), amount, int(seen) if seen.isdecimal() and len(seen) < 10 else None, one.name)
        )
    return out


def _decimal(body: dict[str, str]) -> dict[str, Any]:
    """The form's figures: quantities, yuan and per cent with decimals, as the whole numbers that are kept."""
    out: dict[str, Any] = dict(body)
    for name, factor in (("quantity", 1000), ("price", 100), ("share", 100)):
        if name in body:
            try:
                out[name] = fen(body[name]) * factor // 100
            except Unreadable as why:
                raise _wrong(why.why) from why
    return out


def _wrong(why: object) -> Problem:
    return refuse("text", str(why))


async def offer(asked: Asked) -> Response:
    """``POST /budgeting/take-over``: the tree on offer becomes the company's."""
    await asked.form()
    made = await write(asked, lambda session: chart.take_over(asked.context(session, MODULE)))
    asked.flash(_("{n} accounts were made.").format(n=made))
    return RedirectResponse(account_resource.path, 303)


ROUTES = (
    PageRoute("grid/{id}", show),
    PageRoute("grid/{id}", act, method="POST"),
    PageRoute("take-over", offer, method="POST"),
)

__all__ = ["ROUTES"]
