"""The life of an owners' sheet: drawn up over closed months, signed by another post, published, and never changed again.

A correction is a new version, which replaces the one before once it is published itself.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from dougong import (
    Conflict,
    Context,
    Form,
    Level,
    Prose,
    Workflow,
    asked,
    escalate,
    guard,
    overdue,
    refuse,
    remind,
    translator,
)

from ..planning.choices import FeeMode
from ..planning.ledger import active
from ..spending.records import Ledger
from ..spending.settings import day_of
from .choices import UNDERWAY, DisclosureState
from .records import Disclosure
from .settings import ReportingSettings
from .telling import figures

_ = translator("dougong_budgeting")
X = Context[Any]
S = DisclosureState
flow = Workflow(Disclosure, Disclosure.status, ReportingSettings)


class Why(Form):
    reason: Prose = asked(_("What was corrected"))


class Dropped(Form):
    reason: Prose = asked(_("Reason"))


@flow.creating
def begun(d: Disclosure, x: X) -> None:
    if d.until < d.first:
        raise refuse("until", _("must not lie before the first month"))
    budget = active(x, d.site_id, d.year)
    if budget is None:
        raise refuse("year", _("has no budget in execution at this site"))
    d.fee_mode = budget.fee_mode
    d.version = 1 + (x.session.scalar(_same(d, x).with_only_columns(sa.func.max(Disclosure.version))) or 0)
    open_one = _same(d, x).where(Disclosure.status.in_(UNDERWAY)).with_only_columns(Disclosure.number).limit(1)
    if (number := x.session.scalar(open_one)) is not None:
        raise Conflict(_("{number} of these months is on its way already.").format(number=number))
    whole = (d.first, d.until) == (1, 12)
    words = _("Owners' sheet {year}") if whole else _("Owners' sheet {year}, months {first}–{until}")
    d.title = str(words.format(year=d.year, first=d.first, until=d.until))


def _same(d: Disclosure, x: X) -> sa.Select[Any]:
    return sa.select(Disclosure).where(
        Disclosure.tenant_id == x.tenant, Disclosure.site_id == d.site_id, Disclosure.year == d.year,
        Disclosure.first == d.first, Disclosure.until == d.until,
    )  # fmt: skip


@flow.changing
def fixed(d: Disclosure, x: X) -> None:
    """Words stand still with the figures: whoever signs, signs what is published."""
    attrs = sa.inspect(d).attrs
    texts = any(attrs[n].history.added or attrs[n].history.deleted for n in ("services", "repairs", "words"))
    if sa.inspect(d).persistent and d.status is not S.DRAFT and texts:
        raise Conflict(_("What is submitted is not changed: withdraw it, or publish a new version."))


@guard(_("Its months are not all closed: their figures may still change."))
def months_closed(d: Disclosure, x: X) -> bool:
    closed = x.session.scalar(
        sa.select(Ledger.closed).where(
            Ledger.tenant_id == x.tenant,
            Ledger.site_id == d.site_id,
            Ledger.year == d.year,
            Ledger.temporary.is_(False),
        )
    )
    return closed is not None and all(closed >> month & 1 for month in range(d.first, d.until + 1))


def levels(d: Disclosure, x: X) -> list[Level]:
    """Finance signs what the project draws up, the project what finance draws up; who is both is signed by the region."""
    authors = {d.created_by, x.actor}
    project = not authors & {one.id for one in x.who("project_manager", d.site_id)}
    finance = not authors & {one.id for one in x.who("finance", d.site_id)}
    return [
        Level("project", _("Project"), roles=("project_manager",), state=S.REVIEW, when=project),
        Level("finance", _("Finance"), roles=("finance",), state=S.REVIEW, when=finance),
        Level(
            "region", _("Region"), roles=("regional_director", "property_director"), state=S.REVIEW,
            when=not (project or finance),
        ),
    ]  # fmt: skip


approve = flow.approval(
    "approve", _("Owners' sheet"), sources=S.DRAFT, levels=levels, granted=S.APPROVED, returned=S.DRAFT,
    hours=lambda settings: settings.disclosure_sign_hours, guards=(months_closed,),
)  # fmt: skip


@approve.when_submitted
def submitted(d: Disclosure, form: Form, x: X) -> None:
    """The figures are frozen here, so that what is signed is what is published."""
    told = current(d, x)
    if told["unassigned"] and d.fee_mode is FeeMode.COMMISSION:
        words = _("Say of these accounts where they stand on the owners' sheet: {codes}")
        raise Conflict(words.format(codes=str(_(", ")).join(told["unassigned"][:20])))
    d.frozen = told


def current(d: Disclosure, x: X) -> dict[str, Any]:
    """Its figures as the books have them now."""
    return figures(x, d.site_id, d.year, d.first, d.until, d.fee_mode or FeeMode.LUMP)


def told(d: Disclosure, x: X) -> dict[str, Any]:
    """Its figures: of a draft as the books have them now, from then on as they were submitted."""
    if d.status is S.DRAFT or d.frozen is None:
        return current(d, x)
    return d.frozen


@flow.on(_("Publish"), S.APPROVED, S.PUBLISHED, form=Form, asks=(Disclosure.place,), icon="check")
def publish(d: Disclosure, f: Form, x: X) -> None:
    d.published_at = x.now
    before = _same(d, x).where(Disclosure.status == S.PUBLISHED, Disclosure.id != d.id)
    for one in x.session.scalars(before).all():
        x.as_person(None).with_settings(x.settings_of("budgeting")).take(one, replace.name)


@flow.on(_("Replaced"), S.PUBLISHED, S.REPLACED, form=Form, automatic=True)
def replace(d: Disclosure, f: Form, x: X) -> None:
    """It stays readable as it was."""


@flow.on(
    _("Correct by a new version"), S.PUBLISHED, form=Why, icon="edit",
    help=_("What is published stays; the new version replaces it once it is published itself."),
)  # fmt: skip
def correct(d: Disclosure, f: Why, x: X) -> None:
    body = {
        "year": d.year, "first": d.first, "until": d.until, "services": d.services, "repairs": d.repairs, "words": d.words,
    }  # fmt: skip
    made = x.submit(Disclosure, d.site_id, body)
    made.correction = f.reason
    x.link(d, made, origin=True)


@flow.on(_("Drop"), (S.DRAFT, S.APPROVED), S.DROPPED, form=Dropped, icon="close", danger=True)
def drop(d: Disclosure, f: Dropped, x: X) -> None:
    """It stays readable to those who work on them."""


def _term(d: Disclosure, x: X) -> dt.datetime:
    """By a day of the next year; what covers only a part of a year is due as long after its end."""
    day = day_of(x.settings.disclose_by, d.year + 1)
    after = day - dt.date(d.year + 1, 1, 1)
    end = dt.date(d.year + d.until // 12, d.until % 12 + 1, 1)
    zone = x.snapshot.sites.zone(d.site_id)
    return dt.datetime.combine(end + after + dt.timedelta(days=1), dt.time(), zone).astimezone(dt.UTC)


flow.clock(
    "publishing", _("Publishing"), due=Disclosure.publish_by, met=Disclosure.published_at, late=Disclosure.publish_late,
    runs=UNDERWAY, term=_term, once=True, steps=[remind(0.8), overdue(), escalate(1.0)], step=publish,
)  # fmt: skip

__all__ = ["approve", "flow", "told"]
