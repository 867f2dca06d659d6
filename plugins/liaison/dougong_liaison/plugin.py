"""The wiring: what this distribution gives to Dougong."""

from __future__ import annotations

from dougong import Manifest, translator

_ = translator("dougong_liaison")

manifest = Manifest(
    name="liaison",
    version="0.1.0",
    label=_("Government liaison"),
    summary=_("Agencies, recurring obligations, permits, rectification orders, policies."),
    requires_core=">=0.1,<2",
    licence="Apache-2.0",
    icon="gov",
)
