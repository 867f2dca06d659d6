"""The wiring: what this distribution gives to Dougong."""

from __future__ import annotations

from dougong import Manifest, translator

_ = translator("dougong_tasks")

manifest = Manifest(
    name="tasks",
    version="0.1.0",
    label=_("Tasks and reports"),
    summary=_("Assigned work until it is signed; weekly and monthly reports upward."),
    requires_core=">=0.1,<2",
    licence="Apache-2.0",
    icon="todo",
)
