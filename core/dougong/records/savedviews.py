"""Saved views: a list as somebody wants to see it again, for themselves, for a role or for the whole company.

Owns the two tables and who may use and change which view. What a view's query may hold is judged when it is used: a
filter that went away with a new version must not take the view with it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, mapped_column

from ..access.gate import Gate
from ..access.tables import Person
from ..errors import FieldError, Forbidden, Invalid, NotFound
from ..instant import now
from ..tenancy.cells import Compiled
from ..tenancy.stored import Identified, Stored, new_id, reference
from ..words import translator

if TYPE_CHECKING:
    from .context import Context

_ = translator("dougong")

SHARE = "core.views.share"
MOST = 100  # views of one list that one person can see or make
NAME_LENGTH = 60
QUERY_LENGTH = 100  # conditions of one view
Pairs = tuple[tuple[str, str], ...]


class SavedView(Identified, kind="core.saved_view", label=_("Saved view"), indexes=[("record_kind",)]):
    """A query of a list with its columns.

    :ivar query: pairs of the list's own parameters, in order. :ivar columns: names; None: as declared.
    :ivar owner_id: whose it is alone; None: shared with ``role`` (a post's slug), or with everybody where that is None.
    :ivar opens: of a shared view for everybody: the list opens with it.
    """

    record_kind: Mapped[str]
    name: Mapped[str]
    query: Mapped[list[Any]] = mapped_column(JSONB, default=list)
    columns: Mapped[list[Any] | None] = mapped_column(JSONB(none_as_null=True), default=None)
    owner_id: Mapped[UUID | None] = reference(Person, default=None)
    role: Mapped[str | None] = mapped_column(default=None)
    opens: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[UUID | None] = mapped_column(default=None)
    created_at: Mapped[dt.datetime] = mapped_column(default=now)


class ListChoice(Stored, kind="core.list_choice", label=_("A person's columns")):
    """The columns that a person chose for a list."""

    person_id: Mapped[UUID] = mapped_column(primary_key=True, info={"ref": Person})
    record_kind: Mapped[str] = mapped_column(primary_key=True)
    columns: Mapped[list[Any] | None] = mapped_column(JSONB, default=None)


@dataclass(frozen=True, slots=True)
class View:
    """A saved view as it is used. ``columns`` None: as the list has them."""

    id: UUID
    name: str
    query: Pairs
    columns: tuple[str, ...] | None
    owner: UUID | None
    role: str | None
    opens: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """What a person has at hand for a list: their own columns and the views that they may use, by name."""

    columns: tuple[str, ...] | None = None
    views: tuple[View, ...] = ()

    @property
    def opening(self) -> View | None:
        """The view that the company opens the list with."""
        return next((view for view in self.views if view.opens), None)

    def view(self, id: UUID | str) -> View:
        """:raises NotFound: there is none of this id, or it is somebody else's."""
        found = next((view for view in self.views if str(view.id) == str(id)), None)
        if found is None:
            raise NotFound()
        return found


NOTHING = Desk()

# ---- reading ----


@cache
def reading() -> Compiled:
    """The statement for a desk, by the parameters of ``asking``: the person's columns first, then the views."""
    tenant, kind = sa.bindparam("tenant", type_=sa.Uuid), sa.bindparam("kind", type_=sa.Text)
    me, roles = sa.bindparam("me", type_=sa.Uuid), sa.bindparam("roles", type_=sa.ARRAY(sa.Text))
    view, choice = SavedView, ListChoice
    nothing = [sa.null().cast(kind) for kind in (sa.Uuid, sa.Text, JSONB)]
    chosen = sa.select(
        *[one.label(name) for one, name in zip(nothing, ("id", "name", "query"), strict=True)],
        choice.columns,
        sa.null().cast(sa.Uuid).label("owner_id"),
        sa.null().cast(sa.Text).label("role"),
        sa.false().label("opens"),
    ).where(choice.tenant_id == tenant, choice.person_id == me, choice.record_kind == kind)
    shared = sa.and_(
        view.owner_id.is_(None), sa.or_(view.role.is_(None), view.role == sa.any_(roles), view.created_by == me)
    )
    views = (
        sa.select(view.id, view.name, view.query, view.columns, view.owner_id, view.role, view.opens)
        .where(view.tenant_id == tenant, view.record_kind == kind, sa.or_(view.owner_id == me, shared))
        .order_by(view.name, view.id)
        .limit(2 * MOST)
    )
    return Compiled(sa.union_all(chosen, sa.select(views.subquery())))  # type: ignore[arg-type]


def asking(gate: Gate, kind: str) -> dict[str, Any]:
    """Values for ``reading``: views of a role are for those who hold it now, at whatever site, and for who made them."""
    snapshot, person = gate.snapshot, gate.person
    roles = {grant.role for grant in snapshot.grants_of(person.id) if grant.live(gate.at)} if person else ()
    return {"tenant": snapshot.tenant, "kind": kind, "me": person.id if person else None, "roles": sorted(roles)}


def desk_of(rows: Iterable[Mapping[str, Any]]) -> Desk:
    """The rows of ``reading`` as a desk."""
    columns, views = None, []
    for row in rows:
        names = _loaded(row["columns"])
        if row["id"] is None:
            columns = tuple(names) if names else None
            continue
        pairs = tuple((str(name), str(value)) for name, value in _loaded(row["query"]) or ())
        shown = tuple(names) if names else None
        views.append(View(row["id"], row["name"], pairs, shown, row["owner_id"], row["role"], row["opens"]))
    views.sort(key=lambda view: (view.owner is None, view.name))
    return Desk(columns, tuple(views))


def _loaded(value: Any) -> Any:
    return msgspec.json.decode(value) if isinstance(value, str) else value


# ---- rights ----


def may_share(gate: Gate) -> bool:
    return gate.may(SHARE, None)


def may_change(gate: Gate, view: View) -> bool:
    """One's own, and with the right to share every shared one that one sees."""
    return may_share(gate) if view.owner is None else gate.person is not None and view.owner == gate.person.id


# ---- writing ----


def choose(x: Context[Any], kind: str, columns: Sequence[str] | None) -> None:
    """Keep this person's columns of a list; None: as declared again."""
    if x.actor is None:
        raise NotFound()
    if columns is None:
        mine = ListChoice.tenant_id == x.tenant, ListChoice.person_id == x.actor, ListChoice.record_kind == kind
        x.session.execute(sa.delete(ListChoice).where(*mine))
        return
    table: sa.Table = ListChoice.__table__  # type: ignore[assignment]
    values = {"tenant_id": x.tenant, "person_id": x.actor, "record_kind": kind, "columns": list(columns)}
    keys = ["tenant_id", "person_id", "record_kind"]
    kept = insert(table).values(values)
    x.session.execute(kept.on_conflict_do_update(index_elements=keys, set_={"columns": kept.excluded.columns}))


def save(
    x: Context[Any],
    kind: str,
    name: str,
    query: Pairs,
    columns: Sequence[str] | None,
    *,
    share: str = "me",
    opens: bool = False,
) -> UUID:
    """Keep a view.

    :param share: ``me``, ``all`` or ``role:<slug>``. :param opens: the list opens with it; only where it is for all.
    :raises Invalid, Forbidden: with what is wrong.
    """
    if x.actor is None:
        raise NotFound()
    mine = sa.select(sa.func.count()).select_from(SavedView)
    mine = mine.where(SavedView.tenant_id == x.tenant, SavedView.record_kind == kind, SavedView.created_by == x.actor)
    if (x.session.scalar(mine) or 0) >= MOST:
        raise Invalid(_("You have {most} views of this list. Delete some that you do not use.").format(most=MOST))
    made = SavedView(id=new_id(), record_kind=kind, created_by=x.actor, created_at=x.now)
    _put(x, made, name, query, columns, share, opens)
    x.session.add(made)
    x.session.flush()
    return made.id


def change(
    x: Context[Any],
    kind: str,
    id: UUID,
    *,
    name: str | None = None,
    query: Pairs | None = None,
    columns: Sequence[str] | None = None,
    share: str | None = None,
    opens: bool | None = None,
) -> None:
    """Rename, share or overwrite a view; ``columns`` counts where ``query`` is given. Raises as ``save`` does."""
    view, row = _held(x, kind, id)
    new = query if query is not None else view.query
    shown = columns if query is not None else view.columns
    shared = share if share is not None else shared_with(view)
    _put(x, row, view.name if name is None else name, new, shown, shared, view.opens if opens is None else opens)
    x.session.flush()


def remove(x: Context[Any], kind: str, id: UUID) -> str:
    """Delete a view; its name is answered. Raises as ``save`` does."""
    view, row = _held(x, kind, id)
    x.session.delete(row)
    x.session.flush()
    return view.name


def shared_with(view: View) -> str:
    """As ``share`` of ``save`` says it."""
    return "me" if view.owner else f"role:{view.role}" if view.role else "all"


def desk(x: Context[Any], kind: str) -> Desk:
    """A desk within a unit of work."""
    given = asking(x.gate, kind)
    view, choice = SavedView, ListChoice
    theirs = sa.or_(view.role.is_(None), view.role.in_(given["roles"]), view.created_by == x.actor)
    shared = sa.and_(view.owner_id.is_(None), theirs)
    rows = x.session.execute(
        sa.select(view.id, view.name, view.query, view.columns, view.owner_id, view.role, view.opens)
        .where(view.tenant_id == x.tenant, view.record_kind == kind, sa.or_(view.owner_id == x.actor, shared))
        .order_by(view.name, view.id)
        .limit(2 * MOST)
    )
    found = desk_of(dict(row._mapping) for row in rows)
    mine = choice.tenant_id == x.tenant, choice.person_id == x.actor, choice.record_kind == kind
    columns = x.session.scalar(sa.select(choice.columns).where(*mine))
    return Desk(tuple(columns) if columns else None, found.views)


def views_of(x: Context[Any], kind: str) -> tuple[View, ...]:
    """The saved views of a list that this person may use, their own first; ``query`` holds the list's parameters."""
    return desk(x, kind).views


def _held(x: Context[Any], kind: str, id: UUID) -> tuple[View, SavedView]:
    view = desk(x, kind).view(id)
    if not may_change(x.gate, view):
        told = x.gate.explain(SHARE, None)
        raise Forbidden(told.mend, extra={"explanation": told})
    row = x.session.get(SavedView, (x.tenant, view.id))
    if row is None:
        raise NotFound()
    return view, row


def _put(
    x: Context[Any],
    row: SavedView,
    name: str,
    query: Pairs,
    columns: Sequence[str] | None,
    share: str,
    opens: bool,
) -> None:
    plain, wrong = " ".join(name.split()), []
    if not plain:
        wrong.append(FieldError("name", _("is required")))
    if len(plain) > NAME_LENGTH:
        wrong.append(FieldError("name", _("must be at most {most} characters long").format(most=NAME_LENGTH)))
    if len(query) > QUERY_LENGTH:
        wrong.append(FieldError("query", _("has too many conditions")))
    kind, _colon, role = share.partition(":")
    if kind not in ("me", "all", "role") or (kind == "role") != bool(role) or (role and role not in x.snapshot.roles):
        wrong.append(FieldError("share", _("is not one of the possible choices")))
    if opens and kind != "all":
        wrong.append(FieldError("opens", _("only a view for everybody can be the one that the list opens with")))
    if wrong:
        raise Invalid(errors=tuple(wrong))
    if kind != "me" and not may_share(x.gate):
        told = x.gate.explain(SHARE, None)
        raise Forbidden(told.mend, extra={"explanation": told})
    if opens:  # one at most
        others = SavedView.tenant_id == x.tenant, SavedView.record_kind == row.record_kind, SavedView.id != row.id
        x.session.execute(sa.update(SavedView).where(*others, SavedView.opens).values(opens=False))
    row.name, row.query = plain, [list(pair) for pair in query]
    row.columns = list(columns) if columns else None
    row.owner_id, row.role, row.opens = (x.actor if kind == "me" else None), role or None, opens


__all__ = ["Desk", "ListChoice", "SavedView", "View"]
