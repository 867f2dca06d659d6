"""What every plugin has to keep."""

from __future__ import annotations

from dougong.testing.conformance import Conformance


class TestConformance(Conformance):
    module = "intake"
    bodies = {
        "intake.submission": {
            "text": "电梯厅有异味",
            "why": "3 个链接",
            "form": "complaints.complaint",
            "anonymous": True,
        }
    }
