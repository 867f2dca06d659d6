"""Posts: what is checked of them, and how somebody is put into one. Nobody lists a role that they could not give themselves."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from dougong import (
    Context,
    Day,
    Forbidden,
    Form,
    Line,
    Prose,
    Workflow,
    asked,
    forget_lines,
    guard,
    may_give_role,
    refuse,
    translator,
)

from . import holdings
from .choices import HoldingKind, HoldingState, PositionState
from .records import KEY_POSTS, Employee, Holding, Position
from .settings import OrganisationSettings

_ = translator("dougong_hr")
X = Context[OrganisationSettings]

_NOT_YOURS = _(
    "The post “{post}” carries the role “{name}”, which you could not give yourself: have it approved as an appointment."
)

flow = Workflow(Position, Position.status, OrganisationSettings)


@flow.changing
def checked(p: Position, x: X) -> None:
    """What a form cannot say by itself: roles, certificates, and a line of command that leads somewhere."""
    _check_key(p, x)
    p.roles, p.certificates = _tidy(p.roles), _tidy(p.certificates)
    before = _before(p, "roles")
    _check_roles(p, set(holdings.lines(before)), x)
    for name in holdings.lines(p.certificates):
        if name not in x.settings.certificates:
            raise refuse("certificates", _("There is no kind of certificate “{name}”.").format(name=name[:40]))
    if p.deputy_id is not None and p.deputy_id == p.id:
        raise refuse("deputy_id", _("A post cannot stand in for itself."))
    _check_line(p, x)
    if sa.inspect(p).persistent and before != p.roles:
        for holding, person in holdings.of_post(x, p.id):
            holdings.sync(x, holding, p, person)
    forget_lines(x)


def _check_key(p: Position, x: X) -> None:
    """Who proposes an appointment does not decide that it need not be filed.

    :raises Invalid: the mark of a key post was taken off by somebody who may not.
    """
    if p.key or True not in (sa.inspect(p).attrs.key.history.deleted or ()) or x.gate.may(KEY_POSTS, p.site_id):
        return
    raise refuse(
        "key", _("The mark of a key post is taken off by the company, by its own step on the page of the post.")
    )


def _tidy(text: str | None) -> str | None:
    return "\n".join(dict.fromkeys(holdings.lines(text))) or None


def _before(p: Position, name: str) -> str | None:
    history = sa.inspect(p).attrs[name].history
    if not sa.inspect(p).persistent:
        return None
    found: str | None = history.deleted[0] if history.deleted else getattr(p, name)
    return found


def _check_roles(p: Position, before: set[str], x: X) -> None:
    for entry in sorted(set(holdings.lines(p.roles)) ^ before):
        slug, _relation = holdings.split(entry)
        if slug not in x.snapshot.roles:
            if entry in before:
                continue  # a role that is gone may go from the post
            raise refuse("roles", _("There is no role “{name}”.").format(name=slug[:40]))
        if not may_give_role(x, slug, p.site_id):
            words = _("You could not give the role “{name}” at this site yourself, so a post cannot either.")
            raise refuse("roles", words.format(name=x.snapshot.roles[slug].label))


def _check_line(p: Position, x: X) -> None:
    """:raises Invalid: the line of command would lead back to this post."""
    if p.reports_to is None:
        return
    rows = x.session.execute(sa.select(Position.id, Position.reports_to).where(Position.tenant_id == x.tenant))
    above: dict[UUID, UUID | None] = {row.id: row.reports_to for row in rows}
    above[p.id] = p.reports_to
    seen = set[UUID]()
    one: UUID | None = p.reports_to
    while one is not None and one not in seen:
        if one == p.id:
            raise refuse(
                "reports_to",
                _("That post reports to this one, directly or further up: nobody stands above themselves."),
            )
        seen.add(one)
        one = above.get(one)


# ---- steps ----


class Appointing(Form):
    """Who takes the post up. An appointment that has to be approved, published and filed goes its own way to the same end."""

    employee: Line = asked(_("Employee"), help=_("Employee number: your own, or as in YG-2026-000001."))
    kind: HoldingKind = asked(_("Kind"), start=HoldingKind.MAIN)
    on: Day = asked(_("From"))
    until: Day | None = asked(_("No longer from"), default=None, help=_("An acting post always has an end."))


@guard(_("A key post is filled by a change of personnel, which is filed with the company."))
def past_filing(p: Position, x: X) -> bool:
    return not p.key or x.gate.may(KEY_POSTS, p.site_id)


@flow.on(_("Put somebody into the post"), PositionState.OPEN, form=Appointing, guards=[past_filing], icon="user")
def appoint(p: Position, form: Appointing, x: X) -> None:
    found = x.session.scalar(
        x.readable(Employee).where(sa.or_(Employee.code == form.employee, Employee.number == form.employee)).limit(1)
    )
    if found is None:
        raise refuse("employee", _("There is no such employee."))
    need_to_give(x, p, holdings.lines(p.roles))
    holdings.take_up(x, found.id, p.id, form.on, kind=form.kind.value, until=form.until)


class Unmarking(Form):
    reason: Prose = asked(_("Reason"))


@guard(_("It is no key post."), quiet=True)
def is_key(p: Position, x: X) -> bool:
    return p.key


@flow.on(
    _("No key post any more"), PositionState.OPEN, form=Unmarking, guards=[is_key], permission=KEY_POSTS, icon="undo",
    help=_("Appointments that are under way are filed all the same."),
)  # fmt: skip
def no_key_post(p: Position, form: Unmarking, x: X) -> None:
    p.key = False


@flow.on(_("Abolish"), PositionState.OPEN, PositionState.CLOSED, form=Form, icon="close", danger=True)
def abolish(p: Position, form: Form, x: X) -> None:
    held = sa.select(sa.func.count()).where(
        Holding.tenant_id == x.tenant, Holding.position_id == p.id, Holding.status == HoldingState.HELD
    )
    if x.session.scalar(held):
        raise refuse("status", _("Somebody still holds this post."))


@flow.on(_("Reopen"), PositionState.CLOSED, PositionState.OPEN, form=Form, icon="undo")
def reopen(p: Position, form: Form, x: X) -> None:
    forget_lines(x)


def need_to_give(x: Context[Any], p: Position, roles: list[str]) -> None:
    """:raises Forbidden: the post carries a role that this person could not give."""
    for entry in roles:
        slug, _relation = holdings.split(entry)
        if slug in x.snapshot.roles and not may_give_role(x, slug, p.site_id):
            name = x.snapshot.roles[slug].label
            raise Forbidden(_NOT_YOURS.format(post=p.title, name=name))


__all__ = ["flow", "need_to_give"]
