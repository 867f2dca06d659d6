"""The API twins of the administrator's pages, under ``/api/v1/core/…``: the same services, the same rights.

Bodies are checked by small models; whatever the services refuse leaves as a problem.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, TypeVar
from uuid import UUID

from pydantic import AwareDatetime, Field
from starlette.responses import Response

from ...access import configure, manage
from ...access.desk import Desk
from ...access.invitations import LASTS
from ...access.people import Person
from ...access.roles import RoleView
from ...access.snapshot import GrantView
from ...errors import BadRequest, FieldError, Invalid, NotFound
from ...records.models import Form, given, validate
from ...words import translator
from ..api import answer
from ..routing import Route
from . import matrix, people, roles
from .common import at_desk, need, need_whole, page_number, relations_of

if TYPE_CHECKING:
    from ..requests import Asked

_ = translator("dougong")
M = TypeVar("M", bound=Form)

API = "/api/v1/core"
LIMIT = 100
Text = Annotated[str, Field(max_length=300)]


async def body(asked: Asked, model: type[M]) -> M:
    """The checked body. :raises BadRequest: not an object. :raises Invalid: one entry per wrong value."""
    sent = await asked.json()
    if not isinstance(sent, dict):
        raise BadRequest(_("Send a JSON object."))
    return validate(model, sent, None)  # type: ignore[return-value]


def _paged(asked: Asked, rows: Sequence[Any], path: str) -> Response:
    number = page_number(asked)
    first = (number - 1) * LIMIT
    following = None
    if len(rows) > first + LIMIT:
        kept = "".join(f"&{k}={v}" for k, v in asked.query.multi_items() if k != "page")
        following = f"{API}/{path}?page={number + 1}{kept}"
    return answer({"results": list(rows[first : first + LIMIT]), "next": following})


def _changed(asked: Asked) -> None:
    """No parameters at addresses that change something."""
    asked.params()


# ---- people -----------------------------------------------------------------------------------------


class NewPerson(Form):
    username: Text
    name: Text
    email: Text | None = None
    phone: Text | None = None
    locale: Text | None = None


class EditedPerson(Form):
    name: Text | None = None
    email: Text | None = None
    phone: Text | None = None
    locale: Text | None = None


class NewDeputy(Form):
    deputy: UUID
    starts_at: AwareDatetime
    ends_at: AwareDatetime


def _person(one: Person) -> dict[str, Any]:
    return {"id": one.id, "username": one.username, "name": one.name, "locale": one.locale, "status": one.status}


async def people_list(asked: Asked) -> Response:
    need(asked, *people.READS)
    sent = asked.params(("q", "role", "status", "page"))
    found = [p for p in people.matching(asked) if sent.get("status", p.status) == p.status]
    return _paged(asked, [_person(p) for p in found], "people")


async def people_one(asked: Asked) -> Response:
    asked.params()
    return answer(await _full(asked, people.person_of(asked).id))


async def _full(asked: Asked, id: UUID) -> dict[str, Any]:
    row = await at_desk(asked, lambda desk: manage.person(desk, id))
    names = ("id", "username", "name", "email", "phone", "locale", "status", "created_at")
    return {name: getattr(row, name) for name in names}


async def people_create(asked: Asked) -> Response:
    """The person, with ``invitation``: the secret of ``/invite/<secret>``, which is told this once."""
    need(asked, "core.people.edit")
    _changed(asked)
    sent = await body(asked, NewPerson)

    def add(desk: Desk) -> tuple[UUID, str]:
        made = manage.create_person(desk, **sent.model_dump())
        return made.id, manage.invite_person(desk, made.id)

    id, secret = await at_desk(asked, add)
    found = await _full(asked, id)
    return answer({**found, "invitation": secret}, 201, location=f"{API}/people/{id}")


async def people_edit(asked: Asked) -> Response:
    need(asked, "core.people.edit")
    person, sent = people.person_of(asked), await body(asked, EditedPerson)
    await at_desk(asked, lambda desk: manage.change_person(desk, person.id, **given(sent)))
    return answer(await _full(asked, person.id))


async def people_invite(asked: Asked) -> Response:
    need(asked, "core.people.edit")
    person = people.person_of(asked)
    secret = await at_desk(asked, lambda desk: manage.invite_person(desk, person.id))
    purpose = "invite" if person.status == "invited" else "reset"
    return answer({"invitation": secret, "purpose": purpose, "expires_at": asked.now + LASTS[purpose]}, 201)


async def people_disable(asked: Asked) -> Response:
    need(asked, "core.people.edit")
    person = people.person_of(asked)
    await at_desk(asked, lambda desk: manage.disable_person(desk, person.id))
    return answer(await _full(asked, person.id))


async def people_enable(asked: Asked) -> Response:
    need(asked, "core.people.edit")
    person = people.person_of(asked)
    await at_desk(asked, lambda desk: manage.enable_person(desk, person.id))
    return answer(await _full(asked, person.id))


async def people_deputy(asked: Asked) -> Response:
    need(asked, "core.people.edit")
    person, sent = people.person_of(asked), await body(asked, NewDeputy)
    made = await at_desk(
        asked,
        lambda desk: manage.appoint_deputy(
            desk,
            person.id,
            sent.deputy,
            starts_at=sent.starts_at.astimezone(dt.UTC),
            ends_at=sent.ends_at.astimezone(dt.UTC),
        ),
    )
    return answer({"id": made.id, "deputy": made.deputy_id, "starts_at": made.starts_at, "ends_at": made.ends_at}, 201)


async def people_deputy_end(asked: Asked) -> Response:
    need(asked, "core.people.edit")
    people.person_of(asked)
    id = asked.uuid("deputy")
    await at_desk(asked, lambda desk: manage.dismiss_deputy(desk, id))
    return Response(status_code=204)


# ---- grants -----------------------------------------------------------------------------------------


class NewGrant(Form):
    """``role`` and ``site`` by their short names."""

    person: UUID
    role: Text
    site: Text
    relation: Text | None = None
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    note: Text | None = None


def _grant(asked: Asked, one: GrantView) -> dict[str, Any]:
    node = asked.snapshot.sites.get(one.site)
    return {
        "id": one.id, "person": one.person, "role": one.role, "site": node.slug if node else None,
        "relation": one.relation, "starts_at": one.starts, "ends_at": one.ends, "holds": one.live(asked.now),
    }  # fmt: skip


async def grants_list(asked: Asked) -> Response:
    need(asked, *matrix.READS)
    sent, tree = asked.params(("person", "role", "page")), asked.snapshot.sites
    chosen = tree.subtree(asked.site) if asked.site else None
    found = [
        g for g in matrix.seen(asked)
        if sent.get("person", str(g.person)) == str(g.person) and sent.get("role", g.role) == g.role
        and (chosen is None or g.site in chosen)
    ]  # fmt: skip
    return _paged(asked, [_grant(asked, g) for g in sorted(found, key=lambda g: str(g.id))], "grants")


async def grants_one(asked: Asked) -> Response:
    need(asked, *matrix.READS)
    asked.params()
    id = asked.uuid()
    found = next((g for g in matrix.seen(asked) if g.id == id), None)
    if found is None:
        raise NotFound
    return answer(_grant(asked, found))


async def grants_create(asked: Asked) -> Response:
    need(asked, "core.grants.edit")
    _changed(asked)
    sent, snapshot = await body(asked, NewGrant), asked.snapshot
    role, node, wrong = snapshot.roles.get(sent.role), snapshot.sites.by_slug.get(sent.site), list[FieldError]()
    if role is None:
        wrong.append(FieldError("role", _("There is no such role.")))
    if node is None:
        wrong.append(FieldError("site", _("There is no such site.")))
    if sent.relation and sent.relation not in relations_of(asked.app.registry, snapshot.modules):
        wrong.append(FieldError("relation", _("There is no such relation.")))
    if wrong or role is None or node is None:
        raise Invalid(errors=tuple(wrong))
    made = await at_desk(
        asked,
        lambda desk: manage.grant(
            desk, sent.person, role.id, node.id,
            relation=sent.relation, starts_at=sent.starts_at, ends_at=sent.ends_at, note=sent.note,
        ),
    )  # fmt: skip
    view = GrantView(made.id, made.person_id, role.slug, node.id, made.relation, made.starts_at, made.ends_at)
    return answer(_grant(asked, view), 201, location=f"{API}/grants/{made.id}")


async def grants_revoke(asked: Asked) -> Response:
    need(asked, "core.grants.edit")
    id = asked.uuid()
    await at_desk(asked, lambda desk: manage.revoke(desk, id))
    return Response(status_code=204)


# ---- roles ------------------------------------------------------------------------------------------


class NewRole(Form):
    slug: Text
    name: Text
    level: int = 0
    permissions: list[Text] = Field(default_factory=list, max_length=2000)


class EditedRole(Form):
    name: Text | None = None
    level: int | None = None
    permissions: list[Text] | None = Field(default=None, max_length=2000)


def _role(asked: Asked, one: RoleView) -> dict[str, Any]:
    added, taken = roles.changes(asked, one)
    return {
        "slug": one.slug, "name": one.label, "level": one.level, "held_by": roles.holders(asked, one),
        "permissions": sorted(one.permissions), "added": sorted(added), "taken": sorted(taken),
    }  # fmt: skip


async def roles_list(asked: Asked) -> Response:
    need(asked, "core.roles.edit", "core.grants.edit", "core.grants.read")
    asked.params(("page",))
    found = sorted(asked.snapshot.roles.values(), key=lambda r: (-r.level, r.slug))
    return _paged(asked, [_role(asked, one) for one in found], "roles")


def _found_role(asked: Asked) -> RoleView:
    found = asked.snapshot.roles.get(asked.path_params["slug"])
    if found is None:
        raise NotFound
    return found


async def roles_one(asked: Asked) -> Response:
    need(asked, "core.roles.edit", "core.grants.edit", "core.grants.read")
    asked.params()
    return answer(_role(asked, _found_role(asked)))


async def roles_create(asked: Asked) -> Response:
    need_whole(asked, "core.roles.edit")
    sent = await body(asked, NewRole)
    await at_desk(asked, lambda desk: configure.create_role(desk, **sent.model_dump()))
    await asked.app.refresh(asked)
    return answer(_role(asked, asked.snapshot.roles[sent.slug]), 201, location=f"{API}/roles/{sent.slug}")


async def roles_edit(asked: Asked) -> Response:
    need_whole(asked, "core.roles.edit")
    role, sent = _found_role(asked), await body(asked, EditedRole)

    def change(desk: Desk) -> None:
        held = given(sent)
        if "name" in held or held.get("level") is not None:
            level = role.level if sent.level is None else sent.level
            configure.change_role(desk, role.id, name=sent.name if "name" in held else role.name, level=level)
        if sent.permissions is not None:
            configure.set_permissions(desk, role.id, sent.permissions)

    await at_desk(asked, change)
    await fresh(asked)
    return answer(_role(asked, asked.snapshot.roles[role.slug]))


async def fresh(asked: Asked) -> None:
    """Take what was just written into view; where nothing changed there is nothing newer."""
    asked.app.snapshots.drop(asked.snapshot.tenant)
    asked.judge_by(await asked.app.in_thread(asked.app.snapshots.get, asked.snapshot.tenant))


ROUTES = [
    Route("GET", f"{API}/people", people_list),
    Route("POST", f"{API}/people", people_create),
    Route("GET", f"{API}/people/{{id}}", people_one),
    Route("PATCH", f"{API}/people/{{id}}", people_edit),
    Route("POST", f"{API}/people/{{id}}/invitation", people_invite),
    Route("POST", f"{API}/people/{{id}}/disable", people_disable),
    Route("POST", f"{API}/people/{{id}}/enable", people_enable),
    Route("POST", f"{API}/people/{{id}}/deputies", people_deputy),
    Route("DELETE", f"{API}/people/{{id}}/deputies/{{deputy}}", people_deputy_end),
    Route("GET", f"{API}/grants", grants_list),
    Route("POST", f"{API}/grants", grants_create),
    Route("GET", f"{API}/grants/{{id}}", grants_one),
    Route("DELETE", f"{API}/grants/{{id}}", grants_revoke),
    Route("GET", f"{API}/roles", roles_list),
    Route("POST", f"{API}/roles", roles_create),
    Route("GET", f"{API}/roles/{{slug}}", roles_one),
    Route("PATCH", f"{API}/roles/{{slug}}", roles_edit),
]
