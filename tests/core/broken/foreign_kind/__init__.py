"""Declares a record in the schema of another module."""

from types import SimpleNamespace

from dougong.hookspecs import hookimpl
from dougong.plugins import Manifest
from dougong.words import Lazy

manifest = Manifest(name="foreign_kind", version="1.0", label=Lazy("Foreign"))


@hookimpl
def dougong_resources() -> list[SimpleNamespace]:
    record = SimpleNamespace(kind="core.spy")
    return [SimpleNamespace(kind="core.spy", record=record, flow=None, permissions=tuple, events=tuple)]
