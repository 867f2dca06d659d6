"""The wiring: what this distribution gives to Dougong."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dougong import Context, Job, Manifest, PageRoute, Permission, Resource, RoleDefault, hookimpl, translator
from pydantic import BaseModel

_ = translator("dougong_workorders")

manifest = Manifest(
    name="workorders",
    version="0.1.0",
    label=_("Work orders"),
    summary=_("From assigning to acceptance, with trades, materials and quotes."),
    requires_core=">=0.1,<2",
    licence="Apache-2.0",
    icon="order",
)
