"""Calls a step as the platform calls an address of every record."""

from types import SimpleNamespace

from dougong.hookspecs import hookimpl
from dougong.plugins import Manifest
from dougong.words import Lazy

manifest = Manifest(name="reserved_step", version="1.0", label=Lazy("Reserved"))


@hookimpl
def dougong_resources() -> list[SimpleNamespace]:
    kind = "reserved_step.thing"
    step = SimpleNamespace(name="explain", permission="reserved_step.thing.explain")
    flow = SimpleNamespace(transitions={"explain": step}, clocks={}, approvals={})
    return [SimpleNamespace(kind=kind, record=SimpleNamespace(kind=kind), flow=flow, permissions=tuple, events=tuple)]
