"""Contracts and certificates: valid until a day, renewed by a new one, watched before they end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from dougong import Context, Day, Form, Prose, Step, Workflow, asked, escalate, overdue, refuse, remind, translator

from .choices import ContractKind, PaperState
from .records import Certificate, Contract, Employee
from .settings import OrganisationSettings

_ = translator("dougong_hr")
X = Context[OrganisationSettings]

contracts = Workflow(Contract, Contract.status, OrganisationSettings)
certificates = Workflow(Certificate, Certificate.status, OrganisationSettings)


def _steps(days: Callable[[OrganisationSettings], Sequence[int]]) -> Callable[[Any], list[Step[Any, Any]]]:
    """So many days before, then the breach, and the next level a day later."""

    def found(settings: OrganisationSettings) -> list[Step[Any, Any]]:
        first = [remind(before=dt.timedelta(days=n), name=f"remind_{n}") for n in sorted(set(days(settings)))]
        return [*first, overdue(), escalate(level=1, after=dt.timedelta(days=1), name="up")]

    return found


class Renewing(Form):
    until: Day | None = asked(_("Valid until"), default=None, help=_("The last day; empty where it has no end."))
    remark: Prose | None = asked(_("Remark"), default=None)


class Ending(Form):
    reason: Prose = asked(_("Reason"))


def _whose(paper: Any, label: str, x: X) -> None:
    name = x.session.scalar(
        sa.select(Employee.name).where(Employee.tenant_id == x.tenant, Employee.id == paper.employee_id)
    )
    paper.title = f"{name or ''} · {label}"[:200]


def _papers(flow: Workflow[Any, PaperState, OrganisationSettings], days: Callable[[Any], Sequence[int]]) -> None:
    """The life that both share."""
    kind = flow.record

    @flow.on(_("Renew"), PaperState.VALID, form=Renewing, icon="history", help=_("The same paper with a later end."))
    def renew(paper: Any, form: Renewing, x: X) -> None:
        if form.until is not None and paper.ends_on is not None and form.until <= paper.ends_on:
            raise refuse("until", _("A renewal ends later than what it renews."))
        paper.ends_on = form.until

    @flow.on(_("End"), PaperState.VALID, PaperState.ENDED, form=Ending, icon="close", danger=True)
    def end(paper: Any, form: Ending, x: X) -> None:
        paper.closed_at = x.now

    flow.clock(
        "term",
        _("Validity"),
        due=kind.ends_by,
        late=kind.ends_late,
        runs=PaperState.VALID,
        term=lambda paper, x: paper.ends_on,
        depends=(kind.ends_on,),
        steps=_steps(days),
        step=renew,
        imports=True,
    )


@contracts.changing
def contracted(c: Contract, x: X) -> None:
    if c.ends_on is not None and c.ends_on < c.starts_on:
        raise refuse("ends_on", _("The end must lie after the start."))
    if c.nature is ContractKind.FIXED and c.ends_on is None:
        raise refuse("ends_on", _("A contract of a fixed term has a last day."))
    _whose(c, str(c.nature.label), x)


@certificates.changing
def certified(c: Certificate, x: X) -> None:
    if c.ends_on is not None and c.issued_on is not None and c.ends_on < c.issued_on:
        raise refuse("ends_on", _("The end must lie after the start."))
    known = x.settings.certificates.get(c.type)
    _whose(c, str(known.label) if known else c.type, x)


_papers(contracts, lambda settings: settings.contract_days)
_papers(certificates, lambda settings: settings.certificate_days)

__all__ = ["certificates", "contracts"]
