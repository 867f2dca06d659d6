"""The life of a budget: 编制→项目提交→财务审核→区域→公司批准→执行→决算; whoever returns it returns it to its drawing up.

Under 酬金制 the owners agree before it is executed (民法典 Art. 278: the owners decide together on what is theirs together).
"""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Conflict, Context, Day, Form, Level, Prose, Whole, Workflow, asked, guard, refuse, translator
from pydantic import Field

from . import before, ledger
from .choices import BINDING, BudgetState, FeeMode, Scenario, YearBefore
from .ledger import Entry
from .records import Basis, Budget, Cell
from .settings import PlanningSettings

_ = translator("dougong_budgeting")
X = Context[PlanningSettings]
S = BudgetState
TERMS = ("fee_mode", "area", "assumptions", "market")
flow = Workflow(Budget, Budget.status, PlanningSettings)


class Reason(Form):
    """Why."""

    reason: Prose = asked(_("Reason"))


@flow.creating
def drawn_up(b: Budget, x: X) -> None:
    same = sa.select(sa.func.max(Budget.version)).where(
        Budget.tenant_id == x.tenant, Budget.site_id == b.site_id, Budget.year == b.year, Budget.scenario == b.scenario
    )
    b.version = int(x.session.scalar(same) or 0) + 1
    words = _("Income and expense {year}") if b.version == 1 else _("Income and expense {year}, version {n}")
    b.title = str(words.format(year=b.year, n=b.version))


@flow.changing
def approved_terms(b: Budget, x: X) -> None:
    """What was signed stands: costs are divided by the area, and the fee mode says whether owners agree. An area that nobody had
    said may be said later."""
    here = sa.inspect(b)
    if not here.persistent or b.status is S.DRAFT:
        return
    changed = {name: here.attrs[name].history.deleted for name in TERMS}
    if any(old and (name != "area" or old[0] is not None) for name, old in changed.items()):
        raise Conflict(_("What was submitted is not changed: draw up a new version, or ask for an adjustment."))


@guard(_("There are no amounts in it yet."))
def has_amounts(b: Budget, x: X) -> bool:
    some = sa.select(sa.literal(1)).where(Cell.tenant_id == x.tenant, Cell.budget_id == b.id, Cell.amount != 0)
    return bool(x.session.scalar(some.limit(1)))


@guard(_("Another budget of this site and year is in execution: what changes is an adjustment of that one."))
def is_first(b: Budget, x: X) -> bool:
    found = ledger.active(x, b.site_id, b.year)
    return found is None or found.id == b.id


def authors(b: Budget, x: X) -> set[UUID]:
    """Whoever wrote amounts in it approves none of them, besides who drew it up and who submits it."""
    return ledger.writers(x, b.id)


def levels(b: Budget, x: X) -> list[Level]:
    """Project, finance, region, company; the latter two from the company's sums.

    Nobody approves their own: where the only project manager drew it up, wrote in it or submits it, the project's level is
    decided by the next above. Does the region sign anyway, it signs for the project too; else the level stays and climbs to it.
    """
    managers = {one.id for one in x.who("project_manager", b.site_id)}
    own = bool(managers) and managers <= {b.created_by, x.actor, *authors(b, x)}
    settings = x.settings_of("budgeting")
    region = b.expense >= settings.budget_region_from
    above = _("Project, decided above: its manager drew the budget up") if own else _("Project")
    both = _("Region, for the project too: its manager drew the budget up") if own else _("Region")
    return [
        Level("project", above, roles=("project_manager",), state=S.PROJECT, when=not (own and region)),
        Level("finance", _("Finance"), roles=("finance",), state=S.FINANCE),
        Level("region", both, roles=("regional_director",), state=S.REGION, when=region),
        Level(
            "company", _("Company"), roles=("property_director", "general_manager"), state=S.COMPANY,
            when=b.expense >= settings.budget_company_from,
        ),
    ]  # fmt: skip


approve = flow.approval(
    "approve",
    _("Budget"),
    sources=S.DRAFT,
    levels=levels,
    granted=(S.ACTIVE, S.OWNERS),
    returned=S.DRAFT,
    authors=authors,
    due=Budget.sign_by,
    late=Budget.sign_late,
    hours=lambda settings: settings.budget_sign_hours,
    guards=(has_amounts, is_first),
)


@approve.when_granted
def granted(b: Budget, x: X) -> BudgetState:
    if b.fee_mode is FeeMode.COMMISSION and b.owners_on is None:
        return S.OWNERS
    execute(b, x)
    return S.ACTIVE


def execute(b: Budget, x: X) -> None:
    """From now on it binds: one a site and year, and never changed again.

    :raises Conflict: another one does already.
    """
    from .. import spending

    x.session.execute(  # two that are granted at once wait for each other here
        sa.select(Budget.id)
        .where(Budget.tenant_id == x.tenant, Budget.site_id == b.site_id, Budget.year == b.year)
        .order_by(Budget.id)
        .with_for_update()
    )
    other = sa.select(Budget.id).where(
        Budget.tenant_id == x.tenant, Budget.site_id == b.site_id, Budget.year == b.year, Budget.status.in_(BINDING),
        Budget.id != b.id,
    )  # fmt: skip
    if x.session.scalar(other.limit(1)):
        raise Conflict(is_first.why)
    b.active_at = x.now
    spending.open_year(x, b)


class OwnersSaid(Form):
    """The owners' decision, as it was taken."""

    on: Day = asked(_("Owners agreed on"))
    basis: Prose = asked(
        _("How the owners agreed"), help=_("Meeting or written vote, its number, shares for and against.")
    )


@flow.on(_("Note the owners' approval"), S.OWNERS, S.ACTIVE, form=OwnersSaid, icon="check")
def owners_agreed(b: Budget, f: OwnersSaid, x: X) -> None:
    if f.on > x.today(b.site_id):
        raise refuse("on", _("This day is yet to come."))
    b.owners_on, b.owners_basis = f.on, f.basis
    execute(b, x)


@flow.on(_("The owners refused"), S.OWNERS, S.DRAFT, form=Reason, icon="undo")
def owners_refused(b: Budget, f: Reason, x: X) -> None:
    """Back to where it is drawn up; the next submission goes the whole way again."""


@flow.on(
    _("Make the final account"), S.ACTIVE, S.CLOSED, form=Reason, icon="check",
    help=_("The year is over and its amounts are final."),
)  # fmt: skip
def settle(b: Budget, f: Reason, x: X) -> None:
    if x.today(b.site_id).year <= b.year:
        raise Conflict(_("The year {year} is not over yet.").format(year=b.year))
    b.closed_at = x.now


@flow.on(_("Drop"), (S.DRAFT, S.OWNERS), S.DROPPED, form=Reason, icon="close", danger=True)
def drop(b: Budget, f: Reason, x: X) -> None:
    """It stays readable."""


# ---- from another budget ----


class Copying(Form):
    """What the new version is for."""

    scenario: Scenario = asked(_("Scenario"), start=Scenario.BASE)


class TakingOver(Form):
    """Last year, as it was planned or as it went, changed by so much."""

    source: YearBefore = asked(
        _("Take over"), start=YearBefore.PLAN, default=YearBefore.PLAN,
        help=_("As it went: months that are over as they were spent and received, the others as planned."),
    )  # fmt: skip
    percent: Annotated[Whole, Field(ge=-90, le=900)] = asked(_("Change in per cent"), start=0, default=0)


@flow.on(_("New version"), tuple(S), form=Copying, icon="plus")
def copy(b: Budget, f: Copying, x: X) -> None:
    body = {
        "year": b.year, "fee_mode": b.fee_mode.value, "scenario": f.scenario.value, "area": b.area,
        "assumptions": b.assumptions, "market": b.market,
    }  # fmt: skip
    made = x.submit(Budget, b.site_id, body)
    made.copied_from = b.id
    _fill(x, made, ledger.amounts(x, b.id))
    for one in bases(x, b.id):
        x.session.add(
            Basis(
                budget_id=made.id, account_id=one.account_id, method=one.method, quantity=one.quantity, price=one.price,
                share=one.share, months=one.months, of_account=one.of_account, note=one.note,
            )
        )  # fmt: skip
    x.session.flush()


@flow.on(_("Take over last year"), S.DRAFT, form=TakingOver, icon="import")
def last_year(b: Budget, f: TakingOver, x: X) -> None:
    if has_amounts.test(b, x):
        raise Conflict(_("There are amounts in it already: take last year over into an empty one."))
    values = before.planned(x, b) if f.source is YearBefore.PLAN else before.went(x, b)
    if values is None:
        raise Conflict(_("No budget of {year} was in execution at this site.").format(year=b.year - 1))
    _fill(x, b, {key: scaled(value, 10_000 + f.percent * 100, 10_000) for key, value in values.items()})


def scaled(value: int, part: int, whole: int) -> int:
    """``value * part / whole``, rounded half away from zero, in whole numbers only."""
    product = value * part
    size = (2 * abs(product) + whole) // (2 * whole)
    return -size if product < 0 else size


def bases(x: Context[Any], budget_id: UUID) -> list[Basis]:
    """What the accounts of a budget are based on."""
    return list(x.session.scalars(sa.select(Basis).where(Basis.tenant_id == x.tenant, Basis.budget_id == budget_id)))


def _fill(x: X, b: Budget, values: dict[ledger.Key, int]) -> None:
    ledger.store(x, b, [(a, m, Entry(value, value, 1, x.actor, x.now)) for (a, m), value in values.items()])
    ledger.retotal(x, b, ledger.accounts(x), values)


__all__ = ["approve", "bases", "execute", "flow", "scaled"]
