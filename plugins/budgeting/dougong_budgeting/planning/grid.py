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

from . import basis, chart, comparing, drawing, ledger, sheet
from . import before as year_before
from .api import MODULE
from .budgets import bases
from .choices import BasisKind, BudgetState
from .drawing import GridRow
from .ledger import Entry, Wish
from .reading import Unreadable, fen, yuan
from .records import Account, Budget
from .resources import account as account_resource
from .resources import budget as resource

_ = translator("dougong_budgeting")
VIEWS = ("year", "compare", "basis", "changes")


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
    before: str
    month: int
    editable: bool
    offer: bool
    rows: list[GridRow]
    balance: list[str]
    others: list[tuple[str, str, bool]] = field(default_factory=list)
    other: str = ""
    mine: str = ""
    compared: list[comparing.Line] = field(default_factory=list)
    lines: list[tuple[str, ...]] = field(default_factory=list)
    choices: list[tuple[str, str]] = field(default_factory=list)
    kinds: list[tuple[str, str]] = field(default_factory=list)
    assumptions: str = ""
    market: str = ""
    errors: list[str] = field(default_factory=list)
    pasted: str = ""


async def show(asked: Asked) -> Response:
    """``GET /budgeting/grid/<id>``."""
    given = asked.params(("view", "month", "with", "of"))
    other, of = given.get("with", ""), given.get("of", "")
    return await drawn(asked, given.get("view", "year"), given.get("month", ""), other, of)


async def drawn(
    asked: Asked, view: str, month: str, other: str, of: str = "", error: Invalid | None = None, text: str = ""
) -> Response:
    """The page of a budget.

    :param other: what it is compared with. :param of: the account whose months are compared. :param error: what was refused,
        said on it. :param text: what was pasted, kept in its field.
    """

    def load(session: Session) -> GridPage:
        x = asked.context(session, MODULE)
        return _page(x, x.get(Budget, asked.uuid()), view if view in VIEWS else "year", month, other, of)

    made = await write(asked, load)
    if error is not None:
        made.errors, made.pasted = [str(one.message) for one in error.errors], text
    return page(asked, "budgeting/grid.html", made, 422 if error is not None else 200)


def _page(x: Context[Any], b: Budget, view: str, month: str, other: str, of: str) -> GridPage:
    found = ledger.accounts(x)
    kept = ledger.by_account(x, b.id)
    every = ledger.added(found, {id: one.amounts for id, one in kept.items()})
    income, expense = comparing.totals(found, every)
    before = ledger.active(x, b.site_id, b.year - 1)
    based = {one.account_id: one for one in bases(x, b.id)}
    names = {one.id: one.name for one in found}
    here = f"/budgeting/grid/{b.id}"
    editable = b.status is BudgetState.DRAFT and x.gate.may("budgeting.budget.edit", b.site_id)
    changed = sum(a != f for one in kept.values() for a, f in zip(one.amounts, one.firsts, strict=True))
    made = GridPage(
        str(_("{title}, {site}").format(title=b.title, site=x.snapshot.sites.node(b.site_id).name)),
        str(_("{mode}, {scenario}, version {n}, in yuan").format(mode=b.fee_mode.label, scenario=b.scenario.label, n=b.version)),
        str(b.status.label),
        "doing" if b.status in (BudgetState.DRAFT, BudgetState.ACTIVE) else "acc",
        [Crumb(str(resource.label), resource.path), Crumb(b.number, f"{resource.path}/{b.id}"), Crumb(str(_("Grid")))],
        [
            Action(str(_("Export to Excel")), f"{here}/workbook", "export"),
            Action(str(_("Approval and history")), f"{resource.path}/{b.id}", "doc", main=True),
        ],
        _figures(b, before, sum(income), sum(expense)),
        [
            Tab(str(_("Whole year")), here, current=view == "year"),
            Tab(str(_("Compare")), f"{here}?view=compare", current=view == "compare"),
            Tab(str(_("Basis and assumptions")), f"{here}?view=basis", len(based), view == "basis"),
            Tab(str(_("Changes")), f"{here}?view=changes", changed, view == "changes"),
        ],
        view, here, f"/api/v1/budgeting/cells/{b.id}", b.year, "",
        int(month) if month.isdecimal() and month.isascii() and len(month) < 3 and int(month) in ledger.MONTHS else 0, editable,
        not found and x.gate.may(account_resource.permission("create"), x.snapshot.sites.root),
        [], [yuan(i - e) for i, e in zip(income, expense, strict=True)] + [yuan(sum(income) - sum(expense))],
    )  # fmt: skip
    if view == "year":
        past, made.before = _past(x, b, before, found)
        made.rows = drawing.rows(found, every, kept, past, made.month or 1)
        for row in made.rows:
            if (one := based.get(UUID(row.id))) is not None:
                row.basis = basis.words(one, names)
    elif view == "compare":
        _compare(x, b, before, (other, of), found, every, made)
    elif view == "basis":
        _bases(made, found, based, names, kept, b)
    else:
        _changes(x, made, names, [(key, one) for key, one in ledger.cells(x, b.id).items() if one.amount != one.first])
    return made


def _past(
    x: Context[Any], b: Budget, before: Budget | None, found: Sequence[Account]
) -> tuple[dict[UUID, list[int]], str]:
    """The year before, to look back at: as it went, else as it was planned; and what that is called."""
    if went := year_before.actual(x, b, found):
        return went, _actual(x, b)
    if before is None:
        return {}, ""
    planned = {id: one.amounts for id, one in ledger.by_account(x, before.id).items()}
    return planned, str(_("{year} planned").format(year=b.year - 1))


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


def _compare(
    x: Context[Any], b: Budget, before: Budget | None, asked_for: tuple[str, str], found: Sequence[Account],
    every: dict[UUID, list[int]], made: GridPage,
) -> None:  # fmt: skip
    """:param asked_for: what it is compared with, and the account whose months are compared."""
    other, of = asked_for
    query = x.readable(Budget).where(
        Budget.site_id == b.site_id, Budget.year.in_((b.year, b.year - 1)), Budget.id != b.id
    )
    near = list(x.session.scalars(query.order_by(sa.desc(Budget.year), sa.desc(Budget.version)).limit(40)))
    until = year_before.over(x, b)
    went = year_before.actual(x, b, found) if until else None
    chosen = next((one for one in near if str(one.id) == other), None)
    if chosen is None and went is None:
        chosen = before if before in near else next(iter(near), None)
    if chosen is None and went is None:
        return
    actual = _actual(x, b)
    made.others = [("", actual, chosen is None)] if went is not None else []
    made.others += [(str(one.id), _named(one), one is chosen) for one in near]
    made.other, made.mine = actual, str(_("This version"))
    theirs = went or {}
    if chosen is not None:
        made.other, until = _named(chosen), 12
        theirs = {id: one.amounts for id, one in ledger.by_account(x, chosen.id).items()}
    if until < 12:
        made.mine = str(_("This version, the same {n} months").format(n=until))
    past = ledger.added(found, theirs)
    here = f"{made.here}?view=compare&with={chosen.id if chosen is not None else ''}"
    made.compared = comparing.lines(found, past, every, until, here, of)


def _actual(x: Context[Any], b: Budget) -> str:
    done = year_before.over(x, b)
    words = _("{year} actual") if done == 12 else _("{year} actual, {n} months")
    return str(words.format(year=b.year - 1, n=done))


def _named(b: Budget) -> str:
    words = _("{year} {scenario}, version {n}, {state}")
    return str(words.format(year=b.year, scenario=b.scenario.label, n=b.version, state=b.status.label))


def _bases(
    made: GridPage, found: Sequence[Account], based: dict[UUID, Any], names: dict[UUID, str], kept: dict[UUID, ledger.Months],
    b: Budget,
) -> None:  # fmt: skip
    values = {(id, m): amount for id, one in kept.items() for m, amount in enumerate(one.amounts, 1)}
    for one in found:
        if (rests := based.get(one.id)) is None:
            continue
        months = basis.result(rests, values)
        real = [values.get((one.id, m), 0) for m in ledger.MONTHS]
        differs = "" if months == real else str(_("The months differ from it"))
        made.lines.append((one.name, basis.words(rests, names), yuan(sum(real)), differs))
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
        return await drawn(asked, view, month, "", "", wrong, given.get("text", ""))
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

__all__ = ["ROUTES", "drawn"]
