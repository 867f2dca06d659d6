"""The wiring: what this distribution gives to Dougong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dougong import Manifest, Resource, hookimpl, translator
from pydantic import BaseModel

from . import records
from .settings import Settings

_ = translator("dougong_inspections")

manifest = Manifest(
    name="inspections",
    version="0.1.0",
    label=_("Inspections"),
    summary=_("Templates, routes, plans, tasks on the phone, findings."),
    requires_core=">=0.1,<2",
    licence="Apache-2.0",
    icon="inspect",
)

_KINDS = records


@hookimpl
def dougong_settings() -> type[BaseModel]:
    return Settings


@hookimpl
def dougong_resources() -> Sequence[Resource[Any]]:
    return ()
