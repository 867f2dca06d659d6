"""What the web makes of one resource, worked out once after loading: which fields are listed, shown, filtered and asked.

A ``Plan`` joins a ``Resource`` with the shapes of its fields and its input models. Holds no request and no company.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from pydantic import BaseModel
from sqlalchemy.dialects.postgresql import JSONB

from ..records.custom import creating_with, editing_with, said
from ..records.filters import sortable
from ..records.reads import ALWAYS, list_names
from ..records.record import Child
from ..records.resource import Resource
from ..records.workflow import Transition
from ..tenancy.custom import PREFIX, Added
from ..words import Lazy, translator
from .listquery import parameters
from .shapes import Shape, asked_of, fields_of, shapes_of, state_tones

_ = translator("dougong")

HEAD = ("number", "site_id", "created_by", "created_at", "updated_at")  # shown in the page's head, not as facts


class Plan:
    """One resource, ready for pages and API.

    :param added: the fields that a company added; they stand among the declared ones everywhere.
    """

    def __init__(self, resource: Resource[Any], added: tuple[Added, ...] = ()) -> None:
        self.resource, self.record, self.added = resource, resource.record, added
        self.kind, self.module, self.name = resource.kind, resource.module, resource.name
        self.path, self.label, self.one = resource.path, resource.label, resource.record.label
        self.api_path = f"/api/v1{resource.path}"
        self.scope = resource.record.scope
        self.title = str(resource.title)
        self.schema_name = resource.record.__name__
        self.fields = self._with_states(fields_of(resource.record, resource.state)) | shapes_of(added)
        listed = (*resource.listed(), *(one.name for one in added if one.listed and not one.personal))
        self.listed = tuple(self.fields[name] for name in listed)
        self.filtered = tuple(shape for shape in self.fields.values() if shape.meta.filtered)
        self.searched = any(shape.meta.searched for shape in self.fields.values())
        self.detail = tuple(self.fields.values())
        self.guarded = tuple(s for s in self.detail if s.meta.mask or s.meta.reads)
        columns = resource.record.__table__.c
        self.raw = frozenset(n for n in self.fields if n in columns and isinstance(columns[n].type, JSONB))
        shown = frozenset(list_names(resource))
        self.plain_rows = not any(s.name in shown for s in self.guarded) and not self.raw & shown
        attributes = [a.key for a in sa.inspect(resource.record).column_attrs]
        fields = {"tenant_id", *ALWAYS, *self.fields}
        self.unshown = tuple(
            key for key in attributes if key not in fields
        )  # columns that only the plugin's code reads
        # What an answer holds of a record.
        self.told = tuple(dict.fromkeys([*ALWAYS, *(n for n, s in self.fields.items() if s.kind != "file")]))
        self.parameters = parameters(resource, added)
        filters, _known = self.parameters
        self.filters = tuple(s for s in self.fields.values() if s.name in filters or f"{s.name}.from" in filters)
        self.tabs = [tab.name for tab in resource.tabs]
        self.create: type[BaseModel] = creating_with(resource.record, added)
        model = editing_with(resource.record, added)
        self.edit: type[BaseModel] | None = model if model.model_fields else None
        self.flow_steps = self._declared()  # those of the system too
        self.transitions = {n: t for n, t in self._declared().items() if not t.automatic}
        self.forms: dict[str, type[BaseModel]] = {name: t.form for name, t in self.transitions.items()}
        self._asked: dict[str, dict[str, Shape]] = {}
        self.also = tuple(t.name for t in resource.also_create)

    def _declared(self) -> dict[str, Transition[Any, Any, Any]]:
        return self.resource.flow.transitions if self.resource.flow else {}

    def _with_states(self, fields: dict[str, Shape]) -> dict[str, Shape]:
        state = self.resource.state
        shape = fields.get(state) if state else None
        if shape is None or shape.choice is None or state is None:
            return fields
        column = self.record.__table__.c[state]
        default: Any = column.default
        first = default.arg if default is not None and default.is_scalar else next(iter(shape.choice))
        left = {source for t in self._declared().values() if t.to and set(t.to) != {*t.sources} for source in t.sources}
        ends = frozenset(m for m in shape.choice if m not in left)
        return {**fields, state: replace(shape, tones=state_tones(shape.choice, first, ends))}

    def leaving(self, state: str) -> tuple[Transition[Any, Any, Any], ...]:
        """Transitions that begin in a state, given as it is stored."""
        return self._leaving.get(state, self._anywhere)

    @cached_property
    def _leaving(self) -> dict[str, tuple[Transition[Any, Any, Any], ...]]:
        sources = {source for step in self.transitions.values() for source in step.sources}
        steps = self.transitions.values()
        return {one.value: tuple(step for step in steps if step.open_from(one)) for one in sources}

    @cached_property
    def _anywhere(self) -> tuple[Transition[Any, Any, Any], ...]:
        return tuple(step for step in self.transitions.values() if not step.sources)

    def tab(self, asked: str) -> str:
        """Name of the tab that is shown where ``asked`` is asked for; the first opens."""
        return asked or (self.tabs[0] if self.tabs else "all")

    @property
    def sorts(self) -> list[str]:
        """Values of the parameter ``sort``."""
        return [sign + name for name in sorted(sortable(self.resource)) for sign in ("", "-")]

    def transition_label(self, name: str) -> str:
        return str(self.transitions[name].label)

    def asked(self, transition: str) -> dict[str, Shape]:
        """Fields of a transition's form."""
        found = self._asked.get(transition)
        if found is None:
            step = self.transitions[transition]
            found = self._asked[transition] = asked_of(step.form, step.adds or self.record)
        return found

    @cached_property
    def create_fields(self) -> dict[str, Shape]:
        known = {name: shape for name, shape in self.fields.items() if name in self.create.model_fields}
        return asked_of(self.create, self.record) | {n: s for n, s in known.items() if n.startswith(PREFIX)}

    @cached_property
    def edit_fields(self) -> dict[str, Shape]:
        return {n: self.fields[n] for n in self.edit.model_fields} if self.edit else {}

    @cached_property
    def children(self) -> dict[str, tuple[type[Child], dict[str, Shape]]]:
        """Kinds of the timeline with the shapes of their fields."""
        return {child.kind: (child, fields_of(child)) for child in self.resource.timeline}

    @cached_property
    def guarded_children(self) -> dict[str, tuple[Shape, ...]]:
        """Fields of children that are not for everybody who may see the record, by kind."""
        found = {
            k: tuple(s for s in shapes.values() if s.meta.mask or s.meta.reads)
            for k, (_c, shapes) in self.children.items()
        }
        return {kind: shapes for kind, shapes in found.items() if shapes}

    def _named(self) -> list[tuple[Lazy | None, tuple[str, ...]]]:
        """The declared headings, each with the fields that the company put under it; then its own headings."""
        named: list[tuple[Lazy | None, tuple[str, ...]]] = [(h, tuple(names)) for h, names in self.resource.sections]
        if not self.added:
            return named
        wanted: dict[str, list[str]] = {}
        for one in self.added:
            wanted.setdefault(one.section or "", []).append(one.name)
        made = [(label, (*names, *wanted.pop(label.msgid if label else "", ()))) for label, names in named]
        ours = [(said(heading), tuple(names)) for heading, names in wanted.items() if heading]
        return [*made, *ours]

    @cached_property
    def sections(self) -> tuple[tuple[Lazy | None, tuple[str, ...]], ...]:
        """Headings with field names; fields that no section names come last, the page's head not at all, nor a title that is
        written by itself."""
        named = self._named()
        taken = {n for _label, names in named for n in names} | set(HEAD) | {self.resource.state}
        taken |= {c for d in self.resource.deadlines for c in (d.due, d.done)} | {*self.resource.badges}
        head = self.fields.get(self.title)
        taken |= {self.title} if head and not head.meta.create and not head.meta.edit else set()
        rest = tuple(n for n in self.fields if n not in taken)
        other = _("Other") if named else None
        return (*named, (other, rest)) if rest else tuple(named)


_PLANS: OrderedDict[tuple[int, tuple[Added, ...]], Plan] = OrderedDict()
_KEPT = 1024  # plans: one a resource, and one more for each set of fields that a company added to it


def plan_of(resource: Resource[Any], added: tuple[Added, ...] = ()) -> Plan:
    """The plan of a resource, made on first use. :param added: as a company's snapshot has them (``custom(kind)``)."""
    key = id(resource), added
    found = _PLANS.get(key)
    if found is None or found.resource is not resource:
        found = _PLANS[key] = Plan(resource, added)
        while len(_PLANS) > _KEPT:
            _PLANS.popitem(last=False)
    return found
