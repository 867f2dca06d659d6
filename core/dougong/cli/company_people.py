"""People and grants of a company's file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from ..access import manage
from ..access.desk import Desk
from ..access.tables import Grant, Person
from ..errors import FieldError, Invalid
from ..words import translator
from .company_file import GrantPart, PersonPart
from .told import told_at

if TYPE_CHECKING:
    from .applying import Work

_ = translator("dougong")

BOUNDS = {"starts": "starts_at", "until": "ends_at"}


def put_people(work: Work) -> None:
    """Add and change the people that the file mentions, and give them the posts that they lack."""
    desk = work.desk()
    known = {person.username: person for person in work.session.scalars(sa.select(Person))}
    grants = list(work.session.scalars(sa.select(Grant)))
    for part in work.file.people:
        with told_at(f"people.{part.username}"):
            person = known.get(part.username)
            if person is None:
                given = part.said("email", "phone", "locale")
                person = manage.create_person(desk, username=part.username, name=part.name or part.username, **given)
                work.did("create", "person", part.username, person.name)
            else:
                _change_person(work, desk, person, part)
            for index, grant in enumerate(part.grants):
                with told_at(f"grants.{index}"):
                    _grant(work, desk, person, grant, grants)


def _change_person(work: Work, desk: Desk, person: Person, part: PersonPart) -> None:
    said = part.said("name", "email", "phone", "locale")
    changed = {key: value for key, value in said.items() if getattr(person, key) != value}
    if changed:
        manage.change_person(desk, person.id, **changed)
        work.did("change", "person", person.username, ", ".join(changed))


def _grant(work: Work, desk: Desk, person: Person, part: GrantPart, held: list[Grant]) -> None:
    snapshot = desk.gate.snapshot
    role = snapshot.roles.get(part.role)
    if role is None:
        raise Invalid(errors=(FieldError("role", _("There is no role “{slug}”.").format(slug=part.role)),))
    site = snapshot.sites.root if part.site is None else None
    if part.site is not None:
        if part.site not in snapshot.sites.by_slug:
            raise Invalid(errors=(FieldError("site", _("There is no site “{slug}”.").format(slug=part.site)),))
        site = snapshot.sites.by_slug[part.site].id
    assert site is not None
    name = f"{person.username}: {part.role} @ {part.site or snapshot.slug}"
    same = [
        g for g in held if (g.person_id, g.role_id, g.site_id, g.relation) == (person.id, role.id, site, part.relation)
    ]
    bounds = {column: getattr(part, key) for key, column in BOUNDS.items() if key in part.model_fields_set}
    if not same:
        made = manage.grant(desk, person.id, role.id, site, relation=part.relation, **bounds)
        held.append(made)
        work.did("create", "grant", name)
    elif not any(all(getattr(g, column) == moment for column, moment in bounds.items()) for g in same):
        changes = {column: (getattr(same[0], column), moment) for column, moment in bounds.items()}
        for column, moment in bounds.items():
            setattr(same[0], column, moment)
        desk.note("core.grant", same[0].id, "edit", changes)
        work.did("change", "grant", name, ", ".join(bounds))
