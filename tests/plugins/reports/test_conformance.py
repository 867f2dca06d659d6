"""Reports keep what every plugin has to keep."""

from __future__ import annotations

from dougong.testing.conformance import Conformance


class TestConformance(Conformance):
    module = "reports"
