"""Carrying out the ``[fields]`` of a company file: fields of the company's own are added or changed, never deleted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..errors import FieldError, Invalid
from ..records import custom_desk
from ..tenancy.custom import CustomField
from ..words import translator
from .told import told_at

if TYPE_CHECKING:
    from .applying import Work

_ = translator("dougong")


def put_fields(work: Work) -> None:
    """Per kind of record and name of field. What a field's part does not mention stays."""
    desk = work.desk()
    for kind, several in work.file.fields.items():
        if kind not in work.registry.resources:
            raise Invalid(errors=(FieldError(f"fields.{kind}", _("There is no record of this kind.")),))
        there = custom_desk.listed(desk, kind) + custom_desk.listed(desk, kind, removed=True)
        known = {one.name: one for one in there}
        for name, part in several.items():
            with told_at(f"fields.{kind}.{name}"):
                if name not in known:
                    custom_desk.add(desk, kind, {**part, "name": name})
                    work.did("create", "field", f"{kind}.{name}", part.get("title", ""))
                else:
                    _change(work, known[name], part)


def _change(work: Work, held: CustomField, part: Mapping[str, Any]) -> None:
    if part.get("type", held.type) != held.type:
        raise Invalid(errors=(FieldError("type", _("The kind of a field cannot be changed.")),))
    desk = work.desk()
    before = {name: getattr(held, name) for name in custom_desk.Described.model_fields}
    before["options"] = [{"value": value, "label": label} for value, label in held.options]
    merged = {**before, **{key: value for key, value in part.items() if key != "type"}}
    if held.removed_at is not None:
        custom_desk.restore(desk, held.id)
        work.did("change", "field", f"{held.record_kind}.{held.name}", "restored")
    if merged != before:
        custom_desk.change(desk, held.id, merged)
        differing = ", ".join(key for key, value in merged.items() if before.get(key) != value)
        work.did("change", "field", f"{held.record_kind}.{held.name}", differing)


__all__ = ["put_fields"]
