"""Administration of the fields that a company adds: add, change, put away, bring back, purge. Each leaves history."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

import sqlalchemy as sa
from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from ..access.desk import Desk
from ..errors import Conflict, FieldError, Invalid, NotFound
from ..tenancy.custom import PREFIX, CustomField
from ..words import translator
from .custom import CustomValue
from .masks import MASKS
from .models import Form, validate

_ = translator("dougong")

PERMISSION = "core.fields.edit"
MOST = 40  # fields that one kind of record may get
_NAME = re.compile(r"x_[a-z0-9][a-z0-9_]{0,37}")
_Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100, pattern=r"^[^\r\n\x00]*$")]
_Label = Annotated[_Words, Field(min_length=1)]


class Option(Form):
    """One choice: what is stored, and what is shown."""

    value: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60, pattern=r"^[^\r\n\x00]*$")
    ]
    label: _Label


class Described(Form):
    """What may be changed of a field at any time.

    :param section: heading of the form under which it stands; one of the record's own, or a new one.
    :param mask: of a personal value: ``phone``, ``name`` or ``all``.
    """

    title: _Label
    help: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300, pattern=r"^[^\x00]*$")] | None = None
    section: _Words | None = None
    unit: Annotated[_Words, Field(max_length=20)] | None = None
    options: Annotated[list[Option], Field(max_length=200)] = []
    required: bool = False
    listed: bool = False
    filtered: bool = False
    personal: bool = False
    mask: Literal["phone", "name", "all"] | None = None
    position: Annotated[int, Field(ge=0, le=9999)] = 0

    @model_validator(mode="after")
    def _fits(self) -> Described:
        values = [one.value for one in self.options]
        if len(set(values)) != len(values):
            raise PydanticCustomError("options", "each value may be there once")
        if self.personal and (self.listed or self.filtered):
            raise PydanticCustomError("personal", "a personal value is neither a column nor a filter")
        return self


class NewField(Described):
    """A field to be added. :param name: its stable key, beginning with ``x_``; empty: made by us."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] | None = None
    type: Literal["text", "prose", "number", "money", "date", "moment", "bool", "choice", "person", "site", "file"]


def listed(desk: Desk, kind: str, *, removed: bool = False) -> list[CustomField]:
    """The fields of a kind of record, in the company's order. :param removed: those that were put away instead."""
    gone = CustomField.removed_at.is_not(None) if removed else CustomField.removed_at.is_(None)
    query = sa.select(CustomField).where(CustomField.record_kind == kind, gone)
    return list(desk.session.scalars(query.order_by(CustomField.position, CustomField.name)))


def add(desk: Desk, kind: str, body: Mapping[str, Any]) -> CustomField:
    """Add a field to a kind of record.

    :raises Forbidden: not this person's to do. :raises NotFound: no such kind. :raises Invalid: what is asked for cannot be.
    """
    desk.need(PERMISSION, None)
    if kind not in desk.registry.resources:
        raise NotFound
    form = validate(NewField, body, None)
    assert isinstance(form, NewField)
    _check(form, form.type)
    held = {one.name for one in desk.session.scalars(sa.select(CustomField).where(CustomField.record_kind == kind))}
    if len(held) >= MOST:
        raise Conflict(_("A record can have {n} fields of the company's own. Purge one first.").format(n=MOST))
    name = form.name or next(free for n in range(1, MOST + 2) if (free := f"{PREFIX}{n}") not in held)
    if not _NAME.fullmatch(name):
        raise Invalid(errors=(FieldError("name", _("Begins with x_, then small letters, digits and _.")),))
    if name in held:
        raise Invalid(errors=(FieldError("name", _("This name is taken.")),))
    made = CustomField(record_kind=kind, name=name, type=form.type, **_values(form))
    desk.session.add(made)
    desk.session.flush()
    desk.note("core.custom_field", made.id, "create", {"kind": (None, kind), "name": (None, name)}, first=True)
    return made


def change(desk: Desk, id: UUID, body: Mapping[str, Any]) -> CustomField:
    """Change what is said of a field; name and type stay. Values of a choice that is taken away stay where they stand.

    :raises NotFound: no such field. :raises Invalid: what is asked for cannot be.
    """
    desk.need(PERMISSION, None)
    found = one(desk, id)
    form = validate(Described, body, None)
    assert isinstance(form, Described)
    _check(form, found.type)
    wanted = _values(form)
    changes = {k: (getattr(found, k), v) for k, v in wanted.items() if getattr(found, k) != v}
    for key, value in wanted.items():
        setattr(found, key, value)
    desk.session.flush()
    if changes:
        desk.note("core.custom_field", id, "edit", changes)
    return found


def remove(desk: Desk, id: UUID) -> CustomField:
    """Put a field away: it is no longer shown nor asked; its values stay until it is purged."""
    return _put(desk, id, away=True)


def restore(desk: Desk, id: UUID) -> CustomField:
    """Bring back a field that was put away, with its values."""
    return _put(desk, id, away=False)


def purge(desk: Desk, id: UUID) -> int:
    """Delete a field that was put away, and its values for good. What history says of them stays.

    :returns: how many values there were. :raises Conflict: it is in use.
    """
    desk.need(PERMISSION, None)
    found = one(desk, id)
    if found.removed_at is None:
        raise Conflict(_("The field is in use. Remove it first; then its values can be purged."))
    gone = desk.session.execute(sa.delete(CustomValue).where(CustomValue.field_id == id))
    count: int = gone.rowcount  # type: ignore[attr-defined]
    desk.session.delete(found)
    desk.session.flush()
    desk.note("core.custom_field", id, "purge", {"values": (count, 0)})
    return count


def used(desk: Desk, id: UUID) -> int:
    """How many records have a value of this field."""
    query = sa.select(sa.func.count()).select_from(CustomValue).where(CustomValue.field_id == id)
    return desk.session.scalar(query) or 0


def one(desk: Desk, id: UUID) -> CustomField:
    """:raises NotFound: the company has no such field."""
    found = desk.session.scalar(sa.select(CustomField).where(CustomField.id == id))
    if found is None:
        raise NotFound
    return found


def _put(desk: Desk, id: UUID, *, away: bool) -> CustomField:
    desk.need(PERMISSION, None)
    found = one(desk, id)
    if (found.removed_at is not None) is not away:
        found.removed_at = desk.now if away else None
        desk.session.flush()
        desk.note("core.custom_field", id, "remove" if away else "restore", {})
    return found


def _check(form: Described, type_: str) -> None:
    wrong = []
    if type_ == "choice" and not form.options:
        wrong.append(FieldError("options", _("Give at least one choice.")))
    if type_ != "choice" and form.options:
        wrong.append(FieldError("options", _("Only a choice has these.")))
    if type_ == "file":
        wrong += [FieldError(n, _("Not for files.")) for n in ("required", "listed", "filtered") if getattr(form, n)]
    if form.personal and type_ not in ("text", "prose"):
        wrong.append(FieldError("personal", _("Only text can be personal.")))
    if form.mask and (not form.personal or form.mask not in MASKS):
        wrong.append(FieldError("mask", _("Only a personal value is masked.")))
    if wrong:
        raise Invalid(errors=tuple(wrong))


def _values(form: Described) -> dict[str, Any]:
    values = form.model_dump(include=set(Described.model_fields))
    values["options"] = [[o["value"], o["label"]] for o in values["options"]]
    return {k: v or None if k in ("help", "section", "unit", "mask") else v for k, v in values.items()}


__all__ = ["Described", "NewField", "add", "change", "listed", "one", "purge", "remove", "restore", "used"]
