"""The bases of everything a plugin stores: ``Record``, ``Child`` of a record's timeline, ``Bulk`` rows, side ``Extension``.

Owns the columns that each of them has. Rules (who, when, history) live in ``actions``; nothing here reads the database.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, ClassVar, Literal, dataclass_transform
from uuid import UUID

from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from ..choices import CHOICES, ChoiceType
from ..instant import now
from ..tenancy.stored import Base, Identified, Stored, reference
from ..tenancy.tables import Site
from ..words import Lazy, translator
from .fields import field, metas, ref
from .ordering import order_index

_ = translator("dougong")

ScopeKind = Literal["site", "company", "sites"]


def _learn_choices() -> None:
    """Let the mapper store each declared choice as text with its own type."""
    Base.registry.update_type_annotation_map({choice: ChoiceType(choice) for choice in CHOICES})


@dataclass_transform(kw_only_default=True, field_specifiers=(field, ref, mapped_column, reference))
class Record(Identified):
    """One case, document, task: with number, site, row version and history.

    Class arguments: ``kind`` and ``label`` as in :class:`Stored`;

    :param number: prefix of its numbers, as in ``TS-2026-000123``.
    :param scope: ``site`` (belongs to one site), ``company`` (kept above, read at every site below by those who hold
        the read permission there) or ``sites`` (several sites: any opens it for reading, all are needed for writing).
    :param sorts: fields that lists can be sorted by beside number and time of creation; each gets an index. They must be
        fields that everybody may read who sees the record: the order of the others would tell them.
    :param known_by: fields by which people name it beside its number (an employee's own number): programs and files may say
        them where they point to it. Each is unique by itself and read by everybody who sees the record.
    """

    __abstract__ = True
    number_prefix: ClassVar[str] = ""
    scope: ClassVar[ScopeKind] = "site"
    sorts: ClassVar[tuple[str, ...]] = ()
    known_by: ClassVar[tuple[str, ...]] = ()

    site_id: Mapped[UUID] = ref(
        Site, _("Site"), create=False, edit=False, listed=True, filtered=True, widget="site", sort_order=-8
    )
    number: Mapped[str] = field(
        _("Number"), create=False, edit=False, listed=True, searched=True, sort_order=-7, default=""
    )
    row_version: Mapped[int] = mapped_column(sort_order=-6)
    created_by: Mapped[UUID | None] = field(
        _("Created by"), create=False, edit=False, widget="person", sort_order=-5, default=None
    )
    created_at: Mapped[dt.datetime] = field(
        _("Created at"), create=False, edit=False, listed=True, filtered=True, sort_order=-4, default=now
    )
    updated_at: Mapped[dt.datetime] = field(_("Updated at"), create=False, edit=False, sort_order=-3, default=now)

    def __init_subclass__(
        cls,
        *,
        kind: str | None = None,
        label: Lazy | None = None,
        number: str = "",
        scope: ScopeKind = "site",
        unique: Sequence[Sequence[str]] = (),
        indexes: Sequence[Sequence[str]] = (),
        sorts: Sequence[str] = (),
        known_by: Sequence[str] = (),
        **more: Any,
    ) -> None:
        _learn_choices()
        cls.number_prefix, cls.scope, cls.sorts, cls.known_by = number, scope, tuple(sorts), tuple(known_by)
        if strange := [name for name in cls.known_by if (name,) not in {tuple(one) for one in unique}]:
            raise TypeError(f"{cls.__name__}: {strange[0]!r} is not unique by itself, so no record is known by it")
        if kind is not None:
            unique, indexes = (("number",), *unique), (("created_at", "id"), *indexes)
        super().__init_subclass__(kind=kind, label=label, unique=unique, indexes=indexes, **more)
        for name in (*cls.sorts, *cls.known_by):
            meta = metas(cls)[name][1]
            if meta.personal or meta.mask or meta.reads:
                raise TypeError(f"{cls.__name__}: {name!r} is not for everybody: no list is sorted, nothing known by it")
        for name in cls.sorts:
            order_index(cls.__table__, name)  # type: ignore[arg-type]

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.__table__.c.row_version} if "__table__" in cls.__dict__ else {}


@dataclass_transform(kw_only_default=True, field_specifiers=(field, ref, mapped_column, reference))
class Child(Identified):
    """An entry of a record's timeline (``of=Parent``). It has its parent's site and rights and none of its own."""

    __abstract__ = True
    parent_kind: ClassVar[type[Record]]

    parent_id: Mapped[UUID] = mapped_column(default=None, sort_order=-8)
    created_by: Mapped[UUID | None] = field(
        _("By"), create=False, edit=False, widget="person", default=None, sort_order=-7
    )
    at: Mapped[dt.datetime] = field(_("At"), create=False, edit=False, default=now, sort_order=-6)

    def __init_subclass__(
        cls, *, kind: str | None = None, label: Lazy | None = None, of: type[Record] | None = None, **more: Any
    ) -> None:
        _learn_choices()
        if kind is not None:
            if of is None:
                raise TypeError(f"{cls.__name__}: a child names its parent with of=")
            cls.parent_kind = of
            more["indexes"] = (("parent_id", "at"), *more.get("indexes", ()))
        super().__init_subclass__(kind=kind, label=label, of=of, **more)


@dataclass_transform(kw_only_default=True, field_specifiers=(field, ref, mapped_column, reference))
class Bulk(Stored):
    """Many small rows with a natural key (amounts of a budget, results of items); no history row of its own."""

    __abstract__ = True

    def __init_subclass__(cls, **more: Any) -> None:
        _learn_choices()
        super().__init_subclass__(**more)


@dataclass_transform(kw_only_default=True, field_specifiers=(field, ref, mapped_column, reference))
class Extension(Stored):
    """Columns that a plugin adds to another plugin's record: a side table with the same key, no import, no foreign key."""

    __abstract__ = True
    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-9)

    def __init_subclass__(cls, **more: Any) -> None:
        _learn_choices()
        super().__init_subclass__(**more)


__all__ = ["Bulk", "Child", "Extension", "Record", "ScopeKind"]
