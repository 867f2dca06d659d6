"""Agencies, contacts, interactions, integrity declarations: their states, and what is checked of them."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import Form, Occurrence, Rule, Schedule, Workflow, asked, guard, make_many, refuse, speaking, translator

from .base import Reason, X, before
from .choices import AgencyState, ContactState, DeclarationState, InteractionState, ObligationState
from .records import Agency, Contact, Declaration, Interaction, Obligation, Order, Permit
from .records import Step as FollowUpStep
from .settings import Settings

_ = translator("dougong_liaison")

agencies = Workflow(Agency, Agency.status, Settings)
contacts = Workflow(Contact, Contact.status, Settings)
interactions = Workflow(Interaction, Interaction.status, Settings)
declarations = Workflow(Declaration, Declaration.status, Settings)

LATER = dt.timedelta(hours=24)  # what is entered later than that counts as logged afterwards


# ---- agencies and contacts ----


@agencies.changing
def named(a: Agency, x: X) -> None:
    """Found by the names that the kind had before the reforms, too."""
    kind = x.settings.agency_kinds.get(a.nature)
    a.aliases = kind.former[:500] if kind else ""


@agencies.on(_("Merged or abolished"), AgencyState.ACTIVE, AgencyState.CLOSED, form=Reason, icon="close", danger=True)
def close_agency(a: Agency, form: Reason, x: X) -> None:
    """Its records stay; nothing new is entered for it by name."""


@contacts.on(_("Has left the office"), ContactState.ACTIVE, ContactState.LEFT, form=Form, icon="close")
def left(c: Contact, form: Form, x: X) -> None:
    c.left_at = x.now


class Keeper(Form):
    person: UUID = asked(_("Hand over to"), widget="person", may="liaison.contact.read")


@contacts.on(
    _("Hand over"), ContactState.ACTIVE, form=Keeper, icon="people", help=_("Somebody else keeps the contact.")
)
def give(c: Contact, form: Keeper, x: X) -> None:
    if form.person == c.owner_id:
        raise refuse("person", _("keeps the contact already"))
    c.owner_id = form.person


# ---- interactions ----


@interactions.creating
def logged(i: Interaction, x: X) -> None:
    if x.imported:
        return
    if i.held_at > x.now:
        raise refuse("held_at", _("lies in the future: enter it once it took place"))
    i.afterwards = x.now - i.held_at > LATER


@interactions.adding(_("Add a follow-up"), InteractionState.OPEN, FollowUpStep, icon="plus")
def add_step(i: Interaction, one: FollowUpStep, x: X) -> None:
    """What is to be done because of it."""


@interactions.on(_("Followed up"), InteractionState.OPEN, InteractionState.CLOSED, form=Form, icon="check")
def followed(i: Interaction, form: Form, x: X) -> None:
    i.closed_at = x.now


# ---- declarations ----


@guard(_("Everybody signs their own declaration."))
def own(d: Declaration, x: X) -> bool:
    return d.person_id == x.actor


@guard(_("Somebody else decides that you need not sign."))
def anothers(d: Declaration, x: X) -> bool:
    return d.person_id != x.actor


class Signing(Form):
    honest: bool = asked(
        _(
            "I give and take no gifts, money or entertainment in dealing with agencies, and I report whoever offers them."
        ),
        default=False,
    )


@declarations.on(_("Sign"), DeclarationState.DUE, DeclarationState.SIGNED, form=Signing, guards=[own], icon="check")
def sign(d: Declaration, form: Signing, x: X) -> None:
    if not form.honest:
        raise refuse("honest", _("Only the declaration itself can be signed."))
    d.signed_at = x.now


@declarations.on(
    _("Drop"), DeclarationState.DUE, DeclarationState.DROPPED, form=Reason, guards=[anothers], icon="close", danger=True
)
def drop_declaration(d: Declaration, form: Reason, x: X) -> None:
    """Whoever does not deal with agencies any more."""


declarations.clock(
    "signing",
    _("Signing the declaration"),
    due=Declaration.sign_by,
    met=Declaration.signed_at,
    late=Declaration.late,
    runs=DeclarationState.DUE,
    ends=DeclarationState.SIGNED,
    starts=lambda d, x: d.created_at,
    term=lambda d, x: d.created_at + dt.timedelta(days=x.settings.declaration_days),
    depends=(Declaration.year,),
    owner=Declaration.person_id,
    steps=before((14, 7, 1)),
    step=sign,
    personal=True,
)

_KEEPERS: tuple[tuple[Any, Any], ...] = (
    (Contact, ContactState.ACTIVE),
    (Obligation, ObligationState.ACTIVE),
    (Interaction, None),
    (Permit, None),
    (Order, None),
)


def ask_to_sign(x: X, _run: Occurrence | None = None) -> int:
    """Ask everybody who deals with agencies and has no declaration of this year yet. :returns: how many."""
    root = x.snapshot.sites.root
    year = x.today(root).year
    begun = dt.datetime(year, 1, 1, tzinfo=x.snapshot.sites.zone(root))
    found: dict[UUID, UUID] = {}  # person → a site where they deal with agencies, so that they may sign there
    for kind, state in _KEEPERS:
        rule = kind.status == state if state else kind.created_at >= begun
        rows_of = sa.select(kind.owner_id, kind.site_id).where(kind.tenant_id == x.tenant, rule).distinct()
        for person, site in x.session.execute(rows_of):
            found.setdefault(person, site)
    known = sa.select(Declaration.person_id).where(Declaration.tenant_id == x.tenant, Declaration.year == year)
    done = set(x.session.scalars(known))
    people = sorted(
        one for one in found if one in x.snapshot.people and x.snapshot.people[one].active and one not in done
    )
    with speaking(x.settings_of("core").locale):
        title = str(_("Integrity declaration {year}").format(year=year))
    rows = [(found[one], {"person_id": one, "year": year, "title": title}) for one in people]
    for start in range(0, len(rows), 500):
        make_many(x, Declaration, rows[start : start + 500])
    return len(rows)


def _ask(x: X, occurrence: Occurrence) -> None:
    ask_to_sign(x)


schedule = Schedule(
    "liaison.declarations",
    _("Ask for the year's integrity declarations"),
    _ask,
    Rule.daily("06:10"),
    spread=60,
    grace=720,
    help=_("Everybody who deals with agencies signs once a year."),
)
